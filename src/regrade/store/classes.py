"""The benchmark's classes and the hierarchy above them: array files, and a row that names them."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from sqlalchemy import insert, select

from regrade.errors import ConflictError, NotFoundError
from regrade.records.classes import ClassList, Hierarchy
from regrade.store import tables
from regrade.store.arrays import ArrayFiles
from regrade.store.store import Transaction


def save_classes(tx: Transaction, arrays: ArrayFiles, classes: ClassList, *, at: datetime) -> bool:
    """Store the classes; False if the same ones were there already.

    Raises:
        ConflictError: The workspace has other classes.
    """
    frame = pl.DataFrame(
        {
            "key": classes.keys,
            "name": classes.names,
            "definition": classes.definitions,
            "group": classes.groups,
        },
        schema=dict.fromkeys(("key", "name", "definition", "group"), pl.String),
    )
    return _save_frame(tx, arrays, "classes", frame, at)


def load_classes(tx: Transaction, arrays: ArrayFiles) -> ClassList:
    """The classes in order.

    Raises:
        NotFoundError: None were stored.
    """
    frame = _load_frame(tx, arrays, "classes")
    if frame is None:
        raise NotFoundError("The workspace has no classes.", remedy="Make it anew with `regrade init`.")
    keys, names, definitions, groups = (tuple(frame[name].to_list()) for name in ("key", "name", "definition", "group"))
    return ClassList(keys, names, definitions, groups)


def save_hierarchy(tx: Transaction, arrays: ArrayFiles, hierarchy: Hierarchy, *, at: datetime) -> bool:
    """Store the hierarchy; False if the same one was there already.

    Raises:
        ConflictError: The workspace has another hierarchy.
    """
    edges = pl.DataFrame(
        {"child": hierarchy.children, "parent": hierarchy.parents}, schema={"child": pl.String, "parent": pl.String}
    )
    named = sorted(hierarchy.names.items())
    nodes = pl.DataFrame(
        {"key": [key for key, _ in named], "name": [name for _, name in named]},
        schema={"key": pl.String, "name": pl.String},
    )
    created = [_save_frame(tx, arrays, kind, frame, at) for kind, frame in (("edges", edges), ("nodes", nodes))]
    return any(created)


def load_hierarchy(tx: Transaction, arrays: ArrayFiles) -> Hierarchy | None:
    """The hierarchy; None where the benchmark has none."""
    edges, nodes = _load_frame(tx, arrays, "edges"), _load_frame(tx, arrays, "nodes")
    if edges is None or nodes is None:
        return None
    return Hierarchy(
        children=tuple(edges["child"].to_list()),
        parents=tuple(edges["parent"].to_list()),
        names=dict(zip(nodes["key"].to_list(), nodes["name"].to_list(), strict=True)),
    )


def _save_frame(tx: Transaction, arrays: ArrayFiles, kind: str, frame: pl.DataFrame, at: datetime) -> bool:
    stored = _load_frame(tx, arrays, kind)
    if stored is not None:
        # By content, not by digest: another version of the Parquet writer may give other bytes.
        if stored.equals(frame):
            return False
        raise ConflictError(
            f"The workspace has other {'classes' if kind == 'classes' else 'hierarchy edges or names'}.",
            remedy="They never change: make another workspace.",
        )
    tx.execute(insert(tables.class_files).values(kind=kind, digest=arrays.save_parquet(frame), created_at=at))
    return True


def _load_frame(tx: Transaction, arrays: ArrayFiles, kind: str) -> pl.DataFrame | None:
    rows = tables.class_files
    digest = tx.execute(select(rows.c.digest).where(rows.c.kind == kind)).scalar_one_or_none()
    return None if digest is None else arrays.load_parquet(digest)
