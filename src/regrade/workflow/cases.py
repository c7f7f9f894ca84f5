"""Cases: merge the models' mistakes into questions for the panel, and list them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from regrade.grading import find_mistakes
from regrade.records.choices import check_choice
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, Origin, Pass, Question, QuestionStatus
from regrade.records.predictions import NO_CLASS
from regrade.store import Transaction, decisions, journal, questions
from regrade.workflow.asking import ask
from regrade.workflow.clock import now
from regrade.workflow.grade import answer_key, choose_version
from regrade.workflow.labels import load_labels
from regrade.workflow.planning import CASE_ORIGINS, UNDECIDED, CasePlan, plan_cases
from regrade.workflow.predictions import choose_predictions, load_predictions
from regrade.workflow.settle import raise_questions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class CasesReport:
    """What `make_cases` made, and what waits for the panel then."""

    labels: str
    """`NAME@N` whose verdicts were left out."""
    models: tuple[str, ...]
    n_cases: int
    """Undecided cases of the split after the call (a dry run counts as if it had been made)."""
    n_items: int
    """Items with an undecided case."""
    n_new_cases: int
    n_new_items: int
    """Items that had no undecided case before."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case with all that is known of it. Holds model names: never for a reviewer who has yet to answer."""

    item_id: str
    class_id: int
    class_key: str
    class_name: str
    status: str
    origin: str
    n_models: int
    models: tuple[str, ...]
    verdict: str | None
    category: str | None
    severity: str | None


def make_cases(
    ws: Workspace,
    *,
    models: Sequence[str] | None = None,
    labels: str | None = None,
    split: str = MAIN_SPLIT,
    dry_run: bool = False,
    by: str = "local",
) -> CasesReport:
    """Merge the models' mistakes by (item, class), leave out what the labels have judged, and open the rest as cases.

    Args:
        ws: The workspace.
        models: Whose mistakes; default: all models with predictions on the split.
        labels: Version to grade by; default: the newest of the split's labels.
        split: The split.
        dry_run: Only say the numbers.
        by: Who does it, for the journal.
    """
    version = choose_version(ws, labels, split)
    names = tuple(row.model for row in choose_predictions(ws, models, split))
    key = answer_key(ws, version)
    mistakes = [find_mistakes(row, key) for row in load_predictions(ws, names, split, scores=False)]
    content = load_labels(ws, version)
    with ws.store.read() if dry_run else ws.store.write() as tx:
        before = _undecided(tx, split)
        plan = plan_cases(tx, split, mistakes, content)
        if not dry_run and (len(plan.new) or plan.raised):
            facts = {"labels": version.ref, "split": split, "n_models": len(names), "n_new_cases": plan.n_new_cases}
            _save(ws, tx, split, plan, facts=facts, by=by)
        after = before if dry_run else _undecided(tx, split)
    return CasesReport(
        labels=version.ref,
        models=names,
        n_cases=len(after.items) + (plan.n_new_cases if dry_run else 0),
        n_items=len(np.union1d(after.distinct_items, plan.new_items if dry_run else after.distinct_items)),
        n_new_cases=plan.n_new_cases,
        n_new_items=len(np.setdiff1d(plan.new_items, before.distinct_items)),
    )


def _save(ws: Workspace, tx: Transaction, split: str, plan: CasePlan, *, facts: Mapping[str, object], by: str) -> None:
    at = now()
    ask(ws, tx, split, plan.new.items, plan.new.classes, pass_=Pass.VERDICT, origin=Origin.PREDICTION, at=at)
    raise_questions(ws, tx, split, plan.raised, Origin.PREDICTION, at=at)
    journal.save_line(tx, actor=by, action="cases.make", facts=facts, at=at)


def list_cases(
    ws: Workspace, *, split: str = MAIN_SPLIT, status: QuestionStatus | None = None, limit: int | None = None
) -> tuple[CaseRow, ...]:
    """The cases in the order of the items, with the models that made each prediction and what was decided.

    Args:
        ws: The workspace.
        split: The split.
        status: Only those that stand there; default: all.
        limit: At most so many; default: all.

    Raises:
        InputError: The status is none.
    """
    if status is not None:
        check_choice(status, QuestionStatus, "status")
    with ws.store.read() as tx:
        rows = questions.list_questions(tx, split=split, pass_=Pass.VERDICT, status=status, origins=CASE_ORIGINS)
        decided = {(row.item, row.class_id, row.pass_): row for row in decisions.list_current_decisions(tx, split)}
    rows = tuple(sorted(rows, key=lambda row: (row.item, row.class_id)))[:limit]
    models = _models_by_case(ws, split, rows)
    return tuple(_case_row(ws, row, models[row.id], decided) for row in rows)


CASE_COLUMNS = CaseRow.__slots__
"""Names of a case's cells."""


def case_cells(row: CaseRow) -> list[object]:
    """A case as the cells of a table, its models joined by `;`."""
    cells = (getattr(row, name) for name in CASE_COLUMNS)
    return [";".join(cell) if isinstance(cell, tuple) else cell for cell in cells]


def _undecided(tx: Transaction, split: str) -> questions.QuestionPairs:
    return questions.load_pairs(tx, split, Pass.VERDICT, statuses=UNDECIDED, origins=CASE_ORIGINS)


def _models_by_case(ws: Workspace, split: str, rows: Sequence[Question]) -> dict[int, tuple[str, ...]]:
    """Which models predicted each case's class: a comparison of arrays, so never stored."""
    items = np.array([row.item for row in rows], dtype=np.int64)
    classes = np.array([row.class_id for row in rows], dtype=np.int64)
    names: list[list[str]] = [[] for _ in rows]
    for predictions in load_predictions(ws, None, split, scores=False):
        top = predictions.classes[:, 0]
        for at in np.flatnonzero((top[items] == classes) & (classes != NO_CLASS)):
            names[at].append(predictions.model)
    return {row.id: tuple(found) for row, found in zip(rows, names, strict=True)}


def _case_row(
    ws: Workspace,
    row: Question,
    models: tuple[str, ...],
    decided: dict[tuple[int, int | None, Pass], Decision],
) -> CaseRow:
    verdict = decided.get((row.item, row.class_id, Pass.VERDICT))
    kind = decided.get((row.item, row.class_id, Pass.KIND))
    return CaseRow(
        item_id=ws.split(row.split).ids[row.item],
        class_id=row.class_id,
        class_key=ws.classes.keys[row.class_id],
        class_name=ws.classes.names[row.class_id],
        status=str(row.status),
        origin=str(row.origin),
        n_models=len(models),
        models=models,
        verdict=str(verdict.verdict) if verdict and isinstance(verdict.verdict, Verdict) else None,
        category=kind.category if kind else None,
        severity=kind.severity if kind else None,
    )
