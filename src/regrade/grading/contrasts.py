"""Items on which human labelers and models part."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.lineup import Lineup


class Contrast(NamedTuple):
    """How humans and models do on the items that both have; indices point into the graded items of the key."""

    n_items: int
    """Items with an answer of a human and a prediction of a model."""
    n_humans: npt.NDArray[np.int64]
    """(g,) humans who are graded on each item."""
    n_humans_wrong: npt.NDArray[np.int64]
    n_models: npt.NDArray[np.int64]
    """(g,) models that are graded on each item."""
    n_models_wrong: npt.NDArray[np.int64]
    humans_wrong: npt.NDArray[np.intp]
    """Items that more than half of the humans get wrong and more than half of the models right, the clearest first."""
    models_wrong: npt.NDArray[np.intp]
    """Items that more than half of the models get wrong and more than half of the humans right, the clearest first."""


def contrast_kinds(lineup: Lineup) -> Contrast | None:
    """Find the items that humans get wrong and models right, and the other way round.

    Args:
        lineup: Humans and models, marked by one key.

    Returns:
        The items, ordered by how far the shares that are wrong lie apart, then by position; half wrong is neither wrong
        nor right. None where there is no human or no model.
    """
    human = np.array([kind == "human" for kind in lineup.kinds], np.bool_)
    if human.all() or not human.any():
        return None
    counts = [matrix[rows].sum(axis=0) for rows in (human, ~human) for matrix in (lineup.graded, lineup.wrong)]
    n_humans, n_humans_wrong, n_models, n_models_wrong = counts
    shared = np.flatnonzero((n_humans > 0) & (n_models > 0))
    humans = n_humans_wrong[shared] / n_humans[shared]
    models = n_models_wrong[shared] / n_models[shared]
    apart = humans - models
    order = np.argsort(-np.abs(apart), kind="stable")
    humans_wrong = order[((humans > 0.5) & (models < 0.5))[order]]
    models_wrong = order[((models > 0.5) & (humans < 0.5))[order]]
    return Contrast(
        n_items=len(shared),
        n_humans=n_humans,
        n_humans_wrong=n_humans_wrong,
        n_models=n_models,
        n_models_wrong=n_models_wrong,
        humans_wrong=shared[humans_wrong],
        models_wrong=shared[models_wrong],
    )
