"""Adjudication by one, and by vote."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, KindAnswer, Pass, QuestionStatus
from regrade.records.users import Role, User
from regrade.store import ballots, decisions, journal
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.disputes import list_disputes, load_dispute
from regrade.workflow.drafts import CHANGED_SINCE
from regrade.workflow.labels import use_labels
from regrade.workflow.media import item_token
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.workflow.conftest import (
    asked_on,
    decided,
    flag,
    give,
    give_kind,
    new_key,
    predict,
    set_protocol,
    write_labels,
)

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
Folk = dict[str, User]
Said = dict[int, Verdict]


@pytest.fixture
def judges(ws: Workspace, people: Folk) -> Folk:
    """Five adjudicators, of whom three vote; more than half of three are two."""
    set_protocol(ws, adjudication="vote", n_adjudicators=3)
    more = {name: add_person(ws, name, [Role.ADJUDICATOR]) for name in ("kim", "lou", "mo", "nic")}
    return {"jude": people["jude"], **more}


def dispute(ws: Workspace, people: Folk, *, classes: tuple[int, ...] = (1,), item: int = 0) -> str:
    """ada and bo differ on classes of an item, which models predict; its token."""
    for number, class_id in enumerate(classes):
        predict(ws, f"model{item}{number}", {item: class_id})
    give(ws, people["ada"], {0: CORRECT} | dict.fromkeys(classes, WRONG))
    give(ws, people["bo"], {0: CORRECT} | dict.fromkeys(classes, CORRECT))
    return item_token(ws, "main", item)


def say(ws: Workspace, user: User, token: str, said: Said | str, *, reason: str = "r") -> None:
    word = (
        Adjudication({}, problematic=True, reason=reason)
        if isinstance(said, str)
        else Adjudication(said, reason=reason)
    )
    adjudicate(ws, user, token, Pass.VERDICT, word, key=new_key())


def poll_of(ws: Workspace, user: User) -> tuple[int, bool]:
    """How many votes are in on the only dispute, and whether the user has voted."""
    (row,) = list_disputes(ws, user=user)
    return row.poll.n_votes, row.poll.voted


def test_one_adjudicator_decides_at_once(ws: Workspace, people: Folk) -> None:
    token = dispute(ws, people)
    assert load_dispute(ws, token, Pass.VERDICT).poll.n_needed == 1
    say(ws, people["jude"], token, {1: WRONG}, reason="it is baked")
    row = decided(ws)[0, 1]
    assert (row.verdict, row.author, row.reason, row.method) == (
        WRONG,
        "jude",
        "it is baked",
        DecisionMethod.ADJUDICATION,
    )
    with ws.store.read() as tx:
        (vote,) = ballots.list_ballots(tx, "main")
        assert [line.action for line in journal.list_lines(tx)][-1] == "adjudication.save"
    assert (vote.voter, vote.class_id, vote.verdict, vote.reason) == ("jude", 1, WRONG, "it is baked")


def test_what_more_than_half_say_is_decided(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: WRONG}, reason="baked")
    assert (0, 1) not in decided(ws)
    assert asked_on(ws, 0)[1].status is QuestionStatus.DISPUTED
    say(ws, judges["kim"], token, {1: WRONG}, reason="brown")
    row = decided(ws)[0, 1]
    assert (row.verdict, row.author, row.reason) == (WRONG, "jude, kim", "jude: baked; kim: brown")
    assert list_disputes(ws) == ()
    with ws.store.read() as tx:
        actions = [line.action for line in journal.list_lines(tx) if line.action.startswith("adjudication")]
    assert actions == ["adjudication.vote", "adjudication.save"]


def test_a_tie_waits_for_one_more(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    for name, verdict in (("jude", WRONG), ("kim", CORRECT), ("lou", UNCLEAR)):
        say(ws, judges[name], token, {1: verdict})
    assert poll_of(ws, judges["mo"]) == (3, False)
    say(ws, judges["mo"], token, {1: UNCLEAR})
    assert (decided(ws)[0, 1].verdict, decided(ws)[0, 1].author) == (UNCLEAR, "lou, mo")


def test_every_class_is_decided_for_itself(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people, classes=(1, 2))
    say(ws, judges["jude"], token, {1: WRONG, 2: CORRECT})
    say(ws, judges["kim"], token, {1: WRONG, 2: WRONG})
    assert decided(ws)[0, 1].verdict is WRONG
    (row,) = list_disputes(ws, user=judges["lou"])
    assert row.class_names == ("pretzel",)
    # Both votes on what is left still count.
    assert (row.poll.n_votes, row.poll.voted) == (2, False)
    with pytest.raises(InputError, match="a verdict for every disputed class"):
        say(ws, judges["lou"], token, {1: WRONG})
    say(ws, judges["lou"], token, {2: CORRECT})
    assert decided(ws)[0, 2].author == "jude, lou"


def test_nobody_sees_what_others_vote(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: UNCLEAR}, reason="a secret reason")
    theirs = load_dispute(ws, token, Pass.VERDICT, user=judges["kim"])
    assert "secret" not in repr(theirs)
    assert "jude" not in repr(theirs)
    assert {row.own for row in theirs.classes} == {""}
    assert (theirs.poll.n_votes, theirs.poll.n_needed, theirs.poll.voted) == (1, 2, False)
    mine = load_dispute(ws, token, Pass.VERDICT, user=judges["jude"])
    assert {row.card.class_id: row.own for row in mine.classes}[1] == "unclear"
    assert mine.poll.voted


def test_another_vote_takes_the_place_of_the_first(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    for verdict in (CORRECT, WRONG, WRONG):
        say(ws, judges["jude"], token, {1: verdict})
    assert poll_of(ws, judges["jude"]) == (1, True)
    say(ws, judges["kim"], token, {1: CORRECT})
    assert poll_of(ws, judges["kim"]) == (2, True)
    say(ws, judges["jude"], token, {1: CORRECT})
    assert decided(ws)[0, 1].verdict is CORRECT


def test_the_same_key_votes_once(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    word = Adjudication({1: WRONG}, reason="r")
    receipts = {adjudicate(ws, judges["jude"], token, Pass.VERDICT, word, key="k") for _ in range(2)}
    assert len(receipts) == 1
    with ws.store.read() as tx:
        assert len(ballots.list_ballots(tx, "main")) == 1


def test_problematic_is_voted_on_too(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, "problematic")
    assert load_dispute(ws, token, Pass.VERDICT, user=judges["jude"]).poll.problematic
    say(ws, judges["kim"], token, {1: WRONG})
    assert poll_of(ws, judges["lou"]) == (2, False)
    say(ws, judges["lou"], token, "problematic")
    assert decided(ws)[0, None].author == "jude, lou"
    assert asked_on(ws, 0)[1].status is QuestionStatus.CLOSED


def test_a_class_that_enough_add_is_decided_with_the_rest(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: WRONG, 3: CORRECT})
    assert 3 not in asked_on(ws, 0)
    say(ws, judges["kim"], token, {1: WRONG, 3: CORRECT, 2: UNCLEAR})
    assert {class_id: row.verdict for (_, class_id), row in decided(ws).items()} == {0: CORRECT, 1: WRONG, 3: CORRECT}


def test_only_classes_that_wait_for_nobody_decide_nothing(ws: Workspace, people: Folk, judges: Folk) -> None:
    """Two agree on a class that was added, and not on what is disputed: they are asked about both together again."""
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: WRONG, 3: CORRECT})
    say(ws, judges["kim"], token, {1: CORRECT, 3: CORRECT})
    assert set(decided(ws)) == {(0, 0)}
    say(ws, judges["lou"], token, {1: CORRECT})
    assert {class_id for _, class_id in decided(ws)} == {0, 1, 3}


def test_votes_that_together_leave_no_accepted_class_wait_for_one_more(
    ws: Workspace, people: Folk, judges: Folk
) -> None:
    """Each leaves another class: jude 0, kim 1, lou 3, which he adds. Two of three find each of 0 and 1 wrong."""
    for number, class_id in enumerate((1, 2)):
        predict(ws, f"model{number}", {0: class_id})
    give(ws, people["ada"], {0: CORRECT, 1: WRONG, 2: WRONG})
    give(ws, people["bo"], {0: WRONG, 1: CORRECT, 2: CORRECT})
    token = item_token(ws, "main", 0)
    say(ws, judges["jude"], token, {0: CORRECT, 1: WRONG, 2: WRONG})
    say(ws, judges["kim"], token, {0: WRONG, 1: CORRECT, 2: WRONG})
    assert {key: row.verdict for key, row in decided(ws).items()} == {(0, 2): WRONG}
    say(ws, judges["lou"], token, {0: WRONG, 1: WRONG, 3: CORRECT})
    assert set(decided(ws)) == {(0, 2)}
    assert poll_of(ws, judges["mo"]) == (3, False)
    say(ws, judges["mo"], token, {0: WRONG, 1: CORRECT})
    # 0: correct, wrong, wrong, wrong. 1: wrong, correct, wrong, correct: a tie; 0 alone would leave nothing.
    assert set(decided(ws)) == {(0, 2)}
    say(ws, judges["nic"], token, {0: WRONG, 1: CORRECT})
    assert {key: row.verdict for key, row in decided(ws).items()} == {(0, 0): WRONG, (0, 1): CORRECT, (0, 2): WRONG}


def test_the_second_pass_is_voted_on(ws: Workspace, people: Folk, judges: Folk) -> None:
    set_protocol(ws, n_reviewers=1)
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: WRONG})
    set_protocol(ws, n_reviewers=2)
    give_kind(ws, people["ada"], "major")
    give_kind(ws, people["bo"], "minor")
    token = item_token(ws, "main", 0)
    for name, severity in (("jude", "major"), ("kim", "minor"), ("lou", "minor")):
        word = Adjudication({}, kinds=(KindAnswer(1, "fine-grained", severity),), reason="r")
        adjudicate(ws, judges[name], token, Pass.KIND, word, key=new_key())
    with ws.store.read() as tx:
        (row,) = decisions.list_current_decisions(tx, "main", pass_=Pass.KIND)
    assert (row.category, row.severity, row.author) == ("fine-grained", "minor", "jude, kim, lou")


def test_a_decision_rests_on_the_oldest_version_that_was_voted_against(
    ws: Workspace, people: Folk, judges: Folk
) -> None:
    """kim votes after a publish: what changed in between is for publishing to notice."""
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: CORRECT})
    predict(ws, "other", {3: 2})
    for name in ("ada", "bo"):
        give(ws, people[name], {1: CORRECT, 2: CORRECT})
    publish_labels(ws, by="root", reason="r")
    say(ws, judges["kim"], token, {1: CORRECT})
    assert decided(ws)[0, 1].base == "original@1"


def test_what_changed_since_it_was_shown_is_a_conflict(ws: Workspace, people: Folk) -> None:
    """jude was shown original@1, where dough is not judged on item 0; by now labels are in use that say unclear."""
    token = dispute(ws, people)
    assert load_dispute(ws, token, Pass.VERDICT).labels == "original@1"
    write_labels(ws, "other", {0: "0,1,,0"})
    use_labels(ws, "other")

    def say_wrong(labels: str | None) -> None:
        word = Adjudication({1: WRONG}, reason="r", labels=labels)
        adjudicate(ws, people["jude"], token, Pass.VERDICT, word, key=new_key())

    with pytest.raises(NotFoundError, match="no label set original@2"):
        say_wrong("original@2")
    with pytest.raises(InputError, match="a version NAME@N of the labels of the split main; got original"):
        say_wrong("original")
    say_wrong("original@1")
    assert [row.reason for row in list_disputes(ws)] == [CHANGED_SINCE]
    say_wrong("other@1")
    assert list_disputes(ws) == ()
    assert decided(ws)[0, 1].base == "other@1"


def test_another_number_of_adjudicators_decides_what_is_in(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: WRONG})
    edit_protocol(ws, {"adjudication": "single"}, by="root", reason="in a hurry")
    assert (decided(ws)[0, 1].verdict, decided(ws)[0, 1].author) == (WRONG, "jude")


def test_where_one_decides_what_others_voted_before_stands_against_nobody(
    ws: Workspace, people: Folk, judges: Folk
) -> None:
    token = dispute(ws, people)
    for name, verdict in (("jude", WRONG), ("kim", CORRECT)):
        say(ws, judges[name], token, {1: verdict})
    edit_protocol(ws, {"adjudication": "single"}, by="root", reason="in a hurry")
    assert (0, 1) not in decided(ws)
    say(ws, judges["lou"], token, {1: UNCLEAR})
    assert (decided(ws)[0, 1].verdict, decided(ws)[0, 1].author) == (UNCLEAR, "lou")


def test_who_votes_again_takes_back_what_the_new_vote_does_not_name(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: WRONG, 3: CORRECT})
    shown = load_dispute(ws, token, Pass.VERDICT, user=judges["jude"]).classes
    assert [(row.role, row.own, row.disputed) for row in shown if row.card.class_id == 3] == [
        ("added", "correct", False)
    ]
    say(ws, judges["jude"], token, {1: WRONG})
    say(ws, judges["kim"], token, {1: WRONG, 3: CORRECT})
    assert {class_id for _, class_id in decided(ws)} == {0, 1}


def test_what_reviewers_settle_meanwhile_makes_votes_void(ws: Workspace, people: Folk, judges: Folk) -> None:
    token = dispute(ws, people)
    say(ws, judges["jude"], token, {1: WRONG})
    edit_protocol(ws, {"rule": "majority", "reviewers": 3}, by="root", reason="r")
    give(ws, people["root"], {0: CORRECT, 1: CORRECT})
    assert decided(ws)[0, 1].method is DecisionMethod.CONSENSUS
    assert list_disputes(ws) == ()
    with pytest.raises(ConflictError, match="waits for no adjudicator"):
        say(ws, judges["kim"], token, {1: WRONG})


@pytest.mark.parametrize("said", [{}, {1: WRONG, 0: WRONG}])
def test_a_vote_that_cannot_be_is_refused_and_not_kept(ws: Workspace, people: Folk, judges: Folk, said: Said) -> None:
    token = dispute(ws, people)
    with pytest.raises(InputError):
        say(ws, judges["jude"], token, said)
    with pytest.raises(InputError, match="a reason"):
        say(ws, judges["jude"], token, {1: WRONG}, reason=" ")
    with ws.store.read() as tx:
        assert ballots.list_ballots(tx, "main") == ()
        assert tx.execute(text("SELECT count(*) FROM idempotency WHERE user = 'jude'")).scalar_one() == 0


def test_flags_of_reviewers_and_votes_of_adjudicators_are_two_things(ws: Workspace, people: Folk, judges: Folk) -> None:
    predict(ws, "gamma", {0: 1})
    flag(ws, people["ada"])
    give(ws, people["bo"], {0: CORRECT, 1: WRONG})
    token = item_token(ws, "main", 0)
    assert poll_of(ws, judges["jude"]) == (0, False)
    say(ws, judges["jude"], token, "problematic")
    assert (0, None) not in decided(ws)
