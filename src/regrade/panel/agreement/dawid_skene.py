"""Dawid and Skene's model: what is true of a unit, given how reliable each reviewer shows to be."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.ratings import Ratings, count_ratings

MIN_RATINGS = 3
"""Ratings of a unit below which its posterior is not identifiable: of two who differ, either may be the better one."""
SMOOTHING = 1.0
MAX_STEPS = 1_000
TOLERANCE = 1e-5
TOO_FEW = f"no question has {MIN_RATINGS} answers: who is right more often cannot be told from two"
SWAPPED = "the answers do not tell the true verdicts apart: an answer is given more often where another one is true"


class DawidSkene(NamedTuple):
    """A fitted model of R reviewers, U units and K codes."""

    posterior: npt.NDArray[np.float64]
    """(U, K) probability that each code is the true one; NaN where it is not identifiable."""
    prevalence: npt.NDArray[np.float64]
    """(K,) share of units whose true code it is; NaN where there is no model."""
    confusion: npt.NDArray[np.float64]
    """(R, K, K) by reviewer and true code, the probability of each answer; NaN where there is no model, for a reviewer
    of no unit that was used, and for a code that is true of none."""
    n_units: int
    """Units that were used: those with MIN_RATINGS ratings or more."""
    n_steps: int
    why: str = ""
    """Why there is no model; empty where there is one."""


def fit_dawid_skene(
    ratings: Ratings, *, smoothing: float = SMOOTHING, max_steps: int = MAX_STEPS, tolerance: float = TOLERANCE
) -> DawidSkene:
    """Estimate each reviewer's confusions and each unit's true code together, by expectation and maximization.

    It begins with the shares of the votes, so that a code keeps its meaning, and the same ratings give the same model.

    Args:
        ratings: Any number of them, in any order. Units with fewer than MIN_RATINGS ratings are left out.
        smoothing: Ratings >= 0 that each reviewer is taken to have given beforehand to units of each true code, spread
            evenly over the answers; 0 is maximum likelihood, which takes an answer that a reviewer of few units never
            gave for one that is never given. 1 predicted the truth best in simulations of 30 to 2,000 units.
        max_steps: Most steps, >= 1.
        tolerance: It has settled when no probability moves by this much in a step.

    Returns:
        Posteriors that add up to 1, exactly 0 for a code that nobody gave. NaN for every unit with too few ratings, and
        throughout where no unit has enough, where the estimate has not settled, and where an answer is given more often
        where another code is true (the codes have changed places, or tell nothing).

    Source:
        Dawid and Skene 1979, Maximum likelihood estimation of observer error-rates using the EM algorithm.

    >>> said = [[0, 0, 0], [1, 1, 1], [0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 1], [0, 0]]
    >>> rows = [(who, unit, code) for unit, codes in enumerate(said) for who, code in enumerate(codes)]
    >>> model = fit_dawid_skene(Ratings(*np.array(rows).T, n_reviewers=3, n_units=8, n_codes=2))
    >>> model.posterior[[0, 2, 7], 0].round(2).tolist()
    [0.96, 0.88, nan]
    """
    enough = count_ratings(ratings).sum(axis=1) >= MIN_RATINGS
    if not enough.any():
        return _no_model(ratings, n_units=0, n_steps=0, why=TOO_FEW)
    used = _number_anew(ratings, enough)
    work = _Work(used)
    fit = _settle(work, smoothing, max_steps, tolerance)
    if fit is None:
        why = f"the estimate has not settled after {max_steps:,} steps"
        return _no_model(ratings, n_units=used.n_units, n_steps=max_steps, why=why)
    if _are_swapped(work.weigh_answers(fit.posterior)):
        return _no_model(ratings, n_units=used.n_units, n_steps=fit.n_steps, why=SWAPPED)
    return _as_model(ratings, enough, fit)


class _Fit(NamedTuple):
    posterior: npt.NDArray[np.float64]
    """(K, U') of the units that were used."""
    confusion: npt.NDArray[np.float64]
    """(K, R, K) true code first."""
    n_steps: int


class _Work:
    """The ratings in the two orders that the two halves of a step add them up in.

    Arrays have the true code first, so that sums run along the memory. A voice is a reviewer who gives an answer.
    """

    def __init__(self, ratings: Ratings) -> None:
        self.shape = (ratings.n_codes, ratings.n_reviewers, ratings.n_codes)
        self.counts = count_ratings(ratings).T
        voices = ratings.reviewers.astype(np.int64) * ratings.n_codes + ratings.codes
        by_unit, by_voice = np.argsort(ratings.units, kind="stable"), np.argsort(voices, kind="stable")
        self.voices_by_unit = voices[by_unit]
        self.unit_starts = np.flatnonzero(np.diff(ratings.units[by_unit], prepend=-1))
        self.units_by_voice = ratings.units[by_voice]
        self.voice_starts = np.flatnonzero(np.diff(voices[by_voice], prepend=-1))
        self.voices = voices[by_voice][self.voice_starts]

    def vote_shares(self) -> npt.NDArray[np.float64]:
        """(K, U) share of each unit's ratings that is each code."""
        shares: npt.NDArray[np.float64] = self.counts / self.counts.sum(axis=0)
        return shares

    def weigh_answers(self, posterior: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(K, R, K) how often each reviewer gave each answer to units of each true code, as far as is known."""
        n_codes, n_reviewers, _ = self.shape
        weights = np.zeros((n_codes, n_reviewers * n_codes))
        given = np.take(posterior, self.units_by_voice, axis=1)
        weights[:, self.voices] = np.add.reduceat(given, self.voice_starts, axis=1)
        return weights.reshape(self.shape)

    def judge_units(
        self, prevalence: npt.NDArray[np.float64], confusion: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """(K, U) probability of each true code, given what everybody said."""
        with np.errstate(divide="ignore"):
            chances = np.log(confusion).reshape(len(prevalence), -1)
            given = np.add.reduceat(np.take(chances, self.voices_by_unit, axis=1), self.unit_starts, axis=1)
            given += np.log(prevalence)[:, None]
        posterior: npt.NDArray[np.float64] = np.exp(given - given.max(axis=0))
        posterior /= posterior.sum(axis=0)
        return posterior


def _settle(work: _Work, smoothing: float, max_steps: int, tolerance: float) -> _Fit | None:
    """Estimate confusions from posteriors and posteriors from confusions until they stay; None if they do not."""
    posterior = work.vote_shares()
    for step in range(1, max_steps + 1):
        confusion = _estimate_confusion(work.weigh_answers(posterior), smoothing)
        before, posterior = posterior, work.judge_units(posterior.mean(axis=1), confusion)
        if np.abs(posterior - before).max() < tolerance:
            return _Fit(posterior, confusion, step)
    return None


def _number_anew(ratings: Ratings, enough: npt.NDArray[np.bool_]) -> Ratings:
    """Only the ratings of the units that are used, these numbered from 0."""
    kept = ratings.rows(enough[ratings.units])
    number = np.cumsum(enough) - 1
    n_units = int(np.count_nonzero(enough))
    return Ratings(kept.reviewers, number[kept.units], kept.codes, kept.n_reviewers, n_units, kept.n_codes)


def _estimate_confusion(weights: npt.NDArray[np.float64], smoothing: float) -> npt.NDArray[np.float64]:
    """(K, R, K) chance of each answer; even where nothing is known."""
    n_codes = weights.shape[2]
    weights = weights + smoothing / n_codes
    total = weights.sum(axis=2, keepdims=True)
    even = np.full(weights.shape, 1 / n_codes)
    np.divide(weights, total, out=even, where=total > 0)
    return even


def _are_swapped(weights: npt.NDArray[np.float64]) -> bool:
    """Whether some answer is given more often where another code is true, by all reviewers together."""
    pooled = weights.sum(axis=1)
    occurs = pooled.sum(axis=1) > 0
    rates = pooled[occurs][:, occurs] / pooled[occurs].sum(axis=1, keepdims=True)
    return bool((rates.max(axis=0) > rates.diagonal()).any())


def _as_model(ratings: Ratings, enough: npt.NDArray[np.bool_], fit: _Fit) -> DawidSkene:
    posterior = np.full((ratings.n_units, ratings.n_codes), np.nan)
    posterior[enough] = fit.posterior.T
    prevalence = fit.posterior.mean(axis=1)
    confusion = fit.confusion.transpose(1, 0, 2).copy()
    confusion[:, prevalence == 0] = np.nan
    answered = np.bincount(ratings.reviewers[enough[ratings.units]], minlength=ratings.n_reviewers) > 0
    confusion[~answered] = np.nan
    return DawidSkene(posterior, prevalence, confusion, int(np.count_nonzero(enough)), fit.n_steps)


def _no_model(ratings: Ratings, *, n_units: int, n_steps: int, why: str) -> DawidSkene:
    n_codes = ratings.n_codes
    return DawidSkene(
        posterior=np.full((ratings.n_units, n_codes), np.nan),
        prevalence=np.full(n_codes, np.nan),
        confusion=np.full((ratings.n_reviewers, n_codes, n_codes), np.nan),
        n_units=n_units,
        n_steps=n_steps,
        why=why,
    )
