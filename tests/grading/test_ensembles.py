"""Ensembles by hand, and laws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from regrade.grading import grade, line_up, prepare_key, score_ensemble
from regrade.grading.votes import ClassProbabilities
from regrade.records.comparisons import Ensemble
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions
from tests.grading.lineups import A, B, hand_key, model, random_models, simple_key

C = (0, 0, 0, 0, 1, 1)
"""Wrong on 3 (class 0, as A and B) and on 5; both never judged. By class 1, 1/2, 0."""


def no_probabilities(models: Sequence[str]) -> Iterator[ClassProbabilities]:
    for name in models:
        yield ClassProbabilities(name, None, "has no probabilities")


def ensemble_of(*models: Predictions, policy: Policy = "multilabel") -> Ensemble | None:
    key = hand_key(policy)
    return score_ensemble(line_up(models, key), key, "model", no_probabilities)


def test_by_hand() -> None:
    found = ensemble_of(model("a", A), model("b", B), model("c", C))
    assert found is not None
    assert (found.kind, found.members, found.n_items, found.best_member) == ("model", ("a", "b", "c"), 6, "c")
    assert found.best_accuracy == pytest.approx(1.5 / 3, abs=1e-15)
    majority, mean_probability, any_right = found.scores
    # votes: 0: 0 1 0 -> 0; 1: 1 1 0 -> 1, wrong; 2: 2 0 0 -> 0; 3: 0 0 0 -> 0, wrong and never judged; 4: 0 1 1 -> 1;
    # 5: 2 0 1 -> 0, a tie, wrong and never judged. By class 2/3, 1/2, 0.
    assert majority.accuracy == pytest.approx((2 / 3 + 1 / 2) / 3, abs=1e-15)
    assert majority.gain == pytest.approx(-1 / 9, abs=1e-15)
    assert (majority.n_mistakes, majority.n_unreviewed, majority.n_ties) == (3, 2, 1)
    assert (majority.gain_ci_low, majority.gain_ci_high) == (None, None)
    assert majority.notes == ("majority has no interval: items that differ from the best member: 1; it takes 10.",)
    # all wrong: only item 3. By class 1, 1/2, 1.
    assert any_right.accuracy == pytest.approx(2.5 / 3, abs=1e-15)
    assert any_right.gain == pytest.approx(1 / 3, abs=1e-15)
    assert (any_right.n_mistakes, any_right.n_unreviewed, any_right.n_ties) == (1, 1, None)
    assert mean_probability.accuracy is mean_probability.gain is mean_probability.n_mistakes is None
    assert mean_probability.notes == ("mean_probability is undefined: a has no probabilities.",)


def test_mean_probability_by_hand() -> None:
    # Sums: item 0 to class 0 (right), 1 to 1 (wrong), the rest to their labels but 5 to 0 (never judged).
    values = np.eye(3)[[0, 1, 0, 1, 1, 0]]
    key = hand_key()
    found = score_ensemble(
        line_up([model("a", A), model("b", B)], key),
        key,
        "model",
        lambda names: [ClassProbabilities(name, values) for name in names],
    )
    assert found is not None
    assert found.best_member == "a"
    score = found.scores[1]
    assert score.rule == "mean_probability"
    assert score.accuracy == pytest.approx((2 / 3 + 1 + 0) / 3, abs=1e-15)
    assert score.gain == pytest.approx(5 / 9 - 4 / 9, abs=1e-15)
    assert (score.n_mistakes, score.n_unreviewed, score.n_ties) == (2, 1, 0)


def test_only_items_that_all_members_have_count() -> None:
    found = ensemble_of(model("a", [*A[:5], NO_CLASS]), model("b", [NO_CLASS, *B[1:]]), model("c", C))
    assert found is not None
    assert found.n_items == 4
    assert found.best_accuracy == pytest.approx(0.75, abs=1e-15)  # c on items 1 to 4: 2/2 and 1/2


def test_members_that_name_only_mistakes_are_left_out() -> None:
    named = [NO_CLASS, 1, 2, 0, 0, NO_CLASS]
    found = ensemble_of(model("a", A), model("named", named, only_mistakes=True), model("c", C))
    assert found is not None
    assert found.members == ("a", "c")
    assert found.notes == ("Left out, since they name only mistakes: named.",)


def test_the_other_kind_is_left_out_and_one_alone_is_no_ensemble() -> None:
    assert ensemble_of(model("a", A), model("b", B, kind="human")) is None
    assert ensemble_of() is None
    key = hand_key()
    people = [model("a", A), model("h", B, kind="human"), model("i", C, kind="human")]
    found = score_ensemble(line_up(people, key), key, "human", no_probabilities)
    assert found is not None
    assert (found.kind, found.members) == ("human", ("h", "i"))


def test_nothing_shared_is_undefined() -> None:
    halves = model("a", [*A[:3], *[NO_CLASS] * 3]), model("b", [*[NO_CLASS] * 3, *B[3:]])
    found = ensemble_of(*halves)
    assert found is not None
    assert (found.n_items, found.best_member, found.best_accuracy, found.scores) == (0, None, None, ())
    assert found.notes == ("Every score is undefined: no item is graded for all members.",)


def test_without_original_labels_the_class_mean_is_undefined(toy_split: Split, toy_labels: LabelSet) -> None:
    # Of the toy benchmark only item 6 has no label anywhere; both models answer nothing else.
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    only_six = [NO_CLASS] * 6 + [4, NO_CLASS]
    models = [model(name, only_six, n_classes=6) for name in ("a", "b")]
    found = score_ensemble(line_up(models, key), key, "model", no_probabilities)
    assert found is not None
    assert found.n_items == 1
    assert found.notes == ("Every score is undefined: no item that all members share has an original label.",)


def test_intervals_come_with_ten_differing_items() -> None:
    # 30 items of class 0; a is wrong on 0..11, b on 12..23, c on none of these but on 24..29 and 0..5: the majority is
    # wrong where two are: 0..5. c is best with 12 mistakes, as a and b are, and the first of them, a, is taken.
    key = simple_key(30)
    rows = {"a": range(12), "b": range(12, 24), "c": [*range(6), *range(24, 30)]}
    models = [model(name, [1 if item in wrong else 0 for item in range(30)]) for name, wrong in rows.items()]
    found = score_ensemble(line_up(models, key), key, "model", no_probabilities)
    assert found is not None
    assert found.best_member == "a"
    assert found.best_accuracy == pytest.approx(0.6)
    majority, _, any_right = found.scores
    assert majority.gain == pytest.approx(6 / 30)
    assert majority.notes == ("majority has no interval: items that differ from the best member: 6; it takes 10.",)
    assert any_right.gain == pytest.approx(12 / 30)
    assert any_right.gain_ci_low is not None
    assert any_right.gain_ci_high is not None
    # mean 0.4, s^2 = (12 - 144/30) / 29, t(29) = 2.045230
    reach = 2.045230 * ((12 - 4.8) / 29 / 30) ** 0.5
    assert (any_right.gain_ci_low, any_right.gain_ci_high) == pytest.approx((0.4 - reach, 0.4 + reach), abs=1e-6)


def test_no_interval_where_every_item_differs_alike() -> None:
    key = simple_key(12)
    models = [model("a", [1] * 12), model("b", [1] * 12), model("c", [2] * 12)]
    found = score_ensemble(line_up(models, key), key, "model", no_probabilities)
    assert found is not None
    assert found.scores[0].gain == 0
    right = [model("a", [1] * 12), model("b", [2] * 12)]
    lineup = line_up(right, key)
    values = np.tile([1.0, 0.0, 0.0], (12, 1))
    found = score_ensemble(lineup, key, "model", lambda names: [ClassProbabilities(name, values) for name in names])
    assert found is not None
    assert found.scores[1].gain == 1.0
    assert found.scores[1].notes == ("mean_probability has no interval: every item differs alike.",)


@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
@pytest.mark.parametrize("seed", range(4))
def test_laws(random_case: Callable[[int], tuple[Split, LabelSet, Predictions]], policy: Policy, seed: int) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    models = [replace(row, kind="model") for row in random_models(split, labels, seed, missing=0.0)]
    lineup = line_up(models, key)
    found = score_ensemble(lineup, key, "model", no_probabilities)
    assert found is not None
    headlines = [
        row.multilabel_accuracy if policy == "multilabel" else row.item_accuracy
        for row in (grade(each, key) for each in models)
    ]
    best = max(headline for headline in headlines if headline is not None)
    assert found.best_accuracy == pytest.approx(best, abs=1e-12)
    majority, _, any_right = found.scores
    assert majority.accuracy is not None
    assert any_right.accuracy is not None
    assert any_right.gain is not None
    assert any_right.gain >= 0
    assert any_right.accuracy >= max(majority.accuracy, best)
    assert any_right.accuracy - best == pytest.approx(any_right.gain, abs=1e-12)
    assert majority.accuracy - best == pytest.approx(majority.gain, abs=1e-12)
    copies = [replace(models[0], model=f"copy{at}") for at in range(3)]
    twins = score_ensemble(line_up(copies, key), key, "model", no_probabilities)
    assert twins is not None
    assert {row.gain for row in twins.scores if row.rule != "mean_probability"} == {0.0}
