"""What a file adds to what is here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regrade.errors import InputError
from regrade.panel import merge_record
from regrade.records.exchange import EntryKind, PanelEntry, Spot
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass

AT = datetime(2026, 3, 1, tzinfo=UTC)
REVIEW = PanelEntry(
    kind=EntryKind.REVIEW,
    submission="s1",
    author="ada",
    item=3,
    class_id=1,
    pass_=Pass.VERDICT,
    verdict=Verdict.WRONG,
    labels="original@1",
    created_at=AT,
    spot=Spot("r.csv", 7),
)
OTHER = replace(REVIEW, class_id=2, verdict=Verdict.CORRECT)
WRONG = replace(
    REVIEW, kind=EntryKind.DECISION, submission="", author="ada, bo", method=DecisionMethod.CONSENSUS, created_at=AT
)
BACK = replace(WRONG, verdict=None, method=DecisionMethod.REOPENED, created_at=AT + timedelta(hours=1))
RIGHT = replace(
    WRONG,
    verdict=Verdict.CORRECT,
    method=DecisionMethod.ADJUDICATION,
    author="jude",
    created_at=AT + timedelta(hours=2),
)


def test_all_is_new_where_nothing_is_here() -> None:
    given = (REVIEW, OTHER, WRONG, BACK, RIGHT)
    merge = merge_record((), given)
    assert (merge.new, merge.undone, merge.kept, merge.n_differing) == (given, (), (), 0)


def test_nothing_is_new_the_second_time() -> None:
    merge = merge_record((REVIEW, OTHER, WRONG), (REVIEW, OTHER, WRONG))
    assert (merge.new, merge.undone, merge.kept) == ((), (), ())


def test_part_of_what_is_here_is_nothing_new() -> None:
    assert merge_record((REVIEW, OTHER, WRONG, BACK), (OTHER, WRONG)).new == ()


def test_what_a_workspace_keeps_for_itself_is_not_compared() -> None:
    here = replace(REVIEW, labels="mine@4", seconds=3.0)
    there = replace(REVIEW, labels="theirs@1", protocol=2, seconds=None, created_at=None)
    assert merge_record((here,), (there,)).new == ()


@pytest.mark.parametrize(
    ("given", "got"),
    [
        pytest.param(replace(REVIEW, verdict=Verdict.UNCLEAR), "another one", id="verdict"),
        pytest.param(replace(REVIEW, note="x"), "another one", id="note"),
        pytest.param(replace(REVIEW, created_at=AT + timedelta(seconds=1)), "another one", id="time"),
        pytest.param(replace(REVIEW, class_id=0), "one on another class", id="class"),
    ],
)
def test_a_submission_that_says_something_else_is_refused(given: PanelEntry, got: str) -> None:
    with pytest.raises(
        InputError, match=f"r.csv, row 7: expected the same answer as here, where ada has sent s1 before; got {got}"
    ):
        merge_record((REVIEW,), (given,))


def test_another_person_s_submission_of_that_name_is_another() -> None:
    given = replace(REVIEW, author="bo")
    assert merge_record((REVIEW,), (given,)).new == (given,)


def test_undone_answers_stay_undone_on_both_sides() -> None:
    undone = replace(REVIEW, withdrawn_at=AT + timedelta(minutes=1))
    assert merge_record((REVIEW, OTHER), (undone, OTHER)).undone == (undone,)
    merge = merge_record((undone,), (REVIEW,))
    assert (merge.new, merge.undone) == ((), ())


def test_a_history_that_goes_on_brings_what_follows() -> None:
    assert merge_record((WRONG,), (WRONG, BACK, RIGHT)).new == (BACK, RIGHT)


def test_a_question_decided_in_two_ways_keeps_the_decision_here() -> None:
    mine = replace(WRONG, author="cy, di", created_at=AT + timedelta(minutes=5))
    merge = merge_record((mine,), (WRONG, BACK, RIGHT))
    assert (merge.new, merge.kept, merge.n_differing) == ((), (WRONG, BACK, RIGHT), 1)
    same = merge_record((mine,), (WRONG,))
    assert (same.kept, same.n_differing) == ((WRONG,), 0)
    taken_back = merge_record((mine, replace(BACK, author="cy, di")), (WRONG, BACK))
    assert (taken_back.new, taken_back.n_differing) == ((), 0)


def test_each_question_has_a_history_of_its_own() -> None:
    elsewhere = replace(RIGHT, class_id=2)
    kind = replace(WRONG, pass_=Pass.KIND, verdict=None, category="c", severity="s")
    assert merge_record((WRONG,), (WRONG, elsewhere, kind)).new == (elsewhere, kind)


def test_a_class_is_proposed_for_an_item_once() -> None:
    mine = replace(REVIEW, kind=EntryKind.PROPOSAL, submission="", verdict=None)
    theirs, other = replace(mine, author="bo"), replace(mine, class_id=5)
    assert merge_record((mine,), (theirs, other)).new == (other,)
    assert merge_record((), (mine, theirs)).new == (mine,)


def test_the_order_of_the_file_is_kept() -> None:
    given = (WRONG, REVIEW, BACK, OTHER)
    assert merge_record((), given).new == given
