"""The policy `real` on the toy benchmark."""

from __future__ import annotations

import pytest

from regrade.grading import grade, prepare_key, wilson_interval
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions


def test_items_with_an_accepted_class(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Graded: all covered but 5, which has no accepted class. Right: 0, 2, 4 (problematic), 6. Wrong: 1, 3, both judged.
    graded = grade(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1", policy="real"))
    interval = wilson_interval(4 / 6, 6)
    assert interval is not None
    assert (graded.policy, graded.n_graded, graded.n_problematic) == ("real", 6, 0)
    assert graded.item_accuracy == 4 / 6
    assert (graded.item_ci_low, graded.item_ci_high) == interval
    assert (graded.ci_low, graded.ci_high) == interval
    assert (graded.multilabel_accuracy, graded.multilabel_ci_low, graded.multilabel_ci_high) == (None, None, None)
    assert (graded.n_mistakes, graded.n_judged_wrong, graded.n_unclear_rejected, graded.n_unreviewed) == (2, 2, 0, 0)
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy) == (7, 4 / 7, 5 / 7)
    assert graded.notes == ("multilabel_accuracy is undefined under the policy real.",)


def test_unclear_rejected(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # The same items have a correct class; the unclear class of item 0 is a mistake now.
    graded = grade(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1", policy="real", unclear="reject"))
    assert graded.item_accuracy == pytest.approx(3 / 6)
    assert (graded.n_mistakes, graded.n_judged_wrong, graded.n_unclear_rejected, graded.n_unreviewed) == (3, 2, 1, 0)
    assert graded.notes[0] == "Classes marked unclear are not accepted (unclear: reject)."
