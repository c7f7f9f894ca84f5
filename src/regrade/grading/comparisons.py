"""Comparisons of pairs of models: the counts in the form of records, with what has to be said about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.grading.clusters import find_near_copies
from regrade.grading.differences import MIN_DISCORDANT
from regrade.grading.kappa import error_consistency
from regrade.grading.keys import AnswerKey
from regrade.grading.lineup import Lineup
from regrade.grading.paired import PairCounts
from regrade.grading.significance import holm_adjusted, mcnemar_p
from regrade.records.comparisons import Comparison

_ROUNDING = 1e-12


def describe_pairs(lineup: Lineup, pairs: PairCounts, key: AnswerKey, *, near_copies: float) -> tuple[Comparison, ...]:
    """Give every pair as a record.

    Args:
        lineup: The models, marked by the key.
        pairs: What `count_pairs` gave for them.
        key: The labels and the policy.
        near_copies: From this share of shared mistakes on, a warning calls the two near-copies.

    Returns:
        The pairs in their order. Their notes and warnings are about the pair only: what the key and the marking of each
        model have to say is not among them.
    """
    p = mcnemar_p(pairs.n_only_a, pairs.n_only_b)
    columns: dict[str, list[Any]] = {
        "n_items": pairs.n_items.tolist(),
        "n_both_wrong": pairs.n_both_wrong.tolist(),
        "n_only_a_wrong": pairs.n_only_a.tolist(),
        "n_only_b_wrong": pairs.n_only_b.tolist(),
        "mcnemar_p": p.tolist(),
        "mcnemar_p_holm": holm_adjusted(p).tolist(),
        "difference": _defined(pairs.difference),
        "ci_low": _defined(pairs.low),
        "ci_high": _defined(pairs.high),
        "n_unreviewed_a": pairs.n_unreviewed_a.tolist(),
        "n_unreviewed_b": pairs.n_unreviewed_b.tolist(),
        "difference_min": _defined(pairs.difference - pairs.gain_b),
        "difference_max": _defined(pairs.difference + pairs.gain_a),
        "kappa": _defined(pair_kappa(pairs)),
        "agreement": _defined(pairs.agreement),
        "same_wrong_share": _defined(pairs.same_wrong_share),
        "shared_mistakes": _defined(pairs.shared_mistakes),
    }
    copies = find_near_copies(pairs, near_copies).tolist()
    graded = lineup.graded.sum(axis=1).tolist()
    described = []
    for at, (a, b) in enumerate(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)):
        pair = Comparison(
            model_a=lineup.models[a],
            model_b=lineup.models[b],
            kind_a=lineup.kinds[a],
            kind_b=lineup.kinds[b],
            labels=key.labels,
            policy=key.policy,
            **{name: column[at] for name, column in columns.items()},
        )
        notes = (*_shared_notes(pair, graded[a], graded[b]), *_undefined_notes(pair, int(pairs.n_discordant[at])))
        described.append(replace(pair, warnings=_warnings(pair, is_copy=copies[at]), notes=notes))
    return tuple(described)


def pair_kappa(pairs: PairCounts) -> npt.NDArray[np.float64]:
    """(q,) error consistency of each pair; NaN is undefined."""
    n_neither = pairs.n_items - pairs.n_wrong_by_either
    return error_consistency(pairs.n_both_wrong, pairs.n_only_a, pairs.n_only_b, n_neither)


def kappa_matrix(lineup: Lineup, pairs: PairCounts) -> tuple[tuple[float | None, ...], ...]:
    """Error consistency of each model with each, in their order.

    Returns:
        (m, m) symmetric; the diagonal is 1. None where it is undefined; on the diagonal, where a model gets every item
        that it is graded on right, or every one wrong.
    """
    n_wrong = lineup.wrong.sum(axis=1)
    matrix = np.diag(error_consistency(n_wrong, 0, 0, lineup.graded.sum(axis=1) - n_wrong))
    matrix[pairs.first, pairs.second] = matrix[pairs.second, pairs.first] = pair_kappa(pairs)
    return tuple(tuple(_defined(row)) for row in matrix)


def can_change_sign(pair: Comparison) -> bool:
    """Whether reviews of what is unreviewed could change which of the two is better; False where nothing is defined."""
    low, high = pair.difference_min, pair.difference_max
    if low is None or high is None or high - low < _ROUNDING:
        return False
    return low < _ROUNDING and high > -_ROUNDING


def _warnings(pair: Comparison, *, is_copy: bool) -> tuple[str, ...]:
    warnings = []
    if can_change_sign(pair) and pair.difference_min is not None and pair.difference_max is not None:
        low, high = 100 * pair.difference_min, 100 * pair.difference_max
        warnings.append(
            f"The unreviewed mistakes ({pair.n_unreviewed_a:,} of {pair.model_a}, {pair.n_unreviewed_b:,} of"
            f" {pair.model_b}) could change which is better: by them the difference is from {low:+.2f} to {high:+.2f}"
            " points."
        )
    if is_copy and pair.shared_mistakes is not None:
        warnings.append(
            f"{pair.model_a} and {pair.model_b} look like near-copies of one model: they share"
            f" {100 * pair.shared_mistakes:.1f} % of their mistakes."
        )
    return tuple(warnings)


def _shared_notes(pair: Comparison, n_graded_a: int, n_graded_b: int) -> tuple[str, ...]:
    if pair.n_items == n_graded_a == n_graded_b:
        return ()
    of_each = f"{pair.model_a} is graded on {n_graded_a:,}, {pair.model_b} on {n_graded_b:,}"
    return (f"On the {pair.n_items:,} items that both are graded on; {of_each}.",)


def _undefined_notes(pair: Comparison, n_discordant: int) -> tuple[str, ...]:
    if pair.n_items == 0:
        return ("No item is graded for both: every share and difference is undefined.",)
    notes = []
    if pair.difference is None:
        notes.append("difference is undefined: no shared item has an original label.")
    elif pair.ci_low is None and n_discordant < MIN_DISCORDANT:
        notes.append(f"No interval: items that only one gets wrong: {n_discordant}; it takes {MIN_DISCORDANT}.")
    elif pair.ci_low is None:
        notes.append("No interval: the difference is the same on every item.")
    if pair.kappa is None:
        notes.append("kappa is undefined: both get every item right, or both every item wrong.")
    if pair.agreement is None:
        notes.append("agreement is undefined: a source names only mistakes.")
    if pair.same_wrong_share is None:
        notes.append("same_wrong_share is undefined: there is no item that both get wrong.")
    if pair.shared_mistakes is None:
        notes.append("shared_mistakes is undefined: both get every item right.")
    if pair.policy == "single":
        notes.append("No review can change the difference: the policy single looks at no verdict.")
    return tuple(notes)


def _defined(values: npt.NDArray[np.float64]) -> list[float | None]:
    """The values, None for NaN."""
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN differs from itself
