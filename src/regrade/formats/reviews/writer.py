"""Writing reviews, votes and decisions as the tables that `table` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

import polars as pl

from regrade.errors import InputError
from regrade.formats.spreadsheets import encode_csv
from regrade.records.classes import ClassList
from regrade.records.exchange import PanelEntry
from regrade.records.items import Split

TASKS = "label-studio"
"""The format that is no table: tasks with annotations, which `formats.questionnaires` writes."""
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "record": pl.String,
    "submission": pl.String,
    "reviewer": pl.String,
    "id": pl.String,
    "class_id": pl.Int32,
    "class_key": pl.String,
    "pass": pl.String,
    "verdict": pl.String,
    "problematic": pl.Boolean,
    "category": pl.String,
    "severity": pl.String,
    "note": pl.String,
    "discuss": pl.Boolean,
    "added": pl.Boolean,
    "revealed": pl.Boolean,
    "purpose": pl.String,
    "origin": pl.String,
    "method": pl.String,
    "held": pl.Boolean,
    "labels": pl.String,
    "published_in": pl.String,
    "source": pl.String,
    "protocol": pl.Int32,
    "seconds": pl.Float64,
    "created_at": pl.Datetime("us", "UTC"),
    "withdrawn_at": pl.Datetime("us", "UTC"),
    "withdrawn_revealed": pl.Boolean,
}
"""The columns in the order in which they are written."""


def write_reviews(
    entries: Sequence[PanelEntry],
    *,
    split: Split,
    classes: ClassList,
    format: str,
) -> bytes:
    """The content of a table that `read_reviews` gives back as it is.

    Args:
        entries: What to write, at least one.
        split: The split of the items.
        classes: The classes of the benchmark.
        format: `csv`, `jsonl` or `parquet`.
    """
    return _WRITERS[format](
        pl.DataFrame([_row(entry, split, classes) for entry in entries], schema=_SCHEMA, orient="row")
    )


def choose_review_export(path: Path, name: str | None = None) -> str:
    """The named format, or the one that the file's name ends in.

    Raises:
        InputError: There is no such format, or the name tells none.
    """
    if name is not None:
        return _known(name)
    found = _SUFFIXES.get(path.suffix)
    if found is None:
        raise InputError(
            f"a file name that ends in {', '.join(_SUFFIXES)}, or the name of a format",
            got=path.name,
            remedy="Name one with --format.",
        )
    return found


def describe_review_exports() -> tuple[str, ...]:
    """Names of the formats."""
    return tuple(_SUFFIXES.values())


def _row(entry: PanelEntry, split: Split, classes: ClassList) -> tuple[object, ...]:
    key = None if entry.class_id is None else classes.keys[entry.class_id]
    answer = (_word(entry.verdict), entry.problematic, entry.category, entry.severity, entry.note)
    marks = (entry.discuss, entry.added, entry.revealed, str(entry.purpose), _word(entry.origin))
    return (
        *(str(entry.kind), entry.submission, entry.author, split.ids[entry.item], entry.class_id, key),
        *(str(entry.pass_), *answer, *marks, _word(entry.method), entry.held),
        *(entry.labels, entry.published_in, entry.source),
        *(entry.protocol, entry.seconds, entry.created_at, entry.withdrawn_at, entry.withdrawn_revealed),
    )


def _word(word: str | None) -> str | None:
    return None if word is None else str(word)


def _write_jsonl(frame: pl.DataFrame) -> bytes:
    rows = (
        {name: cell.isoformat() if isinstance(cell, datetime) else cell for name, cell in row.items()}
        for row in frame.iter_rows(named=True)
    )
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def _write_parquet(frame: pl.DataFrame) -> bytes:
    out = BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


_WRITERS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    "csv": encode_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}


_SUFFIXES = {f".{name}": name for name in _WRITERS} | {".json": TASKS}


def _known(name: str) -> str:
    names = describe_review_exports()
    if name not in names:
        raise InputError(
            "a format to write reviews in", got=name, remedy=f"There are: {', '.join(names)}.", where="--format"
        )
    return name
