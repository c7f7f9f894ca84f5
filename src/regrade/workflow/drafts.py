"""What publishing would do with the decisions that wait, and which items it cannot take as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from regrade.labelsets import publish_decisions
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision, Pass, QuestionStatus
from regrade.records.publication import Publication
from regrade.store import Transaction, decisions, questions
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.workspace import Workspace

NO_ACCEPTED = "no accepted class left"
CHANGED_SINCE = "changed since it was decided"


@dataclass(frozen=True, slots=True)
class Standstill:
    """An item that publishing cannot take as it is."""

    item: int
    reason: str
    classes: tuple[int, ...]
    """Class ids: the decisions in question; where it is whether the item is problematic, all that this closed."""


class Draft(NamedTuple):
    """What publishing would do now."""

    publication: Publication
    waiting: tuple[Decision, ...]
    """Decisions that no version carries yet, on items that the head covers."""
    n_outside: int
    """Decisions on items that it does not cover: they wait for labels that do."""


def draft_publication(ws: Workspace, tx: Transaction, head: LabelSetVersion) -> Draft:
    """Apply the decisions that wait to the newest version; nothing is saved."""
    labels = load_labels(ws, head)
    unpublished = decisions.list_current_decisions(tx, head.split, pass_=Pass.VERDICT, unpublished=True)
    waiting = tuple(row for row in unpublished if labels.is_problematic(row.item) is not None)
    bases = {ref: load_labels(ws, ref) for ref in {row.base for row in waiting}}
    publication = publish_decisions(labels, head.ref, waiting, bases)
    return Draft(publication, waiting, len(unpublished) - len(waiting))


def find_standstills(ws: Workspace, tx: Transaction, split: str) -> tuple[Standstill, ...]:
    """Items that need an adjudicator before their decisions can be published."""
    publication = draft_publication(ws, tx, labels_of_split(ws, split)).publication
    closed = {
        row.decision.item: _closed_classes(tx, split, row.decision.item)
        for row in publication.conflicts
        if row.decision.class_id is None
    }
    changed: dict[int, list[int]] = {}
    for row in publication.conflicts:
        found = changed.setdefault(row.decision.item, [])
        if row.decision.class_id is not None:
            found.append(row.decision.class_id)
        else:
            found.extend(closed.get(row.decision.item, ()))
    held: dict[int, list[int]] = {item: [] for item in publication.held_back_items}
    for decision in publication.held_back:
        if decision.class_id is not None:
            held[decision.item].append(decision.class_id)
    return tuple(
        Standstill(item, reason, tuple(classes))
        for reason, items in ((CHANGED_SINCE, changed), (NO_ACCEPTED, held))
        for item, classes in items.items()
    )


def _closed_classes(tx: Transaction, split: str, item: int) -> tuple[int, ...]:
    rows = questions.list_item_questions(tx, split, item, Pass.VERDICT)
    return tuple(row.class_id for row in rows if row.status is QuestionStatus.CLOSED)
