"""Logits or probabilities of all classes: a float array (n, C), rows in item order."""

from __future__ import annotations

from regrade.formats.arrays import ArrayFile, HeldArray
from regrade.formats.predictions.assembly import assemble_predictions
from regrade.formats.predictions.ranking import rank_scores
from regrade.formats.predictions.registry import PREDICTION_FORMATS, PredictionRequest
from regrade.formats.sources import Source
from regrade.records.predictions import Predictions


@PREDICTION_FORMATS.register(
    "logits",
    ".npy or .npz, float (n, C): logits or probabilities, rows in item order",
    matches=lambda source: source.has_one_array and source.array.dtype.kind == "f",
)
def read_logits(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The ten best classes of each row with their probabilities (see `ranking.rank_scores`)."""
    array = source.array
    check_shape(array, len(request.split), len(request.classes))
    return (assemble_predictions(rank_scores(array), request, array.place),)


def check_shape(array: ArrayFile | HeldArray, n_items: int, n_classes: int) -> None:
    """Check that an array holds one float for each item and class.

    Raises:
        InputError: It does not; the message says what to do.
    """
    if array.dtype.kind == "f" and array.shape == (n_items, n_classes):
        return
    remedy = "Its rows must be the items and its columns the classes, in the order of the items and classes files."
    if array.shape == (n_classes, n_items):
        remedy = "Transpose it."
    elif array.dtype.kind == "f" and array.shape[:1] == (n_items,):
        remedy = "Save ranked class ids as integers, scores for every class as floats."
    raise array.place.file_error(
        f"a float array of shape ({n_items}, {n_classes})", got=f"{array.dtype} {array.shape}", remedy=remedy
    )
