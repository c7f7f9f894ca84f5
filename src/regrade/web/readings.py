"""What figures of agreement mean, in plain words, and where they stand on a drawn scale."""

from __future__ import annotations

from typing import NamedTuple

from regrade.records.agreement import Alpha, TopicAgreement

RELIABLE, TENTATIVE = 0.8, 2 / 3
"""Krippendorff's marks: conclusions may rest on what is above the first, tentative ones on what is above the second."""
QUESTIONS = {
    "predicted": "Predicted classes",
    "accepted": "Accepted classes",
    "category": "Category",
    "severity": "Severity",
    "problematic": "Problematic items",
}
ASKED = {
    "predicted": "Does the item show a class that a model predicted, or that somebody else brought up?",
    "accepted": "Does the item show a class that the labels accepted when it was asked?",
    "category": "What kind of mistake is it?",
    "severity": "How bad is the mistake?",
    "problematic": "Can the item be judged at all?",
}
N_SHADES = 5
SHARES_FROM = 0.5
"""Where the drawn scale of shares begins: reviewers who do worse are off it, and stand at its end."""


class Mark(NamedTuple):
    """A figure on a drawn scale, in percent of its width."""

    value: float
    low: float | None
    high: float | None


def as_coefficient(value: float | None) -> str:
    """Alpha or a kappa, with two decimals.

    >>> as_coefficient(0.7219), as_coefficient(-0.05), as_coefficient(-0.001), as_coefficient(None)
    ('0.72', '−0.05', '0.00', '–')
    """
    return "–" if value is None else f"{value:z.2f}".replace("-", "−")


def read_alpha(alpha: Alpha) -> str:
    """What alpha says of the answers, by Krippendorff's marks.

    >>> read_alpha(Alpha(0.72, 90, 0.68, 0.76))
    'Enough for tentative conclusions, not for firm ones: it lies between 0.67 and 0.80.'
    """
    if alpha.value is None:
        return f"Undefined: {alpha.why}."
    if alpha.value >= RELIABLE:
        if alpha.ci_low is not None and alpha.ci_low >= RELIABLE:
            return "Reliable: even the low end of the interval is above 0.80."
        return "Reliable as far as it is known: above 0.80, but the interval is not."
    if alpha.value >= TENTATIVE:
        return "Enough for tentative conclusions, not for firm ones: it lies between 0.67 and 0.80."
    if alpha.value > 0:
        return "Too little to build on: below 0.67. Look at what reviewers differ on before you publish."
    return "No better than chance: reviewers may read the question in different ways."


def read_chance(found: TopicAgreement) -> str:
    """Agreement beside what the shares of the answers alone would give; empty where nothing is compared."""
    if found.percent.value is None:
        return ""
    n = sum(found.n_answers)
    by_chance = sum((count / n) ** 2 for count in found.n_answers)
    return (
        f"Two reviewers say the same {100 * found.percent.value:.0f} times in 100; with these answers drawn by chance"
        f" it would be {100 * by_chance:.0f}."
    )


def place_alpha(alpha: Alpha, lowest: float) -> Mark | None:
    """Where alpha and its interval stand on a scale from `lowest` to 1; None where it is undefined.

    >>> place_alpha(Alpha(0.5, 90, 0.25, 0.75), 0.0)
    Mark(value=50.0, low=25.0, high=75.0)
    """
    if alpha.value is None:
        return None
    ends = (None if end is None else place(end, lowest) for end in (alpha.ci_low, alpha.ci_high))
    return Mark(place(alpha.value, lowest), *ends)


def place_share(share: float, low: float, high: float) -> Mark:
    """Where a share and its interval stand on a scale from SHARES_FROM to 1.

    >>> place_share(0.9, 0.4, 1.0)
    Mark(value=80.0, low=0.0, high=100.0)
    """
    return Mark(*(place(value, SHARES_FROM) for value in (share, low, high)))


def place(value: float, lowest: float = 0.0) -> float:
    """Percent of the way from `lowest` to 1, within 0 to 100.

    >>> place(0.8), place(-0.5), place(0.5, -1.0)
    (80.0, 0.0, 75.0)
    """
    return min(max(100 * (value - lowest) / (1 - lowest), 0.0), 100.0)


def shade(share: float | None) -> int:
    """Which of N_SHADES shades a share has; the lightest also for none and for less than nothing.

    >>> [shade(share) for share in (None, -0.3, 0.0, 0.35, 0.99, 1.0)]
    [0, 0, 0, 1, 4, 4]
    """
    return 0 if share is None else min(max(int(share * N_SHADES), 0), N_SHADES - 1)
