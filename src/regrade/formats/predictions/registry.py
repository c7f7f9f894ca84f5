"""The formats of prediction files, and reading one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from regrade.formats.frames import ArrowTable
from regrade.formats.held_arrays import open_content
from regrade.formats.predictions.class_headers import has_class_columns
from regrade.formats.registry import Registry
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.predictions import PredictionKind, Predictions

MAX_RANKS = 10
"""So many ranks of an item are kept; later ones are checked and dropped."""

MODEL_COLUMNS = "model-columns"
CLASS_COLUMNS = "class-columns"


@dataclass(frozen=True, slots=True)
class PredictionRequest:
    """What the caller says of a prediction file."""

    split: Split
    classes: ClassList
    model: str
    """Name of the model; for a table with one column a model, the prefix of all names."""
    kind: PredictionKind
    allow_missing: bool
    """Items without a prediction are fine."""
    columns: Path | None
    """CSV that names the models of a table with one column a model."""


PredictionReader = Callable[[Source, PredictionRequest], tuple[Predictions, ...]]

PREDICTION_FORMATS: Registry[PredictionReader] = Registry("predictions")


def read_predictions(
    content: Path | ArrowTable | npt.NDArray[Any],
    *,
    split: Split,
    classes: ClassList,
    model: str,
    kind: PredictionKind = "model",
    allow_missing: bool = False,
    format: str | None = None,
    columns: Path | None = None,
) -> tuple[Predictions, ...]:
    """The predictions that a file or dataframe holds, in any of the formats of predictions.

    Args:
        content: The file; a dataframe, with the columns of any table format; or an array, as an .npy file holds it.
        split: The split that it is for.
        classes: The classes of the benchmark.
        model: Name of the model; with `columns`, what each name starts with (may be empty).
        kind: `human` for a labeler's answers, which may cover part of the items.
        allow_missing: Items without a prediction are fine; they are counted (`Predictions.n_missing`).
        format: Name of the format; default: told by content, or a table with one column a model if `columns` is given.
        columns: CSV with the columns `column` (0..m-1) and `model`.

    Returns:
        One `Predictions`, or one for each column of a table with one column a model. At most ten ranks are kept.

    Raises:
        InputError: The file is damaged or of no known format; an item or class is unknown or comes twice; a score is no
            finite number; items are missing and must not be; `columns` is given for another format.
    """
    source = open_content(content, model)
    name = format or (MODEL_COLUMNS if columns else None)
    if columns and name != MODEL_COLUMNS:
        raise source.place.file_error(
            f"the format {MODEL_COLUMNS} with --columns", got=f"the format {name}", remedy="Leave one of them out."
        )
    if name is None and not PREDICTION_FORMATS.fits(source) and has_class_columns(source, classes):
        name = CLASS_COLUMNS
    read = PREDICTION_FORMATS.find(name) if name else PREDICTION_FORMATS.detect(source)
    return read(source, PredictionRequest(split, classes, model, kind, allow_missing or kind == "human", columns))
