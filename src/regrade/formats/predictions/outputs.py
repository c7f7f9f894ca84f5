"""The outputs of a model that was run here: scores of all classes, rows in any known order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from regrade.formats.predictions.assembly import assemble_predictions
from regrade.formats.predictions.ranking import rank_scores
from regrade.formats.predictions.registry import MAX_RANKS, PredictionRequest
from regrade.formats.predictions.score_rows import ScoreRows
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.predictions import Predictions


def rank_outputs(
    outputs: ScoreRows,
    items: npt.NDArray[np.integer],
    *,
    split: Split,
    classes: ClassList,
    model: str,
    n_ranks: int = MAX_RANKS,
    soften: bool = True,
) -> Predictions:
    """The predictions that a model's outputs are; they are read as the format `logits` is.

    Args:
        outputs: (r, C) floats, finite; columns in the order of the classes.
        items: (r,) position of the item of each row, each once; the other items are missing.
        split: The split that was run.
        classes: The classes of the benchmark.
        model: Name of the model.
        n_ranks: So many ranks are kept, 1 to 10.
        soften: False: the outputs are scores of another kind, and stay as they are.

    Raises:
        InputError: No row at all; a row holds NaN or infinity, or the same value for every class.
    """
    request = PredictionRequest(split, classes, model, "model", allow_missing=True, columns=None)
    rows = replace(rank_scores(outputs, n_ranks=n_ranks, soften=soften), items=items)
    return assemble_predictions(rows, request, outputs.place)
