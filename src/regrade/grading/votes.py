"""Votes: one class for every item out of those of several models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.records.predictions import Predictions

_CHUNK = 2**20
"""Votes, or probabilities, that are counted at once."""


class Vote(NamedTuple):
    """What a vote gave."""

    classes: npt.NDArray[np.integer] | None
    """(s,) the class of each item; None: undefined."""
    n_ties: int = 0
    """Items on which several classes came first."""
    why_undefined: str = ""


class ClassProbabilities(NamedTuple):
    """One model's probabilities of all classes."""

    model: str
    values: npt.NDArray[np.floating] | None
    """(n, C) for every item of the split, NaN where there is none; None: there are not all of them."""
    why_none: str = ""
    """Says of the model why: `has no probabilities`."""


def majority_vote(classes: npt.NDArray[np.integer]) -> Vote:
    """Give the class that most models name, the lowest class id of several.

    Args:
        classes: (m, s) class id that each model names for each item, m >= 1; s may be 0.

    Returns:
        The classes. More than half need not name one: the most frequent class counts.

    >>> vote = majority_vote(np.array([[2, 1, 0], [2, 0, 1], [1, 0, 2]]))
    >>> vote.classes.tolist(), vote.n_ties
    ([2, 0, 0], 1)
    """
    n_models, n_items = classes.shape
    winners = np.empty(n_items, classes.dtype)
    n_ties = 0
    step = max(1, _CHUNK // n_models)
    for start in range(0, n_items, step):
        ordered = np.sort(classes[:, start : start + step].T, axis=1)
        votes = _run_lengths(ordered)
        best = votes.argmax(axis=1)  # the first maximum: the lowest class id
        rows = np.arange(len(ordered))
        winners[start : start + step] = ordered[rows, best]
        n_ties += int(np.count_nonzero(np.count_nonzero(votes == votes[rows, best][:, None], axis=1) > 1))
    return Vote(winners, n_ties)


def _run_lengths(ordered: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
    """(r, m) how many equal values end here, row by row."""
    at = np.arange(ordered.shape[1])
    begins = np.ones(ordered.shape, np.bool_)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    starts = np.maximum.accumulate(np.where(begins, at, 0), axis=1)
    return at - starts + 1


def mean_probability_vote(members: Iterable[ClassProbabilities], items: npt.NDArray[np.intp]) -> Vote:
    """Give the class with the highest mean probability, the lowest class id of several.

    Args:
        members: Models over the same classes, one or more; taken one after the other.
        items: (s,) positions in the split; s may be 0.

    Returns:
        The classes; undefined, with the reason, where a model has no probabilities of all classes on these items.
    """
    total: npt.NDArray[np.float64] | None = None
    for model, values, why_none in members:
        if values is None:
            return Vote(None, why_undefined=f"{model} {why_none}")
        if total is None:
            total = np.zeros((len(items), values.shape[1]))
        step = max(1, _CHUNK // values.shape[1])
        for start in range(0, len(items), step):
            total[start : start + step] += values[items[start : start + step]]
    if total is None:
        return Vote(None, why_undefined="there is no model")
    if np.isnan(total).any():
        return Vote(None, why_undefined="a model ranks only some of the classes of an item")
    n_first = np.count_nonzero(total == total.max(axis=1, keepdims=True), axis=1)
    return Vote(total.argmax(axis=1), int(np.count_nonzero(n_first > 1)))


def spread_ranks(predictions: Predictions) -> ClassProbabilities:
    """Lay ranked probabilities out by class, where every class is ranked.

    Returns:
        (n, C) probabilities, NaN for a class that an item does not rank; None, with the reason, where the scores are no
        probabilities or there are fewer ranks than classes.
    """
    ranks, scores, n_classes = predictions.classes, predictions.scores, predictions.n_classes
    if scores is None or predictions.score_kind != "probability":
        return ClassProbabilities(predictions.model, None, "has no probabilities")
    if ranks.shape[1] < n_classes:
        why = f"has the probabilities of {ranks.shape[1]:,} of {n_classes:,} classes"
        return ClassProbabilities(predictions.model, None, why)
    values = np.full((len(ranks), n_classes + 1), np.nan, np.float32)
    values[np.arange(len(ranks))[:, None], ranks] = scores  # NO_CLASS, -1, stands for the last column
    return ClassProbabilities(predictions.model, values[:, :n_classes])
