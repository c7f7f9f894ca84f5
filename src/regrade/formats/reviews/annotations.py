"""Label Studio's annotations as they stand in its two JSON exports: who answered, when, and what in which control tag.

What the answers mean is left to `label_studio`.

Source: https://labelstud.io/guide/task_format and https://labelstud.io/guide/export (Label Studio 1.23).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from regrade.formats.cells import is_storable
from regrade.formats.places import show
from regrade.formats.sources import Source
from regrade.records.exchange import Spot

VERDICT_TAG = "verdict_"
"""What the name of the control tag of each class begins with; its place among the task's classes follows."""
PROBLEMATIC_TAG = "problematic"
NOTE_TAG = "note"
CATEGORY_TAG = "category"
SEVERITY_TAG = "severity"
ITEM_ID = "item_id"
"""Where a task that was written with annotations says the item's id,"""
GIVEN = "reviews"
"""and what each of its reviewers had answered."""
_TAG = re.compile(rf"{VERDICT_TAG}[0-9]{{1,4}}|{PROBLEMATIC_TAG}|{NOTE_TAG}|{CATEGORY_TAG}|{SEVERITY_TAG}")
REMEDY = "Export the project as JSON, with tasks that `regrade cases export --format label-studio` wrote."


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's answers to one task, whichever of the two exports it stands in."""

    data: Mapping[str, Any]
    """What the task showed."""
    author: object
    """As the file calls the annotator."""
    number: object
    time: object
    seconds: object
    answers: Mapping[str, tuple[str, ...]]
    """Control tag -> what was chosen or written there."""
    spot: Spot


class FoundAnnotations(NamedTuple):
    """What an export holds."""

    annotations: tuple[Annotation, ...]
    n_skipped: int
    """Annotations that their annotators cancelled."""


def list_annotations(source: Source) -> FoundAnnotations:
    """The annotations of the export JSON, task by task; skipped ones are counted only, drafts and predictions are none.

    Raises:
        InputError: A task or annotation is not what Label Studio writes; the message names the task.
    """
    found: list[Annotation] = []
    n_skipped = 0
    for number, task in enumerate(list_objects(source.document, Spot(source.place.where), "a task"), start=1):
        spot = Spot(f"{source.place.where}, task {number}")
        data = _as_object(task.get("data"), spot, "the task's data")
        for annotation in list_objects(task.get("annotations"), spot, "an annotation"):
            if annotation.get("was_cancelled") is True:
                n_skipped += 1
            else:
                found.append(_read_annotation(annotation, data, spot))
    return FoundAnnotations(tuple(found), n_skipped)


def list_plain_annotations(source: Source) -> FoundAnnotations:
    """The same of the export JSON-MIN, which leaves skipped annotations out.

    Raises:
        InputError: As `list_annotations`.
    """
    found = []
    for number, row in enumerate(list_objects(source.document, Spot(source.place.where), "an annotation"), start=1):
        spot = _at(Spot(f"{source.place.where}, task {number}"), row.get("annotation_id"))
        answers = {tag: _read_plain(row[tag], tag, spot) for tag in row if _TAG.fullmatch(tag)}
        time = row.get("updated_at") or row.get("created_at")
        found.append(
            Annotation(row, row.get("annotator"), row.get("annotation_id"), time, row.get("lead_time"), answers, spot)
        )
    return FoundAnnotations(tuple(found), 0)


def _read_annotation(annotation: Mapping[str, Any], data: Mapping[str, Any], place: Spot) -> Annotation:
    spot = _at(place, annotation.get("id"))
    answers: dict[str, tuple[str, ...]] = {}
    for result in list_objects(annotation.get("result"), spot, "a result"):
        tag = result.get("from_name")
        if not isinstance(tag, str) or not _TAG.fullmatch(tag):
            continue  # a tag that the team has added to the configuration
        if tag in answers:
            raise spot.error(f"one result of {tag}", got="two", remedy=REMEDY)
        kind = "text" if tag == NOTE_TAG else "choices"
        value = _as_object(result.get("value"), spot, f"the value of {tag}")
        texts = _list_texts(value.get(kind), tag, spot)
        if texts:
            answers[tag] = texts
    time = annotation.get("updated_at") or annotation.get("created_at")
    return Annotation(
        data, annotation.get("completed_by"), annotation.get("id"), time, annotation.get("lead_time"), answers, spot
    )


def _read_plain(value: object, tag: str, spot: Spot) -> tuple[str, ...]:
    """JSON-MIN writes one choice or text plain, and several in an object."""
    if isinstance(value, str):
        return _list_texts([value], tag, spot)
    rows = value if isinstance(value, list) else [value]
    kind = "text" if tag == NOTE_TAG else "choices"
    return tuple(text for row in rows for text in _list_texts(_as_object(row, spot, tag).get(kind), tag, spot))


def _at(place: Spot, number: object) -> Spot:
    return Spot(f"{place.where}, annotation {show(number)}")


def _as_object(value: object, spot: Spot, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise spot.error(f"an object: {what}", got=show(value), remedy=REMEDY)
    return value


def list_objects(value: object, spot: Spot, what: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a list; anything else is an InputError that names the place."""
    if not isinstance(value, list):
        raise spot.error(f"a list of objects, each {what}", got=show(value), remedy=REMEDY)
    return [_as_object(row, spot, what) for row in value]


def _list_texts(value: object, tag: str, spot: Spot) -> tuple[str, ...]:
    if tag == NOTE_TAG and isinstance(value, str):
        value = [value]  # as programs write it
    if not isinstance(value, list) or not all(isinstance(text, str) and is_storable(text) for text in value):
        raise spot.error(f"a list of texts in {tag}", got=show(value), remedy=REMEDY)
    return tuple(value)
