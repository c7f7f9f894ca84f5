"""All that a panel has decided, as arrays: what reviewers are held against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, func, select

from regrade.records.panel import DecisionMethod, Pass
from regrade.store import tables
from regrade.store.columns import NO_CLASS, as_columns, code_of, flag_of
from regrade.store.names import split_id
from regrade.store.store import Transaction


@dataclass(frozen=True, eq=False)
class DecidedRows:
    """The first-pass decisions in force."""

    items: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]
    """(m,) class ids, NO_CLASS where it is about the item being problematic."""
    verdicts: npt.NDArray[np.int64]
    """(m,) verdict codes; NO_VERDICT where it is about the item."""
    usable: npt.NDArray[np.bool_]
    """(m,) where it is about the item: it is not problematic."""
    adjudicated: npt.NDArray[np.bool_]
    """(m,) an adjudicator decided."""


@dataclass(frozen=True, eq=False)
class DecidedKinds:
    """The second-pass decisions in force."""

    items: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]
    categories: tuple[str, ...]
    severities: tuple[str, ...]
    adjudicated: npt.NDArray[np.bool_]


def load_decided(tx: Transaction, split: str) -> DecidedRows:
    """What was decided in the first pass: the newest on each (item, class), those taken back left out."""
    rows = tables.decisions
    query = select(
        rows.c.item,
        func.coalesce(rows.c.class_id, NO_CLASS),
        code_of(rows.c.verdict),
        flag_of(rows.c.usable),
        flag_of(rows.c.method == DecisionMethod.ADJUDICATION),
    ).where(*_in_force(tx, split, Pass.VERDICT))
    items, classes, verdicts, usable, adjudicated = as_columns(tx.execute(query).all(), n_columns=5)
    return DecidedRows(items, classes, verdicts, usable.astype(np.bool_), adjudicated.astype(np.bool_))


def load_decided_kinds(tx: Transaction, split: str) -> DecidedKinds:
    """What was decided in the second pass: the newest on each (item, class), those taken back left out."""
    rows = tables.decisions
    query = select(rows.c.item, rows.c.class_id, rows.c.category, rows.c.severity, rows.c.method)
    found = tx.execute(query.where(*_in_force(tx, split, Pass.KIND))).all()
    return DecidedKinds(
        items=np.array([row.item for row in found], np.int64),
        classes=np.array([row.class_id for row in found], np.int64),
        categories=tuple(row.category or "" for row in found),
        severities=tuple(row.severity or "" for row in found),
        adjudicated=np.array([row.method == DecisionMethod.ADJUDICATION for row in found], np.bool_),
    )


def load_newest_decision(tx: Transaction) -> int:
    """Id of the newest decision of all, 0 if there is none."""
    return int(tx.execute(select(func.coalesce(func.max(tables.decisions.c.id), 0))).scalar_one())


def _in_force(tx: Transaction, split: str, pass_: Pass) -> tuple[ColumnElement[bool], ...]:
    rows = tables.decisions
    newest = (
        select(func.max(rows.c.id))
        .where(rows.c.split == split_id(tx, split), rows.c["pass"] == pass_)
        .group_by(rows.c.item, rows.c.class_id)
    )
    return (rows.c.id.in_(newest), rows.c.method != DecisionMethod.REOPENED)
