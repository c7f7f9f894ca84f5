"""Reopening: a decision is taken back, waits for adjudicators, and what was published says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.errors import ConflictError, InputError, NotFoundError, PermissionDeniedError
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass, QuestionStatus
from regrade.records.provenance import ReopenedDecision
from regrade.records.users import User
from regrade.store import decisions, journal
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.clock import now
from regrade.workflow.derive import combine_versions
from regrade.workflow.disputes import REOPENED, list_disputes, load_dispute
from regrade.workflow.item import load_item
from regrade.workflow.judgements import import_judgements
from regrade.workflow.labels import load_labels, resolve_labels, show_labels
from regrade.workflow.media import item_token
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.publish import preview_publication, publish_labels
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.reopened import list_reopened
from regrade.workflow.restate import restate_items
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import asked_on, decided, flag, give, give_kind, new_key, predict, undo, write_judgements

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
Folk = dict[str, User]


@pytest.fixture
def judged(ws: Workspace, people: Folk) -> Workspace:
    """ada and bo agree on item 0: 0 is correct, 1 wrong."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    return ws


@pytest.fixture
def flagged(ws: Workspace, people: Folk) -> Workspace:
    """ada and bo agree that item 0 is problematic; model gamma said 1."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        flag(ws, people[name])
    return ws


def take_back(ws: Workspace, user: User, class_id: int | None = 1, *, pass_: Pass = Pass.VERDICT) -> str:
    """Reopen a decision on item 0; gives the item's token."""
    token = item_token(ws, "main", 0)
    reopen(ws, user, SeenDecision(token, pass_, class_id), reason="look again", key=new_key())
    return token


def decide(ws: Workspace, user: User, token: str, verdicts: dict[int, Verdict]) -> None:
    adjudicate(ws, user, token, Pass.VERDICT, Adjudication(verdicts, reason="r"), key=new_key())


def publish(ws: Workspace) -> str:
    return publish_labels(ws, by="root", reason="r").version.ref


def reopened_in(ws: Workspace, ref: str) -> list[tuple[str, str, str, str, str | None]]:
    """Class, what was decided and where, and what is decided now and where."""
    rows = list_reopened(ws, resolve_labels(ws, ref))
    return [(row.class_name, row.said, row.published_in, row.now, row.now_in) for row in rows]


def test_it_waits_for_an_adjudicator_with_the_reason(judged: Workspace, people: Folk) -> None:
    token = take_back(judged, people["jude"])
    assert (0, 1) not in decided(judged)
    (row,) = list_disputes(judged)
    assert (row.reason, row.class_names) == (REOPENED, ("dough",))
    dispute = load_dispute(judged, token, Pass.VERDICT)
    (note,) = dispute.reopened
    assert (note.class_name, note.author, note.reason) == ("dough", "jude", "look again")
    # The reviews stand beside it as before.
    assert [vote.verdict for found in dispute.classes if found.card.class_id == 1 for vote in found.votes] == [
        "wrong"
    ] * 2
    with judged.store.read() as tx:
        (line,) = journal.list_lines(tx, actions=["decisions.reopen"])
    assert (line.actor, line.facts["reason"], line.facts["published_in"]) == ("jude", "look again", None)


def test_what_reviewers_had_said_does_not_bring_it_back(judged: Workspace, people: Folk) -> None:
    take_back(judged, people["jude"])
    edit_protocol(judged, {"rule": "majority"}, by="root", reason="r")  # settles all that is undecided
    predict(judged, "delta", {0: 2})
    give(judged, people["ada"], {2: WRONG})
    give(judged, people["bo"], {2: WRONG})
    assert {class_id for _, class_id in decided(judged)} == {0, 2}
    assert asked_on(judged, 0)[1].status is QuestionStatus.DISPUTED


def test_it_is_not_published_while_it_waits(judged: Workspace, people: Folk) -> None:
    take_back(judged, people["jude"])
    assert [row.class_id for row in preview_publication(judged).changes] == []


def test_decided_again_it_is_a_decision_like_any_other(judged: Workspace, people: Folk) -> None:
    token = take_back(judged, people["jude"])
    decide(judged, people["jude"], token, {1: UNCLEAR})
    assert list_disputes(judged) == ()
    row = decided(judged)[0, 1]
    assert (row.verdict, row.method) == (UNCLEAR, DecisionMethod.ADJUDICATION)
    assert publish(judged) == "original@2"
    assert load_labels(judged, "original@2").verdict(0, 1) is UNCLEAR
    assert reopened_in(judged, "original@2") == []


def test_a_published_version_stays_and_says_what_was_reopened(judged: Workspace, people: Folk) -> None:
    publish(judged)
    before = load_labels(judged, "original@2")
    token = take_back(judged, people["jude"])
    assert load_labels(judged, "original@2").verdict(0, 1) is WRONG
    assert resolve_labels(judged).digest == show_labels(judged, "original@2").version.digest
    assert load_labels(judged, "original@2") is before
    assert reopened_in(judged, "original@1") == []
    assert reopened_in(judged, "original@2") == [("dough", "wrong", "original@2", "", None)]
    decide(judged, people["jude"], token, {1: CORRECT})
    assert reopened_in(judged, "original@2") == [("dough", "wrong", "original@2", "correct", None)]
    assert publish(judged) == "original@3"
    assert load_labels(judged, "original@3").verdict(0, 1) is CORRECT
    # The old version names where it was put right; the new one rests on the new decision.
    assert reopened_in(judged, "original@2") == [("dough", "wrong", "original@2", "correct", "original@3")]
    assert reopened_in(judged, "original@3") == []
    (found,) = show_labels(judged, "original@2").reopened
    assert isinstance(found, ReopenedDecision)
    assert (found.item_id, found.author, found.reason, found.token) == ("img_0.png", "jude", "look again", token)


def test_versions_made_of_it_say_so_too(judged: Workspace, people: Folk) -> None:
    publish(judged)
    predict(judged, "delta", {3: 2})
    for name in ("ada", "bo"):
        give(judged, people[name], {1: CORRECT})
    publish(judged)
    combine_versions(judged, "all", ["original@1", "original@3"], how="union")
    take_back(judged, people["jude"])
    for ref in ("original@2", "original@3", "all@1"):
        assert reopened_in(judged, ref) == [("dough", "wrong", "original@2", "", None)], ref
    assert show_labels(judged, "original@1").reopened == ()


def test_decided_the_same_again_it_is_confirmed(judged: Workspace, people: Folk) -> None:
    publish(judged)
    decide(judged, people["jude"], take_back(judged, people["jude"]), {1: WRONG})
    preview = preview_publication(judged)
    assert (preview.n_decisions, preview.n_confirmed, preview.can_publish) == (1, 1, False)
    assert reopened_in(judged, "original@2") == [("dough", "wrong", "original@2", "wrong", None)]


def test_a_reopening_can_follow_another(judged: Workspace, people: Folk) -> None:
    token = take_back(judged, people["jude"])
    decide(judged, people["jude"], token, {1: CORRECT})
    take_back(judged, people["root"])
    assert load_dispute(judged, token, Pass.VERDICT).reopened[0].author == "root"
    decide(judged, people["root"], token, {1: WRONG})
    assert decided(judged)[0, 1].author == "root"


def test_the_second_pass_goes_on_from_what_is_decided_next(judged: Workspace, people: Folk) -> None:
    for name in ("ada", "bo"):
        give_kind(judged, people[name], "major")
    token = take_back(judged, people["jude"])
    kinds = {1: QuestionStatus.DECIDED}
    assert {key: row.status for key, row in asked_on(judged, 0, Pass.KIND).items()} == kinds
    decide(judged, people["jude"], token, {1: WRONG})
    assert {key: row.status for key, row in asked_on(judged, 0, Pass.KIND).items()} == kinds
    take_back(judged, people["jude"])
    decide(judged, people["jude"], token, {1: CORRECT})
    assert asked_on(judged, 0, Pass.KIND)[1].status is QuestionStatus.CLOSED
    with judged.store.read() as tx:
        assert decisions.list_current_decisions(tx, "main", pass_=Pass.KIND) == ()


def test_the_second_pass_waits_with_the_verdict(judged: Workspace, people: Folk) -> None:
    """ada has said what kind of mistake it is; while the verdict is open nobody is asked, then bo is."""

    def kind() -> QuestionStatus:
        return asked_on(judged, 0, Pass.KIND)[1].status

    give_kind(judged, people["ada"], "major")
    token = take_back(judged, people["jude"])
    assert kind() is QuestionStatus.CLOSED
    decide(judged, people["jude"], token, {1: WRONG})
    assert kind() is QuestionStatus.OPEN
    give_kind(judged, people["bo"], "major")
    assert kind() is QuestionStatus.DECIDED
    take_back(judged, people["jude"])
    with pytest.raises(ConflictError, match="Whether it is a mistake at all was reopened"):
        take_back(judged, people["jude"], pass_=Pass.KIND)


def test_what_took_its_place_meanwhile_is_not_taken_back_unseen(judged: Workspace, people: Folk) -> None:
    """root has the page open with the reviewers' decision; jude reopens it, and decides it anew."""
    token = item_token(judged, "main", 0)
    seen = SeenDecision(token, Pass.VERDICT, 1, decided(judged)[0, 1].created_at)
    take_back(judged, people["jude"])
    with pytest.raises(ConflictError, match="taken back already"):
        reopen(judged, people["root"], seen, reason="r", key=new_key())
    decide(judged, people["jude"], token, {1: CORRECT})
    with pytest.raises(ConflictError, match="Another decision has taken its place"):
        reopen(judged, people["root"], seen, reason="r", key=new_key())
    now = decided(judged)[0, 1]
    assert now.verdict is CORRECT
    reopen(judged, people["root"], replace(seen, decided_at=now.created_at), reason="r", key=new_key())
    assert (0, 1) not in decided(judged)


def test_judgements_that_come_again_do_not_bring_it_back(ws: Workspace, people: Folk) -> None:
    file = write_judgements(ws, {0: 1})
    assert import_judgements(ws, file, by="A panel elsewhere").n_new == 1
    take_back(ws, people["jude"])
    assert import_judgements(ws, file, by="A panel elsewhere").n_new == 0
    assert decided(ws) == {}
    assert [row.reason for row in list_disputes(ws)] == [REOPENED]


def test_a_kind_of_mistake_can_be_reopened(judged: Workspace, people: Folk) -> None:
    for name in ("ada", "bo"):
        give_kind(judged, people[name], "major")
    take_back(judged, people["jude"], pass_=Pass.KIND)
    (row,) = list_disputes(judged)
    assert (row.pass_, row.reason) == (Pass.KIND, REOPENED)
    edit_protocol(judged, {"rule": "majority"}, by="root", reason="r")
    assert len(list_disputes(judged)) == 1
    assert (0, 1) in decided(judged)


def test_an_item_that_was_problematic_may_be_usable_after_all(flagged: Workspace, people: Folk) -> None:
    publish(flagged)
    assert load_labels(flagged, "original@2").is_problematic(0)
    token = take_back(flagged, people["jude"], None)
    (row,) = list_disputes(flagged)
    assert (row.reason, row.class_names) == (REOPENED, ("bagel", "dough"))
    edit_protocol(flagged, {"rule": "majority"}, by="root", reason="r")  # both flags stand, and settle nothing any more
    assert (0, None) not in decided(flagged)
    decide(flagged, people["jude"], token, {0: CORRECT, 1: WRONG})
    assert decided(flagged)[0, None].usable
    assert reopened_in(flagged, "original@2") == [("", "problematic", "original@2", "usable", None)]
    (change,) = [row for row in preview_publication(flagged).changes if row.class_id is None]
    assert (change.before, change.after) == ("problematic", "usable")
    publish(flagged)
    labels = load_labels(flagged, "original@3")
    assert not labels.is_problematic(0)
    assert labels.verdict(0, 1) is WRONG
    assert load_item(flagged, token).decision == decided(flagged)[0, None]


def test_an_item_may_be_found_problematic_again(flagged: Workspace, people: Folk) -> None:
    publish(flagged)
    token = take_back(flagged, people["jude"], None)
    word = Adjudication({}, problematic=True, reason="it is broken")
    adjudicate(flagged, people["jude"], token, Pass.VERDICT, word, key=new_key())
    assert (decided(flagged)[0, None].usable, decided(flagged)[0, None].author) == (False, "jude")
    assert list_disputes(flagged) == ()
    assert {row.status for row in asked_on(flagged, 0).values()} == {QuestionStatus.CLOSED}


def test_that_alone_can_wait_where_every_class_is_decided(ws: Workspace, people: Folk) -> None:
    """All classes were decided before the item was called problematic: nothing else is disputed."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    take_back(ws, people["jude"])
    token = item_token(ws, "main", 0)
    word = Adjudication({}, problematic=True, reason="r")
    adjudicate(ws, people["jude"], token, Pass.VERDICT, word, key=new_key())
    with pytest.raises(ConflictError, match="decided problematic"):
        take_back(ws, people["jude"], 0)
    take_back(ws, people["jude"], None)
    (row,) = list_disputes(ws)
    assert row.class_names == ("dough",)
    decide(ws, people["jude"], token, {1: WRONG})
    take_back(ws, people["jude"], None)
    (row,) = list_disputes(ws)
    assert row.class_names == ()
    decide(ws, people["jude"], token, {})
    assert list_disputes(ws) == ()
    assert decided(ws)[0, None].usable


def test_it_waits_on_where_reviewers_called_it_problematic_and_undid_that(judged: Workspace, people: Folk) -> None:
    """Only whether the item is problematic waits. ada and bo say so over a new case, and bo takes it back."""
    token = take_back(judged, people["jude"])
    word = Adjudication({}, problematic=True, reason="r")
    adjudicate(judged, people["jude"], token, Pass.VERDICT, word, key=new_key())
    for _ in range(2):
        take_back(judged, people["jude"], None)
        decide(judged, people["jude"], token, {1: WRONG} if (0, 1) not in decided(judged) else {})
    take_back(judged, people["jude"], None)
    predict(judged, "delta", {0: 2})
    for name in ("ada", "bo"):
        flag(judged, people[name])
    assert list_disputes(judged) == ()
    undo(judged, people["bo"])
    assert [(row.reason, row.class_names) for row in list_disputes(judged)] == [(REOPENED, ())]


def test_what_an_adjudicator_took_back_waits_even_if_nobody_s_answer_stands(ws: Workspace, people: Folk) -> None:
    """ada added class 3, and both take their answers back once jude has reopened it; then the item is problematic."""
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT, 3: CORRECT})
    take_back(ws, people["jude"], 3)
    for name in ("bo", "ada"):
        undo(ws, people[name])
        flag(ws, people[name])
    assert asked_on(ws, 0)[3].status is QuestionStatus.CLOSED
    take_back(ws, people["jude"], None)
    stood = {class_id: row.status for class_id, row in asked_on(ws, 0).items()}
    assert stood[3] is QuestionStatus.DISPUTED
    with ws.store.write() as tx:
        restate_items(ws, tx, "main", [0], at=now())  # what an import does
    assert {class_id: row.status for class_id, row in asked_on(ws, 0).items()} == stood


def test_what_is_said_afterwards_counts_anew(flagged: Workspace, people: Folk) -> None:
    """ada calls it problematic once more, over a new case; bo's old word is void, so an adjudicator has to look."""
    token = take_back(flagged, people["jude"], None)
    decide(flagged, people["jude"], token, {0: CORRECT, 1: WRONG})
    predict(flagged, "delta", {0: 2})
    flag(flagged, people["ada"])
    assert decided(flagged)[0, None].usable
    (row,) = list_disputes(flagged)
    assert row.class_names == ("pretzel",)


def test_an_answer_under_a_reopened_decision_cannot_be_undone_into_it(judged: Workspace, people: Folk) -> None:
    take_back(judged, people["jude"])
    undo(judged, people["bo"])
    assert asked_on(judged, 0)[1].status is QuestionStatus.DISPUTED
    assert asked_on(judged, 0)[0].status is QuestionStatus.OPEN
    assert load_queue(judged, people["bo"], Pass.VERDICT).screens == ()


def test_only_adjudicators_and_only_what_is_decided(judged: Workspace, people: Folk) -> None:
    with pytest.raises(PermissionDeniedError):
        take_back(judged, people["ada"])
    for class_id in (2, None):
        with pytest.raises(NotFoundError, match="no such decision"):
            take_back(judged, people["jude"], class_id)
    seen = SeenDecision(item_token(judged, "main", 0), Pass.VERDICT, 1)
    for reason, words in ((" ", "a reason"), ("x" * 10_001, "at most 10,000")):
        with pytest.raises(InputError, match=words):
            reopen(judged, people["jude"], seen, reason=reason, key=new_key())
    receipts = {reopen(judged, people["jude"], seen, reason="r", key="k") for _ in range(2)}
    assert len(receipts) == 1
    with pytest.raises(ConflictError, match="taken back already"):
        take_back(judged, people["jude"])
