"""How pages write figures, times and verdicts: the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

UNDEFINED = "–"
"""Stands where a figure is undefined; the page says why beside it."""
GLYPHS = {"correct": "✓", "unclear": "?", "wrong": "✕", "problematic": "⊘"}


def as_percent(share: float | None, digits: int = 2) -> str:
    """A share 0..1 in percent.

    >>> as_percent(0.9791488), as_percent(None), as_percent(0.4407, 0)
    ('97.91', '–', '44')
    """
    return UNDEFINED if share is None else f"{100 * share:.{digits}f}"


def as_points(change: float | None) -> str:
    """A difference of two shares in percentage points, always with its sign.

    >>> as_points(0.0123), as_points(-0.002), as_points(0.0), as_points(None)
    ('+1.23', '−0.20', '0.00', '–')
    """
    if change is None:
        return UNDEFINED
    text = f"{100 * abs(change):.2f}"
    if text == "0.00":
        return text
    return f"{'+' if change > 0 else '−'}{text}"


def as_count(n: int | None) -> str:
    """A count with thousands apart.

    >>> as_count(20198), as_count(None)
    ('20,198', '–')
    """
    return UNDEFINED if n is None else f"{n:,}"


def count_noun(n: int, noun: str, plural: str = "") -> str:
    """A count with its noun.

    >>> count_noun(1, "case"), count_noun(1200, "case"), count_noun(2, "class", "classes")
    ('1 case', '1,200 cases', '2 classes')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def as_time(at: datetime) -> str:
    """A time in UTC, for people; pages with script show it in the reader's zone.

    >>> as_time(datetime(2026, 3, 1, 9, 5, tzinfo=UTC))
    '2026-03-01 09:05 UTC'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def as_glyph(verdict: str) -> str:
    """The sign that stands beside a verdict's word; empty where there is no verdict.

    >>> as_glyph("correct"), as_glyph("never judged")
    ('✓', '')
    """
    return GLYPHS.get(verdict, "")


def as_letter(index: int) -> str:
    """A card's letter by its place: A, B, ... Z, AA.

    >>> as_letter(0), as_letter(25), as_letter(26)
    ('A', 'Z', 'AA')
    """
    letter = chr(ord("A") + index % 26)
    return letter if index < 26 else as_letter(index // 26 - 1) + letter


FILTERS: Mapping[str, Callable[..., Any]] = {
    "count": as_count,
    "glyph": as_glyph,
    "letter": as_letter,
    "noun": count_noun,
    "percent": as_percent,
    "points": as_points,
    "time": as_time,
}
