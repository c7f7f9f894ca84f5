"""Models on two splits: worked by hand, and Newcombe's published interval."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep

from regrade.grading import describe_shift, difference_interval, wilson_interval
from regrade.records.grades import Grade, Policy
from regrade.records.predictions import PredictionKind
from regrade.records.shifts import Shift


def grade(model: str, accuracy: float | None, n: int = 100, *, policy: Policy = "single") -> Grade:
    """A grade with this headline; its interval is Wilson's."""
    ends = None if accuracy is None else wilson_interval(accuracy, n)
    low, high = ends if ends else (None, None)
    by_class = policy == "multilabel"
    return Grade(
        model=model,
        labels="key@1",
        policy=policy,
        slice=None,
        n_items=n,
        n_graded=n,
        n_problematic=0,
        top1_accuracy=None,
        top5_accuracy=None,
        multilabel_accuracy=accuracy if by_class else None,
        item_accuracy=None if by_class else accuracy,
        multilabel_ci_low=low if by_class else None,
        multilabel_ci_high=high if by_class else None,
        item_ci_low=None if by_class else low,
        item_ci_high=None if by_class else high,
        ci_low=low,
        ci_high=high,
        n_mistakes=0,
        n_judged_wrong=0,
        n_unclear_rejected=0,
        n_unreviewed=0,
        n_missing=0,
        n_ties=0,
        unreviewed_share=None,
        multilabel_accuracy_min=None,
        multilabel_accuracy_max=None,
        item_accuracy_min=None,
        item_accuracy_max=None,
    )


def describe(before: Sequence[Grade], after: Sequence[Grade], *humans: str) -> Shift:
    names = {row.model for row in (*before, *after)}
    kinds: dict[str, PredictionKind] = {name: "human" if name in humans else "model" for name in names}
    return describe_shift(before, after, kinds, splits=("main", "v2"))


def test_models_are_ranked_on_both_and_listed_by_the_first() -> None:
    shift = describe(
        [grade("a", 0.6), grade("b", 0.8), grade("c", 0.7), grade("d", 0.5)],
        [grade("c", 0.5), grade("b", 0.45), grade("a", 0.5), grade("e", 0.3)],
    )
    assert [row.model for row in shift.models] == ["b", "c", "a"]
    assert [(row.from_rank, row.to_rank) for row in shift.models] == [(1, 3), (2, 1), (3, 1)]
    assert [row.change for row in shift.models] == pytest.approx([-0.35, -0.2, -0.1])
    assert shift.mean_change == pytest.approx(-0.65 / 3)
    assert (shift.only_from, shift.only_to) == (("d",), ("e",))
    assert (shift.from_split, shift.to_split, shift.policy) == ("main", "v2", "single")


def test_what_is_above_the_line_is_measured_from_it() -> None:
    # Both accuracies of a, b and c lie on probit(after) = probit(before) - 1, d does better.
    lower = {share: float(norm.cdf(norm.ppf(share) - 1)) for share in (0.6, 0.7, 0.8)}
    models = {"a": 0.6, "b": 0.7, "c": 0.8}
    shift = describe(
        [grade(name, share) for name, share in models.items()],
        [grade(name, lower[share]) for name, share in models.items()],
    )
    assert shift.line is not None
    assert (shift.line.slope, shift.line.intercept) == pytest.approx((1.0, -1.0))
    assert [row.above_line for row in shift.models] == pytest.approx([0, 0, 0], abs=1e-12)
    assert [row.expected_accuracy for row in shift.models] == pytest.approx([lower[0.8], lower[0.7], lower[0.6]])
    assert shift.notes == ("The line has no interval: there are fewer than 10 models.",)


def test_the_headline_is_the_policys() -> None:
    shift = describe([grade("a", 0.6, policy="multilabel")], [grade("a", 0.5, policy="multilabel")])
    assert (shift.models[0].from_accuracy, shift.models[0].to_accuracy) == (0.6, 0.5)


def test_a_human_labeler_has_no_rank_and_no_say_in_the_line() -> None:
    before = [grade("a", 0.6), grade("b", 0.7), grade("c", 0.8)]
    after = [grade("a", 0.5), grade("b", 0.6), grade("c", 0.7)]
    alone = describe(before, after)
    shift = describe([*before, grade("ann", 0.95)], [*after, grade("ann", 0.94)], "ann")
    ann = shift.models[0]
    assert (ann.model, ann.from_rank, ann.to_rank, ann.notes[0][:17]) == ("ann", None, None, "rank is undefined")
    assert (shift.line, shift.mean_change) == (alone.line, alone.mean_change)
    assert ann.above_line is not None
    assert [row.from_rank for row in shift.models[1:]] == [1, 2, 3]


def test_an_undefined_accuracy_stays_undefined() -> None:
    shift = describe([grade("a", None), grade("b", 0.5)], [grade("a", 0.5), grade("b", 0.5)])
    a = shift.models[-1]
    assert (a.model, a.change, a.change_ci_low, a.from_rank, a.above_line) == ("a", None, None, None, None)
    assert shift.mean_change == 0
    assert shift.line is None
    assert shift.notes == ("The line is undefined: it needs 3 models of different accuracy.",)


def test_all_undefined_is_no_change() -> None:
    assert describe([grade("a", None)], [grade("a", 0.5)]).mean_change is None


def test_a_model_without_a_mistake_is_said_to_be_left_out_of_the_line() -> None:
    shares = {"a": (0.6, 0.5), "b": (0.7, 0.6), "c": (0.8, 0.7), "d": (1.0, 0.9)}
    shift = describe(
        [grade(name, before) for name, (before, _) in shares.items()],
        [grade(name, after) for name, (_, after) in shares.items()],
    )
    assert shift.line is not None
    assert shift.line.n_models == 3
    assert shift.notes[0] == "The line is fitted without 1 of the models: an accuracy of 0 or 1 has no probit."
    assert shift.models[0].expected_accuracy == 1.0  # a rising line keeps 1


def test_a_model_in_another_order_is_named_with_the_line_that_the_others_follow() -> None:
    shares = {f"m{at:02}": 0.5 + at / 40 for at in range(12)}
    after = [
        grade(name, float(norm.cdf(0.9 * norm.ppf(share) - 0.3)) + 0.001 * (at % 2))
        for at, (name, share) in enumerate(shares.items())
    ]
    before = [grade(name, share) for name, share in shares.items()]
    assert describe(before, after).notes == ()
    after[4] = grade("m04", 0.01)
    (note,) = describe(before, after).notes
    assert note.startswith("m04 lies far from the line of the others: look whether the predictions are in the order")
    assert "Without, the slope is 0.90" in note
    after[5] = grade("m05", 0.01)
    assert describe(before, after).notes[0].startswith("m04, m05 lie far")


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe 1998, table II, example (a), method 10: 56/70 less 48/80 is 0.2, 95 % 0.0524 to 0.3339.
    first, second = wilson_interval(48 / 80, 80), wilson_interval(56 / 70, 70)
    assert first is not None
    assert second is not None
    assert difference_interval(48 / 80, first, 56 / 70, second) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(("x", "n", "y", "m"), [(5, 56, 0, 29), (0, 10, 0, 10), (10, 10, 0, 10), (400, 500, 61, 80)])
def test_the_interval_of_a_difference_is_that_of_statsmodels(x: int, n: int, y: int, m: int) -> None:
    first, second = wilson_interval(x / n, n), wilson_interval(y / m, m)
    assert first is not None
    assert second is not None
    expected = confint_proportions_2indep(y, m, x, n, method="newcomb", compare="diff")
    assert difference_interval(x / n, first, y / m, second) == pytest.approx(expected, abs=1e-9)
