"""The classes of a benchmark, from CSV or a dataframe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from regrade.formats.frames import ArrowTable, open_source
from regrade.formats.item_ids import refuse_repeated_texts
from regrade.formats.normalization import normalize, refuse_control_characters
from regrade.formats.places import Place, show
from regrade.formats.tables import Table
from regrade.records.classes import ClassList

DESCRIPTION = "CSV: class_id, key (or wnid), name; if there, definition (or gloss) and group; rows in any order"

CLASS_FILE_COLUMNS = "class_id (0, 1, 2, ...), key (or wnid) and name, optionally definition (or gloss) and group"
"""Of the classes file, in words."""
_KEYS = ("key", "wnid")


def read_classes(content: Path | ArrowTable) -> ClassList:
    """The classes of a benchmark, in the order of their class ids.

    Args:
        content: CSV, or a dataframe, with the columns `class_id` (0..C-1, each once), `key` or `wnid` (unique after
            Unicode NFC), `name`, and if there `definition` or `gloss`, and `group`. Other columns are ignored.

    Raises:
        InputError: A class id is missing, comes twice or is no number from 0 to C-1; a key is empty, comes twice, or is
            a number other than its class id (a cell with that number could mean two classes); a name is empty.
    """
    source = open_source(content, "dataframe of classes")
    table = source.table if source.container == "frame" else source.csv
    table.require_layout(f"the columns {CLASS_FILE_COLUMNS}", ("class_id",), _KEYS, ("name",))
    keys = table.texts(table.choose(*_KEYS))
    ids = _parse_class_ids(table.texts("class_id"), table.place)
    _check_keys(keys, ids, table.place)
    columns = (keys, table.texts("name"), _read_optional(table, "definition", "gloss"), _read_optional(table, "group"))
    order = np.argsort(ids)
    return ClassList(*(tuple(texts[row] for row in order) for texts in columns))


def name_classes(names: Sequence[str], place: Place) -> ClassList:
    """Classes that are known by their names alone, in the order of their class ids: each name is the key too.

    Args:
        names: (C,) unique after Unicode NFC.
        place: Where they stand.

    Raises:
        InputError: A name is empty or comes twice, or is a number other than its class id.
    """
    keys = [normalize(name) for name in names]
    if not all(keys):
        raise place.error("a name of each class", got="an empty one", rows=[keys.index("")], remedy="Name it.")
    refuse_repeated_texts(keys, place, expected="each class name once")
    _check_keys(keys, np.arange(len(keys)), place)
    nothing = ("",) * len(keys)
    return ClassList(tuple(keys), tuple(keys), nothing, nothing)


def _parse_class_ids(texts: Sequence[str], place: Place) -> npt.NDArray[np.int64]:
    numbers = {str(class_id): class_id for class_id in range(len(texts))}
    ids = np.array([numbers.get(text, -1) for text in texts])
    bad = np.flatnonzero(ids < 0)
    if len(bad):
        raise place.error(
            f"a class_id from 0 to {len(texts) - 1} (there are {len(texts)} rows)",
            got=show(texts[int(bad[0])]),
            rows=bad,
            remedy="Number the classes 0, 1, 2, ... without gaps, in the order that the predictions use.",
        )
    refuse_repeated_texts(texts, place, expected="each class_id once")
    return ids


def _check_keys(keys: Sequence[str], ids: npt.NDArray[np.int64], place: Place) -> None:
    refuse_control_characters(keys, place)
    refuse_repeated_texts(keys, place, expected="each key once")
    bad = [row for row, key in enumerate(keys) if key.isascii() and key.isdigit() and key != str(ids[row])]
    if bad:
        raise place.error(
            "a key that is no number (or is the class_id)",
            got=show(keys[bad[0]]),
            rows=bad,
            remedy="Put a letter before it: a cell with that number could mean two classes.",
        )


def _read_optional(table: Table, *columns: str) -> list[str]:
    for column in columns:
        if column in table.columns:
            return table.texts(column, optional=True)
    return [""] * len(table)
