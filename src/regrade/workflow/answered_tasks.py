"""The panel's reviews as tasks of Label Studio with annotations, for a team that goes on there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.formats.questionnaires.label_studio import LOCAL_FILES
from regrade.records.exchange import AnsweredSheet, EntryKind, PanelEntry, QuestionSheet
from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Purpose
from regrade.store import decisions
from regrade.workflow.files import save_file
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import item_token
from regrade.workflow.media_places import MediaPlace, place_media
from regrade.workflow.questionnaires import TOKEN_PREFIX, show_accepted, show_class
from regrade.workflow.workspace import Workspace

Said = dict[tuple[int, int], dict[str, list[PanelEntry]]]
"""By item, and in the second pass by class, what was sent together."""
_WHOLE = -1
"""Stands for all classes of an item."""


@dataclass(frozen=True, slots=True)
class AnsweredTasks:
    """What was written."""

    n_reviews: int
    n_left_out: int
    """Reviews that have no place there: undone, gold, and judgements that were imported."""


def save_answered_tasks(ws: Workspace, file: Path, entries: Iterable[PanelEntry], split: str) -> AnsweredTasks:
    """Write tasks with annotations, and the labeling configuration (.xml) beside them.

    Votes, proposals and decisions have no place in Label Studio and are passed over.

    Args:
        ws: The workspace.
        file: Where; a file of that name is replaced.
        entries: Of one pass, in the order of their making.
        split: Of which split.

    Raises:
        InputError: There is nothing to write, an item has no image, or a file cannot be written.
    """
    said = [entry for entry in entries if entry.kind is EntryKind.REVIEW]
    kept = [entry for entry in said if _has_place(entry)]
    if not kept:
        raise InputError("a review that stands", got="none", remedy="Nobody has answered in this pass yet.")
    made = formats.write_answered(_make_sheets(ws, kept, split), taxonomy=ws.settings.taxonomy)
    for ending, content in made.companions:
        save_file(file.with_suffix(ending), content)
    save_file(file, made.content)
    return AnsweredTasks(len(kept), len(said) - len(kept))


def _has_place(entry: PanelEntry) -> bool:
    return entry.withdrawn_at is None and entry.purpose is Purpose.PANEL and entry.source is None


def _make_sheets(ws: Workspace, entries: Sequence[PanelEntry], split: str) -> list[AnsweredSheet]:
    """One sheet an item, in the second pass one a mistake; items and classes in their order."""
    pass_, version = entries[0].pass_, labels_of_split(ws, split)
    said = _sort(entries)
    addresses = place_media(ws, split, sorted({item for item, _ in said}), MediaPlace(), local=LOCAL_FILES)
    labels, standing = load_labels(ws, version), _list_standing(ws, split)
    sheets = []
    for (item, _), sent in sorted(said.items()):
        answers, accepted = tuple(map(tuple, sent.values())), labels.accepted_classes(item)
        sheet = QuestionSheet(
            token=f"{TOKEN_PREFIX}{item_token(ws, split, item)}",
            media=addresses[item],
            pass_=pass_,
            labels=version.ref,
            questionnaire="",
            classes=tuple(show_class(ws, class_id) for class_id in _list_classes(answers, pass_, accepted)),
            accepted=show_accepted(ws, item, accepted, standing) if pass_ is Pass.KIND else (),
        )
        sheets.append(AnsweredSheet(sheet, ws.split(split).ids[item], answers))
    return sheets


def _sort(entries: Iterable[PanelEntry]) -> Said:
    said: Said = {}
    for entry in entries:
        class_id = entry.class_id if entry.pass_ is Pass.KIND else None
        place = (entry.item, _WHOLE if class_id is None else class_id)
        said.setdefault(place, {}).setdefault(f"{entry.author}/{entry.submission}", []).append(entry)
    return said


def _list_classes(answers: Iterable[Iterable[PanelEntry]], pass_: Pass, accepted: Sequence[int]) -> list[int]:
    """What was answered; in the first pass also what is accepted, which the next to answer is asked as well."""
    answered = {entry.class_id for said in answers for entry in said if entry.class_id is not None}
    return sorted({*answered, *(accepted if pass_ is Pass.VERDICT else ())})


def _list_standing(ws: Workspace, split: str) -> Mapping[tuple[int, int], Verdict]:
    """What the panel has decided of each class."""
    with ws.store.read() as tx:
        current = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT)
    return {(row.item, row.class_id): row.verdict for row in current if row.class_id is not None and row.verdict}
