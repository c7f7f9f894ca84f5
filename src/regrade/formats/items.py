"""The items of a split, from CSV or a dataframe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.frames import ArrowTable, open_source
from regrade.formats.images import IMAGE_SUFFIXES
from regrade.formats.item_ids import choose_ids, read_ids, refuse_repeated_texts
from regrade.formats.normalization import refuse_control_characters
from regrade.formats.places import Place, show
from regrade.formats.tables import Table
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split

DESCRIPTION = "CSV: id or file; if there, path and the original label (label, class_id, key or wnid)"

_LEAVES_FOLDER = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")


@dataclass(frozen=True, slots=True, eq=False)
class ReadItems:
    """The items that a file lists."""

    split: Split
    warnings: tuple[str, ...]
    """What a person should know of it, in words."""


def read_items(
    content: Path | ArrowTable, *, split: str, classes: ClassList, id_column: str | None = None
) -> ReadItems:
    """The items of a split, in the order of the file.

    Args:
        content: CSV, or a dataframe, with the column `id` or `file` (unique after Unicode NFC, in which ids are kept);
            if there, `path` (below the media folder; default: the id where the column is `file`, else none) and the
            original label as `label` (class id, key or unique name), `class_id`, `key` or `wnid`. Columns that say it
            twice must agree; a label may be empty. Other columns are ignored.
        split: Name of the split.
        classes: The classes of the benchmark.
        id_column: Another column that holds the ids; they are paths too where all of them end as images do.

    Raises:
        InputError: An id is empty or comes twice, a label names no class, labels of a row disagree, or a path is
            absolute or leads out of its folder.
    """
    source = open_source(content, "dataframe of items")
    table = source.table if source.container == "frame" else source.csv
    if id_column is not None:
        table.require(id_column)
    return assemble_items(table, id_column or _choose_ids(table), split=split, classes=classes)


def _choose_ids(table: Table) -> str:
    """The column of ids: `id` or `file`; without either the one under another usual name."""
    if "id" in table.columns or "file" in table.columns:
        return table.choose("id", "file")
    return choose_ids(table)


def assemble_items(table: Table, id_column: str, *, split: str, classes: ClassList) -> ReadItems:
    """The items that the rows of a table are, in their order.

    Args:
        table: The table, with the columns that `read_items` names.
        id_column: The column that holds the ids.
        split: Name of the split.
        classes: The classes of the benchmark.

    Raises:
        InputError: As `read_items`.
    """
    ids = read_ids(table, id_column)
    refuse_control_characters(ids, table.place)
    refuse_repeated_texts(ids, table.place, expected="each item once (after Unicode normalization)")
    media = _read_media(table, id_column)
    labels = _read_labels(table, classes)
    n_unlabeled = int(np.count_nonzero(labels == NO_LABEL))
    partly = 0 < n_unlabeled < len(labels)
    warnings = (f"{n_unlabeled} of {len(labels)} items have no label.",) if partly else ()
    return ReadItems(Split(split, tuple(ids), labels, tuple(media)), warnings)


def _read_media(table: Table, id_column: str) -> Sequence[str]:
    column = _find_path_column(table, id_column)
    if column is None:
        return [""] * len(table)
    # As the file has it: a path must be the name on disk, byte for byte, so it is not normalized.
    media = [text or "" for text in table.frame[column].to_list()]
    bad = [row for row, text in enumerate(media) if _LEAVES_FOLDER.search(text)]
    if bad:
        raise table.place.error(
            f"a {column} below the media folder (relative, no ..)",
            got=show(media[bad[0]]),
            rows=bad,
            remedy="Write it relative to the folder that --media names.",
        )
    return media


def _find_path_column(table: Table, id_column: str) -> str | None:
    for column in ("path", "file"):
        if column in table.columns and table.frame[column].dtype == pl.String:
            return column
    if id_column == "id" or table.frame[id_column].dtype != pl.String:
        return None
    suffixes = table.frame[id_column].str.extract(r"(\.[A-Za-z]+)$").str.to_lowercase()
    return id_column if suffixes.is_in(list(IMAGE_SUFFIXES)).fill_null(value=False).all() else None


def _read_labels(table: Table, classes: ClassList) -> npt.NDArray[np.int32]:
    """Original class ids by the columns that hold them, checked against each other; NO_LABEL where all are empty."""
    labels = np.full(len(table), NO_LABEL, np.int32)
    before = ""
    for column in ("label", "class_id", "key", "wnid"):
        if column in table.columns:
            lookup = ClassLookup(classes, names=column == "label")
            found = read_class_column(table, column, lookup, optional=True)
            _check_agree(labels, found, f"{before} and {column}", classes, table.place)
            labels = np.where(found == NO_LABEL, labels, found)
            before = column
    return labels


def _check_agree(
    one: npt.NDArray[np.int32], other: npt.NDArray[np.int32], columns: str, classes: ClassList, place: Place
) -> None:
    bad = np.flatnonzero((one != other) & (one != NO_LABEL) & (other != NO_LABEL))
    if len(bad):
        first, second = int(one[bad[0]]), int(other[bad[0]])
        raise place.error(
            f"one class in the columns {columns}",
            got=f"{first} ({classes.keys[first]}) and {second} ({classes.keys[second]})",
            rows=bad,
            remedy="Check that the file counts classes from 0 in the order of the classes file.",
        )
