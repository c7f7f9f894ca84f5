"""Scores of all classes in a table: one column a class, one item a row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from regrade.formats.item_ids import choose_ids, find_items, read_ids
from regrade.formats.predictions.assembly import assemble_predictions
from regrade.formats.predictions.class_headers import match_columns
from regrade.formats.predictions.ranking import rank_scores
from regrade.formats.predictions.registry import CLASS_COLUMNS, PREDICTION_FORMATS, PredictionRequest
from regrade.formats.predictions.score_cells import read_scores
from regrade.formats.predictions.score_rows import LoadedScores
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.predictions import Predictions


@PREDICTION_FORMATS.register(
    CLASS_COLUMNS,
    "CSV, Parquet or JSON Lines: id (or file, file_name), a column of scores for each class, rows in any order",
    columns="a column of scores for each class, called by its key, class id or unique name",
    matches=lambda _: False,  # only the classes tell it: see `class_headers`
)
def read_class_columns(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The ten best classes of each row with their probabilities (see `ranking.rank_scores`), joined by id."""
    table = source.table
    table.require()
    id_column = choose_ids(table)
    items = find_items(read_ids(table, id_column), request.split, table.place, unique=True)
    columns = match_columns(table, id_column, request.classes)
    scores = np.stack([_read_column(table, column) for column in columns], axis=1)
    rows = replace(rank_scores(LoadedScores(scores, table.place)), items=items)
    return (assemble_predictions(rows, request, table.place),)


def _read_column(table: Table, column: str) -> npt.NDArray[np.float64]:
    table.require_filled(column)
    return read_scores(table, column, probability=False)
