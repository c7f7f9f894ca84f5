"""Dawid and Skene's model: on their own data, against other code, against what is true, and where there is none."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from regrade.panel.agreement import Ratings, fit_dawid_skene
from regrade.panel.agreement.dawid_skene import SWAPPED, TOO_FEW
from tests.panel.agreement.panels import MISSING, ratings_of

_ = MISSING

# Dawid and Skene 1979, table 1: five anaesthetists on 45 patients, the first of them three times.
PATIENTS = """
    111-1111 333-4334 112-2122 222-3121 222-3222 222-3322 122-2111 333-3433 222-2223 232-2223 444-4444 222-3343 111-1111
    222-3212 121-1111 111-2111 111-1111 111-1111 222-2221 222-1322 222-2222 222-2221 222-3222 221-2222 111-1111 111-1111
    232-2222 111-1111 111-1111 112-1121 111-1111 333-3233 111-1111 222-2222 222-3232 433-4343 221-2232 232-3233 333-3432
    111-1111 111-1111 121-2111 232-2222 121-1111 222-2222
"""
OBSERVERS = (0, 0, 0, 1, 2, 3, 4)
ROWS = np.array(
    [
        (observer, patient, int(code) - 1)
        for patient, codes in enumerate(PATIENTS.split())
        for observer, code in zip(OBSERVERS, codes.replace("-", ""), strict=True)
    ]
).T
ANAESTHETISTS = Ratings(ROWS[0], ROWS[1], ROWS[2], n_reviewers=5, n_units=45, n_codes=4)

# Maximum likelihood by crowd-kit 1.4.2 (DawidSkene(n_iter=500), its own stopping rule off), rounded: the patients whose
# class is not certain; it gives all others 1.000 of one class.
CROWD_KIT = {
    7: [0.981, 0.019, 0.0, 0.0],
    30: [0.9991, 0.0009, 0.0, 0.0],
    35: [0.0, 0.948, 0.052, 0.0],
    38: [0.0, 0.0212, 0.9788, 0.0],
}


def fit_by_likelihood(ratings: Ratings) -> npt.NDArray[np.float64]:
    return fit_dawid_skene(ratings, smoothing=0, tolerance=1e-12, max_steps=10_000).posterior


def test_the_published_estimate() -> None:
    # The paper's class marginals, with two decimals.
    model = fit_dawid_skene(ANAESTHETISTS, smoothing=0, tolerance=1e-10)
    assert model.prevalence == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=5e-3)


def test_equals_crowd_kit() -> None:
    posterior = fit_by_likelihood(ANAESTHETISTS)
    for patient, expected in CROWD_KIT.items():
        assert posterior[patient - 1] == pytest.approx(expected, abs=6e-5), patient
    certain = np.delete(posterior, [patient - 1 for patient in CROWD_KIT], axis=0)
    assert (certain.max(axis=1) > 0.9995).all()


def log_posterior(
    ratings: Ratings, prevalence: npt.NDArray[np.float64], confusion: npt.NDArray[np.float64], smoothing: float
) -> float:
    """Of the parameters, written out unit by unit: what the steps must have brought to a maximum."""
    total = 0.0
    for unit in range(ratings.n_units):
        given = [
            (int(ratings.reviewers[row]), int(ratings.codes[row])) for row in np.flatnonzero(ratings.units == unit)
        ]
        total += math.log(
            sum(
                prevalence[true] * math.prod(confusion[reviewer, true, code] for reviewer, code in given)
                for true in range(ratings.n_codes)
            )
        )
    return total + smoothing / ratings.n_codes * float(np.log(confusion).sum())


def test_no_other_estimate_nearby_explains_the_ratings_better() -> None:
    ratings = simulate(200, seed=1)[0]
    model = fit_dawid_skene(ratings, tolerance=1e-10)
    best = log_posterior(ratings, model.prevalence, model.confusion, 1.0)
    rng = np.random.default_rng(2)
    for size in (1e-4, 1e-3, 1e-2):
        for _again in range(5):
            prevalence = model.prevalence * np.exp(size * rng.standard_normal(3))
            confusion = model.confusion * np.exp(size * rng.standard_normal((5, 3, 3)))
            other = log_posterior(
                ratings, prevalence / prevalence.sum(), confusion / confusion.sum(axis=2, keepdims=True), 1.0
            )
            assert other < best


def simulate(
    n_units: int, *, seed: int, n_reviewers: int = 5, n_each: int = 3
) -> tuple[Ratings, npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Ratings, what is true of each unit, and how each reviewer answers."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, size=n_units, p=[0.6, 0.1, 0.3])
    confusion = np.array([[0.9, 0.05, 0.05], [0.25, 0.6, 0.15], [0.05, 0.1, 0.85]]) + rng.uniform(
        0, 0.15, (n_reviewers, 3, 3)
    )
    confusion /= confusion.sum(axis=2, keepdims=True)
    reviewers = np.concatenate([rng.choice(n_reviewers, n_each, replace=False) for _ in range(n_units)])
    units = np.repeat(np.arange(n_units), n_each)
    reached = confusion[reviewers, truth[units]].cumsum(axis=1)
    codes = (rng.random(len(units))[:, None] > reached).sum(axis=1)
    return Ratings(reviewers, units, codes, n_reviewers, n_units, 3), truth, confusion


def test_finds_how_reviewers_answer() -> None:
    ratings, truth, confusion = simulate(20_000, seed=3)
    model = fit_dawid_skene(ratings)
    assert np.abs(model.confusion - confusion).max() < 0.06
    assert model.prevalence == pytest.approx(np.bincount(truth) / len(truth), abs=0.03)
    # Of units that it gives 80 to 90 % to one code, that share has it.
    for low in (0.6, 0.7, 0.8, 0.9):
        sure = (model.posterior.max(axis=1) >= low) & (model.posterior.max(axis=1) < low + 0.1)
        right = model.posterior.argmax(axis=1) == truth
        assert right[sure].mean() == pytest.approx(model.posterior.max(axis=1)[sure].mean(), abs=0.04)


def test_an_unreliable_majority_is_outweighed() -> None:
    # Reviewers 0 and 1 are always right and alike; 2, 3 and 4 answer at random: on the last unit they are three to two.
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 2, 200)
    table = np.vstack([truth, truth, rng.integers(0, 2, (3, 200))])
    table[:, -1] = [1, 1, 0, 0, 0]
    posterior = fit_dawid_skene(ratings_of(table.tolist(), n_codes=2)).posterior
    assert posterior[-1, 1] > 0.99


def test_two_ratings_are_not_identifiable() -> None:
    table = [[0, 1, 0, 1, 0], [0, 1, 0, 1, 1], [0, 1, 0, 1, _], [_, _, _, _, _]]
    model = fit_dawid_skene(ratings_of(table, n_codes=3))
    assert np.isnan(model.posterior).all(axis=1).tolist() == [False] * 4 + [True]
    assert model.posterior[:4].sum(axis=1) == pytest.approx(np.ones(4))
    assert (model.posterior[:4, 2] == 0).all()  # nobody gave it
    assert np.isnan(model.confusion[3]).all()  # gave no rating
    assert np.isnan(model.confusion[0, 2]).all()  # true of no unit
    assert model.n_units == 4


@pytest.mark.parametrize(
    ("table", "options", "why"),
    [
        pytest.param([[0, 1], [0, 1]], {}, TOO_FEW, id="two reviewers"),
        pytest.param([[]], {}, TOO_FEW, id="nothing"),
        pytest.param([[0, 1, 0], [0, 1, 1], [0, 0, 0]], {"max_steps": 1}, "has not settled after 1 steps", id="short"),
    ],
)
def test_no_model(table: list[list[int]], options: dict[str, int], why: str) -> None:
    model = fit_dawid_skene(ratings_of(table, n_codes=2), **options)
    assert why in model.why
    assert np.isnan(model.posterior).all()
    assert np.isnan(model.prevalence).all()
    assert np.isnan(model.confusion).all()


def test_answers_at_random_are_no_model() -> None:
    table = np.random.default_rng(1).integers(0, 3, (3, 20))
    model = fit_dawid_skene(ratings_of(table.tolist(), n_codes=3))
    assert model.why == SWAPPED
    assert np.isnan(model.posterior).all()
