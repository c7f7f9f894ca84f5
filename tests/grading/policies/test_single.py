"""The policy `single` on the toy benchmark."""

from __future__ import annotations

from regrade.grading import find_mistakes, grade, prepare_key, wilson_interval
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions


def test_only_the_original_label_is_right(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Graded: covered with a label, 0 to 5. Right: 2, 3 (its class is marked wrong: not looked at), 4 (problematic).
    # Wrong: 0 (its class is marked unclear: not looked at), 1, 5.
    key = prepare_key(toy_labels, toy_split, ref="toy@1", policy="single")
    graded = grade(toy_predictions, key)
    interval = wilson_interval(3 / 6, 6)
    assert interval is not None
    assert (graded.policy, graded.n_graded, graded.n_problematic, graded.item_accuracy) == ("single", 6, 0, 3 / 6)
    assert (graded.ci_low, graded.ci_high) == interval
    assert (graded.multilabel_accuracy, graded.multilabel_ci_low, graded.multilabel_ci_high) == (None, None, None)
    assert (graded.n_mistakes, graded.n_judged_wrong, graded.n_unclear_rejected, graded.n_unreviewed) == (3, 0, 0, 3)
    assert graded.notes == (
        "multilabel_accuracy is undefined under the policy single.",
        "The policy single looks at no verdict, so every mistake counts as unreviewed.",
    )
    assert find_mistakes(toy_predictions, key).items.tolist() == [0, 1, 5]


def test_the_rule_for_unclear_changes_nothing(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    accept = prepare_key(toy_labels, toy_split, ref="toy@1", policy="single")
    reject = prepare_key(toy_labels, toy_split, ref="toy@1", policy="single", unclear="reject")
    assert grade(toy_predictions, accept) == grade(toy_predictions, reject)
