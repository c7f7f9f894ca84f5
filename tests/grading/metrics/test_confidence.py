"""Mean confidence."""

from __future__ import annotations

import numpy as np

from regrade.grading.metrics import mean_confidence
from regrade.records.metrics import Figure


def test_the_mean_is_taken_in_double_precision() -> None:
    # In single precision 2^24 + 1 is 2^24 again.
    confidence = np.array([2.0**24, 1, 1, 1], np.float32)
    assert mean_confidence(confidence) == Figure((2.0**24 + 3) / 4, 4)


def test_no_item() -> None:
    assert mean_confidence(np.empty(0)) == Figure(None, 0, "there is no such item")
