"""Label sets: each version's content in an array file, and a row that says where it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import Row, Select, bindparam, insert, select

from regrade.errors import ConflictError, InputError
from regrade.records.labels import LabelSet, LabelSetVersion
from regrade.store import settings, tables
from regrade.store.arrays import ArrayFiles
from regrade.store.names import label_set_id, read_ref, ref_of, split_id, unknown_label_set
from regrade.store.store import Transaction

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEFAULT_NAME = "default label set"


class SavedLabelSet(NamedTuple):
    """What saving a label set gave."""

    version: LabelSetVersion
    created: bool
    """False: the same content was there already."""


def save_label_set(
    tx: Transaction,
    arrays: ArrayFiles,
    labels: LabelSet,
    *,
    name: str,
    parent: str | None,
    author: str,
    reason: str,
    warnings: Sequence[str],
    at: datetime,
    source: str | None = None,
) -> SavedLabelSet:
    """Store a version of a label set.

    Args:
        tx: A write transaction.
        arrays: The store's array files.
        labels: The content.
        name: Name of the label set: letters, digits, `.`, `_` and `-`.
        parent: None: an import, which makes version 1, or finds the same content there. The newest version of `name`
            (`NAME@N`): its successor, which makes version N + 1.
        author: Who made it.
        reason: Why, or from which file.
        warnings: What the import had to settle.
        at: When.
        source: With `parent` None: the version of another name that it was made from, which becomes its parent.

    Raises:
        ConflictError: The name holds other content, or `parent` is not its newest version.
        InputError: The name holds other characters.
        NotFoundError: There is no such source.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            "a name of letters, digits, '.', '_' and '-' that begins with a letter or digit",
            got=repr(name[:80]),
            remedy="Choose another name for the label set.",
        )
    rows = tables.label_sets
    stored = tx.execute(_select_versions().where(rows.c.name == name).order_by(rows.c.version)).all()
    if parent is None and stored:
        return SavedLabelSet(_find_same(arrays, stored, labels), created=False)
    newest = stored[-1] if stored else None
    if parent is not None and (newest is None or parent != f"{name}@{newest.version}"):
        raise ConflictError(
            f"{parent} is not the newest version of {name}.",
            remedy="Somebody else has published: look at it and try again.",
        )
    made_from = None if source is None else label_set_id(tx, source)
    frame = _as_frame(labels)
    tx.execute(
        insert(rows).values(
            name=name,
            version=newest.version + 1 if newest else 1,
            split=split_id(tx, labels.split),
            n_classes=labels.n_classes,
            digest=arrays.save_parquet(frame),
            parent=newest.id if newest else made_from,
            author=author,
            reason=reason,
            warnings=list(warnings),
            created_at=at,
        )
    )
    return SavedLabelSet(load_version(tx, name), created=True)


def load_label_set(tx: Transaction, arrays: ArrayFiles, ref: str) -> LabelSet:
    """The content of a version, named `NAME@N`, or `NAME` for the newest.

    Raises:
        NotFoundError: There is none; the message lists what there is.
    """
    row = _find_row(tx, ref)
    return _as_labels(arrays.load_parquet(row.digest), row.split_name, row.n_classes)


def load_version(tx: Transaction, ref: str) -> LabelSetVersion:
    """Where a version comes from, named `NAME@N`, or `NAME` for the newest.

    Raises:
        NotFoundError: There is none; the message lists what there is.
    """
    return _as_version(_find_row(tx, ref))


def list_label_sets(tx: Transaction) -> tuple[LabelSetVersion, ...]:
    """All versions, by name and version."""
    rows = tables.label_sets
    return tuple(map(_as_version, tx.execute(_select_versions().order_by(rows.c.name, rows.c.version))))


def save_default_name(tx: Transaction, name: str) -> None:
    """Choose the label set that is used where none is named."""
    settings.save_setting(tx, _DEFAULT_NAME, name)


def load_default_name(tx: Transaction) -> str | None:
    """The label set that is used where none is named; None before one was chosen."""
    return settings.load_setting(tx, _DEFAULT_NAME)


def _select_versions() -> Select[Any]:
    rows, parents = tables.label_sets, tables.label_sets.alias("parents")
    return (
        select(rows, tables.splits.c.name.label("split_name"), ref_of(parents).label("parent_ref"))
        .join(tables.splits, tables.splits.c.id == rows.c.split)
        .outerjoin(parents, parents.c.id == rows.c.parent)
    )


@cache
def _select_newest() -> Select[Any]:
    """Made once: every page asks it."""
    rows = tables.label_sets
    return _select_versions().where(rows.c.name == bindparam("label_set")).order_by(rows.c.version.desc()).limit(1)


def _find_row(tx: Transaction, ref: str) -> Row[Any]:
    parts, query = read_ref(ref), _select_newest()
    if parts is not None:
        query = query.where(tables.label_sets.c.version == parts.version)
    row = tx.execute(query, {"label_set": parts.name if parts else ref}).one_or_none()
    if row is None:
        raise unknown_label_set(tx, ref)
    return row


def _find_same(arrays: ArrayFiles, stored: Sequence[Row[Any]], labels: LabelSet) -> LabelSetVersion:
    # By content, not by digest: another version of the Parquet writer may give other bytes.
    frame = _as_frame(labels)
    for row in stored:
        same_kind = (row.split_name, row.n_classes) == (labels.split, labels.n_classes)
        if same_kind and arrays.load_parquet(row.digest).equals(frame):
            return _as_version(row)
    raise ConflictError(
        f"The label set {stored[0].name} holds other content.", remedy="Import these labels under another name."
    )


def _as_version(row: Row[Any]) -> LabelSetVersion:
    return LabelSetVersion(
        name=row.name,
        version=row.version,
        split=row.split_name,
        digest=row.digest,
        parent=row.parent_ref,
        author=row.author,
        created_at=row.created_at,
        reason=row.reason,
        warnings=tuple(row.warnings),
    )


def _as_frame(labels: LabelSet) -> pl.DataFrame:
    """One row a covered item, its verdicts as two lists: classes ascending, and their codes."""
    items = pl.DataFrame(
        {
            "item": labels.items.astype(np.int32),
            "original": labels.original.astype(np.int32),
            "problematic": labels.problematic.astype(np.bool_),
        }
    )
    pairs = pl.DataFrame(
        {
            "item": labels.pair_items.astype(np.int32),
            "classes": labels.pair_classes.astype(np.int32),
            "codes": labels.pair_codes.astype(np.int8),
        }
    )
    grouped = pairs.group_by("item", maintain_order=True).agg("classes", "codes")
    joined = items.join(grouped, on="item", how="left").sort("item")
    return joined.with_columns(pl.col("classes", "codes").fill_null([]))


def _as_labels(frame: pl.DataFrame, split: str, n_classes: int) -> LabelSet:
    sizes = frame["classes"].list.len().to_numpy()
    items = frame["item"].to_numpy()
    judged = frame.filter(pl.col("classes").list.len() > 0)
    return LabelSet(
        split=split,
        n_classes=n_classes,
        items=items,
        original=frame["original"].to_numpy(),
        problematic=frame["problematic"].to_numpy(),
        pair_items=np.repeat(items, sizes),
        pair_classes=judged["classes"].explode().to_numpy(),
        pair_codes=judged["codes"].explode().to_numpy(),
    )
