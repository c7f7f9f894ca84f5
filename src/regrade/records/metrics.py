"""What single metrics give."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.records.grades import Policy


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and what it rests on."""

    value: float | None
    """None: undefined."""
    n: int
    """Number of items that it is over."""
    why: str = ""
    """Why it is undefined; empty where it is defined."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Items of about the same confidence."""

    n: int
    """Number of items, at least 1."""
    lowest: float
    """Lowest confidence among them."""
    highest: float
    """Highest confidence among them."""
    mean_confidence: float
    accuracy: float
    """Share of them that is right."""


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """How good a model is on the items that it is surest of."""

    coverage: float
    """Share of the items that are kept, the surest first; above 0 and up to 1."""
    risk: float
    """Share of the kept items that is wrong."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far one model's confidence can be trusted, under one label set version and one policy.

    The confidence is the score of the top-1 class. None is undefined, with a reason in `notes`.
    """

    model: str
    labels: str
    """`NAME@N`."""
    policy: Policy
    slice: str | None
    n_graded: int
    """Items that the policy grades and that have a prediction."""
    n_without_confidence: int
    """Of those, the ones that have no score; the figures leave them out."""
    accuracy: float | None
    """Share right over the items with a confidence."""
    mean_confidence: float | None
    """Over the same items."""
    calibration_error: float | None
    """Expected calibration error over bins of equal mass, 0 best; None where the scores are no probabilities."""
    wrong_auroc: float | None
    """Chance that a wrong item has the lower confidence than a right one, 0..1; 0.5 tells nothing."""
    risk_coverage_area: float | None
    """Mean share wrong over all coverages, 0 best; of a confidence that tells nothing, the share of wrong items."""
    n_right: int
    n_wrong: int
    n_unreviewed: int
    """Of the wrong ones, those that nobody ever judged."""
    n_problematic: int
    """Problematic items with a confidence, graded by the policy or not."""
    mean_confidence_right: float | None
    mean_confidence_wrong: float | None
    """On the items whose top-1 class is not accepted."""
    mean_confidence_unreviewed: float | None
    mean_confidence_problematic: float | None
    bins: tuple[ReliabilityBin, ...]
    """The reliability curve, confidence ascending; empty where it is undefined."""
    risk_coverage: tuple[RiskPoint, ...]
    """The risk-coverage curve at even coverages; empty where it is undefined."""
    notes: tuple[str, ...] = ()
