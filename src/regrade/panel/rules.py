"""The protocol's rule: whether a set of votes agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TypeVar

from regrade.records.panel import Rule

T = TypeVar("T")


def agreed(votes: Collection[T], rule: Rule, *, n_against: int = 0) -> T | None:
    """The vote that carries under the rule, or None if none does.

    Args:
        votes: One vote a voter.
        rule: `unanimous`: all votes are equal and nobody is against; `majority`: more than half of all voters.
        n_against: Voters who are for none of the values, >= 0.

    Returns:
        The value that carries; None for a tie, for no votes, and for any other disagreement.

    >>> agreed(["wrong", "wrong"], "unanimous")
    'wrong'
    >>> agreed(["wrong", "wrong", "correct"], "majority")
    'wrong'
    >>> agreed(["wrong", "wrong"], "majority", n_against=2) is None
    True
    """
    if not votes:
        return None
    value, n_votes = Counter(votes).most_common(1)[0]
    n_voters = len(votes) + n_against
    carries = n_votes == n_voters if rule == "unanimous" else 2 * n_votes > n_voters
    return value if carries else None
