"""Items brought in line for all at once come to what settling each for itself comes to."""

from __future__ import annotations

import pytest

from regrade.records.panel import Pass, QuestionStatus
from regrade.records.users import User
from regrade.store import questions
from regrade.workflow.cases import make_cases
from regrade.workflow.clock import now
from regrade.workflow.restate import restate_items
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import asked_on, decided, set_protocol
from tests.workflow.elsewhere import judge_all, judge_first_pass, row_counts, stands


def restate(ws: Workspace) -> None:
    with ws.store.write() as tx:
        restate_items(ws, tx, "main", range(8), at=now())


@pytest.mark.parametrize("rule", ["unanimous", "majority"])
def test_what_is_in_line_stays_as_it_is(ws: Workspace, people: dict[str, User], rule: str) -> None:
    set_protocol(ws, rule=rule)
    judge_all(ws, people)
    before, counts = stands(ws), row_counts(ws)
    restate(ws)
    assert stands(ws) == before
    assert row_counts(ws) == counts


def test_what_stands_wrong_is_set_right(ws: Workspace, people: dict[str, User]) -> None:
    judge_all(ws, people)
    before = stands(ws)
    for status in QuestionStatus:
        with ws.store.write() as tx:
            questions.save_status(tx, [row.id for row in questions.list_questions(tx, split="main")], status)
        restate(ws)
        assert stands(ws) == before


def test_reviews_that_nothing_was_made_of_yet_decide(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, n_reviewers=3)
    make_cases(ws)
    for name in ("ada", "bo"):
        judge_first_pass(ws, people[name])
    assert decided(ws) == {}
    set_protocol(ws, n_reviewers=2)
    restate(ws)
    # they agree on item 0's label and its two predictions, and on item 3's label
    assert set(decided(ws)) == {(0, 0), (0, 1), (0, 2), (3, 1)}
    assert asked_on(ws, 3)[2].status is QuestionStatus.DISPUTED
    assert asked_on(ws, 0, Pass.KIND)[2].status is QuestionStatus.OPEN
