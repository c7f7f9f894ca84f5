"""How far a reviewer is. Counting what is left takes longer than all else about the next screen: it is done seldom."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from regrade.records.panel import Pass
from regrade.records.users import User
from regrade.workflow.workspace import Workspace

MAX_AGE = 30.0
"""Seconds that a total may be old where a page only asks for its next screens."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reviewer is, in items."""

    n_answered: int
    """Items that this reviewer has answered whole: one with many classes has several screens."""
    n_left: int
    """Items that this reviewer can still be asked about."""

    @property
    def n_total(self) -> int:
        """Answered and left together."""
        return self.n_answered + self.n_left


def measure_progress(
    ws: Workspace, user: User, pass_: Pass, split: str, *, n_answered: int, count_left: Callable[[], int], now: bool
) -> Progress:
    """How far a reviewer is.

    One's own answers do not change the total: they move from what is left to what is answered. Only others' work does.
    So a total that is up to MAX_AGE old tells how far one is, and by what others have done since it is too high.

    Args:
        ws: The workspace.
        user: The reviewer.
        pass_: In which pass.
        split: In which split.
        n_answered: Items answered.
        count_left: Counts what is left: some milliseconds for 20,000 cases.
        now: Count it in any case.
    """
    totals: dict[tuple[str, Pass, str], tuple[float, int]] = ws.kept(("totals",), dict)
    place, clock = (user.name, pass_, split), time.monotonic()
    counted_at, total = totals.get(place, (-MAX_AGE, 0))
    if now or clock - counted_at >= MAX_AGE or total <= n_answered:
        total = n_answered + count_left()
        totals[place] = (clock, total)
    return Progress(n_answered, total - n_answered)
