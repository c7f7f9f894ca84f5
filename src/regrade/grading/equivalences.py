"""Classes that mean the same: accept one wherever another is accepted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from regrade.errors import InputError
from regrade.records.classes import Equivalences
from regrade.records.labels import LabelSet, Verdict, settle_overlaps


def accept_equivalences(labels: LabelSet, equivalences: Equivalences) -> LabelSet:
    """Accept class b on every item on which class a is accepted, for each pair (a, b).

    b gets a's verdict, correct or unclear, unless it has a better one. The pairs are directed and not chained: what is
    accepted because of a pair makes nothing else accepted, whatever the order of the pairs.

    Args:
        labels: A version's content; stays as it is.
        equivalences: Pairs of class ids; may be empty, may repeat.

    Returns:
        The same items with the verdicts that follow added or raised. Original labels stay, so the policy `single` sees
        no difference.

    Raises:
        InputError: A class id is none of the label set's.
    """
    for classes in (equivalences.labels, equivalences.accepted):
        outside = classes[(classes < 0) | (classes >= labels.n_classes)]
        if len(outside):
            raise InputError(
                f"class ids from 0 to {labels.n_classes - 1}",
                got=str(outside[0]),
                where="equivalences",
                n_more=len(outside) - 1,
            )
    order = np.argsort(equivalences.labels, kind="stable")
    sources, targets = equivalences.labels[order], equivalences.accepted[order]
    accepted = labels.pair_codes > Verdict.WRONG.code
    items, classes, codes = labels.pair_items[accepted], labels.pair_classes[accepted], labels.pair_codes[accepted]

    # Every accepted pair meets the run of equivalences that start from its class.
    first = np.searchsorted(sources, classes, side="left")
    n_each = np.searchsorted(sources, classes, side="right") - first
    step = np.arange(n_each.sum()) - np.repeat(np.cumsum(n_each) - n_each, n_each)
    new_classes = targets[np.repeat(first, n_each) + step]
    pair_items, pair_classes, pair_codes, _ = settle_overlaps(
        np.concatenate([labels.pair_items, np.repeat(items, n_each)]),
        np.concatenate([labels.pair_classes, new_classes]),
        np.concatenate([labels.pair_codes, np.repeat(codes, n_each)]),
    )
    return replace(labels, pair_items=pair_items, pair_classes=pair_classes, pair_codes=pair_codes)
