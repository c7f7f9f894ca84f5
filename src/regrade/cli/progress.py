"""How far a long step is: a bar on a terminal, a line now and then elsewhere; always on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from regrade.cli.output import say

_PAUSE = 30.0
"""Seconds between two lines about images, where no bar can be drawn."""


@contextmanager
def show_progress(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Gives what to call before each step, with what is done next, the step (0-based) and the number of steps.

    Args:
        title: What the whole is, in front of every step.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what, step, n_steps: say(f"{title}: {what} ({step + 1} of {n_steps})")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title)
        yield lambda what, step, n_steps: bar.update(
            task, description=f"{title}: {what}", completed=step, total=n_steps
        )


@contextmanager
def show_images(title: str) -> Iterator[Callable[[int, int], None]]:
    """Gives what to call with the number of images done and of all images: shows the speed and the time left.

    What was done at the first call does not count for the speed.

    Args:
        title: What is done with the images.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _say_images(title)
        return
    speed = TextColumn("{task.fields[speed]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, speed_estimate_period=60) as bar:
        task = bar.add_task(title, total=None, speed="")

        def show(n_done: int, n_total: int) -> None:
            bar.update(task, completed=n_done, total=n_total)
            found = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, speed=_describe_speed(found) if found else "")

        yield show


def _say_images(title: str) -> Callable[[int, int], None]:
    start: tuple[float, int] | None = None
    said = 0.0

    def show(n_done: int, n_total: int) -> None:
        nonlocal start, said
        now = time.monotonic()
        if start is None:
            start = (now, n_done)
        elif n_done < n_total and now - said < _PAUSE:
            return
        said = now
        seconds = now - start[0]
        speed = (n_done - start[1]) / seconds if seconds else 0.0
        left = f", {_describe_speed(speed)}, {_describe_time((n_total - n_done) / speed)} left" if speed else ""
        say(f"{title}: {n_done:,} of {n_total:,} images{left}")

    return show


def _describe_speed(speed: float) -> str:
    return f"{speed:,.0f} images/s" if speed >= 10 else f"{speed:.2g} images/s"


def _describe_time(seconds: float) -> str:
    """Hours, minutes and seconds.

    >>> _describe_time(3725.2)
    '1:02:05'
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
