"""All answers of a panel as arrays: what agreement is computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, func, select

from regrade.records.panel import Pass, Purpose
from regrade.store import tables
from regrade.store.columns import NO_CLASS, as_columns, code_of, flag_of
from regrade.store.names import ref_of, split_id
from regrade.store.store import Transaction


class AnswersVersion(NamedTuple):
    """Grows with every answer that is given or taken back."""

    newest: int
    """Id of the newest review."""
    n_withdrawn: int


@dataclass(frozen=True, eq=False)
class AnswerRows:
    """The panel's answers of one pass, in the order in which they were given.

    Those taken back are left out, and those given after a look at what became of the item.
    """

    names: tuple[str, ...]
    """Reviewers with an answer here, by name."""
    refs: tuple[str, ...]
    """`NAME@N` of the label set versions that stand in `labels`."""
    reviewers: npt.NDArray[np.int64]
    """(n,) index into `names`."""
    items: npt.NDArray[np.int64]
    """(n,) positions."""
    classes: npt.NDArray[np.int64]
    """(n,) class ids, NO_CLASS where the item is called problematic."""
    labels: npt.NDArray[np.int64]
    """(n,) index into `refs`: what was in force when the screen was dealt."""
    verdicts: npt.NDArray[np.int64]
    """(n,) verdict codes, NO_VERDICT in the second pass and where the item is called problematic."""
    problematic: npt.NDArray[np.bool_]
    added: npt.NDArray[np.bool_]
    """(n,) the reviewer named the class; nobody had asked."""
    elsewhere: npt.NDArray[np.bool_]
    """(n,) brought in from a panel elsewhere."""

    def only(self, chosen: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> AnswerRows:
        """The chosen answers; reviewers and label sets keep their numbers."""
        return replace(
            self,
            reviewers=self.reviewers[chosen],
            items=self.items[chosen],
            classes=self.classes[chosen],
            labels=self.labels[chosen],
            verdicts=self.verdicts[chosen],
            problematic=self.problematic[chosen],
            added=self.added[chosen],
            elsewhere=self.elsewhere[chosen],
        )


@dataclass(frozen=True, eq=False)
class KindRows:
    """The panel's answers of the second pass, as in `AnswerRows`, with what they say."""

    rows: AnswerRows
    categories: tuple[str, ...]
    """(n,)."""
    severities: tuple[str, ...]
    """(n,)."""

    def only(self, chosen: npt.NDArray[np.intp]) -> KindRows:
        """The chosen answers, in the order chosen."""
        at = chosen.tolist()
        return KindRows(
            self.rows.only(chosen),
            tuple(self.categories[row] for row in at),
            tuple(self.severities[row] for row in at),
        )


def load_answers_version(tx: Transaction) -> AnswersVersion:
    """What tells whether answers that were loaded before are out of date."""
    newest = select(func.coalesce(func.max(tables.reviews.c.id), 0)).scalar_subquery()
    n_withdrawn = select(func.count()).select_from(tables.withdrawals).scalar_subquery()
    return AnswersVersion(*tx.execute(select(newest, n_withdrawn)).one())


def load_verdict_answers(tx: Transaction, split: str) -> AnswerRows:
    """The answers of the first pass."""
    return _as_rows(tx, _load_columns(tx, split, Pass.VERDICT))


def load_kind_answers(tx: Transaction, split: str) -> KindRows:
    """The answers of the second pass."""
    rows, number = tables.reviews, split_id(tx, split)
    columns = _load_columns(tx, split, Pass.KIND)
    query = select(rows.c.id, rows.c.category, rows.c.severity).where(*_of_panel(number, Pass.KIND))
    said = {row.id: (row.category or "", row.severity or "") for row in tx.execute(query)}
    given = [said[review] for review in columns[0].tolist()]
    return KindRows(
        _as_rows(tx, columns), tuple(category for category, _ in given), tuple(severity for _, severity in given)
    )


def _load_columns(tx: Transaction, split: str, pass_: Pass) -> npt.NDArray[np.int64]:
    """Id, reviewer, item, class, label set, verdict, problematic, added, elsewhere; one row of the result a column."""
    rows, number = tables.reviews, split_id(tx, split)
    query = select(
        rows.c.id,
        rows.c.reviewer,
        rows.c.item,
        func.coalesce(rows.c.class_id, NO_CLASS),
        rows.c.label_set,
        code_of(rows.c.verdict),
        flag_of(rows.c.problematic),
        flag_of(rows.c.added),
        flag_of(rows.c.source.is_not(None)),
    ).where(*_of_panel(number, pass_))
    columns = as_columns(tx.execute(query.order_by(rows.c.id)).all(), n_columns=9)
    return columns[:, ~np.isin(columns[0], _load_withdrawn_ids(tx))]


def _load_withdrawn_ids(tx: Transaction) -> npt.NDArray[np.int64]:
    """Ids of the reviews that were taken back: few, so that looking for them beats asking of every review."""
    rows, withdrawn = tables.reviews, tables.withdrawals
    # Also the reviewer: an imported judgement may stand under a name that somebody chose as a key.
    same = (withdrawn.c.submission == rows.c.submission) & (withdrawn.c.reviewer == rows.c.reviewer)
    query = select(rows.c.id).select_from(withdrawn).join(rows, same)
    return np.array(tx.execute(query).scalars().all(), dtype=np.int64)


def _of_panel(split: int, pass_: Pass) -> tuple[ColumnElement[bool], ...]:
    rows = tables.reviews
    # An answer after a look at what others know is none of one's own.
    independent = rows.c.revealed.is_(False)
    return (rows.c.split == split, rows.c["pass"] == pass_, rows.c.purpose == Purpose.PANEL, independent)


def _as_rows(tx: Transaction, columns: npt.NDArray[np.int64]) -> AnswerRows:
    _, reviewers, items, classes, label_sets, verdicts, problematic, added, elsewhere = columns
    people, versions = tables.users, tables.label_sets
    names, reviewers = _name(reviewers, tx.execute(select(people.c.id, people.c.name)))
    refs, labels = _name(label_sets, tx.execute(select(versions.c.id, ref_of(versions))))
    flags = (problematic.astype(np.bool_), added.astype(np.bool_), elsewhere.astype(np.bool_))
    return AnswerRows(names, refs, reviewers, items, classes, labels, verdicts, *flags)


def _name(ids: npt.NDArray[np.int64], rows: Iterable[Any]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The names that occur, sorted, and in place of each id its name's index."""
    names: dict[int, str] = {row[0]: row[1] for row in rows}
    known, at = np.unique(ids, return_inverse=True)
    found = [names[number] for number in known.tolist()]
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.empty(len(found), np.int64)
    rank[order] = np.arange(len(found))
    return tuple(found[place] for place in order), rank[at]
