"""What Label Studio exports (JSON and JSON-MIN) of tasks that `regrade cases export` wrote.

Answers are told by the names of the control tags of the labeling configuration that goes with the tasks: `verdict_0`,
`verdict_1`, ... (the task's classes in their order), `problematic`, `note`; `category` and `severity` in the second
pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from regrade.formats.cells import as_seconds, as_time, is_storable
from regrade.formats.class_cells import UNKNOWN, ClassLookup
from regrade.formats.places import show
from regrade.formats.reviews.annotations import (
    CATEGORY_TAG,
    ITEM_ID,
    NOTE_TAG,
    PROBLEMATIC_TAG,
    REMEDY,
    SEVERITY_TAG,
    VERDICT_TAG,
    Annotation,
    FoundAnnotations,
    list_annotations,
    list_objects,
    list_plain_annotations,
)
from regrade.formats.reviews.checks import check_entries
from regrade.formats.reviews.given import Given, GivenReviews
from regrade.formats.reviews.registry import REVIEW_FORMATS, ReviewContext
from regrade.formats.sources import Source
from regrade.records.exchange import EntryKind, PanelEntry, PanelRecord, Spot
from regrade.records.labels import Verdict
from regrade.records.panel import Pass


def _matches(source: Source, key: str) -> bool:
    document = source.document if source.container == "json" else None
    first = document[0] if isinstance(document, list) and document else None
    return isinstance(first, dict) and key in first


@REVIEW_FORMATS.register(
    "label-studio",
    "Label Studio's JSON of tasks with their annotations",
    matches=lambda source: _matches(source, "annotations"),
)
def read_label_studio(source: Source, context: ReviewContext) -> PanelRecord:
    """The annotations of every task as reviews of their annotators.

    Skipped (cancelled) annotations, and those without an answer, are left out and counted; drafts and predictions are
    none. An annotation that calls the image problematic and gives verdicts too says problematic; this is counted.

    Raises:
        InputError: A task or annotation is not what Label Studio writes for an exported task, or names an unknown item,
            class or word. The message names the task.
    """
    return _gather(list_annotations(source), context, source)


@REVIEW_FORMATS.register(
    "label-studio-min",
    "Label Studio's JSON-MIN: one flat object an annotation",
    matches=lambda source: _matches(source, "annotation_id"),
)
def read_label_studio_min(source: Source, context: ReviewContext) -> PanelRecord:
    """The same out of JSON-MIN, which holds no skipped annotations.

    Raises:
        InputError: As `read_label_studio`.
    """
    return _gather(list_plain_annotations(source), context, source)


def _gather(found: FoundAnnotations, context: ReviewContext, source: Source) -> PanelRecord:
    given = GivenReviews()
    answered = [annotation for annotation in found.annotations if annotation.answers.keys() - {NOTE_TAG}]
    if not answered:
        raise source.place.file_error("an annotation with an answer", got="none", remedy=REMEDY)
    entries = tuple(entry for annotation in answered for entry in _as_entries(annotation, context, given))
    check_entries(entries)
    n_both = sum(_says_both(annotation) for annotation in answered)
    counts = {
        "Skipped annotations, left out": found.n_skipped,
        "Annotations without an answer, left out": len(found.annotations) - len(answered),
        "Annotations that give verdicts and call the image problematic, taken as problematic": n_both,
    }
    return PanelRecord(entries, tuple(f"{what}: {count:,}." for what, count in counts.items() if count))


def _as_entries(annotation: Annotation, context: ReviewContext, reviews: GivenReviews) -> Iterable[PanelEntry]:
    pass_ = annotation.data.get("pass")
    if pass_ not in list(Pass):
        raise annotation.spot.error(f"a task of the pass {' or '.join(Pass)}", got=show(pass_), remedy=REMEDY)
    given = reviews.take(annotation)
    blank = _blank_entry(annotation, context) if given is None else _blank_given(annotation, context, given)
    read = _read_kind if pass_ == Pass.KIND else _read_verdicts
    entries = read(annotation, replace(blank, pass_=Pass(pass_)), context)
    return entries if given is None else given.complete(entries)


def _blank_given(annotation: Annotation, context: ReviewContext, given: Given) -> PanelEntry:
    return PanelEntry(
        kind=EntryKind.REVIEW,
        submission=given.submission,
        author=context.names.get(given.reviewer, given.reviewer),
        item=_find_item(annotation.data, annotation.spot, context),
        class_id=None,
        pass_=Pass.VERDICT,
        labels=given.labels,
        seconds=given.seconds,
        created_at=given.created_at,
        spot=annotation.spot,
    )


def _blank_entry(annotation: Annotation, context: ReviewContext) -> PanelEntry:
    data, spot = annotation.data, annotation.spot
    author = _name_author(annotation, context)
    try:
        time = as_time(annotation.time)
        seconds = None if annotation.seconds is None else as_seconds(annotation.seconds)
    except (ValueError, OverflowError) as error:
        got = f"{show(annotation.time)}, {show(annotation.seconds)}"
        raise spot.error("a time with its zone, and seconds from 0 on", got=got, remedy=REMEDY) from error
    labels = data.get("labels")
    return PanelEntry(
        kind=EntryKind.REVIEW,
        submission=f"label-studio/{author}/{_number(annotation)}/{time.isoformat()}",
        author=author,
        item=_find_item(data, spot, context),
        class_id=None,
        pass_=Pass.VERDICT,
        note="\n".join(annotation.answers.get(NOTE_TAG, ())),
        labels=labels if isinstance(labels, str) else None,
        seconds=seconds,
        created_at=time,
        spot=spot,
    )


def _name_author(annotation: Annotation, context: ReviewContext) -> str:
    """By the mapping, else the annotator's email, else the id."""
    author = annotation.author
    known = [author] if not isinstance(author, Mapping) else [author.get("email"), author.get("id")]
    names = [str(name) for name in known if isinstance(name, str | int) and not isinstance(name, bool) and name != ""]
    for name in names:
        if name in context.names:
            return context.names[name]
    if names and is_storable(names[0]):
        return names[0]
    if context.by and author in (None, {}, ""):
        return context.by
    raise annotation.spot.error(
        "completed_by to be a user's id, email, or both", got=show(author), remedy="Name the reviewer with --by NAME."
    )


def _number(annotation: Annotation) -> int | str:
    number = annotation.number
    if isinstance(number, bool) or not isinstance(number, int | str) or number == "":
        raise annotation.spot.error("an annotation with an id", got=show(number), remedy=REMEDY)
    return number


def _find_item(data: Mapping[str, Any], spot: Spot, context: ReviewContext) -> int:
    token = data.get("item")
    position = context.find_token(token) if isinstance(token, str) else None
    if position is None and isinstance(item_id := data.get(ITEM_ID), str):  # another workspace wrote it
        position = context.split.positions.get(item_id)
    if position is None:
        raise spot.error(
            f"the token of an item of the split {context.split.name} as item in the task's data",
            got=show(token),
            remedy=f"Import it into the workspace that wrote the tasks, or name the item by {ITEM_ID}.",
        )
    return position


def _read_verdicts(annotation: Annotation, blank: PanelEntry, context: ReviewContext) -> Iterable[PanelEntry]:
    if PROBLEMATIC_TAG in annotation.answers:
        yield replace(blank, problematic=True)
        return
    shown = list_objects(annotation.data.get("classes"), annotation.spot, "a class")
    for tag, chosen in annotation.answers.items():
        if not tag.startswith(VERDICT_TAG):
            continue
        place = int(tag.removeprefix(VERDICT_TAG))
        if place >= len(shown):
            raise annotation.spot.error(f"one of the task's {len(shown)} classes", got=tag, remedy=REMEDY)
        word = _one_word(annotation, tag, list(Verdict), chosen)
        yield replace(blank, class_id=_find_class(shown[place], annotation.spot, context), verdict=Verdict(word))


def _read_kind(annotation: Annotation, blank: PanelEntry, context: ReviewContext) -> Iterable[PanelEntry]:
    answers = annotation.answers
    missing = [tag for tag in (CATEGORY_TAG, SEVERITY_TAG) if tag not in answers]
    if missing:
        raise annotation.spot.error("a category and a severity", got=f"no {missing[0]}", remedy="Complete it.")
    yield replace(
        blank,
        class_id=_find_class(annotation.data, annotation.spot, context),
        category=_one_word(annotation, CATEGORY_TAG, None, answers[CATEGORY_TAG]),
        severity=_one_word(annotation, SEVERITY_TAG, None, answers[SEVERITY_TAG]),
    )


def _find_class(shown: Mapping[str, Any], spot: Spot, context: ReviewContext) -> int:
    """The class that a task shows by its id; its key, if it stands there, must say the same."""
    lookup = ClassLookup(context.classes)
    class_id, key = lookup.find_value(shown.get("class_id")), shown.get("key")
    if class_id == UNKNOWN or isinstance(shown.get("class_id"), str):
        raise spot.error(lookup.expected, got=show(shown.get("class_id")), remedy=REMEDY)
    if key is not None and key != context.classes.keys[class_id]:
        raise spot.error(
            f"class {class_id} to have the key {context.classes.keys[class_id]}",
            got=show(key),
            remedy="Check that both workspaces count their classes alike.",
        )
    return class_id


def _one_word(annotation: Annotation, tag: str, words: Sequence[str] | None, chosen: Sequence[str]) -> str:
    if len(chosen) != 1 or not chosen[0] or (words is not None and chosen[0] not in words):
        expected = "one choice" if words is None else f"one of {', '.join(words)}"
        raise annotation.spot.error(f"{expected} in {tag}", got=show(list(chosen)), remedy=REMEDY)
    return chosen[0]


def _says_both(annotation: Annotation) -> bool:
    return PROBLEMATIC_TAG in annotation.answers and any(tag.startswith(VERDICT_TAG) for tag in annotation.answers)
