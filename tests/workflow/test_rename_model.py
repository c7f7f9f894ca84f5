"""Another name for a model."""

from __future__ import annotations

from regrade.store import journal
from regrade.workflow.grade import grade_version
from regrade.workflow.labels import resolve_labels
from regrade.workflow.mistake_filters import MistakeFilters
from regrade.workflow.mistakes import search_mistakes
from regrade.workflow.model_votes import list_model_votes
from regrade.workflow.rename_model import rename_model
from regrade.workflow.workspace import Workspace


def test_what_is_kept_in_memory_goes_by_the_new_name_at_once(ws: Workspace) -> None:
    version = resolve_labels(ws)
    grades = grade_version(ws, version)
    page = search_mistakes(ws, MistakeFilters(model="beta"))
    list_model_votes(ws, "main", [0])
    stored = rename_model(ws, "beta", "zeta", by="ann")
    assert stored.model == "zeta"
    assert [row.model for row in grades] == ["alpha", "beta"]
    assert [row.model for row in grade_version(ws, version)] == ["alpha", "zeta"]
    assert search_mistakes(ws, MistakeFilters(model="zeta")).tiles == page.tiles
    # beta says 2 of item 0
    assert [vote.model for vote in list_model_votes(ws, "main", [0])[0][2]] == ["zeta"]


def test_the_journal_keeps_both_names(ws: Workspace) -> None:
    rename_model(ws, "beta", "zeta", by="ann")
    with ws.store.read() as tx:
        line = list(journal.list_lines(tx))[-1]
    assert (line.actor, line.action) == ("ann", "predictions.rename")
    assert (line.facts["before"], line.facts["model"], line.facts["split"]) == ("beta", "zeta", "main")
