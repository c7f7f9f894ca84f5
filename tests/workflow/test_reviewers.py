"""Reviewers: work, pace, and answers against decisions, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.records.agreement import Pace
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Pass, Purpose
from regrade.records.users import User
from regrade.store import journal, reviews
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.disputes import list_disputes
from regrade.workflow.media import item_token
from regrade.workflow.review import load_queue, skip_screen
from regrade.workflow.reviewers import describe_reviewers
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import answer_all, give_kind, item_of, new_key, send, undo, verdicts

WRONG, UNCLEAR, CORRECT = Verdict.WRONG, Verdict.UNCLEAR, Verdict.CORRECT
ADA = {0: {0: CORRECT}, 3: {1: CORRECT}, 7: {3: CORRECT}}
BO = {0: {0: CORRECT, 1: UNCLEAR}, 3: {1: CORRECT, 2: CORRECT}, 7: {3: CORRECT}}


@pytest.fixture
def cases(ws: Workspace, people: dict[str, User]) -> Workspace:
    """The small benchmark with its cases."""
    assert people
    make_cases(ws)
    return ws


def test_answers_are_held_against_decisions(cases: Workspace, people: dict[str, User]) -> None:
    answer_all(cases, people["ada"], ADA)
    answer_all(cases, people["bo"], BO)
    # They differ on (0, 1) and (3, 2). The adjudicator sides with bo on the one, and decides the other as nobody did.
    for item, class_id in ((0, 1), (3, 2)):
        decision = Adjudication(verdicts={class_id: UNCLEAR}, reason="seen")
        adjudicate(cases, people["jude"], item_token(cases, "main", item), Pass.VERDICT, decision, key=new_key())
    ada, bo = describe_reviewers(cases)
    assert (ada.reviewer, ada.n_answers, bo.reviewer, bo.n_answers) == ("ada", 7, "bo", 7)
    verdict = ada.confusions[0]
    assert (verdict.question, verdict.answers) == ("verdict", ("wrong", "unclear", "correct"))
    # Decided: correct (0,0) (3,1) (7,3); wrong (0,2) (7,0); unclear (0,1) (3,2). Rows: wrong, unclear, correct.
    assert verdict.table == ((2, 0, 0), (2, 0, 0), (0, 0, 3))
    assert verdict.n == 7
    assert verdict.agreement == pytest.approx(5 / 7)
    assert (verdict.n_adjudicated, verdict.n_adjudicated_same) == (2, 0)
    assert bo.confusions[0].table == ((2, 0, 0), (0, 1, 1), (0, 0, 3))
    assert (bo.confusions[0].n_adjudicated, bo.confusions[0].n_adjudicated_same) == (2, 1)


def test_kinds_are_held_against_decisions(cases: Workspace, people: dict[str, User]) -> None:
    answer_all(cases, people["ada"], ADA)
    answer_all(cases, people["bo"], ADA)
    for name in ("ada", "bo"):
        while load_queue(cases, people[name], Pass.KIND).screens:
            give_kind(cases, people[name], "minor" if name == "ada" else "major")
    assert [row.pass_ for row in list_disputes(cases)] == [Pass.KIND] * 3  # on three items
    ada = describe_reviewers(cases)[0]
    assert [row.question for row in ada.confusions] == ["verdict", "category", "severity"]
    assert (ada.confusions[2].n, ada.confusions[2].agreement) == (0, None)  # nothing is decided


def test_gold_stands_beside_the_rest(cases: Workspace, people: dict[str, User]) -> None:
    for name in ("ada", "bo"):
        answer_all(cases, people[name], ADA)
    assert [row.gold for row in describe_reviewers(cases)] == [None, None]
    with cases.store.read() as tx:
        sample = reviews.list_item_reviews(tx, "main", 3)[0]
    asked = [
        replace(sample, submission=f"gold {item}", item=item, class_id=class_id, verdict=WRONG, purpose=Purpose.GOLD)
        for item, class_id in ((0, 1), (0, 2), (7, 3))
    ]
    with cases.store.write() as tx:
        reviews.save_reviews(tx, asked)
        journal.save_line(tx, actor="ada", action="review.save", facts={}, at=sample.created_at)
    ada, bo = describe_reviewers(cases)
    # Decided: (0, 1) and (0, 2) wrong, (7, 3) correct.
    assert ada.gold is not None
    assert (ada.gold.n, ada.gold.n_agree) == (3, 2)
    assert ada.gold.share == pytest.approx(2 / 3)
    assert bo.gold is None
    assert ada.n_answers == 7


def test_work_and_pace(cases: Workspace, people: dict[str, User]) -> None:
    for seconds in (4.0, 10.0, None):
        screen = load_queue(cases, people["ada"], Pass.VERDICT).screens[0]
        truth = ADA[item_of(cases, screen)]
        send(cases, people["ada"], screen, replace(verdicts(screen, truth), seconds=seconds))
    undo(cases, people["ada"])
    screen = load_queue(cases, people["bo"], Pass.VERDICT).screens[0]
    skip_screen(cases, people["bo"], screen.id, key=new_key())
    ada, bo = describe_reviewers(cases)
    assert ada.first_pass == Pace(n_screens=2, n_timed=2, median_seconds=7.0)
    assert (ada.n_undone, ada.n_skipped) == (1, 0)
    assert ada.second_pass == Pace(0, 0, None)
    assert (bo.n_answers, bo.n_skipped, bo.n_undone, bo.confusions) == (0, 1, 0, ())
    screen = load_queue(cases, people["ada"], Pass.VERDICT).screens[0]
    send(cases, people["ada"], screen, Answers(problematic=True))
    assert describe_reviewers(cases)[0].first_pass == Pace(n_screens=3, n_timed=2, median_seconds=7.0)


def test_nobody_has_done_anything(cases: Workspace) -> None:
    assert describe_reviewers(cases) == ()


def test_reports_are_kept_until_something_changes(cases: Workspace, people: dict[str, User]) -> None:
    answer_all(cases, people["ada"], ADA)
    first = describe_reviewers(cases)
    assert describe_reviewers(cases) is first
    answer_all(cases, people["bo"], ADA)
    second = describe_reviewers(cases)
    assert [row.confusions[0].n for row in second] == [7, 7]
    adjudicated_nothing = {row.confusions[0].n_adjudicated for row in second}
    assert adjudicated_nothing == {0}
