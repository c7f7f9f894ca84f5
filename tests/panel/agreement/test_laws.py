"""Laws that hold for every measure of agreement, on small random panels with missing ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from regrade.panel import agreement
from regrade.panel.agreement import Ratings, count_ratings, pair_tables
from tests.panel.agreement.panels import MISSING, make_ratings, ratings_of

N_CODES = 3

Figures = dict[str, float | None]
"""Name of each figure, with who and what it is of; None: undefined."""


def by_place(name: str, values: object) -> Figures:
    array = np.asarray(values, np.float64)
    return {f"{name} {place}": None if np.isnan(value) else float(value) for place, value in np.ndenumerate(array)}


def of_pairs(ratings: Ratings) -> Figures:
    pairs = pair_tables(ratings)
    kappas = agreement.cohen_kappa(pairs.tables)
    found = zip(pairs.first.tolist(), pairs.second.tolist(), kappas.tolist(), strict=True)
    return {f"kappa of {one} and {other}": None if np.isnan(kappa) else kappa for one, other, kappa in found}


def of_interval(ratings: Ratings) -> Figures:
    low, high, _ = agreement.alpha_interval(count_ratings(ratings))
    return {"low": low, "high": high}


def of_fleiss(ratings: Ratings) -> Figures:
    """Over the units with the number of ratings that most have: it is undefined for all together."""
    counts = count_ratings(ratings)
    sizes = counts.sum(axis=1)
    most_common = np.bincount(sizes, minlength=1).argmax()
    return {"kappa": agreement.fleiss_kappa(counts[sizes == most_common]).value}


def of_posterior(ratings: Ratings) -> Figures:
    model = agreement.fit_dawid_skene(ratings, tolerance=1e-9)
    return by_place("unit", model.posterior) | by_place("prevalence", model.prevalence)


MEASURES: dict[str, Callable[[Ratings], Figures]] = {
    "alpha_interval": of_interval,
    "cohen_kappa": of_pairs,
    "fit_dawid_skene": of_posterior,
    "fleiss_kappa": of_fleiss,
    "group_alphas": lambda ratings: by_place(
        "alpha of group",
        agreement.group_alphas(count_ratings(ratings), np.zeros(ratings.n_units, int), n_groups=2).alpha,
    ),
    "krippendorff_alpha": lambda ratings: {"alpha": agreement.krippendorff_alpha(count_ratings(ratings)).value},
    "percent_agreement": lambda ratings: {"share": agreement.percent_agreement(count_ratings(ratings)).value},
}
"""Every measure, and its figures on a panel."""
NO_MEASURES = {
    *("confusion_tables", "count_ratings", "describe_topic", "find_contested"),
    *("judge_topic", "newest_rows", "pair_tables", "rate_units", "unit_key"),
}
"""What counts, chooses or describes."""
ONE_FOR_ALL = {"alpha_interval", "fleiss_kappa", "group_alphas", "krippendorff_alpha", "percent_agreement"}
"""Measures that do not ask who rated."""

each_measure = pytest.mark.parametrize("name", MEASURES)
each_seed = pytest.mark.parametrize("seed", range(5))


def approx(figures: Figures, tolerance: float = 1e-6) -> dict[str, object]:
    return {name: None if value is None else pytest.approx(value, abs=tolerance) for name, value in figures.items()}


def test_no_measure_is_missing_from_the_table() -> None:
    assert set(MEASURES) | NO_MEASURES == {name for name in agreement.__all__ if name.islower()}
    assert sorted(agreement.__all__, key=lambda name: (not name.isupper(), name.islower(), name)) == agreement.__all__


@each_measure
@each_seed
def test_range(name: str, seed: int) -> None:
    figures = MEASURES[name](make_ratings(seed))
    assert any(value is not None for value in figures.values())
    lowest = 0 if name in {"fit_dawid_skene", "percent_agreement"} else -1
    assert all(value is None or lowest <= value <= 1 for value in figures.values())


@each_measure
@each_seed
def test_order_of_ratings(name: str, seed: int) -> None:
    ratings = make_ratings(seed)
    order = np.random.default_rng(seed + 100).permutation(len(ratings))
    assert MEASURES[name](ratings.rows(order)) == approx(MEASURES[name](ratings), 1e-9)


@each_measure
@each_seed
def test_permuted_reviewers(name: str, seed: int) -> None:
    ratings = make_ratings(seed)
    number = np.random.default_rng(seed + 200).permutation(ratings.n_reviewers)
    before, after = MEASURES[name](ratings), MEASURES[name](replace(ratings, reviewers=number[ratings.reviewers]))
    if name == "cohen_kappa":
        before = {
            "kappa of {} and {}".format(*sorted(map(int, (number[one], number[other])))): before[
                f"kappa of {one} and {other}"
            ]
            for one in range(ratings.n_reviewers)
            for other in range(one + 1, ratings.n_reviewers)
        }
    assert after == approx(before)


@each_measure
@each_seed
def test_renumbered_codes(name: str, seed: int) -> None:
    ratings = make_ratings(seed)
    number = np.random.default_rng(seed + 300).permutation(N_CODES)
    before, after = MEASURES[name](ratings), MEASURES[name](replace(ratings, codes=number[ratings.codes]))
    if name == "fit_dawid_skene":
        before = {
            **{f"unit ({u}, {number[k]})": before[f"unit ({u}, {k})"] for u in range(60) for k in range(N_CODES)},
            **{f"prevalence ({number[k]},)": before[f"prevalence ({k},)"] for k in range(N_CODES)},
        }
    # Items are drawn in another order: another resample.
    assert after == approx(before, 0.03 if name == "alpha_interval" else 1e-6)


@pytest.mark.parametrize("name", sorted(ONE_FOR_ALL))
@each_seed
def test_it_is_of_no_account_who_rated(name: str, seed: int) -> None:
    ratings = make_ratings(seed)
    shift = np.random.default_rng(seed + 400).integers(0, ratings.n_reviewers, ratings.n_units)
    others = (ratings.reviewers + shift[ratings.units]) % ratings.n_reviewers
    assert MEASURES[name](replace(ratings, reviewers=others)) == approx(MEASURES[name](ratings))


@pytest.mark.parametrize("name", ["cohen_kappa", "fleiss_kappa", "percent_agreement"])
@each_seed
def test_every_unit_twice_changes_nothing(name: str, seed: int) -> None:
    ratings = make_ratings(seed)
    twice = Ratings(
        np.tile(ratings.reviewers, 2),
        np.r_[ratings.units, ratings.units + ratings.n_units],
        np.tile(ratings.codes, 2),
        ratings.n_reviewers,
        2 * ratings.n_units,
        N_CODES,
    )
    assert MEASURES[name](twice) == approx(MEASURES[name](ratings))


@each_measure
def test_no_rating_leaves_everything_undefined(name: str) -> None:
    for nothing in (make_ratings(0).rows(np.array([], np.intp)), ratings_of([[]], n_codes=N_CODES)):
        assert all(value is None for value in MEASURES[name](nothing).values())


@each_measure
def test_one_reviewer_leaves_everything_undefined(name: str) -> None:
    alone = ratings_of([[0, 1, 2, MISSING, 1]], n_codes=N_CODES)
    assert all(value is None for value in MEASURES[name](alone).values())


@each_measure
@each_seed
def test_reviewers_who_always_agree(name: str, seed: int) -> None:
    truth = np.random.default_rng(seed).integers(0, N_CODES, 60)
    figures = MEASURES[name](ratings_of([truth.tolist()] * 4, n_codes=N_CODES))
    values = {round(value, 2) for value in figures.values() if value is not None}
    if name == "alpha_interval":
        assert not values
    elif name == "fit_dawid_skene":
        assert values >= {0.0, 1.0}
    else:
        assert values == {1.0}
