"""What every prediction test needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from regrade.formats import read_predictions
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.predictions import Predictions

Read = Callable[..., tuple[Predictions, ...]]
ReadOne = Callable[..., Predictions]


@pytest.fixture
def read(split: Split, classes: ClassList) -> Read:
    """Read predictions of the model `m` for the three items."""
    return partial(read_predictions, split=split, classes=classes, model="m")


@pytest.fixture
def read_one(read: Read) -> ReadOne:
    """The same, of a file with one model."""

    def _read_one(path: Path, **options: object) -> Predictions:
        (predictions,) = read(path, **options)
        return predictions

    return _read_one
