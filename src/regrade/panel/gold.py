"""Gold: when a reviewer is asked again what is decided, and how far the reviewer's answers are the panel's.

Which of the items that a reviewer is dealt are gold is drawn beforehand, one number a place in the order of dealing. So
it depends on nothing that happens, and the number of items still to come can be told with the gold among them: it goes
down by one with every answer, whichever kind it was, and tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from regrade.panel.effective import effective_reviews
from regrade.records.gold import GoldScore
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, Pass, Review


def is_gold(seed: int, place: int, *, share: float) -> bool:
    """Whether the item at a place in a reviewer's order of dealing is to be gold.

    Args:
        seed: The reviewer's own, 0..2^128-1.
        place: 0-based.
        share: Of gold among all places, 0..1.
    """
    return bool(_draw(seed, place, 1)[0] < share)


def count_gold_ahead(seed: int, place: int, n_work: int, *, share: float) -> int:
    """How many items of gold come before the last of some items of work.

    Args:
        seed: The reviewer's own, 0..2^128-1.
        place: The next one in the reviewer's order of dealing.
        n_work: Items of work that are left, >= 0.
        share: Of gold among all places, 0..1, less than 1.

    Returns:
        0 where no work is left: gold stands in for work, and comes to an end with it.

    >>> count_gold_ahead(7, 0, 100, share=0.0), count_gold_ahead(7, 0, 0, share=0.5)
    (0, 0)
    """
    if not n_work or not share:
        return 0
    n_places = n_work
    while True:
        n_places = int(n_places / (1 - share)) + 64
        work = np.flatnonzero(_draw(seed, place, n_places) >= share)
        if len(work) >= n_work:
            return int(work[n_work - 1]) + 1 - n_work


def score_gold(given: Iterable[Review], in_force: Iterable[Decision]) -> tuple[GoldScore, ...]:
    """Hold every reviewer's answers to gold against what is decided now.

    One (item, class) counts once a reviewer, by the answer that counts of several. Where the reviewer calls the item
    problematic, or the panel has decided it so, the item counts once as a whole. An answer that was given after the
    outcome was shown measures nothing and is left out, and so is one on what is not decided (any more).

    Args:
        given: Reviews of gold, of any items and reviewers, undone ones included; may be empty.
        in_force: The decisions of the first pass in force.

    Returns:
        The counts of everybody with an answer that counts, by name.
    """
    decided: dict[int, dict[int | None, Verdict | None]] = {}
    for row in in_force:
        if row.pass_ is Pass.VERDICT and not row.usable:
            decided.setdefault(row.item, {})[row.class_id] = row.verdict
    by_item: dict[int, list[Review]] = {}
    for review in given:
        if review.pass_ is Pass.VERDICT and not review.revealed:
            by_item.setdefault(review.item, []).append(review)
    marks: dict[str, list[bool]] = {}
    for item, reviews in by_item.items():
        for reviewer, agrees in _mark_item(reviews, decided.get(item, {})):
            marks.setdefault(reviewer, []).append(agrees)
    return tuple(GoldScore(name, len(marks[name]), sum(marks[name])) for name in sorted(marks))


def _mark_item(reviews: Iterable[Review], decided: Mapping[int | None, Verdict | None]) -> Iterable[tuple[str, bool]]:
    """For each answer on one item that can be held against a decision: whose it is, and whether it says the same."""
    if not decided:
        return
    is_problematic = None in decided
    whole: set[str] = set()
    for review in effective_reviews(reviews):
        if review.problematic or is_problematic:
            if review.reviewer not in whole:
                whole.add(review.reviewer)
                yield review.reviewer, review.problematic == is_problematic
        elif review.class_id in decided:
            yield review.reviewer, review.verdict is decided[review.class_id]


def _draw(seed: int, place: int, n: int) -> npt.NDArray[np.float64]:
    """(n,) numbers 0..1 of a reviewer's own sequence, from a place on: the same every time."""
    bits = np.random.Philox(key=np.array([seed >> 64, seed & (2**64 - 1)], np.uint64))
    return np.random.Generator(bits).random(place + n)[place:]
