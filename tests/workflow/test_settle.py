"""Settling: what decisions rest on, what closes and reopens, and that nothing waits for ever."""

from __future__ import annotations

import pytest

from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Origin, Pass, QuestionStatus
from regrade.records.users import User
from regrade.store import decisions
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.clock import now
from regrade.workflow.disputes import list_disputes
from regrade.workflow.judgements import import_judgements
from regrade.workflow.labels import use_labels
from regrade.workflow.media import item_token
from regrade.workflow.publish import publish_labels
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.restate import restate_items
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import (
    Asked,
    asked_on,
    decided,
    flag,
    give,
    give_kind,
    new_key,
    pass_a_day,
    predict,
    send,
    set_protocol,
    undo,
    verdicts,
    write_judgements,
    write_labels,
)

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
OPEN, DISPUTED, CLOSED = QuestionStatus.OPEN, QuestionStatus.DISPUTED, QuestionStatus.CLOSED


def test_problematic_closes_both_passes(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    predict(ws, "delta", {0: 2})
    for name in ("ada", "bo"):
        flag(ws, people[name])
    assert asked_on(ws, 0)[2].status is CLOSED
    assert asked_on(ws, 0, Pass.KIND)[1].status is CLOSED


def test_undone_problematic_opens_both_passes_again(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    predict(ws, "delta", {0: 2})
    for name in ("ada", "bo"):
        flag(ws, people[name])
    undo(ws, people["bo"])
    assert (0, None) not in decided(ws)
    assert asked_on(ws, 0)[2].status is OPEN
    assert asked_on(ws, 0, Pass.KIND)[1].status is OPEN


def test_a_late_answer_decides_a_problematic_item_no_second_time(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    screens = {name: load_queue(ws, people[name], Pass.VERDICT).screens[0] for name in ("ada", "bo")}
    pass_a_day(ws)
    late = load_queue(ws, people["root"], Pass.VERDICT).screens[0]
    for name, screen in screens.items():
        send(ws, people[name], screen, Answers(problematic=True))
    publish_labels(ws, by="root", reason="first round")
    send(ws, people["root"], late, Answers(problematic=True))
    assert decided(ws)[0, None].published_in == "original@2"
    with ws.store.read() as tx:
        assert decisions.list_current_decisions(tx, "main", unpublished=True) == ()
    undo(ws, people["root"])
    assert decided(ws)[0, None].published_in == "original@2"


def test_a_class_added_to_a_problematic_item_stays_closed(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    screens = {name: load_queue(ws, people[name], Pass.VERDICT).screens[0] for name in ("ada", "bo")}
    pass_a_day(ws)
    late = load_queue(ws, people["root"], Pass.VERDICT).screens[0]
    for name, screen in screens.items():
        send(ws, people[name], screen, Answers(problematic=True))
    answers = verdicts(late, {0: CORRECT})
    added = type(answers.verdicts[0])(3, CORRECT, added=True)
    send(ws, people["root"], late, Answers(verdicts=(*answers.verdicts, added)))
    assert asked_on(ws, 0)[3] == Asked(CLOSED, Origin.ADDED)
    assert list_disputes(ws) == ()


def test_a_class_that_was_added_and_taken_back_keeps_nobody_out(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    undo(ws, people["ada"])
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    give(ws, people["ada"], {0: CORRECT, 3: CORRECT})
    assert decided(ws)[0, 3].verdict is CORRECT


def test_a_class_that_was_taken_back_is_asked_again_once_another_answers_it(
    ws: Workspace, people: dict[str, User]
) -> None:
    """Bo was dealt it while ada's answer stood, and has it on the page while she takes that back."""
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    screen = load_queue(ws, people["bo"], Pass.VERDICT).screens[0]
    undo(ws, people["ada"])
    assert asked_on(ws, 0)[3] == Asked(CLOSED, Origin.ADDED)
    send(ws, people["bo"], screen, verdicts(screen, {0: CORRECT, 1: CORRECT, 3: UNCLEAR}))
    assert asked_on(ws, 0)[3] == Asked(OPEN, Origin.ADDED)
    stood = {class_id: row.status for class_id, row in asked_on(ws, 0).items()}
    with ws.store.write() as tx:
        restate_items(ws, tx, "main", [0], at=now())  # what an import does
    assert {class_id: row.status for class_id, row in asked_on(ws, 0).items()} == stood
    undo(ws, people["bo"])
    assert asked_on(ws, 0)[3] == Asked(CLOSED, Origin.ADDED)


@pytest.mark.parametrize("what", ["reopened", "problematic"])
def test_an_undone_kind_is_not_asked_for_while_it_waits_whether_it_is_a_mistake(
    ws: Workspace, people: dict[str, User], what: str
) -> None:
    """The verdict is reopened, or the item has become problematic, before the answer of the second pass is undone."""
    set_protocol(ws, n_reviewers=3, rule="majority")
    predict(ws, "gamma", {0: 1})
    late = {name: load_queue(ws, people[name], Pass.VERDICT).screens[0] for name in ("bo", "root")}
    give(ws, people["ada"], {0: CORRECT})
    set_protocol(ws, n_reviewers=1)
    give_kind(ws, people["ada"], "minor")
    if what == "reopened":
        seen = SeenDecision(item_token(ws, "main", 0), Pass.VERDICT, 1)
        reopen(ws, people["jude"], seen, reason="look again", key=new_key())
    else:
        for name, screen in late.items():
            send(ws, people[name], screen, Answers(problematic=True))
        assert (0, None) in decided(ws)
    undo(ws, people["ada"], Pass.KIND)
    assert asked_on(ws, 0, Pass.KIND)[1].status is CLOSED
    assert load_queue(ws, people["ada"], Pass.KIND).screens == ()


def test_a_second_pass_that_comes_back_keeps_its_answers(ws: Workspace, people: dict[str, User]) -> None:
    """Decided wrong, then correct, then wrong again: who answered already is not asked, so it must be settled."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    for name, severity in (("ada", "minor"), ("bo", "major")):
        give_kind(ws, people[name], severity)
    for class_id, verdict, expected in ((2, CORRECT, CLOSED), (3, WRONG, DISPUTED)):
        predict(ws, f"delta{class_id}", {0: class_id})
        give(ws, people["ada"], {0: CORRECT, 2: CORRECT, 3: CORRECT})
        give(ws, people["bo"], {0: CORRECT, 2: CORRECT} | ({3: UNCLEAR} if class_id == 3 else {2: WRONG}))
        token = list_disputes(ws)[0].token
        answer = Adjudication({class_id: CORRECT, 1: verdict}, reason="looked again")
        adjudicate(ws, people["jude"], token, Pass.VERDICT, answer, key=new_key())
        assert asked_on(ws, 0, Pass.KIND)[1].status is expected
    assert [row.pass_ for row in list_disputes(ws)] == [Pass.KIND]


def test_a_class_that_is_wrong_no_more_loses_its_kind(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    for name in ("ada", "bo"):
        give_kind(ws, people[name], "minor")
    predict(ws, "delta", {0: 2})
    for name, verdict in (("ada", CORRECT), ("bo", WRONG)):
        give(ws, people[name], {0: CORRECT, 2: verdict})
    answer = Adjudication({2: CORRECT, 1: CORRECT}, reason="looked again")
    adjudicate(ws, people["jude"], list_disputes(ws)[0].token, Pass.VERDICT, answer, key=new_key())
    assert asked_on(ws, 0, Pass.KIND)[1].status is CLOSED
    with ws.store.read() as tx:
        assert decisions.list_current_decisions(tx, "main", pass_=Pass.KIND) == ()


def test_a_decision_rests_on_the_oldest_version_that_its_own_reviewers_saw(
    ws: Workspace, people: dict[str, User]
) -> None:
    predict(ws, "gamma", {0: 1})
    screens = {name: load_queue(ws, people[name], Pass.VERDICT).screens[0] for name in ("ada", "bo")}
    predict(ws, "delta", {3: 2})
    import_judgements(ws, write_judgements(ws, {3: 2}), by="A panel elsewhere")
    publish_labels(ws, by="root", reason="what is known elsewhere")
    for name, screen in screens.items():
        send(ws, people[name], screen, verdicts(screen, {0: CORRECT}))
    predict(ws, "epsilon", {0: 2})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT})
    bases = {class_id: row.base for (item, class_id), row in decided(ws).items() if item == 0}
    assert bases == {0: "original@1", 1: "original@1", 2: "original@2"}


def test_versions_of_two_label_sets_are_not_compared(ws: Workspace, people: dict[str, User]) -> None:
    """`other@1` is no older than `original@2`; the decision rests on what was shown under the name shown last."""
    predict(ws, "gamma", {0: 1})
    import_judgements(ws, write_judgements(ws, {3: 2}), by="A panel elsewhere")
    publish_labels(ws, by="root", reason="what is known elsewhere")
    write_labels(ws, "other", {0: "0,,,0", 1: "0,,,0"})
    use_labels(ws, "other")
    give(ws, people["ada"], {0: CORRECT})
    use_labels(ws, "original")
    give(ws, people["bo"], {0: CORRECT})
    assert decided(ws)[0, 1].base == "original@2"
