"""Grades: against a plain loop over the items, and one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict

import pytest

from regrade.grading import find_mistakes, grade, grade_all, policy_names, prepare_key
from regrade.records.grades import Policy, UnclearRule
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]


def grade_in_a_loop(
    split: Split, labels: LabelSet, predictions: Predictions, policy: str, unclear: str
) -> dict[str, object]:
    """DESIGN's rules item by item, in plain Python."""
    verdicts = {
        (item, class_id): code
        for item, class_id, code in zip(
            labels.pair_items.tolist(), labels.pair_classes.tolist(), labels.pair_codes.tolist(), strict=True
        )
    }
    least = 1 if unclear == "accept" else 2
    of_set = dict(zip(labels.items.tolist(), labels.original.tolist(), strict=True))
    problematic = dict(zip(labels.items.tolist(), labels.problematic.tolist(), strict=True))
    n_items = n_top1 = n_top5 = n_missing = n_problematic = n_graded = n_right = 0
    n_by_code: dict[int, int] = defaultdict(int)
    shares: dict[int, list[bool]] = defaultdict(list)
    for item, ranks in enumerate(predictions.classes.tolist()):
        label = int(split.labels[item])
        label = of_set.get(item, NO_LABEL) if label == NO_LABEL else label
        if label != NO_LABEL and ranks[0] != NO_CLASS:
            n_items += 1
            n_top1 += ranks[0] == label
            n_top5 += label in ranks[:5]
        if item not in of_set:
            continue
        own = of_set[item] if of_set[item] != NO_LABEL else int(split.labels[item])
        accepted = [c for c in range(labels.n_classes) if verdicts.get((item, c), -1) >= least]
        if policy == "multilabel" and problematic[item]:
            n_problematic += 1
            continue
        if (policy == "real" and not accepted) or (policy == "single" and own == NO_LABEL):
            continue
        if ranks[0] == NO_CLASS:
            n_missing += 1
            continue
        n_graded += 1
        right = ranks[0] == own if policy == "single" else ranks[0] in accepted
        n_right += right
        if own != NO_LABEL:
            shares[own].append(right)
        if not right:
            n_by_code[-1 if policy == "single" else verdicts.get((item, ranks[0]), -1)] += 1
    means = [sum(share) / len(share) for share in shares.values()]
    return {
        "n_items": n_items,
        "n_graded": n_graded,
        "n_problematic": n_problematic,
        "top1_accuracy": n_top1 / n_items,
        "top5_accuracy": n_top5 / n_items,
        "multilabel_accuracy": pytest.approx(sum(means) / len(means)) if policy == "multilabel" else None,
        "item_accuracy": n_right / n_graded,
        "n_mistakes": n_graded - n_right,
        "n_judged_wrong": n_by_code[0],
        "n_unclear_rejected": n_by_code[1],
        "n_unreviewed": n_by_code[-1],
        "n_missing": n_missing,
    }


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("unclear", ["accept", "reject"])
@pytest.mark.parametrize("policy", policy_names())
def test_equals_a_plain_loop(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    key = prepare_key(labels, split, ref="random@1", policy=policy, unclear=unclear)
    graded = asdict(grade(predictions, key))
    expected = grade_in_a_loop(split, labels, predictions, policy, unclear)
    assert {name: graded[name] for name in expected} == expected
    assert len(find_mistakes(predictions, key).items) == expected["n_mistakes"]


def test_models_are_graded_one_by_one_in_their_order(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    seen: list[int] = []

    def load(which: int) -> Predictions:
        seen.append(which)
        return toy_predictions

    grades = grade_all(map(load, range(2)), key)
    first = next(grades)
    assert seen == [0]
    assert [first, *grades] == [grade(toy_predictions, key)] * 2
    assert list(grade_all([], key)) == []
