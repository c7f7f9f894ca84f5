"""What a reviewer may learn of an item, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from regrade.panel import Openings, Place, find_openings, hides_more, is_at, is_settled, readable_places, shows_gold
from regrade.records.panel import Origin, Pass, Protocol, Question, QuestionStatus, Screen

AT = datetime(2026, 1, 1, tzinfo=UTC)
OPEN, DISPUTED, DECIDED, CLOSED = (
    QuestionStatus.OPEN,
    QuestionStatus.DISPUTED,
    QuestionStatus.DECIDED,
    QuestionStatus.CLOSED,
)


def question(status: QuestionStatus, origin: Origin = Origin.PREDICTION, pass_: Pass = Pass.VERDICT) -> Question:
    return Question(1, "main", 0, 0, pass_, origin, status, 0, AT)


def screen(item: int, pass_: Pass = Pass.VERDICT) -> Screen:
    return Screen("s", "ann", "main", item, pass_, (0,), 0, 1, "key@1", AT)


@pytest.mark.parametrize(
    ("rows", "settled"),
    [
        ([], False),
        ([question(DECIDED)], True),
        ([question(CLOSED), question(CLOSED, Origin.LABEL)], True),
        ([question(DECIDED), question(OPEN, pass_=Pass.KIND)], False),
        ([question(DECIDED), question(DISPUTED, pass_=Pass.KIND)], False),
        ([question(DECIDED), question(OPEN, Origin.LABEL)], True),
        ([question(DECIDED), question(DISPUTED, Origin.LABEL)], False),
        ([question(DECIDED), question(OPEN, Origin.ADDED)], False),
    ],
    ids=["nothing", "decided", "problematic", "kind open", "kind disputed", "label rides", "label disputed", "added"],
)
def test_an_item_is_settled_once_nothing_waits_in_either_pass(rows: list[Question], settled: bool) -> None:
    assert is_settled(rows) is settled


def test_a_reviewer_reads_about_what_is_answered_and_not_about_what_waits() -> None:
    answered = [screen(1), screen(2), screen(2, Pass.KIND), screen(3)]
    waiting = [screen(2), screen(4)]
    assert readable_places(answered, waiting) == {Place(1, Pass.VERDICT), Place(2, Pass.KIND), Place(3, Pass.VERDICT)}
    assert (is_at(4, waiting), is_at(1, waiting)) == (True, False)


BLIND, ROLES = Protocol(), Protocol(blind_roles=False)
ALONE = {
    "blind_roles": Openings(roles=True, models=False, peers=False, suggestions=False),
    "blind_model": Openings(roles=False, models=True, peers=False, suggestions=False),
    "blind_peers": Openings(roles=False, models=False, peers=True, suggestions=False),
    "blind_suggestions": Openings(roles=False, models=False, peers=False, suggestions=True),
}


@pytest.mark.parametrize("blind", ALONE)
def test_a_blind_that_is_off_opens_its_own(blind: str) -> None:
    open_ = Protocol(**{blind: False})  # type: ignore[arg-type]
    assert find_openings(screen(0), open_, open_) == ALONE[blind]
    assert not any(find_openings(screen(0), open_, BLIND))
    assert not any(find_openings(screen(0), BLIND, open_))
    assert (hides_more(open_, BLIND), hides_more(BLIND, open_), hides_more(open_, open_)) == (True, False, False)


def test_peers_answers_would_tell_gold_that_was_dealt_before() -> None:
    gold, peers = Protocol(gold_share=0.1), Protocol(blind_peers=False)
    assert shows_gold(gold, peers)
    assert not any((shows_gold(Protocol(), peers), shows_gold(gold, gold), shows_gold(peers, peers)))


def test_the_second_pass_tells_the_roles_by_itself() -> None:
    assert not any(find_openings(screen(0, Pass.KIND), ROLES, ROLES))
