"""Marking sheets: find the wrong top-1 classes of one model, or of several at once, by comparing whole rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import refuse_below
from regrade.grading.judged import ClassIds, JudgedPairs
from regrade.grading.keys import AnswerKey
from regrade.records.predictions import NO_CLASS


class MarkingSheet:
    """An answer key laid out for up to b models side by side, so that one pass over flat arrays marks them all.

    A *place* is where a graded item of one of the models stands in those arrays: model * g + item. Each top-1 class is
    compared with the class expected there first; then only the other accepted pairs are looked at, and last, if it is
    asked, the rejected ones. Nothing is ever looked up in an item x class table.

    Attributes:
        n_models: b.
    """

    def __init__(self, key: AnswerKey, n_models: int = 1) -> None:
        self.n_models = n_models
        self._key = key
        self._n_slots = key.n_classes + 1
        self._slots = _side_by_side(key.original, self._n_slots, n_models)
        self._others = pairs_side_by_side(key.others, len(key.items), n_models)
        self._rejected: JudgedPairs | None = None

    def find_wrong(self, tops: ClassIds) -> npt.NDArray[np.bool_]:
        """(b * g,) for each place, whether the class there is not accepted; one that is missing is not.

        Args:
            tops: (b, g) top-1 classes at the graded items; of fewer models than the sheet holds, if need be.
        """
        wrong: npt.NDArray[np.bool_] = (tops != self._key.expected).ravel()
        others = self._others
        n = len(self._key.others) * len(tops)
        hit = tops.ravel().take(others.at[:n]) == others.classes[:n]
        wrong[others.at[:n].compress(hit)] = False
        return wrong

    def find_rejected(self, tops: ClassIds) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int8]]:
        """Places whose class was judged and is not accepted, with the verdict codes; other wrong ones are unreviewed.

        Args:
            tops: (b, g) top-1 classes at the graded items.
        """
        if self._rejected is None:
            self._rejected = pairs_side_by_side(self._key.rejected, len(self._key.items), self.n_models)
        n = len(self._key.rejected) * len(tops)
        hit = np.flatnonzero(tops.ravel().take(self._rejected.at[:n]) == self._rejected.classes[:n])
        return self._rejected.at.take(hit), self._rejected.codes.take(hit)

    def count(self, places: npt.NDArray[np.intp], n_models: int) -> npt.NDArray[np.int64]:
        """(b, C + 1) how many of these places stand in each original class, and last in none.

        Args:
            places: Any of the places of the first `n_models` models.
            n_models: b.
        """
        counts = np.bincount(self._slots.take(places), minlength=n_models * self._n_slots)
        return counts.reshape(n_models, self._n_slots)


def find_missing(tops: ClassIds, wrong: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Those of the wrong places that have no prediction.

    Args:
        tops: (b, g) top-1 classes at the graded items.
        wrong: Places.

    Raises:
        InputError: A class id is below NO_CLASS.
    """
    lowest = tops.min(initial=0)
    refuse_below(tops, "top1", NO_CLASS, found=lowest)
    if lowest > NO_CLASS:
        return wrong[:0]
    return wrong.compress(tops.ravel().take(wrong) == NO_CLASS)


def _side_by_side(values: npt.NDArray[np.intp], step: int, n_models: int) -> npt.NDArray[np.intp]:
    """The values once a model, each time `step` further."""
    if n_models == 1:
        return values
    return (values + step * np.arange(n_models)[:, None]).ravel()


def pairs_side_by_side(pairs: JudgedPairs, n_places: int, n_models: int) -> JudgedPairs:
    """The pairs once a model, those of the next one `n_places` further.

    Args:
        pairs: By place.
        n_places: Places of one model.
        n_models: How many models.
    """
    if n_models == 1:
        return pairs
    return JudgedPairs(
        _side_by_side(pairs.at, n_places, n_models),
        np.tile(pairs.classes, n_models),
        np.tile(pairs.codes, n_models),
    )
