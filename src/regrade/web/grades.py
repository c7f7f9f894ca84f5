"""The grades of all models under two versions, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.records.grades import Grade
from regrade.workflow.grade import grade_version
from regrade.workflow.label_diffs import LabelsDiff
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class GradePair:
    """One model under two versions."""

    model: str
    before: Grade
    after: Grade


def headline(grade: Grade) -> float | None:
    """The figure that a model is ranked by: the class mean where there is one, else the item mean; None: undefined."""
    return grade.item_accuracy if grade.multilabel_accuracy is None else grade.multilabel_accuracy


def change(before: Grade, after: Grade) -> float | None:
    """How much the headline moved; None where either is undefined."""
    first, second = headline(before), headline(after)
    return None if first is None or second is None else second - first


def compare_versions(ws: Workspace, diff: LabelsDiff) -> tuple[GradePair, ...]:
    """Every model under both versions of a diff, best first by the second."""
    before = {grade.model: grade for grade in grade_version(ws, diff.before)}
    pairs = [GradePair(grade.model, before[grade.model], grade) for grade in grade_version(ws, diff.after)]
    return tuple(sorted(pairs, key=lambda pair: (-(headline(pair.after) or 0.0), pair.model)))
