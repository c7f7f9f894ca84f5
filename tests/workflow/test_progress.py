"""How far a reviewer is: counted when a page is opened, and again after a while."""

from __future__ import annotations

import pytest

from regrade.records.panel import Pass
from regrade.records.users import User
from regrade.workflow.progress import MAX_AGE, Progress, measure_progress
from regrade.workflow.workspace import Workspace


class Counting:
    """Counts what is left, and how often it was asked to."""

    def __init__(self, n_left: int) -> None:
        self.n_left = n_left
        self.n_times = 0

    def __call__(self) -> int:
        self.n_times += 1
        return self.n_left


def test_a_total_is_kept_while_one_s_own_answers_move_it_from_left_to_answered(
    ws: Workspace, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: clock)
    left = Counting(9)

    def measure(n_answered: int, *, now: bool = False, name: str = "ada") -> Progress:
        return measure_progress(ws, people[name], Pass.VERDICT, "main", n_answered=n_answered, count_left=left, now=now)

    assert measure(1) == Progress(1, 9)
    left.n_left = 5  # others have been at work, too
    assert [measure(2), measure(3)] == [Progress(2, 8), Progress(3, 7)]
    assert left.n_times == 1
    assert measure(3, name="bo") == Progress(3, 5)
    assert measure(3, now=True) == Progress(3, 5)
    left.n_left = 4
    clock += MAX_AGE - 1
    assert measure(4) == Progress(4, 4)
    assert left.n_times == 3
    clock += 1
    left.n_left = 3
    assert measure(4) == Progress(4, 3)


def test_nothing_left_is_never_taken_from_an_old_total(ws: Workspace, people: dict[str, User]) -> None:
    left = Counting(1)
    for n_answered in (0, 1, 2):  # cases were made meanwhile: each time another one is left
        got = measure_progress(
            ws, people["ada"], Pass.VERDICT, "main", n_answered=n_answered, count_left=left, now=False
        )
        assert got == Progress(n_answered, 1)
    assert left.n_times == 3
