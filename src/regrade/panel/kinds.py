"""Second pass: what the reviews of one mistake settle about its category and severity."""

from __future__ import annotations

from collections.abc import Sequence

from regrade.panel.rules import agreed
from regrade.records.panel import KindOutcome, Pass, Protocol, Review, SettledKind


def settle_kind(reviews: Sequence[Review], protocol: Protocol) -> KindOutcome:
    """Apply the protocol's rule to category and severity, each for itself.

    Args:
        reviews: All stored reviews of one (item, class), in any order; those of the first pass and withdrawn ones are
            ignored, and of each reviewer the latest counts.
        protocol: Number of reviewers n and the rule.

    Returns:
        Nothing settled and nothing disputed while fewer than n reviewers have answered. Then settled if both category
        and severity are agreed, by the reviewers whose category or severity it is; else disputed, with a flag for each
        of the two that is not agreed.
    """
    latest = {
        review.reviewer: review
        for review in sorted(reviews, key=lambda review: review.place)
        if review.pass_ is Pass.KIND and not review.withdrawn
    }
    if len(latest) < protocol.n_reviewers:
        return KindOutcome()
    category = agreed([review.category for review in latest.values()], protocol.rule)
    severity = agreed([review.severity for review in latest.values()], protocol.rule)
    if category is None or severity is None:
        return KindOutcome(disputed=True, category_disputed=category is None, severity_disputed=severity is None)
    class_id = next(iter(latest.values())).class_id
    assert class_id is not None  # noqa: S101 - a review of the second pass is always of a class
    agreeing = (name for name, review in latest.items() if review.category == category or review.severity == severity)
    return KindOutcome(
        settled=SettledKind(class_id=class_id, category=category, severity=severity, reviewers=tuple(sorted(agreeing)))
    )
