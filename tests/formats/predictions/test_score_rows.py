"""Scores in memory."""

from __future__ import annotations

import numpy as np

from regrade.formats.places import Place
from regrade.formats.predictions.score_rows import LoadedScores


def test_chunks_are_the_rows_in_order() -> None:
    values = np.arange(10.0).reshape(5, 2)
    scores = LoadedScores(values, Place("memory"))
    assert scores.shape == (5, 2)
    chunks = list(scores.chunks(2))
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]
    np.testing.assert_array_equal(np.concatenate(chunks), values)
