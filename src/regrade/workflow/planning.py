"""What the mistakes of models would add to the panel's work: counted beforehand, and then made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.panel import CasePairs, merge_cases, new_pairs
from regrade.records.grades import Mistakes
from regrade.records.labels import LabelSet
from regrade.records.panel import Origin, Pass, Question, QuestionStatus
from regrade.store import Transaction, decisions, questions

UNDECIDED = (QuestionStatus.OPEN, QuestionStatus.DISPUTED)
CASE_ORIGINS = (Origin.PREDICTION, Origin.IMPORTED, Origin.ADDED, Origin.PROPOSED)
"""A question of origin `label` rides along with the cases and is none itself."""


@dataclass(frozen=True, slots=True, eq=False)
class CasePlan:
    """What making cases would do."""

    new: CasePairs
    """Pairs that nobody has been asked about."""
    raised: tuple[Question, ...]
    """Questions that rode along as labels, were added by a reviewer or proposed, and are predictions too."""
    n_new_cases: int
    """Cases that there would be more, raised ones included."""
    new_items: npt.NDArray[np.int32]
    """Positions of their items, each once, ascending."""


def plan_cases(tx: Transaction, split: str, mistakes: Sequence[Mistakes], labels: LabelSet) -> CasePlan:
    """Compare the models' mistakes with what the panel has been asked and has decided.

    A pair that the panel knows already is asked no second time. It becomes a prediction if it was none: what rode along
    as a label is a case if the labels (others may be in use now) do not judge it; a class whose reviewer took it back
    is asked again; what was decided wrong is owed its category and severity. An item that was decided problematic gets
    no case.

    Args:
        tx: A transaction.
        split: The split.
        mistakes: Each model's mistakes under `labels`.
        labels: The label set in force.
    """
    pairs = merge_cases(mistakes, labels)
    known = questions.load_pairs(tx, split, Pass.VERDICT)
    new = new_pairs(pairs, known.items, known.classes)
    riding = questions.list_questions(
        tx, split=split, pass_=Pass.VERDICT, origins=(Origin.LABEL, Origin.ADDED, Origin.PROPOSED)
    )
    places = np.array([row.item * labels.n_classes + row.class_id for row in riding], dtype=np.int64)
    is_predicted = np.isin(places, _places(mistakes, labels.n_classes))
    is_unjudged = np.isin(places, _places([pairs], labels.n_classes))
    closed = _problematic_items(tx, split)
    raised = [
        row
        for row, predicted, unjudged in zip(riding, is_predicted, is_unjudged, strict=True)
        if predicted and row.item not in closed and (unjudged or not _adds_case(row))
    ]
    return _make_plan(new, tuple(raised), closed)


def _make_plan(new: CasePairs, raised: tuple[Question, ...], closed: frozenset[int]) -> CasePlan:
    left = ~np.isin(new.items, sorted(closed))
    new = CasePairs(items=new.items[left], classes=new.classes[left], n_models=new.n_models[left])
    more = np.array([row.item for row in raised if _adds_case(row)], dtype=np.int32)
    return CasePlan(
        new=new,
        raised=raised,
        n_new_cases=len(new) + len(more),
        new_items=np.unique(np.concatenate([new.items, more])),
    )


def _places(rows: Sequence[Mistakes | CasePairs], n_classes: int) -> npt.NDArray[np.int64]:
    """One number per (item, class)."""
    found = [row.items.astype(np.int64) * n_classes + row.classes for row in rows]
    return np.concatenate([np.empty(0, np.int64), *found])


def _problematic_items(tx: Transaction, split: str) -> frozenset[int]:
    current = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT)
    return frozenset(row.item for row in current if row.class_id is None and not row.usable)


def _adds_case(row: Question) -> bool:
    """Whether a question that rode along, or was named, would be a case more: it is neither one already nor decided."""
    return row.status is not QuestionStatus.DECIDED and (
        row.origin is Origin.LABEL or row.status is QuestionStatus.CLOSED
    )
