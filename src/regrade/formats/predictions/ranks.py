"""Ranked class ids: an integer array (n,) or (n, k), best first, rows in item order."""

from __future__ import annotations

from regrade.formats.predictions.assembly import RankedRows, assemble_predictions, check_ranks
from regrade.formats.predictions.integer_arrays import read_class_ids
from regrade.formats.predictions.registry import PREDICTION_FORMATS, PredictionRequest
from regrade.formats.sources import Source
from regrade.records.predictions import Predictions

_COLUMNS_REMEDY = "If each column is another model, name the models with --columns FILE (a CSV: column,model)."


@PREDICTION_FORMATS.register(
    "ranks",
    ".npy or .npz, integer (n,) or (n, k): class ids by rank, rows in item order",
    matches=lambda source: source.has_one_array and source.array.dtype.kind in "iu",
)
def read_ranks(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The ranks as they are, without scores; a row that repeats a class is an error."""
    array = source.array
    values = read_class_ids(array, request)
    if values.shape[1] > len(request.classes):
        raise array.place.file_error(
            f"at most {len(request.classes)} ranks, one a class",
            got=f"{values.shape[1]} columns",
            remedy=_COLUMNS_REMEDY,
        )
    check_ranks(values, array.place, remedy=_COLUMNS_REMEDY)
    return (assemble_predictions(RankedRows(None, values), request, array.place),)
