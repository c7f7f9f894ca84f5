"""Top-1 class ids of many models: an integer array (n, m) with one column a model, and a CSV that names the models."""

from __future__ import annotations

from dataclasses import replace

from regrade.formats.item_ids import refuse_repeated_texts
from regrade.formats.normalization import refuse_control_characters
from regrade.formats.places import show
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions
from regrade.formats.predictions.integer_arrays import read_class_ids
from regrade.formats.predictions.registry import MODEL_COLUMNS, PREDICTION_FORMATS, PredictionRequest
from regrade.formats.sources import Source
from regrade.records.predictions import Predictions


@PREDICTION_FORMATS.register(
    MODEL_COLUMNS,
    ".npy or .npz, integer (n, m): one column a model, named by --columns FILE (column, model)",
    matches=lambda _: False,  # its content looks like ranks: it is chosen by --columns
)
def read_model_columns(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """One `Predictions` a column, in order; a name is the request's model (a prefix) followed by the CSV's name."""
    array = source.array
    if request.columns is None:
        raise array.place.file_error(
            "the names of the models", got="none", remedy="Name them with --columns FILE (a CSV: column,model)."
        )
    values = read_class_ids(array, request)
    names = _read_names(Source(request.columns), values.shape[1])
    return tuple(
        assemble_predictions(
            RankedRows(None, values[:, [column]]), replace(request, model=request.model + name), array.place
        )
        for column, name in enumerate(names)
    )


def _read_names(source: Source, n_columns: int) -> list[str]:
    table = source.csv
    table.require("column", "model")
    columns = table.texts("column")
    numbers = {str(column): column for column in range(n_columns)}
    bad = [row for row, column in enumerate(columns) if column not in numbers]
    if bad:
        raise table.place.error(
            f"a column 0..{n_columns - 1} of the array", got=show(columns[bad[0]]), rows=bad, remedy="Count from 0."
        )
    refuse_repeated_texts(columns, table.place, expected="each column once")
    if len(columns) < n_columns:
        raise table.place.file_error(
            f"{n_columns} rows, one a column of the array", got=str(len(columns)), remedy="Name every column."
        )
    names = table.texts("model")
    refuse_control_characters(names, table.place)
    refuse_repeated_texts(names, table.place, expected="each model once")
    by_column = {numbers[column]: name for column, name in zip(columns, names, strict=True)}
    return [by_column[column] for column in range(n_columns)]
