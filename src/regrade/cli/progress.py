"""How far a long step is: a bar on a terminal, a line a step elsewhere; always on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from regrade.cli.output import say


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
