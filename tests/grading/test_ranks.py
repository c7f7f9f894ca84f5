"""Top-1 and top-5: where they are undefined, and which items count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from regrade.grading import grade, prepare_key
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions

MakeSplit = Callable[..., Split]
MakeLabels = Callable[..., LabelSet]
MakePredictions = Callable[..., Predictions]


def test_items_count_even_where_the_set_does_not_cover_them(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    # Labels 0 1 2 3; the set covers none. Right at rank 1: item 0; at rank 5: item 1; at rank 6: item 2; item 3 never.
    ranks = [[0, 1, 2, 3, 4, 5], [0, 2, 3, 4, 1, 5], [0, 1, 3, 4, 5, 2], [0, 1, 2, 4, 5, NO_CLASS]]
    graded = grade(make_predictions(ranks), prepare_key(make_labels({}), make_split([0, 1, 2, 3]), ref="a@1"))
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy, graded.n_graded) == (4, 1 / 4, 2 / 4, 0)


def test_items_without_label_or_prediction_do_not_count(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    # Only items 0 and 1 have both; item 1 misses.
    ranks = [[0, 1, 2, 3, 4], [1, 2, 3, 4, 5], [NO_CLASS] * 5, [0, 1, 2, 3, 4]]
    key = prepare_key(make_labels({}), make_split([0, 0, 0, NO_LABEL]), ref="a@1")
    graded = grade(make_predictions(ranks), key)
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy) == (2, 1 / 2, 1 / 2)


@pytest.mark.parametrize(
    ("n_classes", "ranks", "top5", "reason"),
    [
        pytest.param(6, [0], None, "the predictions have 1 of the 5 ranks", id="one rank"),
        pytest.param(6, [0, 1, 2, 3], None, "the predictions have 4 of the 5 ranks", id="four ranks"),
        pytest.param(6, [1, 2, 3, 4, 5], 0.0, "", id="five ranks"),
        pytest.param(3, [1, 0], None, "the predictions have 2 of the 3 ranks", id="two of three classes"),
        pytest.param(3, [1, 2, 0], 1.0, "", id="all of three classes"),
        pytest.param(6, [0, 1, 2, 3, NO_CLASS], None, "fewer than 5 ranks on 1 of the items", id="a rank missing"),
    ],
)
def test_top5_needs_five_ranks_or_all_classes(
    make_split: MakeSplit,
    make_labels: MakeLabels,
    make_predictions: MakePredictions,
    *,
    n_classes: int,
    ranks: list[int],
    top5: float | None,
    reason: str,
) -> None:
    key = prepare_key(make_labels({}, n_classes=n_classes), make_split([0]), ref="a@1")
    graded = grade(make_predictions([ranks], n_classes=n_classes), key)
    assert graded.top5_accuracy == top5
    assert graded.top1_accuracy == float(ranks[0] == 0)
    assert (f"top5_accuracy is undefined: {reason}." in graded.notes) == (top5 is None)


def test_ranks_missing_where_no_label_is_do_not_matter(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    ranks = [[1, 0, 2, 3, 4], [0, 1, NO_CLASS, NO_CLASS, NO_CLASS]]
    key = prepare_key(make_labels({}), make_split([0, NO_LABEL]), ref="a@1")
    assert grade(make_predictions(ranks), key).top5_accuracy == 1.0


def test_no_item_with_a_label_leaves_both_undefined(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    graded = grade(make_predictions([[0, 1, 2, 3, 4]]), prepare_key(make_labels({}), make_split([NO_LABEL]), ref="a@1"))
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy) == (0, None, None)
    assert "top1_accuracy and top5_accuracy are undefined: no item has a label and a prediction." in graded.notes
