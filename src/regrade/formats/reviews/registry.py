"""The formats in which reviews come back, and reading one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from regrade.formats.frames import ArrowTable, open_source
from regrade.formats.registry import Registry
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.exchange import PanelRecord
from regrade.records.items import Split


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """What a reader must know to make sense of a file of reviews."""

    split: Split
    classes: ClassList
    find_token: Callable[[str], int | None]
    """Position of the item that an opaque token stands for; None: of none."""
    by: str | None = None
    """Who reviewed, where the file does not say."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the file calls a reviewer -> the name here."""


ReviewReader = Callable[[Source, ReviewContext], PanelRecord]

REVIEW_FORMATS: Registry[ReviewReader] = Registry("reviews")


def read_reviews(
    content: Path | ArrowTable,
    context: ReviewContext,
    *,
    format: str | None = None,
) -> PanelRecord:
    """What a panel said, from a file or dataframe in any of the formats of reviews; checked whole.

    Args:
        content: The file; or a dataframe with the columns of the tables.
        context: The benchmark, and who reviewed where the file does not say.
        format: Name of the format; default: told by content.

    Raises:
        InputError: The file is damaged or of no known format; an item or class is unknown; an answer is incomplete,
            says two things, or stands there twice.
    """
    source = open_source(content, "dataframe of reviews")
    read = REVIEW_FORMATS.find(format) if format else REVIEW_FORMATS.detect(source)
    return read(source, context)
