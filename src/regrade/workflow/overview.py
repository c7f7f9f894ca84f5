"""The overview: what is known, every model before and after, the panel's progress, what moved last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from regrade.records.grades import Grade
from regrade.records.labels import LabelSetVersion, Verdict
from regrade.records.panel import Decision, Origin, Pass, QuestionStatus
from regrade.store import Transaction, decisions, questions, reviews
from regrade.workflow.grade import grade_version
from regrade.workflow.label_diffs import ChangeView, diff_versions
from regrade.workflow.labels import labels_of_split, resolve_labels
from regrade.workflow.planning import CASE_ORIGINS, UNDECIDED
from regrade.workflow.predictions import list_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

N_CHANGES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model before and after the last publication."""

    model: str
    kind: str
    before: Grade
    after: Grade
    reviewed_share: float | None
    """Share of its mistakes under the newest version that somebody has judged; None where it makes none.

    Where it is low, the model is graded on fewer judged answers than others.
    """


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """One reviewer's part."""

    name: str
    n_answered: int
    """Answers that count, both passes."""
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page says."""

    name: str
    labels: LabelSetVersion
    """The newest version."""
    before: LabelSetVersion
    """The version that it was made from; itself where it is the first."""
    n_items: int
    n_classes: int
    n_cases_open: int
    n_items_open: int
    n_cases_disputed: int
    n_cases_decided: int
    n_no_mistake: int
    """Decided cases that were no mistake: decided correct or unclear."""
    no_mistake_share: float | None
    """Of the decided cases; None before the first."""
    n_kinds_open: int
    """Mistakes that wait for their category and severity."""
    n_to_publish: int
    """Decisions that no version carries yet."""
    lines: tuple[ModelLine, ...]
    """Best first, by the newest version."""
    reviewers: tuple[ReviewerLine, ...]
    changes: tuple[ChangeView, ...]
    """N_CHANGES_SHOWN changes of the last version, those that can move a grade first."""
    n_changes: int


def load_overview(ws: Workspace, *, split: str = MAIN_SPLIT) -> Overview:
    """Everything that the overview shows, from one reading of the database and grades that are kept."""
    labels = labels_of_split(ws, split)
    before = resolve_labels(ws, labels.parent) if labels.parent else labels
    changes = diff_versions(ws, before.ref, labels.ref).changes if labels.parent else ()
    with ws.store.read() as tx:
        open_pairs = questions.load_pairs(
            tx, split, Pass.VERDICT, statuses=(QuestionStatus.OPEN,), origins=CASE_ORIGINS
        )
        disputed = questions.load_pairs(
            tx, split, Pass.VERDICT, statuses=(QuestionStatus.DISPUTED,), origins=CASE_ORIGINS
        )
        kinds = questions.load_pairs(tx, split, Pass.KIND, statuses=UNDECIDED)
        decided = decided_cases(tx, split)
        waiting = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT, unpublished=True)
        people = reviews.list_reviewers(tx, split)
    n_fine = sum(row.verdict is not Verdict.WRONG for row in decided)
    return Overview(
        name=ws.settings.name,
        labels=labels,
        before=before,
        n_items=len(ws.split(split)),
        n_classes=len(ws.classes),
        n_cases_open=len(open_pairs.items),
        n_items_open=len(np.union1d(open_pairs.items, disputed.items)),
        n_cases_disputed=len(disputed.items),
        n_cases_decided=len(decided),
        n_no_mistake=n_fine,
        no_mistake_share=n_fine / len(decided) if decided else None,
        n_kinds_open=len(kinds.items),
        n_to_publish=len(waiting),
        lines=_model_lines(ws, split, before, labels),
        reviewers=tuple(ReviewerLine(row.reviewer, row.n_answers, row.last_at) for row in people),
        changes=tuple(sorted(changes, key=lambda row: not row.moves_grades)[:N_CHANGES_SHOWN]),
        n_changes=len(changes),
    )


def decided_cases(tx: Transaction, split: str) -> tuple[Decision, ...]:
    """First-pass decisions on predicted classes: of the mistakes judged, these say how many were none."""
    predicted = questions.load_pairs(
        tx, split, Pass.VERDICT, statuses=(QuestionStatus.DECIDED,), origins=(Origin.PREDICTION, Origin.IMPORTED)
    )
    pairs = set(zip(predicted.items.tolist(), predicted.classes.tolist(), strict=True))
    rows = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT)
    return tuple(row for row in rows if (row.item, row.class_id) in pairs)


def _model_lines(ws: Workspace, split: str, before: LabelSetVersion, after: LabelSetVersion) -> tuple[ModelLine, ...]:
    first = {grade.model: grade for grade in grade_version(ws, before)}
    kinds = {row.model: row.kind for row in list_predictions(ws, split)}
    lines = [
        ModelLine(grade.model, kinds[grade.model], first[grade.model], grade, _reviewed_share(grade))
        for grade in grade_version(ws, after)
    ]
    return tuple(sorted(lines, key=lambda line: (-_headline(line.after), line.model)))


def _reviewed_share(grade: Grade) -> float | None:
    return 1 - grade.n_unreviewed / grade.n_mistakes if grade.n_mistakes else None


def _headline(grade: Grade) -> float:
    """Undefined ones last."""
    value = grade.multilabel_accuracy if grade.multilabel_accuracy is not None else grade.item_accuracy
    return -1.0 if value is None else value
