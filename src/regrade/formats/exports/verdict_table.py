"""Label sets as tables, one item a row: CSV with class ids joined by `;`, and Parquet with lists of class ids."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import polars as pl

from regrade.errors import InputError
from regrade.formats.exports.registry import Document, register_export
from regrade.formats.formulas import GUARDED_IDS, guard, is_risky
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet, Verdict
from regrade.records.provenance import LabelSheet

_ORDER = (Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG)


@register_export("csv", "the table that `labels import` reads; class ids joined by ;", suffix=".csv")
def write_csv(sheet: LabelSheet) -> Document:
    """The table as CSV. It holds everything.

    Where a spreadsheet would run an id as a formula, the column of ids is called `guarded_id`, and such ids have an
    apostrophe before them.
    """
    frame = verdict_frame(sheet).with_columns(
        pl.col([str(verdict) for verdict in _ORDER]).cast(pl.List(pl.String)).list.join(";").replace("", None),
        pl.col("problematic").cast(pl.UInt8),
    )
    if is_risky(frame["id"]):
        frame = frame.with_columns(pl.Series("id", guard(frame["id"]))).rename({"id": GUARDED_IDS})
    return Document(frame.write_csv().encode())


@register_export("parquet", "the same as Parquet, class ids in lists", suffix=".parquet")
def write_parquet(sheet: LabelSheet) -> Document:
    """The table as Parquet. It holds everything."""
    out = BytesIO()
    verdict_frame(sheet).write_parquet(out)
    return Document(out.getvalue())


def verdict_frame(sheet: LabelSheet) -> pl.DataFrame:
    """One row a covered item: id, original label (null: none), three lists of class ids in ascending order, and a flag.

    Raises:
        InputError: The label set covers no item, and a table without rows says nothing.
    """
    labels = sheet.labels
    if not len(labels.items):
        raise InputError("a label set that covers an item", got=f"{sheet.version.ref}, which covers none")
    original = pl.Series("original_label", labels.original).replace(NO_LABEL, None)
    ids = pl.Series("id", [sheet.split.ids[item] for item in labels.items.tolist()], dtype=pl.String)
    return pl.DataFrame(
        [
            ids,
            original,
            *(_class_lists(labels, verdict) for verdict in _ORDER),
            pl.Series("problematic", labels.problematic),
        ]
    )


def _class_lists(labels: LabelSet, verdict: Verdict) -> pl.Series:
    """The classes of one verdict, a list for each covered item."""
    chosen = labels.pair_codes == verdict.code
    pairs = pl.DataFrame({"item": labels.pair_items[chosen], "class": labels.pair_classes[chosen].astype(np.int32)})
    lists = pairs.group_by("item", maintain_order=True).agg("class")
    items = pl.DataFrame({"item": labels.items})
    joined = items.join(lists, on="item", how="left", maintain_order="left")
    return joined["class"].fill_null([]).alias(str(verdict))
