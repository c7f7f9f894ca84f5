"""Time pieces of work side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

N_RUNS = 7


@dataclass(frozen=True)
class Line:
    """One piece of work held against a floor or a peer."""

    work: str
    seconds: float
    against: str
    against_seconds: float
    n_runs: int = N_RUNS

    @property
    def ratio(self) -> float:
        return self.seconds / self.against_seconds


def time_in_turns(works: Mapping[str, Callable[[], object]], n_runs: int = N_RUNS) -> dict[str, float]:
    """Median seconds of each: once to warm up, then in turns, so that a drift of the machine meets them all."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for run in range(n_runs + 1):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            if run > 0:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(runs) for name, runs in seconds.items()}


def show_time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
