"""The reviews of an item that count, one by one: what an adjudicator reads side by side."""

from __future__ import annotations

from collections.abc import Iterable

from regrade.records.panel import Review


def effective_reviews(reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Each reviewer's newest review of every class, withdrawn and superseded ones left out.

    As in `standings_of`, `problematic` supersedes the reviewer's earlier reviews of the same pass, and later ones
    supersede `problematic`.

    Args:
        reviews: Stored reviews of one item, in any order and of one pass or both; may be empty.

    Returns:
        By reviewer and class id; a `problematic` review stands alone for its reviewer and pass.
    """
    newest: dict[tuple[str, str], dict[int | None, Review]] = {}
    for review in sorted(reviews, key=lambda review: review.place):
        if review.withdrawn:
            continue
        mine = newest.setdefault((review.reviewer, review.pass_), {})
        if review.problematic:
            mine.clear()
        else:
            mine.pop(None, None)
        mine[review.class_id] = review
    found = [review for mine in newest.values() for review in mine.values()]
    return tuple(sorted(found, key=lambda review: (review.reviewer, review.pass_, review.class_id or 0)))
