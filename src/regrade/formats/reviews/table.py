"""Reviews, proposals, votes and decisions as a table, one a row: CSV, JSON Lines, Parquet or a dataframe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from regrade.formats.cells import CellReader
from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.formulas import GUARDED_IDS, unguard
from regrade.formats.item_ids import ID_COLUMNS, find_items, read_ids
from regrade.formats.places import show
from regrade.formats.reviews.checks import check_entries, count_late_decisions
from regrade.formats.reviews.registry import REVIEW_FORMATS, ReviewContext
from regrade.formats.sources import Container, Source
from regrade.formats.tables import Table
from regrade.records.exchange import EntryKind, PanelEntry, PanelRecord
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Purpose
from regrade.records.predictions import NO_CLASS

TOKENS = "item"
"""The column that names items by opaque tokens, in place of ids."""
_KINDS = {kind.value: kind for kind in EntryKind}
_PASSES = {pass_.value: pass_ for pass_ in Pass}
_PURPOSES = {purpose.value: purpose for purpose in Purpose}


def _is_table(source: Source, *containers: Container) -> bool:
    return source.container in containers and bool({"verdict", "category", "problematic"} & set(source.table.columns))


@REVIEW_FORMATS.register(
    "parquet",
    "the columns of csv, with types of their own",
    matches=lambda source: _is_table(source, "parquet", "frame"),
)
@REVIEW_FORMATS.register(
    "jsonl", "the columns of csv, one JSON object a line", matches=lambda source: _is_table(source, "jsonl")
)
@REVIEW_FORMATS.register(
    "csv",
    "one review, proposal, vote or decision a row: reviewer, id, class_id, verdict, ...",
    matches=lambda source: _is_table(source, "csv"),
)
def read_review_table(source: Source, context: ReviewContext) -> PanelRecord:
    """What a panel said, in the order of the rows.

    Without a column `pass`, a row may hold a verdict and a category with its severity: an answer of each pass. Rows
    without any answer, as they stand in a questionnaire that nobody has filled, are left out and counted.

    Raises:
        InputError: A cell is not what its column holds, an answer is incomplete or stands twice, an item or class is
            unknown, or a key names another class than the class id.
    """
    table = source.table
    cells = CellReader(table)
    rows = _read_rows(cells, context)
    entries = rows if cells.has("pass") else [part for entry in rows for part in _split_passes(entry)]
    answered = [entry for entry in entries if not _is_blank(entry)]
    if not answered:
        raise table.place.file_error(
            "an answer in a column verdict, category or problematic", got="none in any row", remedy="Fill them."
        )
    checked = tuple(_merge_flags(answered))
    check_entries(checked)
    return PanelRecord(checked, tuple(_warn(len(rows) - len({entry.spot for entry in answered}), checked)))


def _warn(n_blank: int, entries: Sequence[PanelEntry]) -> Iterator[str]:
    if n_blank:
        yield f"Rows without an answer, left out: {n_blank:,}."
    if n_late := count_late_decisions(entries):
        yield (
            f"Decisions that stand after later ones on the same question: {n_late:,}. The last row counts: "
            "if the table was sorted anew, sort it by created_at and import it into a fresh workspace."
        )


def _read_rows(cells: CellReader, context: ReviewContext) -> list[PanelEntry]:
    table = cells.table
    names = _read_item_names(table)
    passes = [pass_ or Pass.VERDICT for pass_ in cells.words("pass", _PASSES)]
    authors = [_rename(name, context) or context.by or "" for name in cells.texts("reviewer")]
    kinds = [kind or EntryKind.REVIEW for kind in cells.words("record", _KINDS)]
    columns: dict[str, Iterable[Any]] = {
        "kind": kinds,
        "submission": _name_submissions(cells, kinds, authors, names, passes),
        "author": authors,
        "item": _find_items(table, names, context),
        "class_id": _read_classes(table, context),
        "pass_": passes,
        "verdict": cells.words("verdict", {verdict.value: verdict for verdict in Verdict}),
        "problematic": cells.flags("problematic"),
        "category": _filled(cells.texts("category")),
        "severity": _filled(cells.texts("severity")),
        "note": cells.texts("note"),
        "discuss": cells.flags("discuss"),
        "added": cells.flags("added"),
        "revealed": cells.flags("revealed"),
        "purpose": [purpose or Purpose.PANEL for purpose in cells.words("purpose", _PURPOSES)],
        "origin": cells.words("origin", {origin.value: origin for origin in Origin}),
        "method": cells.words("method", {method.value: method for method in DecisionMethod}),
        "held": cells.flags("held"),
        "labels": _filled(cells.texts("labels")),
        "published_in": _filled(cells.texts("published_in")),
        "source": _filled(cells.texts("source")),
        "protocol": cells.counts("protocol"),
        "seconds": cells.seconds("seconds"),
        "created_at": cells.times("created_at"),
        "withdrawn_at": cells.times("withdrawn_at"),
        "withdrawn_revealed": cells.flags("withdrawn_revealed"),
        "spot": map(table.place.spot, range(len(table))),
    }
    return [PanelEntry(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]


def _rename(author: str, context: ReviewContext) -> str:
    """The name here; that of each, where several decided."""
    return context.names.get(author) or ", ".join(context.names.get(name, name) for name in author.split(", "))


def _read_item_names(table: Table) -> list[str]:
    """Ids, or tokens, as they stand in the one column that names items."""
    column = table.choose(*ID_COLUMNS, GUARDED_IDS, TOKENS)
    names = read_ids(table, column)
    return unguard(names) if column == GUARDED_IDS else names


def _find_items(table: Table, names: Sequence[str], context: ReviewContext) -> list[int]:
    if TOKENS not in table.columns:
        positions: list[int] = find_items(names, context.split, table.place, unique=False).tolist()
        return positions
    found = {name: context.find_token(name) for name in set(names)}
    bad = [row for row, name in enumerate(names) if found[name] is None]
    if bad:
        raise table.place.error(
            f"the token of an item of the split {context.split.name}",
            got=show(names[bad[0]]),
            rows=bad,
            remedy="Import it into the workspace that wrote the questionnaire, or name items by id.",
        )
    return [position for name in names if (position := found[name]) is not None]


def _read_classes(table: Table, context: ReviewContext) -> list[int | None]:
    """Class ids, by id or key; None where there is neither. Where a row has both, they must say the same."""
    lookup = ClassLookup(context.classes)
    columns = [name for name in ("class_id", "class_key") if name in table.columns]
    if not columns:
        raise table.header_error("a column class_id or class_key", missing=["class_id"])
    ids, *others = (read_class_column(table, name, lookup, optional=True) for name in columns)
    for keys in others:
        bad = np.flatnonzero((ids != keys) & (ids != NO_CLASS) & (keys != NO_CLASS))
        if len(bad):
            raise table.place.error(
                "class_id and class_key to name one class",
                got=f"{_describe(ids[bad[0]], context)} and {_describe(keys[bad[0]], context)}",
                rows=bad,
                remedy="Check that both workspaces count their classes alike.",
            )
        ids = np.where(ids == NO_CLASS, keys, ids)
    return [None if class_id == NO_CLASS else class_id for class_id in ids.tolist()]


def _describe(class_id: int, context: ReviewContext) -> str:
    return f"{class_id} ({context.classes.keys[class_id]})"


def _name_submissions(
    cells: CellReader,
    kinds: Sequence[EntryKind],
    authors: Sequence[str],
    names: Sequence[str],
    passes: Sequence[Pass],
) -> list[str]:
    """Where the file names none: one a reviewer, questionnaire, item and pass, the same whenever it is read."""
    given, sheets = cells.texts("submission"), cells.texts("questionnaire")
    places = ("/".join(filter(None, place)) for place in zip(sheets, authors, names, passes, strict=True))
    return [
        f"table/{place}" if not name and kind in {EntryKind.REVIEW, EntryKind.VOTE} else name
        for name, kind, place in zip(given, kinds, places, strict=True)
    ]


def _filled(texts: Iterable[str]) -> list[str | None]:
    return [text or None for text in texts]


def _split_passes(entry: PanelEntry) -> tuple[PanelEntry, ...]:
    """A row of a table without passes as an answer of the first pass, and one of the second where it says a kind."""
    if not (entry.category or entry.severity):
        return (entry,)
    second = replace(
        entry, pass_=Pass.KIND, verdict=None, problematic=False, submission=f"{entry.submission}/{Pass.KIND}"
    )
    first = replace(entry, category=None, severity=None)
    return (first, second) if entry.verdict or entry.problematic else (second,)


def _is_blank(entry: PanelEntry) -> bool:
    says = entry.verdict or entry.category or entry.severity or entry.problematic or entry.note
    return entry.kind is EntryKind.REVIEW and not says


def _merge_flags(entries: Iterable[PanelEntry]) -> Iterable[PanelEntry]:
    """Reviews that call an item problematic are of no class, and a submission says it once, with all its notes."""
    merged: dict[PanelEntry, list[str]] = {}
    rows: list[tuple[PanelEntry, list[str]]] = []
    for entry in entries:
        if entry.kind is not EntryKind.REVIEW or not entry.problematic:
            rows.append((entry, [entry.note]))
            continue
        flag = replace(entry, class_id=None, note="")
        if flag not in merged:
            rows.append((replace(entry, class_id=None), merged.setdefault(flag, [])))
        if entry.note and entry.note not in merged[flag]:
            merged[flag].append(entry.note)
    return (replace(entry, note="\n".join(notes)) for entry, notes in rows)
