"""Cases: merge the models' mistakes into questions for the panel, and list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from regrade.formats.spreadsheets import write_csv
from regrade.grading import find_mistakes
from regrade.panel import CasePairs, merge_cases, new_pairs
from regrade.records.labels import LabelSetVersion, Verdict
from regrade.records.panel import Decision, Origin, Pass, Question, QuestionStatus
from regrade.records.predictions import NO_CLASS
from regrade.store import Transaction, decisions, journal, questions
from regrade.workflow.clock import now
from regrade.workflow.grade import answer_key
from regrade.workflow.labels import labels_of_split, load_labels, resolve_labels
from regrade.workflow.predictions import choose_predictions, load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

UNDECIDED = (QuestionStatus.OPEN, QuestionStatus.DISPUTED)
CASE_ORIGINS = (Origin.PREDICTION, Origin.IMPORTED, Origin.ADDED)
"""A question of origin `label` rides along with the cases and is none itself."""


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
    version = resolve_labels(ws, labels) if labels else labels_of_split(ws, split)
    names = tuple(row.model for row in choose_predictions(ws, models, split))
    pairs = _merge(ws, version, names)
    with ws.store.read() as tx:
        known = questions.load_pairs(tx, split, Pass.VERDICT)
        before = _undecided_items(tx, split)
    new = new_pairs(pairs, known.items, known.classes)
    if not dry_run and len(new.items):
        with ws.store.write() as tx:
            at = now()
            n_new = questions.save_questions(
                tx,
                split,
                new.items,
                new.classes,
                pass_=Pass.VERDICT,
                origin=Origin.PREDICTION,
                shuffles=shuffle_keys(ws, split)[new.items],
                at=at,
            )
            facts = {"labels": version.ref, "split": split, "n_models": len(names), "n_new_cases": n_new}
            journal.save_line(tx, actor=by, action="cases.make", facts=facts, at=at)
    new_items = np.unique(new.items)
    after = np.union1d(before, new_items)
    return CasesReport(
        labels=version.ref,
        models=names,
        n_cases=_count_undecided(ws, split) + (len(new.items) if dry_run else 0),
        n_items=len(after),
        n_new_cases=len(new.items),
        n_new_items=len(np.setdiff1d(new_items, before)),
    )


def shuffle_keys(ws: Workspace, split: str) -> npt.NDArray[np.int64]:
    """(n_items,) the random place of every item in the order of work: the same for all questions of an item."""
    return ws.kept(("shuffle", split), lambda: _make_shuffle_keys(ws, split))


def _make_shuffle_keys(ws: Workspace, split: str) -> npt.NDArray[np.int64]:
    seed = int.from_bytes(ws.store.secret()[:16], "big")
    rng = np.random.Generator(np.random.Philox(key=[seed >> 64, seed & (2**64 - 1)]))
    return rng.integers(0, 2**62, size=len(ws.split(split)), dtype=np.int64)


def list_cases(
    ws: Workspace, *, split: str = MAIN_SPLIT, status: QuestionStatus | None = None, limit: int | None = None
) -> tuple[CaseRow, ...]:
    """The cases in the order of the items, with the models that made each prediction and what was decided."""
    with ws.store.read() as tx:
        rows = questions.list_questions(tx, split=split, pass_=Pass.VERDICT, status=status, origins=CASE_ORIGINS)
        decided = {(row.item, row.class_id, row.pass_): row for row in decisions.list_current_decisions(tx, split)}
    rows = tuple(sorted(rows, key=lambda row: (row.item, row.class_id)))[:limit]
    models = _models_by_case(ws, split, rows)
    return tuple(_case_row(ws, row, models[row.id], decided) for row in rows)


def export_cases(ws: Workspace, file: Path, *, split: str = MAIN_SPLIT, status: QuestionStatus | None = None) -> int:
    """Write the cases as CSV, models joined by `;`; returns how many.

    The file is safe to open in a spreadsheet.
    """
    rows = list_cases(ws, split=split, status=status)
    cells = ([getattr(row, name) for name in CaseRow.__slots__] for row in rows)
    joined = ([";".join(cell) if isinstance(cell, tuple) else cell for cell in row] for row in cells)
    with file.open("w", newline="", encoding="utf-8") as out:
        write_csv(out, CaseRow.__slots__, joined)
    return len(rows)


def _merge(ws: Workspace, version: LabelSetVersion, names: Sequence[str]) -> CasePairs:
    key = answer_key(ws, version)
    mistakes = [find_mistakes(row, key) for row in load_predictions(ws, names, version.split, scores=False)]
    return merge_cases(mistakes, load_labels(ws, version))


def _undecided_items(tx: Transaction, split: str) -> npt.NDArray[np.int32]:
    return questions.load_pairs(tx, split, Pass.VERDICT, statuses=UNDECIDED, origins=CASE_ORIGINS).distinct_items


def _count_undecided(ws: Workspace, split: str) -> int:
    with ws.store.read() as tx:
        return len(questions.load_pairs(tx, split, Pass.VERDICT, statuses=UNDECIDED, origins=CASE_ORIGINS).items)


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
