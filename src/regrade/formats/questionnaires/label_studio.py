"""A questionnaire as tasks of Label Studio, and the labeling configuration that shows them.

One control tag a class of the task, in their order: `verdict_0`, `verdict_1`, ...; `problematic` and `note` for the
whole image; `category` and `severity` in the second pass. `formats.reviews.label_studio` reads answers by these names.

The tags of the classes point at their guide texts, not at the image: Label Studio leaves repeated tags out of JSON-MIN
unless what they point at is repeated too. Names and definitions stand in the tasks, where they are text; only the words
of the taxonomy stand in the configuration.

Source: https://labelstud.io/guide/tasks, https://labelstud.io/tags/repeater, https://labelstud.io/tags/choices and
https://labelstud.io/guide/storage (local files), Label Studio 1.23.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from regrade.formats.reviews.annotations import (
    CATEGORY_TAG,
    NOTE_TAG,
    PROBLEMATIC_TAG,
    SEVERITY_TAG,
    VERDICT_TAG,
)
from regrade.records.exchange import QuestionSheet, ShownClass
from regrade.records.labels import Verdict
from regrade.records.panel import CategoryDefinition, Pass, Taxonomy

LOCAL_FILES = "/data/local-files/?d="
"""Before the path of a file below Label Studio's document root (LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT)."""
_PLACE = "{{idx}}"
_CARD = "border: 1px solid rgba(128, 128, 128, 0.4); border-radius: 6px; padding: 0 12px; margin: 8px 0"
_VERDICTS = (Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG)


def write_tasks(sheets: Sequence[QuestionSheet]) -> bytes:
    """The tasks, one a sheet."""
    return json.dumps([{"data": task_data(sheet)} for sheet in sheets], indent=1, ensure_ascii=False).encode()


def write_config(pass_: Pass, taxonomy: Taxonomy) -> bytes:
    """The labeling configuration (XML) for the tasks of one pass."""
    root = Element("View", style="display: flex; gap: 24px")
    SubElement(
        SubElement(root, "View", style="flex: 3; min-width: 0"),
        "Image",
        {"name": "image", "value": "$image", "zoom": "true", "zoomControl": "true"},
    )
    side = SubElement(root, "View", style="flex: 2; min-width: 0")
    if pass_ is Pass.VERDICT:
        _ask_verdicts(side)
    else:
        _ask_kind(side, taxonomy)
    note = {"placeholder": "A note, if you like", "rows": "2", "maxSubmissions": "1", "editable": "true"}
    SubElement(side, "TextArea", {"name": NOTE_TAG, "toName": "image", **note})
    indent(root)
    return tostring(root, encoding="unicode").encode() + b"\n"


def task_data(sheet: QuestionSheet) -> dict[str, Any]:
    """What a task shows."""
    shown = [_show(row) for row in sheet.classes]
    asked: dict[str, Any] = {"classes": shown} if sheet.pass_ is Pass.VERDICT else shown[0]
    accepted = {"accepted": _join_names(sheet.accepted)} if sheet.pass_ is Pass.KIND else {}
    return {
        "image": sheet.media,
        "item": sheet.token,
        "pass": str(sheet.pass_),
        "labels": sheet.labels,
        **asked,
        **accepted,
    }


def _show(row: ShownClass) -> dict[str, Any]:
    return {"class_id": row.class_id, "key": row.key, "name": row.name, "definition": row.definition}


def _join_names(rows: Iterable[ShownClass]) -> str:
    return "; ".join(row.name for row in rows) or "none"


def _ask_verdicts(side: Element) -> None:
    SubElement(side, "Header", value="Which of these does the image show?", size="4")
    card = SubElement(SubElement(side, "Repeater", on="$classes", indexFlag=_PLACE), "View", style=_CARD)
    SubElement(card, "Header", value=f"$classes[{_PLACE}].name", size="5")
    guide = f"guide_{_PLACE}"
    SubElement(card, "Text", name=guide, value=f"$classes[{_PLACE}].definition")
    choices = SubElement(
        card,
        "Choices",
        {"name": f"{VERDICT_TAG}{_PLACE}", "toName": guide, "choice": "single-radio", "showInline": "true"},
    )
    for verdict in _VERDICTS:
        SubElement(choices, "Choice", value=str(verdict))
    problematic = SubElement(side, "Choices", name=PROBLEMATIC_TAG, toName="image", choice="multiple")
    words = "The image cannot be judged: broken, empty, or no class fits"
    SubElement(problematic, "Choice", value=words, alias=PROBLEMATIC_TAG)


def _ask_kind(side: Element, taxonomy: Taxonomy) -> None:
    for title, value in (("Models said", "$name"), ("What that is", "$definition"), ("Accepted", "$accepted")):
        SubElement(side, "Header", value=title, size="5")
        SubElement(side, "Text", name=f"shown_{value.removeprefix('$')}", value=value)
    for tag, title, words in (
        (CATEGORY_TAG, "What kind of mistake is it?", taxonomy.categories),
        (SEVERITY_TAG, "How bad is it?", taxonomy.severities),
    ):
        SubElement(side, "Header", value=title, size="5")
        _ask_word(side, tag, words)


def _ask_word(side: Element, tag: str, words: Sequence[CategoryDefinition]) -> None:
    choices = SubElement(
        side, "Choices", {"name": tag, "toName": "image", "choice": "single-radio", "required": "true"}
    )
    for word in words:
        SubElement(choices, "Choice", value=_plain(f"{word.key}: {word.definition}"), alias=word.key)


def _plain(text: str) -> str:
    """Text in which Label Studio finds no variable of a task."""
    return text.replace("$", "\N{FULLWIDTH DOLLAR SIGN}")
