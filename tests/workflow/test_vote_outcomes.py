"""What an adjudicator is told of what was just saved."""

from __future__ import annotations

import pytest

from regrade.errors import PermissionDeniedError
from regrade.records.labels import Verdict
from regrade.records.panel import KindAnswer, Pass
from regrade.records.users import Role, User
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.disputes import load_dispute
from regrade.workflow.media import item_token
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.vote_outcomes import find_saved_vote
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.workflow.conftest import give, give_kind, new_key, predict, set_protocol

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
Folk = dict[str, User]


@pytest.fixture
def token(ws: Workspace, people: Folk) -> str:
    """ada and bo differ on dough and pretzel of item 0; its token."""
    predict(ws, "gamma", {0: 1})
    predict(ws, "delta", {0: 2})
    give(ws, people["ada"], {0: CORRECT, 1: WRONG, 2: WRONG})
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT, 2: CORRECT})
    return item_token(ws, "main", 0)


@pytest.fixture
def judges(ws: Workspace, people: Folk) -> Folk:
    """Four adjudicators where three vote: two that say the same decide."""
    set_protocol(ws, adjudication="vote", n_adjudicators=3)
    more = {name: add_person(ws, name, [Role.ADJUDICATOR]) for name in ("kim", "lou", "mo")}
    return {"jude": people["jude"], **more}


def say(ws: Workspace, user: User, token: str, word: Adjudication, *, pass_: Pass = Pass.VERDICT) -> list[str]:
    """Adjudicate; gives what its author is told, class by class."""
    key = new_key()
    receipt = adjudicate(ws, user, token, pass_, word, key=key)
    saved = find_saved_vote(ws, user, key)
    assert saved is not None
    assert (saved.token, saved.item_id, saved.at) == (token, "img_0.png", receipt.saved_at)
    return [f"{row.class_name} {row.said}".strip() for row in saved.outcomes]


def test_a_word_that_decides(ws: Workspace, people: Folk, token: str) -> None:
    word = Adjudication({1: WRONG, 2: UNCLEAR}, reason="r")
    assert say(ws, people["jude"], token, word) == ["dough decided: wrong", "pretzel decided: unclear"]
    give_kind(ws, people["ada"], "minor")
    give_kind(ws, people["bo"], "major")
    word = Adjudication({}, kinds=(KindAnswer(1, "fine-grained", "minor"),), reason="r")
    assert say(ws, people["jude"], token, word, pass_=Pass.KIND) == ["dough decided: fine-grained, minor"]


def test_an_item_that_is_problematic(ws: Workspace, people: Folk, token: str) -> None:
    assert say(ws, people["jude"], token, Adjudication({}, problematic=True, reason="r")) == ["decided: problematic"]


def test_votes_wait_until_enough_say_the_same(ws: Workspace, judges: Folk, token: str) -> None:
    said = say(ws, judges["jude"], token, Adjudication({1: WRONG, 2: WRONG}, reason="r"))
    assert said == ["dough waits for 1 more vote", "pretzel waits for 1 more vote"]
    said = say(ws, judges["kim"], token, Adjudication({1: WRONG, 2: CORRECT}, reason="r"))
    assert said == ["dough decided: wrong", "pretzel not decided by 2 votes: waits for one more vote"]
    # Another class's tie brings the item up again: what is decided on it already is said, and what waits counted.
    shown = {row.card.class_id: row for row in load_dispute(ws, token, Pass.VERDICT, user=judges["lou"]).classes}
    assert (shown[1].decided, shown[1].decided_by, shown[1].disputed) == ("wrong", "jude, kim", False)
    assert (shown[2].decided, shown[2].n_votes, shown[2].disputed) == ("", 2, True)


def test_a_reopened_class_is_asked_of_those_too_who_voted_on_another(ws: Workspace, judges: Folk, token: str) -> None:
    say(ws, judges["jude"], token, Adjudication({1: WRONG, 2: WRONG}, reason="r"))
    say(ws, judges["kim"], token, Adjudication({1: WRONG, 2: CORRECT}, reason="r"))
    reopen(ws, judges["mo"], SeenDecision(token, Pass.VERDICT, 1), reason="look again", key=new_key())
    dispute = load_dispute(ws, token, Pass.VERDICT, user=judges["jude"])
    assert {row.card.class_id: row.n_votes for row in dispute.classes if row.disputed} == {1: 0, 2: 2}
    assert (dispute.poll.n_votes, dispute.poll.voted) == (2, False)


def test_what_was_decided_and_taken_back_is_not_said_to_be_decided(ws: Workspace, people: Folk, token: str) -> None:
    key = new_key()
    adjudicate(ws, people["jude"], token, Pass.VERDICT, Adjudication({1: WRONG, 2: WRONG}, reason="r"), key=key)
    reopen(ws, people["jude"], SeenDecision(token, Pass.VERDICT, 2), reason="look again", key=new_key())
    saved = find_saved_vote(ws, people["jude"], key)
    assert saved is not None
    assert [row.said for row in saved.outcomes] == ["decided: wrong", "reopened since"]


def test_only_ones_own_word_is_found(ws: Workspace, people: Folk, judges: Folk, token: str) -> None:
    key = new_key()
    adjudicate(ws, judges["jude"], token, Pass.VERDICT, Adjudication({1: WRONG, 2: WRONG}, reason="r"), key=key)
    assert find_saved_vote(ws, judges["kim"], key) is None
    assert find_saved_vote(ws, judges["jude"], "") is None
    with pytest.raises(PermissionDeniedError, match="ada"):
        find_saved_vote(ws, people["ada"], key)
