"""The verdict by Dawid and Skene's model beside the vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.dawid_skene import MIN_RATINGS, fit_dawid_skene
from regrade.panel.agreement.ratings import count_ratings
from regrade.panel.agreement.topics import TopicRatings, unit_key
from regrade.records.agreement import Posterior

MIN_UNITS = 50
"""Units with enough ratings below which reviewers' habits cannot be told from chance: posteriors are too sure then."""
NOBODY = "nobody has answered it"


@dataclass(frozen=True, eq=False)
class UnitPosteriors:
    """Votes and posteriors of all units of one topic whose codes are verdicts."""

    keys: npt.NDArray[np.int64]
    """(U,) item and class of each unit in one number, ascending."""
    votes: npt.NDArray[np.int64]
    """(U, 3) answers `wrong`, `unclear`, `correct`."""
    probabilities: npt.NDArray[np.float64]
    """(U, 3) of each being true; NaN: not identifiable."""
    why: str
    """Why it is not identifiable for any unit; empty where there is a model."""

    def of(self, item: int, class_id: int) -> Posterior:
        """What stands there of one (item, class)."""
        at = int(np.searchsorted(self.keys, unit_key(item, class_id)))
        if at == len(self.keys) or self.keys[at] != unit_key(item, class_id):
            return Posterior((0, 0, 0), None, NOBODY)
        wrong, unclear, correct = map(int, self.votes[at])
        chances = self.probabilities[at]
        if np.isnan(chances).any():
            n_votes = wrong + unclear + correct
            few = f"it has {n_votes} of the {MIN_RATINGS} answers that it takes" if n_votes < MIN_RATINGS else ""
            return Posterior((wrong, unclear, correct), None, few or self.why)
        return Posterior((wrong, unclear, correct), (float(chances[0]), float(chances[1]), float(chances[2])))


def judge_topic(asked: TopicRatings) -> UnitPosteriors:
    """Fit the model to the verdicts on one topic.

    Args:
        asked: Answers whose codes are verdict codes, units in ascending order.

    Returns:
        Posteriors of the units with MIN_RATINGS ratings or more; of none where fewer than MIN_UNITS units have them, or
        the model has not come to an end.
    """
    assert asked.classes is not None  # noqa: S101 - verdicts are of classes
    model = fit_dawid_skene(asked.ratings)
    posterior, why = model.posterior, model.why
    if not why and model.n_units < MIN_UNITS:
        posterior = np.full_like(posterior, np.nan)
        why = (
            f"{model.n_units} of the {MIN_UNITS} classes with {MIN_RATINGS} answers are there that it takes to tell how"
            " reliable each reviewer is"
        )
    return UnitPosteriors(unit_key(asked.items, asked.classes), count_ratings(asked.ratings), posterior, why)


def find_contested(
    posteriors: UnitPosteriors,
    items: npt.NDArray[np.integer],
    classes: npt.NDArray[np.integer],
    verdicts: npt.NDArray[np.integer],
) -> list[tuple[int, int]]:
    """Choose the decisions that are less likely than another verdict which is likelier than not.

    Args:
        posteriors: Of the units that reviewers answered.
        items: (m,) positions of what was decided.
        classes: (m,) class ids; negative where the decision is of the item.
        verdicts: (m,) verdict codes that were decided.

    Returns:
        Place among the decisions and the likelier verdict's code, in the order of the decisions. Decisions on units
        without a posterior are none of them.
    """
    rows = np.flatnonzero(classes >= 0)
    keys = unit_key(items[rows], classes[rows])
    at = np.minimum(np.searchsorted(posteriors.keys, keys), max(len(posteriors.keys) - 1, 0))
    known = posteriors.keys[at] == keys if len(posteriors.keys) else np.zeros(len(keys), np.bool_)
    rows, chances = rows[known], posteriors.probabilities[at[known]]
    likeliest = np.nan_to_num(chances).argmax(axis=1)
    surer = (np.nan_to_num(chances).max(axis=1, initial=0) > 0.5) & (likeliest != verdicts[rows])
    return list(zip(rows[surer].tolist(), likeliest[surer].tolist(), strict=True))
