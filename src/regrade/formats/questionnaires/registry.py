"""The formats in which a panel elsewhere is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regrade.errors import InputError
from regrade.formats.questionnaires.answered_tasks import write_answered_tasks
from regrade.formats.questionnaires.label_studio import write_config, write_tasks
from regrade.formats.questionnaires.table import write_csv, write_jsonl
from regrade.records.exchange import AnsweredSheet, QuestionSheet
from regrade.records.panel import Taxonomy

_SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".json": "label-studio"}
_DESCRIPTIONS = {
    "csv": "a table to fill, one class of an item a row",
    "jsonl": "the same, one JSON object a line",
    "label-studio": "tasks for Label Studio, and beside them the labeling configuration (.xml)",
}


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a file to ask a panel with holds."""

    content: bytes
    companions: tuple[tuple[str, bytes], ...] = ()
    """Files that belong beside it: what its name ends in, and the content."""


def describe_questionnaires() -> dict[str, str]:
    """Description of each format, by sorted name."""
    return dict(_DESCRIPTIONS)


def choose_questionnaire(path: Path, name: str | None = None) -> str:
    """The named format, or the one that the file's name ends in.

    Raises:
        InputError: There is no such format, or the name tells none.
    """
    listed = f"There are: {', '.join(_DESCRIPTIONS)}."
    if name is not None and name not in _DESCRIPTIONS:
        raise InputError("a format to ask a panel in", got=name, remedy=listed, where="--format")
    found = name or _SUFFIXES.get(path.suffix)
    if found is None:
        raise InputError(
            f"a file name that ends in {', '.join(_SUFFIXES)}, or the name of a format",
            got=path.name,
            remedy=f"Name one with --format. {listed}",
        )
    return found


def write_questionnaire(
    sheets: Sequence[QuestionSheet],
    *,
    taxonomy: Taxonomy,
    format: str,
) -> Questionnaire:
    """The content of a file that asks a panel elsewhere.

    Args:
        sheets: What is asked, all in one pass, at least one.
        taxonomy: The words of the second pass.
        format: One of `describe_questionnaires`.
    """
    if format == "label-studio":
        return Questionnaire(write_tasks(sheets), ((".xml", write_config(sheets[0].pass_, taxonomy)),))
    return Questionnaire(write_csv(sheets) if format == "csv" else write_jsonl(sheets))


def write_answered(sheets: Sequence[AnsweredSheet], *, taxonomy: Taxonomy) -> Questionnaire:
    """Tasks of Label Studio with the answers that were given as annotations.

    Args:
        sheets: All in one pass, at least one.
        taxonomy: The words of the second pass.
    """
    return Questionnaire(write_answered_tasks(sheets), ((".xml", write_config(sheets[0].sheet.pass_, taxonomy)),))
