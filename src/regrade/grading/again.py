"""Grade models again after a change of the labels, by looking at the items that changed alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.grades import make_grade, tally_predictions
from regrade.grading.keys import AnswerKey
from regrade.grading.marking import check_predictions, why_ungraded
from regrade.grading.ranks import RankScores, score_ranks
from regrade.grading.tallies import Tally, retally
from regrade.records.grades import Grade
from regrade.records.predictions import Predictions


class GradedModel(NamedTuple):
    """A grade with what it was made of."""

    grade: Grade
    counts: Tally
    """Of this one model."""
    ranks: RankScores


@dataclass(frozen=True, slots=True, eq=False)
class KeyChange:
    """Two versions of the labels under one policy. Keys of the changed items alone come from `prepare_key`'s `only`."""

    items: npt.NDArray[np.int32]
    """(m,) positions of the changed items, ascending: all on which the grades can differ."""
    old: AnswerKey
    """The older version, prepared for these items alone."""
    new: AnswerKey
    """The newer version, likewise."""
    before: AnswerKey
    """The older version, whole."""
    after: AnswerKey
    """The newer version, whole."""

    def __post_init__(self) -> None:
        if self.before.policy != self.after.policy:
            raise ValueError("two policies")


def grade_whole(predictions: Iterable[Predictions], key: AnswerKey) -> Iterator[GradedModel]:
    """As `grade_all`, with what the grades are made of.

    Raises:
        InputError: Predictions are of another split, or over other classes.
    """
    for model in predictions:
        counts, ranks = tally_predictions(model, key), score_ranks(model, key)
        yield GradedModel(make_grade(model, key, counts, ranks), counts, ranks)


def grade_again(
    predictions: Iterable[Predictions], graded: Iterable[GradedModel], change: KeyChange
) -> Iterator[GradedModel]:
    """Grade models by the newer version of the labels.

    Args:
        predictions: The models' predictions for the key's split.
        graded: The same models, in the same order, by the older version.
        change: What changed.

    Yields:
        What `grade_whole` gives for each by the newer version. For m changed items the work is in proportion to m.

    Raises:
        InputError: Predictions are of another split, or over other classes.
    """
    same_ranks = np.array_equal(change.before.ranked_labels, change.after.ranked_labels)
    for model, before in zip(predictions, graded, strict=True):
        check_predictions(model, change.after)
        ranks = before.ranks if same_ranks else score_ranks(model, change.after)
        if why_ungraded(model, change.before) or why_ungraded(model, change.after):
            counts = tally_predictions(model, change.after)
        else:
            counts = _recount(model, before.counts, change)
        yield GradedModel(make_grade(model, change.after, counts, ranks), counts, ranks)


def _recount(model: Predictions, counts: Tally, change: KeyChange) -> Tally:
    return retally(
        counts,
        model.classes[change.items, 0][None],
        change.items,
        old=change.old,
        new=change.new,
        missing_is_right=model.only_mistakes,
    )
