"""How reviewers do on gold: questions that are decided, asked again of somebody who never saw them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoldScore:
    """One reviewer's answers to gold, against the decisions in force."""

    reviewer: str
    n: int
    """Answers that can be held against a decision."""
    n_agree: int
    """Of these, those that say what was decided."""
    share: float | None = None
    """`n_agree / n`; None where n = 0."""
    ci_low: float | None = None
    """Low end of its 95 % interval (Wilson); None where n = 0."""
    ci_high: float | None = None
