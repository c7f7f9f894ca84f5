"""The figure that a model is ranked by, and ranks."""

from __future__ import annotations

from collections.abc import Sequence

from regrade.records.grades import Grade

_SAME = 1e-12
"""Two accuracies that differ by no more than this are the same figure, rounded on different ways."""


def headline(grade: Grade) -> float | None:
    """The policy's figure: the class mean under `multilabel`, else the item mean; None where it is undefined."""
    return grade.multilabel_accuracy if grade.policy == "multilabel" else grade.item_accuracy


def rank_shares(shares: Sequence[float | None]) -> tuple[int | None, ...]:
    """Rank figures, highest first; equal ones share the better rank, and the next one comes as many ranks later.

    Args:
        shares: Figures in any order; None has no rank. May be empty.

    >>> rank_shares([0.5, 0.75, None, 0.5, 0.25])
    (2, 1, None, 2, 4)
    """
    known = sorted((share for share in shares if share is not None), reverse=True)
    ranks: dict[float, int] = {}
    for place, share in enumerate(known, start=1):
        tied = place > 1 and known[place - 2] - share <= _SAME
        ranks[share] = ranks[known[place - 2]] if tied else place
    return tuple(None if share is None else ranks[share] for share in shares)
