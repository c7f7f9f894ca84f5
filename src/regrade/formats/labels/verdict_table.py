"""Labels as a table, one item a row: CSV with class ids joined by `;`, or Parquet of the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.formulas import GUARDED_IDS, unguard
from regrade.formats.item_ids import ID_COLUMNS, ID_WORDS, OTHER_ID_COLUMNS, choose_ids, find_items, read_ids
from regrade.formats.labels.assembly import FileVerdicts, ReadLabels, assemble_labels
from regrade.formats.labels.registry import LABEL_FORMATS
from regrade.formats.places import show
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import Verdict

_SEPARATOR = ";"
_ORDER = (Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG)
_COLUMNS = f"{ID_WORDS}, correct, unclear, wrong and problematic, and if there original_label"
_TRUTH = {"0": False, "1": True, "false": False, "true": True}


@LABEL_FORMATS.register(
    "parquet",
    "the columns of csv; class ids in list columns or joined by ;",
    matches=lambda source: source.container in ("parquet", "frame"),
)
@LABEL_FORMATS.register(
    "csv",
    "id, original_label, correct, unclear, wrong, problematic; class ids or keys joined by ;",
    matches=lambda source: source.container == "csv",
)
def read_verdict_table(source: Source, split: Split, classes: ClassList) -> ReadLabels:
    """Labels from the columns `id`, `correct`, `unclear`, `wrong`, `problematic` and, if there, `original_label`.

    A column `guarded_id` in place of `id` holds ids with an apostrophe before those that a spreadsheet would run.
    """
    table = source.table
    flags = [(verdict.value,) for verdict in _ORDER]
    table.require_layout(
        f"the columns {_COLUMNS}", (*ID_COLUMNS, *OTHER_ID_COLUMNS, GUARDED_IDS), *flags, ("problematic",)
    )
    column = choose_ids(table, GUARDED_IDS)
    ids = read_ids(table, column)
    if column == GUARDED_IDS:
        ids = unguard(ids)
    items = find_items(ids, split, table.place, unique=True)
    lookup = ClassLookup(classes)
    original = np.full(len(table), NO_LABEL, np.int32)
    if "original_label" in table.columns:
        original = read_class_column(table, "original_label", lookup, optional=True)
    rows, class_ids, codes = [], [], []
    for verdict in Verdict:
        verdict_rows, verdict_classes = _read_lists(table, verdict.value, lookup)
        rows.append(verdict_rows)
        class_ids.append(verdict_classes)
        codes.append(np.full(len(verdict_rows), verdict.code, np.int8))
    verdicts = FileVerdicts(
        items=items,
        original=original,
        problematic=_read_problematic(table),
        pair_rows=np.concatenate(rows),
        pair_classes=np.concatenate(class_ids),
        pair_codes=np.concatenate(codes),
        place=table.place,
    )
    return assemble_labels(verdicts, split, classes)


def _read_lists(table: Table, column: str, lookup: ClassLookup) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Row and class id of every class in a column of lists."""
    cells = table.frame[column]
    if cells.dtype == pl.Null:
        return np.empty(0, np.int64), np.empty(0, np.int32)
    if cells.dtype == pl.String:
        cells = cells.set(cells == "", None).str.split(_SEPARATOR)
    if not isinstance(cells.dtype, pl.List):
        raise table.place.error(
            f"lists of class ids, or ids joined by {_SEPARATOR}, in the column {column}",
            got=f"{cells.dtype} values like {show(cells[0])}",
            rows=range(len(cells)),
        )
    lengths = cells.list.len().fill_null(0).to_numpy()
    rows = np.repeat(np.arange(len(cells)), lengths)
    values = cells.filter(pl.Series(lengths > 0)).explode()
    empty = np.flatnonzero(values.is_null().to_numpy())
    if len(empty):
        raise table.place.error(
            lookup.expected, got=f"an empty value in the column {column}", rows=rows[empty], remedy="Delete it."
        )
    return rows, lookup.find_series(values, table.place, typed=table.typed, rows=rows)


def _read_problematic(table: Table) -> npt.NDArray[np.bool_]:
    table.require_filled("problematic")
    cells = table.frame["problematic"].cast(pl.String)
    bad = np.flatnonzero((~cells.is_in(list(_TRUTH))).to_numpy())
    if len(bad):
        raise table.place.error(
            "problematic to be 0 or 1", got=show(cells[int(bad[0])]), rows=bad, remedy="Correct it."
        )
    return cells.replace_strict(_TRUTH, return_dtype=pl.Boolean).to_numpy()
