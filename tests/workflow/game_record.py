"""A random game's record, handed on to a fresh workspace."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from regrade.errors import ConflictError
from regrade.records.panel import Pass
from regrade.store import ballots, decisions, questions, reopenings
from regrade.workflow.disputes import load_votes
from regrade.workflow.export_reviews import export_reviews, load_record
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.publish import publish_labels
from regrade.workflow.settings import write_settings
from regrade.workflow.workspace import Workspace, open_workspace
from tests.workflow.conftest import quick_folder

Facts = dict[tuple[object, ...], object]


def hand_on(ws: Workspace, template: Path, *, is_finished: bool = False) -> None:
    """A fresh workspace that takes the record over stands as this one does, and takes it over once.

    Args:
        ws: The workspace of a game.
        template: What it began as.
        is_finished: Nothing waits any more, and all is published: publishing there gives the same labels.
    """
    if not load_record(ws):
        return
    with quick_folder() as folder:
        export_reviews(ws, folder / "record.jsonl")
        shutil.copytree(template, folder / "fresh")
        write_settings(folder / "fresh", ws.settings)
        with open_workspace(folder / "fresh") as fresh:
            import_reviews(fresh, folder / "record.jsonl")
            here, there = stands(ws), stands(fresh)
            differing = {key: (here.get(key), row) for key, row in there.items() if here.get(key) != row}
            assert differing == {}, differing
            # Nobody has said anything of what is not there: making cases would ask about it.
            missing = here.keys() - there.keys()
            assert {key[0] for key in missing} <= {"asked"}
            again = import_reviews(fresh, folder / "record.jsonl")
            assert (again.n_new_reviews, again.n_undone, again.n_new_votes, again.n_new_decisions) == (0, 0, 0, 0)
            if is_finished:
                check_labels(ws, fresh)


def stands(ws: Workspace) -> Facts:
    """Where every question stands, what is decided, what is voted, and of which items it is asked what they are."""
    found: Facts = {}
    with ws.store.read() as tx:
        for question in questions.list_questions(tx, split="main"):
            place = ("asked", question.pass_, question.item, question.class_id)
            found[place] = (question.origin, question.status, question.held)
        for row in decisions.list_current_decisions(tx, "main"):
            said = (row.verdict, row.category, row.severity, row.usable, row.method)
            found["decided", row.pass_, row.item, row.class_id] = said
        voted = {(row.item, row.pass_) for row in ballots.list_ballots(tx, "main")}
        for item, pass_ in voted:
            for vote in load_votes(tx, "main", item, pass_):
                said_of = ("voted", pass_, item, vote.class_id, vote.voter)
                found[said_of] = (vote.verdict, vote.category, vote.severity, vote.ballot)
        found["pending", Pass.VERDICT] = reopenings.list_pending_items(tx, "main")
    return found


def check_labels(ws: Workspace, fresh: Workspace) -> None:
    """Publishing in the fresh workspace gives what this one came to in several steps.

    What was published and reopened, and then closed since the item is problematic, stands in the labels here only.
    """
    with suppress(ConflictError):  # nothing was decided that the labels did not say before
        publish_labels(fresh, by="jude", reason="r")
    here, there = (load_labels(found, resolve_labels(found)) for found in (ws, fresh))
    assert here.problematic.tolist() == there.problematic.tolist()
    for item in range(len(here.items)):
        if not here.problematic[item]:
            classes = range(here.n_classes)
            assert [here.verdict(item, row) for row in classes] == [there.verdict(item, row) for row in classes]
