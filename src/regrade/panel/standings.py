"""Where each reviewer stands on an item after all that the reviewer has said, changed and undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Review


@dataclass(frozen=True, slots=True)
class Standing:
    """One reviewer's present answer on an item in the first pass: it is problematic, or a verdict per class."""

    reviewer: str
    problematic: bool
    verdicts: Mapping[int, Verdict]
    """Latest verdict by class id; empty if the reviewer finds the item problematic."""
    named: frozenset[int]
    """Class ids that the reviewer added by name, whatever the reviewer said of them afterwards."""
    retracted: bool
    """Called the item problematic and took that back by giving verdicts, perhaps not on all classes met before."""
    met_item: bool
    """Has a say on whether the item is problematic: False if all that is known are judgements imported from elsewhere,
    or if all that the reviewer says now is `problematic`, and an adjudicator has overruled it."""


def standings_of(reviews: Iterable[Review], *, overruled: datetime | None = None) -> tuple[Standing, ...]:
    """Fold an item's first-pass reviews into one standing per reviewer.

    Reviews are taken in the order in which they were given, whatever their order here; withdrawn ones and those of the
    second pass count for nothing. `problematic` supersedes the reviewer's verdicts before it; verdicts after it
    supersede `problematic`, and do not bring back the earlier ones.

    Args:
        reviews: Stored reviews of one item; may be empty.
        overruled: When an adjudicator took back that the item is problematic: whoever had said so by then and has said
            nothing since stands as one who took it back, and has no say on it. None: none did.

    Returns:
        Standings by name of the reviewer, only of reviewers with a review that counts.
    """
    by_reviewer: dict[str, list[Review]] = {}
    for review in sorted(reviews, key=lambda review: review.place):
        if review.pass_ is Pass.VERDICT and not review.withdrawn:
            by_reviewer.setdefault(review.reviewer, []).append(review)
    return tuple(_standing(reviewer, by_reviewer[reviewer], overruled) for reviewer in sorted(by_reviewer))


def _standing(reviewer: str, reviews: list[Review], overruled: datetime | None) -> Standing:
    verdicts: dict[int, Verdict] = {}
    problematic = any_problematic = False
    for review in reviews:
        problematic = review.problematic
        any_problematic |= problematic
        if problematic:
            verdicts.clear()
        else:
            assert review.class_id is not None  # noqa: S101 - a review is of the item (problematic) or of a class
            assert review.verdict is not None  # noqa: S101 - for mypy: it cannot be otherwise
            verdicts[review.class_id] = review.verdict
    is_void = problematic and overruled is not None and reviews[-1].created_at <= overruled
    return Standing(
        reviewer=reviewer,
        problematic=problematic and not is_void,
        verdicts=verdicts,
        named=frozenset(review.class_id for review in reviews if review.added and review.class_id is not None),
        retracted=any_problematic and (is_void or not problematic),
        met_item=not is_void and any(review.source is None or review.problematic for review in reviews),
    )
