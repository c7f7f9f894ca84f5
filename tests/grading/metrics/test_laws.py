"""Laws that hold for every metric on arrays, on small random benchmarks with every irregularity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from regrade.grading import metrics
from regrade.grading.means import class_means, item_means
from regrade.grading.tallies import Tally
from regrade.records.items import NO_LABEL
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
