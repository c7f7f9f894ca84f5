"""What a reviewer meets of an item: its classes in random order, on one screen or several."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence


def compose_screens(
    asked: Sequence[int], accepted: Sequence[int], *, max_classes: int, rng: random.Random
) -> tuple[tuple[int, ...], ...]:
    """Mix the classes in question with the accepted ones and deal them out on screens.

    The order and the sizes of the screens tell nothing: everything is shuffled together before it is split, and the
    parts are as even as possible, so that a short last part does not hold the leftovers.

    Args:
        asked: Class ids with an open question on the item.
        accepted: Class ids that the label set accepts on the item now; may overlap `asked`.
        max_classes: Most classes on one screen, >= 1.
        rng: Source of the order. The same state and the same classes give the same screens.

    Returns:
        Class ids per screen, each class once; empty if nothing is asked.

    >>> [len(part) for part in compose_screens([3, 9], [1, 4, 5, 6, 7], max_classes=6, rng=random.Random(1))]
    [4, 3]
    >>> compose_screens([], [1, 4], max_classes=6, rng=random.Random(1))
    ()
    """
    if not asked:
        return ()
    classes = sorted({*asked, *accepted})
    rng.shuffle(classes)
    n_parts = -(-len(classes) // max_classes)
    size, n_larger = divmod(len(classes), n_parts)
    starts = [part * size + min(part, n_larger) for part in range(n_parts + 1)]
    return tuple(tuple(classes[start:stop]) for start, stop in itertools.pairwise(starts))
