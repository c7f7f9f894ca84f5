"""Time pieces of work side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

N_RUNS = 7
N_SHORT_RUNS = 21
"""Runs of what takes a few hundredths of a second, which a busy machine disturbs most."""


@dataclass(frozen=True)
class Line:
    """One piece of work held against a floor or a peer."""

    work: str
    seconds: float
    against: str
    against_seconds: float
    n_runs: int = N_RUNS
    aim: str = ""
    """What is aimed at, in words that `is_met` decides."""
    is_met: bool | None = None
    peak_mb: float | None = None
    """Most memory that the process ever held, in megabytes; where a process was measured."""

    @property
    def ratio(self) -> float:
        return self.seconds / self.against_seconds


def time_in_turns(works: Mapping[str, Callable[[], object]], n_runs: int = N_RUNS) -> dict[str, float]:
    """Median seconds of each: once to warm up, then in turns, so that a drift of the machine meets them all.

    Every other turn goes backwards, so that none always follows the same one and finds its caches.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for run in range(n_runs + 1):
        for name, work in list(works.items())[:: 1 if run % 2 else -1]:
            start = time.perf_counter()
            work()
            if run > 0:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(runs) for name, runs in seconds.items()}


def aim_at(
    line: Line, *, ratio: float | None = None, seconds: float | None = None, peak_mb: float | None = None
) -> Line:
    """The line with what it should reach, and whether it does."""
    wanted = {
        f"ratio {ratio and show_ratio(ratio)}": ratio and line.ratio <= ratio,
        f"{seconds and show_time(seconds)}": seconds and line.seconds <= seconds,
        f"{peak_mb} MB": peak_mb and line.peak_mb is not None and line.peak_mb <= peak_mb,
    }
    asked = {name: bool(met) for name, met in wanted.items() if met is not None}
    return replace(line, aim="at most " + ", ".join(asked), is_met=all(asked.values()))


def show_ratio(ratio: float) -> str:
    """As a fraction of 1 where that is easier to read."""
    return f"{ratio:.3g}" if ratio >= 1 / 4 else f"1/{1 / ratio:.3g}"


def show_time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
