"""Several models lined up by one key: which graded items each is graded on, and which it gets wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.grading.keys import AnswerKey
from regrade.grading.marking import Marks, mark
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.predictions import PredictionKind, Predictions


@dataclass(frozen=True, slots=True, eq=False)
class Lineup:
    """Several models by one key: m models, g items that the key grades."""

    models: tuple[str, ...]
    kinds: tuple[PredictionKind, ...]
    graded: npt.NDArray[np.bool_]
    """(m, g) whether the model is graded on the item."""
    wrong: npt.NDArray[np.bool_]
    """(m, g) whether it is a mistake of the model."""
    unreviewed: npt.NDArray[np.bool_]
    """(m, g) whether it is a mistake on a class that nobody ever judged there."""
    top: npt.NDArray[np.int32] | npt.NDArray[np.int16]
    """(m, g) top-1 class; NO_CLASS where the source names none."""
    names_all: npt.NDArray[np.bool_]
    """(m,) whether `top` is known of every item that the model is graded on; not so for a source of mistakes only."""
    notes: tuple[tuple[str, ...], ...]
    """What the marking of each model has to say."""


def line_up(predictions: Iterable[Predictions], key: AnswerKey) -> Lineup:
    """Mark models one after the other, so that one at a time need be in memory with all its ranks.

    Args:
        predictions: The models' predictions for the key's split; may be empty.
        key: The labels and the policy.

    Raises:
        InputError: Predictions are of another split, or over other classes.
    """
    models: list[str] = []
    kinds: list[PredictionKind] = []
    names_all: list[bool] = []
    notes: list[tuple[str, ...]] = []
    marks: list[npt.NDArray[np.bool_]] = []
    tops: list[npt.NDArray[np.int32] | npt.NDArray[np.int16]] = []
    for row in predictions:
        marked = mark(row, key)
        models.append(row.model)
        kinds.append(row.kind)
        names_all.append(not row.only_mistakes)
        notes.append(marked.notes)
        marks.append(_as_masks(marked, len(key.items)))
        tops.append(row.classes[:, 0][key.items])
    shape = (len(models), len(key.items))
    stacked = np.array(marks, np.bool_).reshape(shape[0], 3, shape[1])
    return Lineup(
        models=tuple(models),
        kinds=tuple(kinds),
        graded=stacked[:, 0],
        wrong=stacked[:, 1],
        unreviewed=stacked[:, 2],
        top=np.array(tops, np.result_type(np.int16, *tops)).reshape(shape),
        names_all=np.array(names_all, np.bool_),
        notes=tuple(notes),
    )


def _as_masks(marks: Marks, n_graded: int) -> npt.NDArray[np.bool_]:
    """(3, g) graded, wrong, unreviewed."""
    masks = np.zeros((3, n_graded), np.bool_)
    masks[0] = True
    masks[0, marks.left_out] = False
    masks[1, marks.wrong] = True
    masks[2, marks.wrong[marks.codes == UNREVIEWED_CODE]] = True
    return masks
