"""Predictions: one model's ranked classes for the items of a split."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

NO_CLASS = -1
"""Stands in `Predictions.classes` where there is no prediction."""

PredictionKind = Literal["model", "human"]
ScoreKind = Literal["none", "probability", "score"]


@dataclass(frozen=True, eq=False)
class Predictions:
    """One model's (or human labeler's) ranked classes, best first, for every item of a split.

    `only_mistakes` marks a source that names only the items that are wrong against a multi-label set: an item without a
    prediction is right wherever that set grades it, and its rank, `single` and `real` are undefined.
    """

    model: str
    split: str
    kind: PredictionKind
    n_classes: int
    """Number of classes C."""
    classes: npt.NDArray[np.int32] | npt.NDArray[np.int16]
    """(n, k) class ids by rank, k >= 1; NO_CLASS where there is none (a missing item has it in column 0)."""
    scores: npt.NDArray[np.float32] | None
    """(n, k) score of each rank, NaN where there is none; None where the source has no scores."""
    score_kind: ScoreKind
    """`probability` (0..1, from the source or softmax of its logits), another `score`, or `none`."""
    only_mistakes: bool = False
    n_ties: int = 0
    """Number of items whose top rank was shared; settled for the lowest class id."""

    @property
    def n_missing(self) -> int:
        """Number of items of the split without a prediction."""
        return int(np.count_nonzero(self.classes[:, 0] == NO_CLASS))


@dataclass(frozen=True, slots=True)
class StoredPredictions:
    """What the workspace knows of stored predictions without reading their arrays."""

    model: str
    split: str
    kind: PredictionKind
    n_classes: int
    """Number of classes C."""
    digest: str
    """SHA-256 of the array of classes, hex."""
    scores_digest: str | None
    """SHA-256 of the array of scores, hex; None where the source has none."""
    score_kind: ScoreKind
    source: str
    """Name of the file that they came from (no folder)."""
    n_missing: int
    n_ties: int
    only_mistakes: bool
    created_at: datetime
    probabilities_digest: str | None = None
    """SHA-256 of the (n, C) array of the probabilities of all classes, hex; None where they are not kept."""
