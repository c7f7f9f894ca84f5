"""A panel that judges the small benchmark whole, fresh workspaces of it, and all that a panel leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from regrade.records.exchange import PanelEntry
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, VerdictAnswer
from regrade.records.users import User
from regrade.store import decisions, questions, tables
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.disputes import list_disputes, load_dispute
from regrade.workflow.export_reviews import load_record
from regrade.workflow.predictions import import_predictions
from regrade.workflow.review import ReviewScreen, load_queue
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import TOP1, item_of, new_key, send, undo, verdicts

C, U, W = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
ODD_NOTE = '=1+1\r\n\'x\ry, "z" é 🥯'
TRUTH = {"ada": {0: {0: C, 1: C}, 3: {1: C}}, "bo": {0: {0: C, 1: C}, 3: {1: C, 2: U}, 7: {0: U, 3: C}}}
"""What each says of each item's classes; `wrong` of the others. They differ on (3, 2)."""


@contextmanager
def fresh_workspace(benchmark: Path, folder: Path, *, predicted: bool = True) -> Iterator[Workspace]:
    """A workspace of the same classes, items and labels, with a secret of its own, and the same predictions."""
    media = benchmark / "media"
    init_workspace(folder, classes=benchmark / "classes.csv", items=benchmark / "items.csv", media=media)
    with open_workspace(folder) as ws:
        if predicted:
            import_predictions(ws, [(model, benchmark / f"{model}.npy") for model in TOP1])
        yield ws


def judge_all(ws: Workspace, people: dict[str, User]) -> None:
    """Both passes by ada and bo: an answer undone, a class added, an item problematic; jude settles the disputes."""
    make_cases(ws)
    for name in TRUTH:
        judge_first_pass(ws, people[name])
    settle_disputes(ws, people["jude"], Pass.VERDICT)
    for name, severity in (("ada", "major"), ("bo", "minor")):
        while screens := load_queue(ws, people[name], Pass.KIND).screens:
            kind = KindAnswer(screens[0].cards[0].class_id, "fine-grained", severity)
            send(ws, people[name], screens[0], Answers(kinds=(kind,), note="'tis", seconds=4.0))
    settle_disputes(ws, people["jude"], Pass.KIND)


def judge_first_pass(ws: Workspace, user: User) -> None:
    """All screens; ada undoes her first answer, calls item 7 problematic, and adds class 3 to item 0."""
    undone = user.name != "ada"
    while screens := load_queue(ws, user, Pass.VERDICT).screens:
        item = item_of(ws, screens[0])
        if not undone:
            send(ws, user, screens[0], verdicts(screens[0], {}, note="a slip"))
            undo(ws, user)
            undone = True
            continue
        send(ws, user, screens[0], _answer(user, screens[0], item))


def _answer(user: User, screen: ReviewScreen, item: int) -> Answers:
    if item == 7 and user.name == "ada":
        return Answers(problematic=True, note=ODD_NOTE, discuss=True, seconds=0.1)
    answers = verdicts(screen, TRUTH[user.name].get(item, {}), note=f"+{item}", seconds=2.5)
    if (user.name, item) == ("ada", 0):
        answers = replace(answers, verdicts=(*answers.verdicts, VerdictAnswer(3, U, added=True)))
    return answers


def settle_disputes(ws: Workspace, user: User, pass_: Pass) -> None:
    """Item 7 is problematic, class 2 wrong, any other correct; mistakes are fine-grained and minor."""
    while disputes := [row for row in list_disputes(ws) if row.pass_ is pass_]:
        dispute = load_dispute(ws, disputes[0].token, pass_)
        asked = [row.card.class_id for row in dispute.classes if row.disputed]
        decided = Adjudication({class_id: W if class_id == 2 else C for class_id in asked}, reason="-looked again")
        if pass_ is Pass.KIND:
            kinds = tuple(KindAnswer(class_id, "fine-grained", "minor") for class_id in asked)
            decided = Adjudication({}, kinds=kinds, reason="small")
        elif dispute.item_id == "img_7.png":
            decided = Adjudication({}, problematic=True, reason="@ broken")
        adjudicate(ws, user, dispute.token, pass_, decided, key=new_key())


def stands(ws: Workspace) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every question with its origin, where it stands and its number of claims; the decisions in force, without ids."""
    with ws.store.read() as tx:
        asked = questions.list_questions(tx, split="main")
        decided = decisions.list_current_decisions(tx, "main")
    return {
        (row.pass_, row.item, row.class_id, "asked"): (row.origin, row.status, row.held, row.n_claims) for row in asked
    } | {
        (row.pass_, row.item, row.class_id, "decided"): (
            *(row.verdict, row.category, row.severity, row.method, row.author, row.reason, row.created_at),
        )
        for row in decided
    }


def record_of(ws: Workspace) -> tuple[PanelEntry, ...]:
    """All that was said and decided, without what only tells where it comes from."""
    return tuple(replace(entry, protocol=None, published_in=None) for entry in load_record(ws))


def row_counts(ws: Workspace) -> dict[str, int]:
    """Number of rows of every table."""
    with ws.store.read() as tx:
        return {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }
