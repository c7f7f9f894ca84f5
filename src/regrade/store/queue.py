"""The queue of work: which item a reviewer can be dealt next, and how many are left.

An item can be dealt if one of its open cases has fewer than n live claims and none of this reviewer's. A claim is live
while its screen is answered, or unanswered and dealt not too long ago. Items that others have begun come first, then
the ring of shuffled items from the reviewer's own start; items that the reviewer has skipped come last, the longest
ago first, and among them gold that was skipped, as if it were work like the rest.

The search goes by the index of open cases, which leads with the number of claims and, where there is just one, with who
holds it. So with n = 2 it takes a few steps into the index for each reviewer, however many cases there are and however
far this one is ahead. With n > 2 it also looks at the open cases that have two claims or more.

These statements are plain SQL, since they run for every screen that is dealt: building them from expressions each time
took longer than running them.
"""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import TextClause, bindparam, text

from regrade.records.panel import Pass, Purpose
from regrade.store.gold import NOT_SETTLED
from regrade.store.names import split_id, user_id
from regrade.store.store import Transaction
from regrade.store.tables import OPEN_CASE, UtcDateTime


class NextItem(NamedTuple):
    """What a reviewer is dealt next."""

    item: int
    """Position in the split."""
    place: int
    """Its place on the ring."""
    purpose: Purpose
    """Gold only where the reviewer has skipped it before."""


_ALL_JUDGED = """
    NOT EXISTS (
        SELECT 1 FROM questions AS first_pass
        WHERE first_pass.split = questions.split AND first_pass.item = questions.item AND first_pass.pass = 'verdict'
        AND first_pass.status IN ('open', 'disputed') AND first_pass.origin <> 'label'
    )
"""
_CASE = {
    Pass.VERDICT: f"{OPEN_CASE} AND split = :split AND pass = 'verdict'",
    Pass.KIND: f"{OPEN_CASE} AND split = :split AND pass = 'kind' AND {_ALL_JUDGED}",
}
_NOT_MINE = "NOT EXISTS (SELECT 1 FROM claims WHERE question = questions.id AND reviewer = :reviewer)"
_HAS_ROOM = """
    (n_claims < :n_reviewers OR :n_reviewers > (
        SELECT count(*) FROM claims JOIN screens ON screens.number = claims.screen
        WHERE claims.question = questions.id AND (screens.status <> 'dealt' OR screens.created_at >= :lease_before)
    ))
"""
_NOT_SKIPPED = """
    NOT EXISTS (
        SELECT 1 FROM screens
        WHERE screens.reviewer = :reviewer AND screens.split = questions.split AND screens.item = questions.item
        AND screens.pass = questions.pass AND screens.status = 'skipped'
    )
"""
_STILL_GOLD = f"(screens.purpose = 'gold' AND NOT EXISTS ({NOT_SETTLED.format(outer='screens')}))"
_HERE = ("shuffle >= :start", "shuffle < :start")
"""The two parts of the ring, in the order in which a reviewer walks it."""


def _prepare(sql: str) -> TextClause:
    return text(sql).bindparams(*([bindparam("lease_before", type_=UtcDateTime)] if ":lease_before" in sql else ()))


def _select_singly_claimed(case: str, here: str) -> TextClause:
    """The first case that one other reviewer has claimed: one step into the index for each of the others."""
    return _prepare(
        f"""
        SELECT shuffle, item FROM questions AS found
        WHERE id IN (
            SELECT (
                SELECT id FROM questions
                WHERE {case} AND n_claims = 1 AND only_reviewer = users.id AND {here} AND {_NOT_SKIPPED}
                ORDER BY shuffle LIMIT 1
            )
            FROM users WHERE users.id <> :reviewer
        )
        ORDER BY shuffle LIMIT 1
        """  # noqa: S608 - constants only
    )


def _select_often_claimed(case: str, here: str) -> TextClause:
    """The first case with several claims, too few of them live; with one reviewer an item, with any claim."""
    return _prepare(
        f"""
        SELECT shuffle, item FROM questions
        WHERE {case} AND n_claims >= :n_least AND {here} AND {_NOT_MINE} AND {_HAS_ROOM} AND {_NOT_SKIPPED}
        ORDER BY shuffle LIMIT 1
        """  # noqa: S608 - constants only
    )


def _select_unclaimed(case: str, here: str) -> TextClause:
    """The first case that nobody has claimed."""
    return _prepare(
        f"""
        SELECT shuffle, item FROM questions
        WHERE {case} AND n_claims = 0 AND only_reviewer IS NULL AND {here} AND {_NOT_SKIPPED}
        ORDER BY shuffle LIMIT 1
        """  # noqa: S608 - constants only
    )


def _select_skipped(case: str) -> TextClause:
    """The item that this reviewer skipped the longest ago and can still be dealt: as work, or once more as gold."""
    return _prepare(
        f"""
        SELECT place, item, is_work FROM (
            SELECT screens.item, screens.purpose, screens.ended_at, screens.number, EXISTS (
                SELECT 1 FROM questions WHERE {case} AND questions.item = screens.item AND {_NOT_MINE} AND {_HAS_ROOM}
            ) AS is_work, (
                SELECT min(shuffle) FROM questions
                WHERE questions.split = screens.split AND questions.item = screens.item
                AND questions.pass = screens.pass
            ) AS place, {_STILL_GOLD} AS is_gold
            FROM screens
            WHERE screens.reviewer = :reviewer AND screens.split = :split AND screens.pass = :pass
            AND screens.status = 'skipped'
        ) AS skipped
        WHERE is_work OR is_gold
        ORDER BY ended_at, number LIMIT 1
        """  # noqa: S608 - constants only
    )


def _count_left(case: str) -> TextClause:
    """By way of the items' places, in the order of which the index gives them: twice as fast as counting items."""
    return _prepare(
        f"""
        SELECT count(*) FROM (
            SELECT DISTINCT shuffle, item FROM questions WHERE {case} AND n_claims = 0 AND only_reviewer IS NULL
            UNION
            SELECT shuffle, item FROM questions
            WHERE {case} AND n_claims = 1 AND 1 < :n_reviewers AND only_reviewer <> :reviewer
            UNION
            SELECT shuffle, item FROM questions
            WHERE {case} AND n_claims >= :n_least AND {_NOT_MINE} AND {_HAS_ROOM}
            UNION
            SELECT shuffle, questions.item FROM questions JOIN screens ON screens.split = questions.split
            AND screens.item = questions.item AND screens.pass = questions.pass
            WHERE screens.reviewer = :reviewer AND screens.split = :split AND screens.pass = :pass
            AND screens.status = 'skipped' AND {_STILL_GOLD}
        ) AS left_over
        """  # noqa: S608 - constants only
    )


_SINGLY_CLAIMED = {pass_: [_select_singly_claimed(case, here) for here in _HERE] for pass_, case in _CASE.items()}
_OFTEN_CLAIMED = {pass_: [_select_often_claimed(case, here) for here in _HERE] for pass_, case in _CASE.items()}
_UNCLAIMED = {pass_: [_select_unclaimed(case, here) for here in _HERE] for pass_, case in _CASE.items()}
_SKIPPED = {pass_: _select_skipped(case) for pass_, case in _CASE.items()}
_LEFT = {pass_: _count_left(case) for pass_, case in _CASE.items()}


def find_next_item(
    tx: Transaction,
    *,
    split: str,
    pass_: Pass,
    reviewer: str,
    n_reviewers: int,
    start: int,
    lease_before: datetime,
) -> NextItem | None:
    """The item that a reviewer is dealt next; None if nothing is left for this reviewer.

    Args:
        tx: The transaction that deals it.
        split: The split.
        pass_: The pass.
        reviewer: Who asks for work.
        n_reviewers: Reviewers per item, >= 1.
        start: Where on the ring of shuffled items the reviewer starts.
        lease_before: An unanswered screen dealt before this time keeps nobody out.
    """
    values = {
        "split": split_id(tx, split),
        "pass": pass_.value,
        "reviewer": user_id(tx, reviewer),
        "n_reviewers": n_reviewers,
        "n_least": min(n_reviewers, 2),
        "start": start,
        "lease_before": lease_before,
    }
    singly = _SINGLY_CLAIMED[pass_] if n_reviewers > 1 else []
    begun = itertools.zip_longest(_OFTEN_CLAIMED[pass_], singly)
    for statements in (*begun, *zip(_UNCLAIMED[pass_], strict=True)):
        found = [row for statement in statements if statement is not None for row in tx.execute(statement, values)]
        if found:
            place, item = min(found)
            return NextItem(item, place, Purpose.PANEL)
    skipped = tx.execute(_SKIPPED[pass_], values).one_or_none()
    if skipped is None:
        return None
    return NextItem(skipped.item, skipped.place, Purpose.PANEL if skipped.is_work else Purpose.GOLD)


def count_items_left(
    tx: Transaction, *, split: str, pass_: Pass, reviewer: str, n_reviewers: int, lease_before: datetime
) -> int:
    """How many items this reviewer can still be dealt, skipped ones included (gold that was skipped, too).

    Unlike the search, it takes time in proportion to the open cases (20,000 of them: some milliseconds).

    Args:
        tx: A transaction.
        split: The split.
        pass_: The pass.
        reviewer: Whose work.
        n_reviewers: Reviewers per item, >= 1.
        lease_before: An unanswered screen dealt before this time keeps nobody out.
    """
    values = {
        "split": split_id(tx, split),
        "pass": pass_.value,
        "reviewer": user_id(tx, reviewer),
        "n_reviewers": n_reviewers,
        "n_least": min(n_reviewers, 2),
        "lease_before": lease_before,
    }
    n_left: int = tx.execute(_LEFT[pass_], values).scalar_one()
    return n_left
