"""An .npz with members of its own for ranks and scores: `top1`, `top5` and `probs`, rows in item order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.formats.arrays import ArrayFile
from regrade.formats.places import Place
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions, check_ranks
from regrade.formats.predictions.integer_arrays import read_class_ids
from regrade.formats.predictions.ranking import rank_scores
from regrade.formats.predictions.registry import MAX_RANKS, PREDICTION_FORMATS, PredictionRequest
from regrade.formats.predictions.score_cells import check_falling
from regrade.formats.sources import Source
from regrade.records.predictions import Predictions

_TOP1, _TOP5, _PROBS = "top1", "top5", "probs"
_REMEDY = "Save them again from one run of the model."


@PREDICTION_FORMATS.register(
    "top-members",
    ".npz with several arrays, rows in item order: top1 (n,), top5 (n, k), probs (n, C), (n, k) or (n,)",
    matches=lambda source: len(source.array_names) > 1 and bool({_TOP1, _TOP5, _PROBS} & set(source.array_names)),
)
def read_top_members(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The ranks and their scores; what two members say of one rank must agree. Other members are ignored."""
    arrays = {name: source.named_array(name) for name in (_TOP1, _TOP5, _PROBS) if name in source.array_names}
    ranks = [read_class_ids(arrays[name], request) for name in (_TOP5, _TOP1) if name in arrays]
    for values in ranks:
        check_ranks(values, source.place, remedy="Name each class once.")
    if len(ranks) > 1:
        _check_same(ranks[0][:, :1], ranks[1], source.place, expected="top1 to be the first of top5")
    probs = arrays.get(_PROBS)
    n_items, n_classes = len(request.split), len(request.classes)
    if probs is not None and probs.dtype.kind == "f" and probs.shape == (n_items, n_classes):
        rows = rank_scores(probs)
        for values in ranks:
            _check_best(probs, values, source.place)
    elif ranks:
        rows = RankedRows(None, ranks[0])
        if probs is not None:
            rows = RankedRows(None, ranks[0], _read_scores(probs, ranks[0].shape), "probability")
    else:
        raise _wrong_shape(probs, f"shape ({n_items}, {n_classes})", source.place)
    return (assemble_predictions(rows, request, source.place),)


def _read_scores(probs: ArrayFile, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """(n, k) probabilities of the ranks; where the file has them of the first rank only, NaN for the others."""
    n_items, n_ranks = shape
    if probs.dtype.kind != "f" or probs.shape not in ((n_items,), (n_items, 1), (n_items, n_ranks)):
        raise _wrong_shape(probs, f"one probability an item, a rank ({n_ranks}) or a class", probs.place)
    values = probs.read().reshape(n_items, -1).astype(np.float64)
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)).all(axis=1))
    if len(bad):
        raise probs.place.error(
            "probabilities from 0 to 1", got="another number", rows=bad, remedy="Save softmax outputs."
        )
    check_falling(values, probs.place)
    scores = np.full(shape, np.nan)
    scores[:, : values.shape[1]] = values
    return scores


def _check_best(probs: ArrayFile, ranks: npt.NDArray[np.integer], place: Place) -> None:
    """Check that the ranks have the highest scores, in falling order; classes with equal scores may change places."""
    n_ranks = min(ranks.shape[1], MAX_RANKS)
    start = 0
    for chunk in probs.chunks():
        given = np.take_along_axis(chunk, ranks[start : start + len(chunk), :n_ranks].astype(np.int64), axis=1)
        best = np.sort(np.partition(chunk, -n_ranks, axis=1)[:, -n_ranks:], axis=1)[:, ::-1]
        _check_same(given, best, place, expected="top1 and top5 to be the best classes of probs", first_row=start)
        start += len(chunk)


def _check_same(
    one: npt.NDArray[np.generic], other: npt.NDArray[np.generic], place: Place, *, expected: str, first_row: int = 0
) -> None:
    bad = np.flatnonzero((one != other).any(axis=1))
    if len(bad):
        raise place.error(expected, got="others", rows=bad + first_row, remedy=_REMEDY)


def _wrong_shape(probs: ArrayFile | None, expected: str, place: Place) -> Exception:
    got = "none" if probs is None else f"{probs.dtype} {probs.shape}"
    return place.file_error(
        f"probs of {expected}", got=got, remedy="Save them beside top1 or top5, rows in item order."
    )
