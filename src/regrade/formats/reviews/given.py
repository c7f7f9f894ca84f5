"""Reviews that were written into Label Studio's tasks and come back: told from new annotations by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from regrade.formats.cells import as_seconds, as_time, is_storable
from regrade.formats.places import show
from regrade.formats.reviews.annotations import GIVEN, REMEDY, Annotation, list_objects
from regrade.records.exchange import PanelEntry

_EXPECTED = f"{GIVEN} in the task's data as regrade wrote them"
_FLAGS = ("discuss", "added", "revealed")
_Key = tuple[str, frozenset[int | None]]


class Given(NamedTuple):
    """A review that a task tells of."""

    submission: str
    reviewer: str
    labels: str | None
    created_at: datetime
    seconds: float | None
    answers: Mapping[str, tuple[str, ...]]
    rows: Mapping[int | None, Mapping[str, Any]]
    """What the control tags do not say, by class."""

    def complete(self, entries: Iterable[PanelEntry]) -> Iterator[PanelEntry]:
        """The entries of the annotation as they were before it was one.

        Raises:
            InputError: The task tells of other classes than the annotation.
        """
        for entry in entries:
            row = self.rows.get(entry.class_id)
            if row is None:
                raise entry.spot.error(_EXPECTED, got=f"none for the class {entry.class_id}", remedy=REMEDY)
            yield replace(entry, note=row["note"], **{flag: row[flag] for flag in _FLAGS})


class GivenReviews:
    """All reviews that the tasks of a file tell of; each is one annotation."""

    def __init__(self) -> None:
        self._taken: set[_Key] = set()

    def take(self, annotation: Annotation) -> Given | None:
        """The review that an annotation is, if it says what the task says of it; None: it is new, or was changed.

        Where Label Studio does not know a reviewer, whoever imported the tasks stands in that place. So what is said
        counts, and who says it only where several say the same.

        Raises:
            InputError: The task tells of its reviews in another way than regrade does.
        """
        given = [_read(row, annotation) for row in list_objects(annotation.data.get(GIVEN, []), annotation.spot, GIVEN)]
        same = [row for row in given if row.answers == annotation.answers and _key(row) not in self._taken]
        found = min(same, key=lambda row: row.reviewer not in _names(annotation.author), default=None)
        if found is not None:
            self._taken.add(_key(found))
        return found


def _key(given: Given) -> _Key:
    return given.submission, frozenset(given.rows)


def _names(author: object) -> list[object]:
    return [author.get("email")] if isinstance(author, Mapping) else [author]


def _read(row: Mapping[str, Any], annotation: Annotation) -> Given:
    try:
        rows = {part["class_id"]: part for part in row["rows"]}
        given = Given(
            row["submission"],
            row["reviewer"],
            row["labels"],
            as_time(row["created_at"]),
            None if row["seconds"] is None else as_seconds(row["seconds"]),
            {tag: tuple(texts) for tag, texts in row["answers"].items()},
            rows,
        )
        texts = [given.submission, given.reviewer, given.labels or "", *(part["note"] for part in rows.values())]
        flags = [part[flag] for part in rows.values() for flag in _FLAGS]
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise _changed(row, annotation) from error
    if not all(isinstance(text, str) and is_storable(text) for text in texts):
        raise _changed(row, annotation)
    if not (given.submission and given.reviewer and all(isinstance(flag, bool) for flag in flags)):
        raise _changed(row, annotation)
    return given


def _changed(row: Mapping[str, Any], annotation: Annotation) -> Exception:
    return annotation.spot.error(_EXPECTED, got=show(dict(row)), remedy=REMEDY)
