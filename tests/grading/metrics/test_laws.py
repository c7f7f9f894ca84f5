"""Laws that hold for every metric on arrays, on small random benchmarks with every irregularity.

And for every function of `regrade.grading` that takes plain arrays: what they may be, and that all else is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from regrade import grading
from regrade.errors import InputError
from regrade.grading import metrics, prepare_key
from regrade.grading.means import class_means, item_means
from regrade.grading.tallies import Tally
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS

N_CLASSES, N_GROUPS = 7, 3


class Case(NamedTuple):
    """One model on n items."""

    ranks: npt.NDArray[np.int16]
    """(n, 7) ranked classes; some items have none."""
    labels: npt.NDArray[np.int16]
    """(n,) some NO_LABEL."""
    accepted: npt.NDArray[np.bool_]
    """(n, 7) accepted classes; some items have none."""
    reviewed: npt.NDArray[np.bool_]
    """(n, 7) judged classes."""
    confidence: npt.NDArray[np.float64]
    """(n,) with ties."""
    groups: npt.NDArray[np.int64]
    """(7,) group of each class, or none."""

    def rows(self, chosen: npt.NDArray[np.integer]) -> Case:
        of_items = {name: getattr(self, name)[chosen] for name in self._fields if name != "groups"}
        return self._replace(**of_items)

    @property
    def has_prediction(self) -> npt.NDArray[np.bool_]:
        return np.not_equal(self.ranks[:, 0], NO_CLASS)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Of the items that have a prediction."""
        top = self.ranks[self.has_prediction, 0]
        right: npt.NDArray[np.bool_] = self.accepted[self.has_prediction][np.arange(len(top)), top]
        return right

    @property
    def original(self) -> npt.NDArray[np.int64]:
        """Class of the items that have a prediction, C where there is none."""
        labels = self.labels[self.has_prediction].astype(np.int64)
        return np.where(labels == NO_LABEL, N_CLASSES, labels)

    @property
    def tally(self) -> Tally:
        top = self.ranks[self.has_prediction, 0]
        unreviewed = ~self.right & ~self.reviewed[self.has_prediction][np.arange(len(top)), top]

        def count(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
            return np.bincount(self.original[chosen], minlength=N_CLASSES + 1)[None]

        none = np.zeros(1, np.int64)
        everything = np.ones(len(top), np.bool_)
        return Tally(count(everything), count(self.right), count(unreviewed), none, none, none)


Figures = dict[str, float | None]
"""Name of each figure, with the class or group where it has one; None: undefined."""


def by_number(name: str, values: npt.NDArray[np.floating]) -> Figures:
    return {f"{name} {number}": None if np.isnan(value) else float(value) for number, value in enumerate(values)}


def group_figures(case: Case) -> Figures:
    own = np.flatnonzero(case.original < N_CLASSES)
    items, classes = np.nonzero(case.accepted[case.has_prediction])
    figures: Figures = {}
    for how, pairs in {"original": (own, case.original[own]), "accepted": (items, classes)}.items():
        counts = metrics.group_counts(case.right, case.original, case.groups, items=pairs[0], classes=pairs[1])
        figures |= by_number(f"{how}: items of group", item_means(counts))
        figures |= by_number(f"{how}: classes of group", class_means(counts))
    return figures


def of_pairs(metric: Callable[..., Figure], case: Case, predictions: npt.NDArray[np.int16]) -> Figures:
    items, classes = np.nonzero(case.accepted)
    return {"share": metric(predictions, items, classes).value}


def sure(case: Case) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    return case.confidence[case.has_prediction], case.right


METRICS: dict[str, Callable[[Case], Figures]] = {
    "accuracy_bounds": lambda case: {
        name: None if np.isnan(value[0]) else float(value[0])
        for name, value in metrics.accuracy_bounds(case.tally)._asdict().items()
    },
    "calibration_error": lambda case: {"error": metrics.calibration_error(*sure(case), n_bins=4).value},
    "class_accuracies": lambda case: by_number(
        "class", metrics.class_accuracies(case.right, case.original, n_classes=N_CLASSES).accuracy
    ),
    "group_counts": group_figures,
    "mean_confidence": lambda case: {"mean": metrics.mean_confidence(sure(case)[0]).value},
    "real_accuracy": lambda case: of_pairs(metrics.real_accuracy, case, case.ranks[:, 0]),
    "reliability_curve": lambda case: {
        f"{name} of bin {number}": getattr(row, name)
        for number, row in enumerate(metrics.reliability_curve(*sure(case), n_bins=4))
        for name in ("lowest", "highest", "mean_confidence", "accuracy")
    },
    "risk_coverage_area": lambda case: {"area": metrics.risk_coverage_area(*sure(case)).value},
    "risk_coverage_curve": lambda case: by_number("risk at", metrics.risk_coverage_curve(*sure(case)).risk),
    "top_k_accuracy": lambda case: {
        f"top-{k}": metrics.top_k_accuracy(case.ranks, case.labels, k=k).value for k in (1, 2, 5)
    },
    "unreviewed_shares": lambda case: by_number("of model", metrics.unreviewed_shares(case.tally)),
    "variable_top_k_accuracy": lambda case: of_pairs(metrics.variable_top_k_accuracy, case, case.ranks),
    "wrong_auroc": lambda case: {"auroc": metrics.wrong_auroc(*sure(case)).value},
}
"""Every metric, and its figures on a case."""

OF_A_PERFECT_MODEL: dict[str, float | None] = {
    **dict.fromkeys(("accuracy_bounds", "class_accuracies", "group_counts", "real_accuracy"), 1.0),
    **dict.fromkeys(("risk_coverage_area", "risk_coverage_curve"), 0.0),
    **dict.fromkeys(("unreviewed_shares", "wrong_auroc"), None),
}
"""What a metric that looks at the top-1 class gives where all are right."""

each_metric = pytest.mark.parametrize("name", METRICS)
each_seed = pytest.mark.parametrize("seed", range(6))


def make_case(seed: int, n: int = 60) -> Case:
    rng = np.random.default_rng(seed)
    ranks = rng.permuted(np.tile(np.arange(N_CLASSES, dtype=np.int16), (n, 1)), axis=1)
    ranks[rng.random(n) < 0.1] = NO_CLASS
    accepted = rng.random((n, N_CLASSES)) < 0.25
    return Case(
        ranks=ranks,
        labels=rng.integers(NO_LABEL, N_CLASSES, n, dtype=np.int16),
        accepted=accepted,
        reviewed=accepted | (rng.random((n, N_CLASSES)) < 0.4),
        confidence=rng.integers(1, 20, n) / 20,
        groups=rng.integers(-1, N_GROUPS, N_CLASSES),
    )


def approx(figures: Figures) -> dict[str, object]:
    return {name: None if value is None else pytest.approx(value, abs=1e-12) for name, value in figures.items()}


def test_no_metric_is_missing_from_the_table() -> None:
    assert set(METRICS) == {name for name in metrics.__all__ if name.islower()}
    assert sorted(metrics.__all__) == metrics.__all__
    assert len(fields(Tally)) == 6  # a new count needs a place in `Case.tally`


@each_metric
@each_seed
def test_range(name: str, seed: int) -> None:
    figures = METRICS[name](make_case(seed))
    assert figures
    assert all(value is None or 0 <= value <= 1 for value in figures.values())
    assert any(value is not None for value in figures.values())


@each_metric
@each_seed
def test_order_of_items(name: str, seed: int) -> None:
    case = make_case(seed)
    order = np.random.default_rng(seed + 100).permutation(len(case.ranks))
    assert METRICS[name](case.rows(order)) == approx(METRICS[name](case))


@each_metric
@each_seed
def test_renumbered_classes(name: str, seed: int) -> None:
    case = make_case(seed)
    new_id = np.append(np.random.default_rng(seed + 200).permutation(N_CLASSES), -1).astype(np.int16)
    old_id = np.argsort(new_id[:-1])
    renumbered = case._replace(
        ranks=new_id[case.ranks],
        labels=new_id[case.labels],
        accepted=case.accepted[:, old_id],
        reviewed=case.reviewed[:, old_id],
        groups=case.groups[old_id],
    )
    before, after = METRICS[name](case), METRICS[name](renumbered)
    if name == "class_accuracies":
        before = {f"class {new_id[number]}": before[f"class {number}"] for number in range(N_CLASSES)}
    assert after == approx(before)


@each_metric
@each_seed
def test_every_item_twice_changes_nothing(name: str, seed: int) -> None:
    case = make_case(seed)
    before, after = METRICS[name](case), METRICS[name](case.rows(np.repeat(np.arange(60), 2)))
    if name == "risk_coverage_curve":  # twice as many points: those between are another coverage
        after = {f"risk at {number}": after[f"risk at {2 * number + 1}"] for number in range(len(before))}
    if name == "risk_coverage_area":  # a mean over twice as many coverages
        assert after["area"] == pytest.approx(before["area"], abs=0.02)
        return
    assert after == approx(before)


@each_metric
def test_no_item_leaves_everything_undefined(name: str) -> None:
    figures = METRICS[name](make_case(0).rows(np.array([], np.intp)))
    assert all(value is None for value in figures.values())


@each_metric
@each_seed
def test_only_missing_predictions_leave_everything_undefined(name: str, seed: int) -> None:
    case = make_case(seed)
    missing = case._replace(ranks=np.full_like(case.ranks, NO_CLASS))
    assert all(value is None for value in METRICS[name](missing).values())


@pytest.mark.parametrize("name", OF_A_PERFECT_MODEL)
@each_seed
def test_a_perfect_model(name: str, seed: int) -> None:
    case = make_case(seed)
    case = case.rows(np.flatnonzero(case.has_prediction))
    accepted = case.accepted.copy()
    accepted[np.arange(len(accepted)), case.ranks[:, 0]] = True
    figures = METRICS[name](case._replace(accepted=accepted))
    assert {value for value in figures.values() if value is not None} == {OF_A_PERFECT_MODEL[name]} - {None}


def test_a_tally_of_the_laws_is_one_of_the_package() -> None:
    # Item 0 right in class 1, item 1 wrong and reviewed there, item 2 wrong and unreviewed without a class.
    case = Case(
        ranks=np.array([[0], [2], [3]], np.int16),
        labels=np.array([1, 1, NO_LABEL], np.int16),
        accepted=np.eye(N_CLASSES, dtype=np.bool_)[[0, 0, 0]],
        reviewed=np.eye(N_CLASSES, dtype=np.bool_)[[0, 2, 0]],
        confidence=np.zeros(3),
        groups=np.zeros(N_CLASSES, np.int64),
    )
    assert case.tally.n_graded.tolist() == [[0, 2, 0, 0, 0, 0, 0, 1]]
    assert case.tally.n_right.tolist() == [[0, 1, 0, 0, 0, 0, 0, 0]]
    assert case.tally.n_unreviewed.tolist() == [[0, 0, 0, 0, 0, 0, 0, 1]]


# What may be handed over as an array. Six items, four classes, two groups.

LABELS = [0, 1, 2, 3, 0, 1]
LABEL_SET = LabelSet(
    split="main",
    n_classes=4,
    items=np.arange(6, dtype=np.int32),
    original=np.array(LABELS, np.int32),
    problematic=np.zeros(6, np.bool_),
    pair_items=np.arange(6, dtype=np.int32),
    pair_classes=np.array(LABELS, np.int32),
    pair_codes=np.full(6, Verdict.CORRECT.code, np.int8),
)
SPLIT = Split("main", tuple("abcdef"), np.array(LABELS, np.int32), ("",) * 6)
KEY = prepare_key(LABEL_SET, SPLIT, ref="made@1")
TRUTHS = [True, False, True, True, False, False]
SHARES = [0.5, 0.25, 0.75, 1.0, 0.0, 0.5]
RANKS = [[0, 1], [2, 1], [2, 0], [3, 1], [1, 0], [1, 2]]
TOPS = [[0, 2, 2, 3, 1, 1], [0, 1, 2, 3, 0, -1]]
SCORES = [[0.5, 0.25, 0.125, 0.125]] * 6

Arguments = dict[str, Any]
Array = npt.NDArray[Any]
SURE: Arguments = {"confidence": SHARES, "right": TRUTHS}
ACCEPTED: Arguments = {"accepted_items": [0, 1, 2, 5], "accepted_classes": [0, 1, 2, 1]}
ON_ARRAYS: dict[str, Arguments] = {
    "calibration_error": SURE,
    "class_accuracies": {"right": TRUTHS, "classes": LABELS, "n_classes": 4},
    "class_mean_interval": {"n_right": [1, 2, 0], "n_graded": [2, 2, 3]},
    "error_consistency": {"n_both": [2, 1], "n_only_a": [1, 0], "n_only_b": [0, 0], "n_neither": [3, 4]},
    "fit_probit_line": {"before": [0.5, 0.6, 0.7], "after": [0.4, 0.5, 0.7]},
    "group_counts": {
        "right": TRUTHS,
        "original": LABELS,
        "group_of_class": [0, 0, 1, -1],
        "items": [0, 1, 2, 3, 4, 5],
        "classes": LABELS,
    },
    "holm_adjusted": {"p": [0.01, 0.04, 0.03]},
    "mcnemar_p": {"n_only_a": [9, 0, 3], "n_only_b": [1, 0, 3]},
    "mean_accuracies": {"top1": TOPS, "key": KEY},
    "mean_confidence": {"confidence": SHARES},
    "paired_differences": {"n_only_a": [[3, 1]], "n_only_b": [[12, 0]], "n_items": [50, 20]},
    "prepare_key": {"labels": LABEL_SET, "split": SPLIT, "ref": "made@1", "only": [0, 2, 5], "slice_name": "some"},
    "rank_labels": {"values": SCORES, "labels": LABELS},
    "real_accuracy": {"top1": LABELS, **ACCEPTED},
    "reliability_curve": SURE,
    "retally": {
        "before": grading.tally(TOPS, KEY),
        "top1": TOPS,
        "columns": [0, 1, 2, 3, 4, 5],
        "old": KEY,
        "new": KEY,
    },
    "risk_coverage_area": SURE,
    "risk_coverage_curve": SURE,
    "tally": {"top1": TOPS, "key": KEY, "columns": [0, 1, 2, 3, 4, 5]},
    "top_k_accuracy": {"ranks": RANKS, "labels": LABELS, "k": 2},
    "variable_top_k_accuracy": {"ranks": RANKS, **ACCEPTED},
    "wrong_auroc": SURE,
}
"""Every public function on plain arrays, and what it may be called with."""

FLOAT_NAMES = {"confidence", "before", "after", "p", "values"}
UNBOUNDED = {
    ("right", None),
    ("values", None),
    ("classes", "class_accuracies"),
    ("labels", "top_k_accuracy"),
}
"""No number is too low: truth values are tested apart, a row of scores may hold infinity, elsewhere it means none."""
ARRAYS = [
    (name, argument)
    for name, arguments in ON_ARRAYS.items()
    for argument, value in arguments.items()
    if isinstance(value, list)
]
BROADCAST = {"error_consistency", "mcnemar_p"}
ALONE = {
    ("holm_adjusted", "p"),
    ("mean_confidence", "confidence"),
    ("prepare_key", "only"),
    ("group_counts", "group_of_class"),
}
"""There is nothing that they must be as long as."""


def each_array(but: Callable[[str, str], bool] = lambda *_: False) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("name", "argument"), [pair for pair in ARRAYS if not but(*pair)])


each_function = pytest.mark.parametrize("name", ON_ARRAYS)


def call(name: str, **changes: object) -> object:
    return getattr(grading, name)(**{**ON_ARRAYS[name], **changes})


def plain(found: object) -> str:
    """What came out, as text that can be compared; NaN equals NaN."""
    if isinstance(found, tuple) and hasattr(found, "_fields"):
        return str([plain(part) for part in found])
    if hasattr(found, "__dataclass_fields__"):
        return str([plain(getattr(found, name)) for name in found.__dataclass_fields__])
    return str(found.tolist() if isinstance(found, np.ndarray) else found)


def test_no_function_on_arrays_is_missing() -> None:
    functions = {name: getattr(grading, name) for name in grading.__all__ if name.islower()}
    on_arrays = {
        name
        for name, function in functions.items()
        for parameter in inspect.signature(function).parameters.values()
        if any(kind in str(parameter.annotation) for kind in ("ArrayLike", "NDArray", "ClassIds"))
    }
    assert on_arrays == set(ON_ARRAYS)


@each_function
def test_lists_are_taken_as_arrays(name: str) -> None:
    arrays = {argument: np.array(value) for argument, value in ON_ARRAYS[name].items() if isinstance(value, list)}
    assert plain(call(name)) == plain(call(name, **arrays))


@each_array(but=lambda _, argument: argument != "right")
@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_zero_and_one_are_truth_values_everywhere(name: str, argument: str, dtype: type[np.integer]) -> None:
    assert plain(call(name, **{argument: np.array(TRUTHS, dtype)})) == plain(call(name))
    with pytest.raises(InputError, match=rf"^{argument}: expected booleans.*; got 2 at position 3"):
        call(name, **{argument: [1, 0, 1, 2, 0, 0]})


@each_array()
@pytest.mark.parametrize("wrong", ["text", "None", "complex", "ragged", "float or bool"])
def test_another_type_is_refused(name: str, argument: str, wrong: str) -> None:
    good = np.array(ON_ARRAYS[name][argument])
    other: object = {
        "text": np.full(good.shape, "a"),
        "None": np.full(good.shape, None),
        "complex": good.astype(np.complex128),
        "ragged": [[0], [1, 2]],
        "float or bool": good.astype(np.bool_ if argument in FLOAT_NAMES else np.float64),
    }[wrong]
    with pytest.raises(InputError, match=rf"^{argument}: expected .*; got (\w+ of shape|rows of unlike length)"):
        call(name, **{argument: other})


@each_array(but=lambda name, _: name in BROADCAST)
@pytest.mark.parametrize("add", [lambda good: good[None], lambda good: good.ravel()[0]], ids=["more", "none"])
def test_other_dimensions_are_refused(name: str, argument: str, add: Callable[[Array], Array]) -> None:
    other = add(np.array(ON_ARRAYS[name][argument]))
    with pytest.raises(InputError, match=r": expected .* of shape \(.*; got .*\("):
        call(name, **{argument: other})


@each_array(but=lambda *pair: pair in ALONE)
def test_another_length_is_refused(name: str, argument: str) -> None:
    good = np.array(ON_ARRAYS[name][argument])
    axis = 0 if name in {"top_k_accuracy", "rank_labels"} else -1
    if name == "variable_top_k_accuracy" and argument == "ranks":
        other = good[:5]  # its accepted pairs point beyond
    elif name == "real_accuracy" and argument == "top1":
        other = good[:5]
    else:
        other = np.concatenate([good, good[-1:] if axis == 0 else good[..., -1:]], axis=axis)
    with pytest.raises(InputError, match=r"expected .*(shape|whole numbers from 0 to 4).*; got "):
        call(name, **{argument: other})


@each_array(but=lambda name, argument: bool({(argument, name), (argument, None)} & UNBOUNDED))
def test_a_number_out_of_range_is_refused(name: str, argument: str) -> None:
    other = np.array(ON_ARRAYS[name][argument])
    for outside in (np.nan, np.inf) if argument in FLOAT_NAMES else (-2,):
        other.reshape(-1)[0] = outside
        with pytest.raises(InputError, match=rf"{argument}.*: expected .*; got"):
            call(name, **{argument: other})


@pytest.mark.parametrize(("name", "outside"), [*product(("calibration_error", "reliability_curve"), (1.5, -0.25))])
def test_a_confidence_is_a_probability_where_it_must_be(name: str, outside: float) -> None:
    with pytest.raises(InputError, match=rf"^confidence: expected numbers from 0 to 1; got {outside} at position 1"):
        call(name, confidence=[0.5, outside, 0.5, 0.5, 0.5, 0.5])


def test_the_calibration_error_of_zeros_and_ones_is_an_error_at_most_1() -> None:
    # Ten items, all right: the error is |1 - mean confidence| of each bin, and so of all.
    confidence = np.linspace(0.05, 0.95, 10)
    assert grading.calibration_error(confidence, np.ones(10, int)).value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "changes", "got"),
    [
        ("calibration_error", {"n_bins": 0}, "n_bins: expected a whole number from 1; got 0"),
        ("top_k_accuracy", {"k": 0}, "k: expected a whole number from 1; got 0"),
        ("top_k_accuracy", {"k": 1.5}, "k: expected a whole number from 1; got 1.5"),
        ("class_accuracies", {"n_classes": True}, "n_classes: expected a whole number from 1; got True"),
        ("top_k_accuracy", {"ranks": [[1, 1]] * 6}, "ranks: expected no class twice in a row; got .* in row 0"),
        ("variable_top_k_accuracy", {"ranks": [[1, 1]] * 6, "accepted_items": [0, 0, 2, 5]}, "no class twice in a row"),
        ("real_accuracy", {"accepted_items": [0, 0, 2, 5], "accepted_classes": [1, 1, 2, 1]}, "each pair once; got 1"),
        (
            "real_accuracy",
            {"accepted_items": [0, 1, 2, 6]},
            "accepted_items: expected whole numbers from 0 to 5; got 6",
        ),
        ("rank_labels", {"labels": [0, 1, 2, 3, 0, 4]}, "labels: expected whole numbers from 0 to 3; got 4"),
        ("rank_labels", {"values": np.zeros((6, 0))}, "scores of one class or more"),
        ("class_mean_interval", {"n_right": [1, 3, 0]}, "n_right: expected at most n_graded; got 3 at position 1"),
        ("paired_differences", {"n_items": [14, 20]}, r"n_only_a \+ n_only_b: expected at most n_items; got 15"),
        ("tally", {"columns": [0, 1, 2, 3, 4, 9]}, "columns: expected columns that hold every graded item"),
    ],
)
def test_numbers_that_do_not_go_together_are_refused(name: str, changes: Arguments, got: str) -> None:
    with pytest.raises(InputError, match=got):
        call(name, **changes)
