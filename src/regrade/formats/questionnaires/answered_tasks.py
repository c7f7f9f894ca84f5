"""Reviews as annotations of Label Studio's tasks, which its import takes.

Label Studio gives annotations times and numbers of its own, and knows annotators by their email alone. So the task
says, too, what each reviewer had answered: an annotation that comes back unchanged is that review, and none besides.

Source: https://labelstud.io/guide/task_format, Label Studio 1.23.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from regrade.formats.questionnaires.label_studio import task_data
from regrade.formats.reviews.annotations import (
    CATEGORY_TAG,
    GIVEN,
    ITEM_ID,
    NOTE_TAG,
    PROBLEMATIC_TAG,
    SEVERITY_TAG,
    VERDICT_TAG,
)
from regrade.records.exchange import AnsweredSheet, PanelEntry


def write_answered_tasks(answered: Sequence[AnsweredSheet]) -> bytes:
    """The tasks with their annotations, one a sheet."""
    numbers = count(1)
    tasks = []
    for row in answered:
        places = {shown.class_id: at for at, shown in enumerate(row.sheet.classes)}
        said = [(entries, _list_answers(entries, places)) for entries in row.answers]
        given = [_tell(entries, answers) for entries, answers in said]
        annotations = [_annotate(next(numbers), entries[0], answers) for entries, answers in said]
        data = {**task_data(row.sheet), ITEM_ID: row.item_id, GIVEN: given}
        tasks.append({"data": data, "annotations": annotations})
    return json.dumps(tasks, indent=1, ensure_ascii=False).encode()


def _list_answers(entries: Sequence[PanelEntry], places: Mapping[int, int]) -> dict[str, list[str]]:
    """What is chosen or written in each control tag."""
    answers: dict[str, list[str]] = {}
    for entry in entries:
        if entry.problematic:
            answers[PROBLEMATIC_TAG] = [PROBLEMATIC_TAG]
        elif entry.verdict is not None and entry.class_id is not None:
            answers[f"{VERDICT_TAG}{places[entry.class_id]}"] = [str(entry.verdict)]
        elif entry.category is not None and entry.severity is not None:
            answers |= {CATEGORY_TAG: [entry.category], SEVERITY_TAG: [entry.severity]}
    notes = dict.fromkeys(entry.note for entry in entries if entry.note)
    return answers | ({NOTE_TAG: ["\n".join(notes)]} if notes else {})


def _tell(entries: Sequence[PanelEntry], answers: Mapping[str, list[str]]) -> dict[str, Any]:
    """The review as it stands here, beside what the annotation says of it."""
    first = entries[0]
    return {
        "submission": first.submission,
        "reviewer": first.author,
        "labels": first.labels,
        "created_at": _time(first),
        "seconds": first.seconds,
        "answers": answers,
        "rows": [
            {
                "class_id": entry.class_id,
                "note": entry.note,
                "discuss": entry.discuss,
                "added": entry.added,
                "revealed": entry.revealed,
            }
            for entry in entries
        ],
    }


def _annotate(number: int, entry: PanelEntry, answers: Mapping[str, list[str]]) -> dict[str, Any]:
    known = {"completed_by": {"email": entry.author}} if "@" in entry.author else {}  # it refuses all other names
    time = _time(entry)
    return {
        "id": number,
        **known,
        "created_at": time,
        "updated_at": time,
        "lead_time": entry.seconds,
        "was_cancelled": False,
        "ground_truth": False,
        "result": [_as_result(tag, texts) for tag, texts in answers.items()],
    }


def _as_result(tag: str, texts: Sequence[str]) -> dict[str, Any]:
    kind, type_ = ("text", "textarea") if tag == NOTE_TAG else ("choices", "choices")
    target = f"guide_{tag.removeprefix(VERDICT_TAG)}" if tag.startswith(VERDICT_TAG) else "image"
    return {"id": tag, "from_name": tag, "to_name": target, "type": type_, "value": {kind: texts}}


def _time(entry: PanelEntry) -> str | None:
    return None if entry.created_at is None else entry.created_at.isoformat()
