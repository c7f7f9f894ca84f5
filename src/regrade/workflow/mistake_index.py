"""All models' mistakes, merged by (item, class), with what the labels and the panel know of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from regrade.grading import find_mistakes
from regrade.records.grades import Mistakes
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision, Pass, QuestionStatus
from regrade.store import decisions, journal, questions
from regrade.workflow.grade import answer_key
from regrade.workflow.mistake_filters import STATUSES, UNREVIEWED
from regrade.workflow.predictions import list_predictions, load_predictions
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class MistakeIndex:
    """All models' mistakes under one version, each (item, class) once. Aligned arrays, sorted by (item, class)."""

    items: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]
    originals: npt.NDArray[np.int64]
    n_models: npt.NDArray[np.int64]
    confidences: npt.NDArray[np.float32]
    """Highest of any model; NaN where none has one."""
    statuses: npt.NDArray[np.int64]
    """Position in STATUSES."""
    unreviewed: npt.NDArray[np.bool_]
    """The labels have not judged it, whatever the panel has done since."""
    categories: npt.NDArray[np.int64]
    """Position in the taxonomy; -1 where the kind is not decided."""
    severities: npt.NDArray[np.int64]
    rows_by_model: dict[str, npt.NDArray[np.int64]]
    confidences_by_model: dict[str, npt.NDArray[np.float32]]


def load_index(ws: Workspace, version: LabelSetVersion) -> MistakeIndex:
    """The index of this moment: made anew when predictions, labels or the panel's work have changed."""
    digests = tuple((row.model, row.digest) for row in list_predictions(ws, version.split))
    with ws.store.read() as tx:
        seq = journal.load_newest_seq(tx)
    merged = ws.kept(("mistakes", version.split), lambda: _merge_mistakes(ws, version), version=(version.ref, digests))
    return ws.kept(
        ("mistakes now", version.split),
        lambda: _with_panel(ws, version.split, merged),
        version=(version.ref, digests, seq),
    )


def _merge_mistakes(ws: Workspace, version: LabelSetVersion) -> MistakeIndex:
    key = answer_key(ws, version)
    found = [find_mistakes(row, key) for row in load_predictions(ws, None, version.split)]
    n_classes = len(ws.classes)
    flat = [row.items.astype(np.int64) * n_classes + row.classes for row in found]
    pairs, first, rows = np.unique(
        np.concatenate(flat) if flat else np.empty(0, np.int64), return_index=True, return_inverse=True
    )
    starts = np.cumsum([0, *map(len, flat)])
    by_model = {row.model: rows[starts[at] : starts[at + 1]] for at, row in enumerate(found)}
    codes = np.concatenate([row.codes for row in found])[first] if found else np.empty(0, np.int8)
    items = pairs // n_classes
    statuses = np.array([STATUSES.index(name) for name in ("judged wrong", "unclear rejected", UNREVIEWED)])[codes]
    return MistakeIndex(
        items=items,
        classes=pairs % n_classes,
        originals=ws.split(version.split).labels[items].astype(np.int64),
        n_models=np.bincount(rows, minlength=len(pairs)),
        confidences=_highest(found, by_model, len(pairs)),
        statuses=statuses,
        unreviewed=statuses == STATUSES.index(UNREVIEWED),
        categories=np.full(len(pairs), -1),
        severities=np.full(len(pairs), -1),
        rows_by_model=by_model,
        confidences_by_model={row.model: row.confidences for row in found},
    )


def _highest(
    found: list[Mistakes], by_model: dict[str, npt.NDArray[np.int64]], n_pairs: int
) -> npt.NDArray[np.float32]:
    highest = np.full(n_pairs, np.nan, dtype=np.float32)
    for row in found:
        rows = by_model[row.model]
        highest[rows] = np.fmax(highest[rows], row.confidences)
    return highest


def _with_panel(ws: Workspace, split: str, index: MistakeIndex) -> MistakeIndex:
    """The index with what the panel knows: status of each case, category and severity where decided."""
    statuses, categories, severities = (
        index.statuses.copy(),
        index.categories.copy(),
        index.severities.copy(),
    )
    pairs = index.items * len(ws.classes) + index.classes
    names = {
        QuestionStatus.OPEN: "open",
        QuestionStatus.DISPUTED: "disputed",
        QuestionStatus.CLOSED: "problematic",
    }
    with ws.store.read() as tx:
        for status, name in names.items():
            found = questions.load_pairs(tx, split, Pass.VERDICT, statuses=(status,))
            asked = found.items.astype(np.int64) * len(ws.classes) + found.classes
            statuses[np.isin(pairs, asked)] = STATUSES.index(name)
        current = decisions.list_current_decisions(tx, split)
    _mark_decisions(ws, pairs, current, statuses=statuses, categories=categories, severities=severities)
    return replace(index, statuses=statuses, categories=categories, severities=severities)


def _mark_decisions(
    ws: Workspace,
    pairs: npt.NDArray[np.int64],
    current: tuple[Decision, ...],
    *,
    statuses: npt.NDArray[np.int64],
    categories: npt.NDArray[np.int64],
    severities: npt.NDArray[np.int64],
) -> None:
    category_keys = [row.key for row in ws.settings.taxonomy.categories]
    severity_keys = [row.key for row in ws.settings.taxonomy.severities]
    places = {pair: at for at, pair in enumerate(pairs.tolist())}
    for row in current:
        at = places.get(row.item * len(ws.classes) + row.class_id) if row.class_id is not None else None
        if at is None:
            continue
        if row.pass_ is Pass.VERDICT and row.published_in is None:
            statuses[at] = STATUSES.index(f"decided {row.verdict}")
        elif row.pass_ is Pass.KIND and row.category in category_keys and row.severity in severity_keys:
            categories[at] = category_keys.index(row.category)
            severities[at] = severity_keys.index(row.severity)
