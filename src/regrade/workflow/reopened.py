"""Reopened decisions: which of those that a published version rests on were taken back since."""

from __future__ import annotations

from collections.abc import Iterable

from regrade.records.adjudication import Reopening
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision
from regrade.records.provenance import ReopenedDecision
from regrade.store import Transaction, decisions, reopenings
from regrade.workflow.decisions import say_decision
from regrade.workflow.lineage import list_ancestors, load_making
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace


def list_reopened(ws: Workspace, version: LabelSetVersion) -> tuple[ReopenedDecision, ...]:
    """The decisions that a version rests on, its own and those of all that it was made of, and that were taken back.

    One that a version on the way has decided anew is not among them: what is said there now is of a later decision.
    """
    with ws.store.read() as tx:
        given = reopenings.list_reopenings(tx, version.split)
        if not given:
            return ()
        refs = {row.ref for row in list_ancestors(tx, version, load_making(tx))}
        current = {_place(row): row for row in decisions.list_current_decisions(tx, version.split)}
        rests = _choose_resting(tx, given, refs)
    return tuple(_view(ws, row, current.get(_place(row.decision))) for row in rests)


def _choose_resting(tx: Transaction, given: Iterable[Reopening], refs: set[str]) -> list[Reopening]:
    """Those whose decision one of the versions carries, and none of them a later one on the same."""
    known = [row for row in given if row.decision.published_in in refs]
    if not known:
        return []
    newest: dict[reopenings.Place, int] = {}
    for ref in refs:
        for row in decisions.list_published_decisions(tx, known[0].decision.split, ref=ref):
            newest[_place(row)] = max(row.id, newest.get(_place(row), 0))
    return [row for row in known if newest[_place(row.decision)] == row.decision.id]


def _place(row: Decision) -> reopenings.Place:
    return reopenings.Place(row.item, row.class_id, row.pass_)


def _view(ws: Workspace, row: Reopening, now: Decision | None) -> ReopenedDecision:
    decision = row.decision
    assert decision.published_in is not None  # noqa: S101 - only those that a version carries are shown
    return ReopenedDecision(
        token=item_token(ws, decision.split, decision.item),
        item_id=ws.split(decision.split).ids[decision.item],
        class_name="" if decision.class_id is None else ws.classes.titles[decision.class_id],
        said=say_decision(decision),
        published_in=decision.published_in,
        author=row.author,
        reason=row.reason,
        at=row.at,
        now="" if now is None else say_decision(now),
        now_in=now.published_in if now else None,
    )
