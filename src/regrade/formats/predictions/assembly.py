"""From ranked rows to predictions for every item of the split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.formats.places import Place, list_some
from regrade.formats.predictions.registry import MAX_RANKS, PredictionRequest
from regrade.records.predictions import NO_CLASS, Predictions, ScoreKind


@dataclass(frozen=True, slots=True, eq=False)
class RankedRows:
    """One row of ranked classes for each item that a file names."""

    items: npt.NDArray[np.integer] | None
    """(r,) position of the item of each row, each once; None: the rows are the split's items in order."""
    classes: npt.NDArray[np.integer]
    """(r, k) class ids by rank, NO_CLASS behind the last one."""
    scores: npt.NDArray[np.floating] | None = None
    """(r, k) scores, NaN where there is none."""
    score_kind: ScoreKind = "none"
    n_ties: int = 0


def assemble_predictions(rows: RankedRows, request: PredictionRequest, place: Place) -> Predictions:
    """The predictions of one model: rows put in the order of the split, cut to ten ranks.

    Raises:
        InputError: Items have no prediction, and must have; or none has.
    """
    n_ranks = min(rows.classes.shape[1], MAX_RANKS)
    dtype = np.int16 if len(request.classes) < 2**15 else np.int32
    classes = _scatter(rows.classes[:, :n_ranks], rows.items, len(request.split), dtype, NO_CLASS)
    _check_missing(classes, request, place)
    scores = rows.scores
    return Predictions(
        model=request.model,
        split=request.split.name,
        kind=request.kind,
        n_classes=len(request.classes),
        classes=classes,
        scores=None if scores is None else _scatter(scores[:, :n_ranks], rows.items, len(classes), np.float32, np.nan),
        score_kind=rows.score_kind,
        n_ties=rows.n_ties,
    )


def check_ranks(ranks: npt.NDArray[np.integer], place: Place, *, remedy: str) -> None:
    """Check that no row ranks a class twice.

    Args:
        ranks: (r, k) class ids, NO_CLASS where there is none.
        place: Where they stand.
        remedy: What to do about it.

    Raises:
        InputError: A row does.
    """
    if ranks.shape[1] == 1:
        return
    ordered = np.sort(ranks, axis=1)
    same = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] != NO_CLASS)
    bad = np.flatnonzero(same.any(axis=1))
    if len(bad):
        row = int(bad[0])
        class_id = int(ordered[row, 1:][same[row]][0])
        raise place.error(
            "each class once among an item's ranks", got=f"class {class_id} twice", rows=bad, remedy=remedy
        )


def _scatter(
    values: npt.NDArray[Any], items: npt.NDArray[np.integer] | None, n_items: int, dtype: npt.DTypeLike, fill: float
) -> npt.NDArray[Any]:
    if items is None:
        return np.ascontiguousarray(values, dtype)
    out = np.full((n_items, values.shape[1]), fill, dtype)
    out[items] = values
    return out


def _check_missing(classes: npt.NDArray[np.integer], request: PredictionRequest, place: Place) -> None:
    missing = np.flatnonzero(classes[:, 0] == NO_CLASS)
    if len(missing) == len(classes):
        raise place.file_error("at least one prediction", got="none", remedy="Fill the classes in.")
    if len(missing) and not request.allow_missing:
        raise place.file_error(
            f"a prediction for each of the {len(classes):,} items of the split {request.split.name}",
            got=f"none for {len(missing):,} of them: {list_some([request.split.ids[item] for item in missing])}",
            remedy="Add them, or accept that they are missing with --allow-missing.",
        )
