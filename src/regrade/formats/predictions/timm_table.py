"""The files that timm's inference.py writes, as one kind of table: each rank in columns of its own.

The script writes CSV, JSON and Parquet. With several ranks a cell holds a list, unless it is told to write each rank
into a column of its own (`index_0`, `index_1`, ...); in CSV such a list is a NumPy array as text. Here every file
becomes a table of the second kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from regrade.formats.places import Place, show
from regrade.formats.sources import Source
from regrade.formats.tables import Table

FILENAME = "filename"
FIELDS = ("index", "label", "prob", "logit")
"""What a file may say of each rank; the name of a column, or what it starts with."""

_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_AGAIN = "Write Parquet or JSON (--results-format), or one column a rank (--results-separate-col)."


def looks_like_timm(source: Source) -> bool:
    """Whether the content has timm's layout: file names, and beside each at least one of the fields."""
    if source.container != "json":
        return source.has_columns(FILENAME) and _has_field(source.table.columns)
    document = source.document
    if not isinstance(document, dict):
        return False
    if _is_split(document):
        return FILENAME in document["columns"] and _has_field(document["columns"])
    first = next(iter(document.values()), None)
    return isinstance(first, dict) and _has_field(first)


def read_timm_table(source: Source) -> Table:
    """The rows of such a file with the columns `filename` and `FIELD_0`, `FIELD_1`, ... of each field that it has.

    Raises:
        InputError: No such layout; a row with more or fewer ranks than the first; a list that is cut short by `...`.
    """
    table = _load_json(source) if source.container == "json" else source.table
    table.require(FILENAME)
    columns = [table.frame[FILENAME]]
    for field in FIELDS:
        if field in table.columns:
            columns += _unstack(table, field)
        else:
            columns += [table.frame[name] for name in ranked_columns(table, field)]
    return Table(pl.DataFrame(columns), table.place, table.typed)


def ranked_columns(table: Table, field: str) -> list[str]:
    """The columns `FIELD_0`, `FIELD_1`, ... in order.

    Raises:
        InputError: They are not numbered without a gap.
    """
    n_columns = sum(re.fullmatch(rf"{field}_\d+", name) is not None for name in table.columns)
    columns = [f"{field}_{rank}" for rank in range(n_columns)]
    if columns:
        table.require(*columns)
    return columns


def _has_field(names: Sequence[object] | dict[str, object]) -> bool:
    return any(name in names for field in FIELDS for name in (field, f"{field}_0"))


def _is_split(document: dict[str, object]) -> bool:
    return isinstance(document.get("columns"), list) and isinstance(document.get("data"), list)


def _load_json(source: Source) -> Table:
    document = source.document
    where = source.place.where
    if isinstance(document, dict) and _is_split(document):
        names, rows = document["columns"], document["data"]
        if all(isinstance(row, list) and len(row) == len(names) for row in rows):
            columns = {name: [row[at] for row in rows] for at, name in enumerate(names) if isinstance(name, str)}
            return _make_table(columns, Place(where))
    elif isinstance(document, dict) and all(isinstance(entry, dict) for entry in document.values()):
        named = dict.fromkeys(name for entry in document.values() for name in entry)
        columns = {name: [entry.get(name) for entry in document.values()] for name in named}
        return _make_table({**columns, FILENAME: list(document)}, Place(where, keys=list(document)))
    raise source.place.file_error(
        "the JSON of timm's inference.py (orient index or split)",
        got="JSON of another layout",
        remedy="Name another file, or another --format.",
    )


def _make_table(columns: dict[str, list[object]], place: Place) -> Table:
    series = []
    for name, values in columns.items():
        try:
            series.append(pl.Series(name, values, strict=True))
        except (TypeError, OverflowError, pl.exceptions.PolarsError) as error:
            raise place.file_error(
                f"values of one type for {name}", got="several types", remedy="Write the file again."
            ) from error
    return Table(pl.DataFrame(series), place, typed=True)


def _unstack(table: Table, field: str) -> list[pl.Series]:
    """A column of lists as one column a rank; a column of single values as the only rank."""
    table.require_filled(field)
    cells = table.frame[field]
    if cells.dtype == pl.String:
        if not cells.str.starts_with("[").all():
            return [cells.alias(f"{field}_0")]
        cells = _split_texts(table, cells) if field == "label" else _split_numbers(table, cells)
    if isinstance(cells.dtype, pl.Array):
        cells = cells.arr.to_list()
    if not isinstance(cells.dtype, pl.List):
        return [cells.alias(f"{field}_0")]
    lengths = cells.list.len().to_numpy()
    bad = np.flatnonzero((lengths != lengths[0]) | (lengths == 0))
    if len(bad):
        raise table.place.error(
            f"{lengths[0] or 'one or more'} values of {field} in every row",
            got=str(lengths[bad[0]]),
            rows=bad,
            remedy=_AGAIN,
        )
    return [cells.list.get(rank).alias(f"{field}_{rank}") for rank in range(int(lengths[0]))]


def _split_numbers(table: Table, cells: pl.Series) -> pl.Series:
    """NumPy arrays of numbers as text, `[0.5 0.25]`: the numbers, still as text."""
    cut = np.flatnonzero(cells.str.contains("...", literal=True).to_numpy())
    if len(cut):
        raise table.place.error(
            f"all values of {cells.name}", got="an array that was cut short with ...", rows=cut, remedy=_AGAIN
        )
    return cells.str.strip_chars("[] \t\r\n").str.replace_all(r"\s+", " ").str.split(" ")


def _split_texts(table: Table, cells: pl.Series) -> pl.Series:
    """NumPy arrays of texts as text, `['a' "b's"]`: the texts."""
    lists = [[_unescape(one or other) for one, other in _QUOTED.findall(cell)] for cell in cells]
    bad = [row for row, texts in enumerate(lists) if not texts]
    if bad:
        raise table.place.error(
            f"texts in quotes in the column {cells.name}", got=show(cells[bad[0]]), rows=bad, remedy=_AGAIN
        )
    return pl.Series(cells.name, lists, dtype=pl.List(pl.String))


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
