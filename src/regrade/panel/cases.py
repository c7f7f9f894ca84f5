"""Cases: the (item, predicted class) pairs that the panel has to judge, merged over all models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.grades import Mistakes
from regrade.records.labels import LabelSet


@dataclass(frozen=True, slots=True, eq=False)
class CasePairs:
    """Pairs to ask about: aligned arrays, sorted by (item, class), each pair once."""

    items: npt.NDArray[np.int32]
    """(c,) positions in the split."""
    classes: npt.NDArray[np.int32]
    """(c,) predicted class ids."""
    n_models: npt.NDArray[np.int32]
    """(c,) how many of the models made that prediction, >= 1."""

    def __len__(self) -> int:
        return len(self.items)


def merge_cases(mistakes: Sequence[Mistakes], labels: LabelSet) -> CasePairs:
    """Merge the mistakes of all models into cases, leaving out every pair that the label set has judged.

    Args:
        mistakes: Each model's mistakes under `labels`, each model once; may be empty.
        labels: The label set in force. A pair under any verdict in it (also `wrong`) has been judged and is no case.

    Returns:
        One entry per (item, class), whatever the number of models that predicted it; empty if there is no such pair.

    Source:
        Vasudevan et al. 2022: a judgement belongs to (item, predicted class) and is shared by all models.
    """
    items = np.concatenate([np.empty(0, np.int32), *(model.items for model in mistakes)])
    classes = np.concatenate([np.empty(0, np.int32), *(model.classes for model in mistakes)])
    keys, n_models = np.unique(_pair_keys(items, classes, labels.n_classes), return_counts=True)
    judged = _pair_keys(labels.pair_items, labels.pair_classes, labels.n_classes)
    open_ = ~np.isin(keys, judged, assume_unique=True)
    keys = keys[open_]
    return CasePairs(
        items=(keys // labels.n_classes).astype(np.int32),
        classes=(keys % labels.n_classes).astype(np.int32),
        n_models=n_models[open_].astype(np.int32),
    )


def new_pairs(
    pairs: CasePairs, known_items: npt.NDArray[np.integer], known_classes: npt.NDArray[np.integer]
) -> CasePairs:
    """Keep the pairs that nobody has been asked about yet.

    Args:
        pairs: Cases under the label set in force.
        known_items: (k,) positions of the pairs already asked; any order, repetitions allowed.
        known_classes: (k,) their class ids.

    Returns:
        The pairs that are not among the known ones, in the same order.
    """
    n_classes = 1 + max(pairs.classes.max(initial=0), known_classes.max(initial=0))
    keys = _pair_keys(pairs.items, pairs.classes, n_classes)
    new = ~np.isin(keys, _pair_keys(known_items, known_classes, n_classes))
    return CasePairs(items=pairs.items[new], classes=pairs.classes[new], n_models=pairs.n_models[new])


def _pair_keys(
    items: npt.NDArray[np.integer], classes: npt.NDArray[np.integer], n_classes: int
) -> npt.NDArray[np.int64]:
    """One number per (item, class), in the order of (item, class)."""
    return items.astype(np.int64) * n_classes + classes
