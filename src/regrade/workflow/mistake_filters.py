"""Which mistakes the gallery shows: its filters, as text in a URL or on the command line and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from regrade.errors import InputError
from regrade.records.choices import check_choice

Sort = Literal["models", "confidence", "item"]
Status = Literal[
    "open",
    "disputed",
    "decided wrong",
    "decided unclear",
    "decided correct",
    "problematic",
    "judged wrong",
    "unclear rejected",
    "unreviewed",
]
STATUSES: tuple[Status, ...] = get_args(Status)
"""What is known of a mistake: the first six by the panel (decisions wait to be published), the rest by the labels.

A mistake stands as the panel says, where it says something, else as the labels do. As a filter `unreviewed` holds all
that the labels have not judged, whether the panel has a case of it or not: what a grade counts as unreviewed.
"""
UNREVIEWED: Status = "unreviewed"
MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class MistakeFilters:
    """Which mistakes, in which order, which page. All of it stands in the URL."""

    model: str | None = None
    class_id: int | None = None
    """Original class."""
    predicted: int | None = None
    """Predicted class."""
    group: str | None = None
    """Group of the original class."""
    status: Status | None = None
    category: str | None = None
    severity: str | None = None
    min_models: int = 1
    min_confidence: float | None = None
    """0..1, of the chosen model, else the highest of any model."""
    max_confidence: float | None = None
    query: str = ""
    """Text in the item's id or in a class name."""
    sort: Sort = "models"
    offset: int = 0
    limit: int = 100

    def __post_init__(self) -> None:
        """Check the words that are out of a fixed set."""
        check_choice(self.sort, get_args(Sort), "sort")
        if self.status is not None:
            check_choice(self.status, STATUSES, "status")


def parse_filters(values: Mapping[str, str]) -> MistakeFilters:
    """Filters from text (a URL's query or the command line); an empty value means that there is no such filter.

    Raises:
        InputError: An unknown filter, or a value that it cannot have.
    """
    known = {field.name for field in fields(MistakeFilters)}
    filters = MistakeFilters()
    for name, text in values.items():
        if name not in known:
            raise InputError(f"a filter out of {', '.join(sorted(known))}", got=repr(name[:100]))
        if text.strip():
            changes: dict[str, Any] = {name: _parse(name, text.strip())}
            filters = replace(filters, **changes)
    return filters


def format_filters(filters: MistakeFilters) -> dict[str, str]:
    """The filters as text, defaults left out: parse_filters(format_filters(x)) == x."""
    default = MistakeFilters()
    return {
        field.name: str(getattr(filters, field.name))
        for field in fields(filters)
        if getattr(filters, field.name) != getattr(default, field.name)
    }


def _parse(name: str, text: str) -> object:
    if name in {"class_id", "predicted", "min_models", "offset", "limit"}:
        return _parse_count(name, text)
    if name in {"min_confidence", "max_confidence"}:
        return _parse_share(name, text)
    allowed = {"status": STATUSES, "sort": get_args(Sort)}.get(name)
    if allowed is not None and text not in allowed:
        raise InputError(f"{name} out of {', '.join(allowed)}", got=repr(text[:100]))
    return text


def _parse_count(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InputError(f"{name} as a whole number from 0", got=repr(text[:100]))
    count = int(text)
    if name == "limit" and not 1 <= count <= MAX_LIMIT:
        raise InputError(f"limit from 1 to {MAX_LIMIT}", got=text)
    return count


def _parse_share(name: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"{name} as a number from 0 to 1", got=repr(text[:100]))
    return share
