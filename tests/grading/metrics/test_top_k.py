"""Top-k accuracy on arrays."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import top_k_accuracy_score

from regrade.grading.judged import NO_MATCH
from regrade.grading.metrics import top_k_accuracy
from regrade.grading.metrics.top_k import lay_out_labels
from regrade.records.items import NO_LABEL
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS

RANKS = np.array([[2, 0, 1], [0, 1, 2], [1, 2, 0], [NO_CLASS] * 3, [0, 1, 2]], np.int16)
LABELS = np.array([0, 2, 1, 1, NO_LABEL], np.int16)


@pytest.mark.parametrize(
    ("k", "share"),
    # Item 3 has no prediction and item 4 no label. Of 0, 1, 2 the label is at rank 2, 3, 1.
    [(1, 1 / 3), (2, 2 / 3), (3, 1.0)],
)
def test_worked_by_hand(k: int, share: float) -> None:
    assert top_k_accuracy(RANKS, LABELS, k=k) == Figure(share, 3)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_equals_scikit_learn(k: int) -> None:
    rng = np.random.default_rng(k)
    scores, labels = rng.random((300, 9)), rng.integers(0, 9, 300).astype(np.int16)
    ranks = np.argsort(-scores, axis=1)[:, :6].astype(np.int16)
    expected = top_k_accuracy_score(labels, scores, k=k, labels=np.arange(9))
    assert top_k_accuracy(ranks, labels, k=k).value == pytest.approx(expected)


def test_labels_laid_out_beforehand_give_the_same() -> None:
    laid_out = lay_out_labels(LABELS, 3, 2)
    assert laid_out.tolist() == [[0, 0, NO_MATCH], [2, 2, NO_MATCH], [1, 1, NO_MATCH], [1, 1, NO_MATCH], [NO_MATCH] * 3]
    assert top_k_accuracy(RANKS, LABELS, k=2, laid_out=laid_out) == top_k_accuracy(RANKS, LABELS, k=2)


@pytest.mark.parametrize(
    ("ranks", "labels", "k", "figure"),
    [
        pytest.param([[0]], [NO_LABEL], 1, Figure(None, 0, "no item has a label and a prediction"), id="no label"),
        pytest.param([[NO_CLASS]], [0], 1, Figure(None, 0, "no item has a label and a prediction"), id="missing"),
        pytest.param([[0, 1]], [0], 3, Figure(None, 1, "the predictions have 2 of the 3 ranks"), id="few ranks"),
        pytest.param(
            [[0, 1], [1, NO_CLASS]], [0, 0], 2, Figure(None, 2, "fewer than 2 ranks on 1 of the items"), id="short row"
        ),
        pytest.param([[0, 1], [1, NO_CLASS]], [0, 0], 1, Figure(0.5, 2), id="short behind k"),
        pytest.param([[0, 1], [1, NO_CLASS]], [0, NO_LABEL], 2, Figure(1.0, 1), id="short without label"),
    ],
)
def test_where_it_is_undefined(ranks: list[list[int]], labels: list[int], k: int, figure: Figure) -> None:
    assert top_k_accuracy(np.array(ranks, np.int16), np.array(labels, np.int16), k=k) == figure


def test_no_item() -> None:
    assert top_k_accuracy(np.empty((0, 5), np.int16), np.empty(0, np.int16), k=5).value is None
