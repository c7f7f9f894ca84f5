"""Decisions: appended, never changed; the newest of an (item, class, pass) counts.

Which label set version carries which decision is a row too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select

from regrade.errors import ConflictError
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, DecisionMethod, Pass
from regrade.store import tables
from regrade.store.names import label_set_id, ref_of, split_id
from regrade.store.store import Transaction


def save_decision(
    tx: Transaction,
    *,
    split: str,
    item: int,
    class_id: int | None,
    pass_: Pass,
    verdict: Verdict | None,
    category: str | None,
    severity: str | None,
    method: DecisionMethod,
    author: str,
    reason: str,
    base: str,
    at: datetime,
    usable: bool = False,
) -> Decision:
    """Append a decision; it takes the place of the one before on the same (item, class, pass).

    Args:
        tx: A write transaction.
        split: The split.
        item: Position in the split.
        class_id: The class; None: the item is problematic.
        pass_: Which pass it ends.
        verdict: First pass only.
        category: Second pass only.
        severity: Second pass only.
        method: How it came about.
        author: Who decided.
        reason: Why; may be empty.
        base: `NAME@N` that the answers were given against.
        at: When.
        usable: Without a class: the item is not problematic after all.

    Raises:
        NotFoundError: No such split or label set.
    """
    row = {
        "split": split_id(tx, split),
        "item": item,
        "class_id": class_id,
        "pass": pass_,
        "verdict": verdict,
        "category": category,
        "severity": severity,
        "method": method,
        "author": author,
        "reason": reason,
        "base": label_set_id(tx, base),
        "created_at": at,
        "usable": usable,
    }
    made = tx.execute(insert(tables.decisions), row)
    assert made.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return Decision(
        id=made.inserted_primary_key[0],
        split=split,
        item=item,
        class_id=class_id,
        pass_=pass_,
        verdict=verdict,
        category=category,
        severity=severity,
        method=method,
        author=author,
        reason=reason,
        base=base,
        created_at=at,
        usable=usable,
    )


def list_current_decisions(
    tx: Transaction, split: str, *, pass_: Pass | None = None, item: int | None = None, unpublished: bool = False
) -> tuple[Decision, ...]:
    """The decisions in force: the newest of each (item, class, pass), by id; those taken back are left out.

    Args:
        tx: A transaction.
        split: The split.
        pass_: Only of this pass.
        item: Only on this item.
        unpublished: Only those that no label set carries yet.
    """
    query = _select_current(in_pass=pass_ is not None, of_item=item is not None, unpublished=unpublished)
    return tuple(map(_as_decision, tx.execute(query, _of(tx, split, pass_, item))))


def list_decisions(tx: Transaction, ids: Collection[int]) -> tuple[Decision, ...]:
    """Decisions by their ids, in force or not, in the order of their making."""
    rows = tables.decisions
    return tuple(map(_as_decision, tx.execute(_select_decisions().where(rows.c.id.in_(ids)).order_by(rows.c.id))))


def list_history(tx: Transaction, split: str) -> tuple[Decision, ...]:
    """All decisions of a split in the order of their making, also those that another has followed or taken back."""
    rows = tables.decisions
    query = _select_decisions().where(rows.c.split == split_id(tx, split)).order_by(rows.c.id)
    return tuple(map(_as_decision, tx.execute(query)))


def load_newest_ids(tx: Transaction, split: str, item: int, pass_: Pass) -> dict[int | None, int]:
    """Id of the newest decision on each class of an item, taken back or not; under None that on the item itself."""
    rows = tables.decisions
    query = (
        select(rows.c.class_id, func.max(rows.c.id))
        .where(rows.c.split == split_id(tx, split), rows.c.item == item, rows.c["pass"] == pass_)
        .group_by(rows.c.class_id)
    )
    return {class_id: newest for class_id, newest in tx.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def list_published_decisions(tx: Transaction, split: str, *, ref: str) -> tuple[Decision, ...]:
    """The decisions that a label set version carries, in the order of their making.

    Raises:
        NotFoundError: There is no such version.
    """
    rows, published = tables.decisions, tables.published_decisions
    query = _select_decisions().where(
        rows.c.split == split_id(tx, split), published.c.label_set == label_set_id(tx, ref)
    )
    return tuple(map(_as_decision, tx.execute(query.order_by(rows.c.id))))


def save_published(tx: Transaction, decision_ids: Iterable[int], ref: str) -> None:
    """Say that a label set version carries these decisions.

    Raises:
        ConflictError: A version carries one of them already.
        NotFoundError: There is no such version.
    """
    published, label_set = tables.published_decisions, label_set_id(tx, ref)
    rows = [{"decision": decision, "label_set": label_set} for decision in decision_ids]
    known = set(tx.execute(select(published.c.decision)).scalars())
    for row in rows:
        if row["decision"] in known:
            raise ConflictError(f"Decision {row['decision']} is published already.", remedy="Reload the page.")
    if rows:
        tx.execute(insert(published), rows)


def count_decisions(tx: Transaction, split: str, *, pass_: Pass | None = None, unpublished: bool = False) -> int:
    """How many decisions are in force, as `list_current_decisions` gives them."""
    rows, published = tables.decisions, tables.published_decisions
    ids = _current_ids(in_pass=pass_ is not None, of_item=False)
    query = (
        select(func.count())
        .select_from(rows.outerjoin(published, published.c.decision == rows.c.id))
        .where(rows.c.id.in_(ids), rows.c.method != DecisionMethod.REOPENED)
    )
    if unpublished:
        query = query.where(published.c.decision.is_(None))
    return tx.execute(query, _of(tx, split, pass_, None)).scalar_one()


def _of(tx: Transaction, split: str, pass_: Pass | None, item: int | None) -> dict[str, Any]:
    """The values of `_current_ids`."""
    given = {"of_split": split_id(tx, split), "in_pass": pass_, "of_item": item}
    return {name: value for name, value in given.items() if value is not None}


def _current_ids(*, in_pass: bool, of_item: bool) -> Select[tuple[int]]:
    """Newest of each (item, class, pass); GROUP BY takes "no class" for a class of its own."""
    rows = tables.decisions
    query = select(func.max(rows.c.id)).where(rows.c.split == bindparam("of_split"))
    if in_pass:
        query = query.where(rows.c["pass"] == bindparam("in_pass"))
    if of_item:
        query = query.where(rows.c.item == bindparam("of_item"))
    return query.group_by(rows.c.item, rows.c.class_id, rows.c["pass"])


@cache
def _select_current(*, in_pass: bool, of_item: bool, unpublished: bool) -> Select[Any]:
    """Made once, as the next: every answer asks it."""
    rows = tables.decisions
    query = _select_decisions().where(rows.c.id.in_(_current_ids(in_pass=in_pass, of_item=of_item)))
    if unpublished:
        query = query.where(tables.published_decisions.c.decision.is_(None))
    return query.where(rows.c.method != DecisionMethod.REOPENED).order_by(rows.c.id)


@cache
def _select_decisions() -> Select[Any]:
    """Made once: building it takes longer than running it."""
    rows, splits, published = tables.decisions, tables.splits, tables.published_decisions
    bases, carriers = tables.label_sets.alias("bases"), tables.label_sets.alias("carriers")
    return (
        select(
            rows,
            splits.c.name.label("split_name"),
            ref_of(bases).label("base_ref"),
            ref_of(carriers).label("published_in"),
        )
        .join(splits, splits.c.id == rows.c.split)
        .join(bases, bases.c.id == rows.c.base)
        .outerjoin(published, published.c.decision == rows.c.id)
        .outerjoin(carriers, carriers.c.id == published.c.label_set)
    )


def _as_decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        split=row.split_name,
        item=row.item,
        class_id=row.class_id,
        pass_=Pass(row._mapping["pass"]),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        category=row.category,
        severity=row.severity,
        method=DecisionMethod(row.method),
        author=row.author,
        reason=row.reason,
        base=row.base_ref,
        created_at=row.created_at,
        published_in=row.published_in,
        usable=row.usable,
    )
