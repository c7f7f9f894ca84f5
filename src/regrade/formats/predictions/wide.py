"""Ranked classes side by side: a table with `pred1..k` and perhaps `prob1..k`, one item a row."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.item_ids import choose_ids, find_items, read_ids
from regrade.formats.places import Place
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions, check_ranks
from regrade.formats.predictions.registry import PREDICTION_FORMATS, PredictionRequest
from regrade.formats.predictions.score_cells import check_falling, check_scored, read_scores
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.predictions import NO_CLASS, Predictions


@PREDICTION_FORMATS.register(
    "wide",
    "CSV, Parquet or JSON Lines: file (or id, file_name), pred1..k[, prob1..k], rows in any order",
    columns="pred1 to predk, and if there prob1 to probk",
    matches=lambda source: source.has_columns("pred1"),
)
def read_wide(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The ranks of each item as the columns give them, joined by id; later ranks may be empty."""
    table = source.table
    table.require("pred1")
    items = find_items(read_ids(table, choose_ids(table)), request.split, table.place, unique=True)
    columns = _number_columns(table, "pred")
    lookup = ClassLookup(request.classes)
    classes = np.stack([read_class_column(table, column, lookup, optional=True) for column in columns], axis=1)
    _check_gaps(classes, table.place)
    check_ranks(classes, table.place, remedy="Name each class once.")
    if not any(re.fullmatch(r"prob\d+", name) for name in table.columns):
        return (assemble_predictions(RankedRows(items, classes), request, table.place),)
    scores = _read_probabilities(table, classes)
    return (assemble_predictions(RankedRows(items, classes, scores, "probability"), request, table.place),)


def _number_columns(table: Table, start: str) -> list[str]:
    """The columns start1..startk in order; they must be numbered without a gap."""
    n_columns = sum(re.fullmatch(rf"{start}\d+", name) is not None for name in table.columns)
    columns = [f"{start}{rank}" for rank in range(1, n_columns + 1)]
    table.require(*columns)
    return columns


def _check_gaps(classes: npt.NDArray[np.int32], place: Place) -> None:
    bad = np.flatnonzero(((classes[:, :-1] == NO_CLASS) & (classes[:, 1:] != NO_CLASS)).any(axis=1))
    if len(bad):
        raise place.error("ranks without a gap", got="an empty rank before a filled one", rows=bad, remedy="Fill it.")


def _read_probabilities(table: Table, classes: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    columns = _number_columns(table, "prob")
    if len(columns) != classes.shape[1]:
        raise table.header_error(
            f"prob1..{classes.shape[1]} beside pred1..{classes.shape[1]}",
            missing=[f"prob{rank}" for rank in range(len(columns) + 1, classes.shape[1] + 1)],
        )
    scores = np.stack([read_scores(table, column, probability=True) for column in columns], axis=1)
    check_scored(classes, scores, table.place)
    check_falling(scores, table.place)
    return scores
