"""The policy `multilabel` on the toy benchmark."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from regrade.grading import grade, prepare_key, wilson_interval
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions

HOPELESS = "Graded items without an accepted class: 1, all mistakes; `--policy real` leaves them out."
UNLABELED = "Graded items without an original label: 1; the class mean leaves them out."
REJECTED = "Classes marked unclear are not accepted (unclear: reject)."


def test_every_field(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Graded: 0 1 2 3 5 6 (4 is problematic, 7 not covered). Right: 0 (unclear), 2, 6.
    # Mistakes: 1 and 3 judged wrong, 5 unreviewed.
    # Classes: 0 has items 0, 1: 1/2; 1 has 2, 3: 1/2; 2 has 5: 0/1; 6 has none. Mean 1/3.
    # Top-1 (all but 6): 2, 3, 4, 7 of 7. Top-5: 0 too; 1 and 5 miss: 5 of 7.
    # If item 5 were right: classes 1/2, 1/2, 1/1, mean 2/3; items 4 of 6.
    # Interval of the class mean: the pooled share is over the items with a class, 2/5.
    # V = (1/4 + 1/4 + 6/25) / 9; p (1 - p) = 2/9; n = 2 / (37/50) = 100/37; 2 n0 = 2 * 9 / (1/2 + 1/2 + 1) = 9.
    of_classes = wilson_interval(1 / 3, 100 / 37)
    of_items = wilson_interval(1 / 2, 6)
    assert of_classes is not None
    assert of_items is not None
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    assert asdict(grade(toy_predictions, key)) == {
        "model": "toy",
        "labels": "toy@1",
        "policy": "multilabel",
        "slice": None,
        "n_items": 7,
        "n_graded": 6,
        "n_problematic": 1,
        "top1_accuracy": 4 / 7,
        "top5_accuracy": 5 / 7,
        "multilabel_accuracy": pytest.approx(1 / 3),
        "item_accuracy": 1 / 2,
        "multilabel_ci_low": pytest.approx(of_classes.low),
        "multilabel_ci_high": pytest.approx(of_classes.high),
        "item_ci_low": of_items.low,
        "item_ci_high": of_items.high,
        "ci_low": pytest.approx(of_classes.low),
        "ci_high": pytest.approx(of_classes.high),
        "n_mistakes": 3,
        "n_judged_wrong": 2,
        "n_unclear_rejected": 0,
        "n_unreviewed": 1,
        "n_missing": 0,
        "n_ties": 2,
        "unreviewed_share": 1 / 3,
        "multilabel_accuracy_min": pytest.approx(1 / 3),
        "multilabel_accuracy_max": pytest.approx(2 / 3),
        "item_accuracy_min": 1 / 2,
        "item_accuracy_max": 4 / 6,
        "notes": (HOPELESS, UNLABELED),
    }


def test_unclear_rejected(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Item 0 becomes a mistake: right are 2 and 6. Classes: 0/2, 1/2, 0/1: mean 1/6.
    graded = grade(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1", unclear="reject"))
    assert graded.multilabel_accuracy == pytest.approx(1 / 6)
    assert graded.item_accuracy == pytest.approx(2 / 6)
    assert (graded.n_mistakes, graded.n_judged_wrong, graded.n_unclear_rejected, graded.n_unreviewed) == (4, 2, 1, 1)
    assert graded.notes == (REJECTED, HOPELESS, UNLABELED)


def test_no_original_label_leaves_the_class_mean_undefined(
    toy_labels: LabelSet, toy_predictions: Predictions, toy_split: Split
) -> None:
    item6 = toy_labels.items[6:]
    key = prepare_key(toy_labels, toy_split, ref="toy@1", only=item6, slice_name="unlabeled")
    graded = grade(toy_predictions, key)
    assert graded.item_accuracy == 1.0
    assert (graded.multilabel_accuracy, graded.multilabel_ci_low, graded.multilabel_ci_high) == (None, None, None)
    assert (graded.ci_low, graded.ci_high) == (None, None)
    assert "multilabel_accuracy is undefined: no graded item has an original label." in graded.notes
