"""Gold: which item that is decided can be asked again of somebody who has had nothing to do with it.

Plain SQL, as in the queue: it runs for every screen that is dealt as gold.
"""

from __future__ import annotations

from sqlalchemy import func, select, text

from regrade.records.panel import Pass
from regrade.store import tables
from regrade.store.names import split_id, user_id
from regrade.store.store import Transaction
from regrade.store.tables import DECIDED_CASE

NOT_SETTLED = """
    SELECT 1 FROM questions AS other
    WHERE other.split = {outer}.split AND other.item = {outer}.item AND other.pass = 'verdict'
    AND other.origin <> 'label' AND other.status <> 'decided'
    AND NOT (other.status = 'closed' AND other.origin IN ('added', 'proposed'))
"""
"""A case of an item's first pass that is not decided. What was added and taken back asks nothing any more; any other
case is closed only where the item is problematic."""
_MET = {
    "screens": "reviewer = :reviewer",
    "reviews": "reviewer = :reviewer",
    "votes": "voter = :reviewer",
    "proposals": "proposer = :reviewer",
    "decisions": "author = :name",
}
"""What is left of somebody who has met an item: dealt it, answered it elsewhere, voted or decided on it, or proposed a
class for it."""
_UNMET = " ".join(
    f"AND NOT EXISTS (SELECT 1 FROM {table} AS met"  # noqa: S608 - constants only
    f" WHERE met.split = questions.split AND met.item = questions.item AND met.{mine})"
    for table, mine in _MET.items()
)
_FIND = [
    text(
        f"""
        SELECT item FROM questions
        WHERE {DECIDED_CASE} AND split = :split AND pass = 'verdict' AND {here}
        AND NOT EXISTS ({NOT_SETTLED.format(outer="questions")})
        {_UNMET}
        ORDER BY shuffle LIMIT 1
        """  # noqa: S608 - constants only
    )
    for here in ("shuffle >= :place", "shuffle < :place")
]


def find_gold(tx: Transaction, *, split: str, reviewer: str, place: int) -> int | None:
    """The next item on the ring whose first pass is decided, and that a reviewer has never met; None if there is none.

    Args:
        tx: The transaction that deals it.
        split: The split.
        reviewer: Who is to be asked again what others have decided.
        place: Where on the ring: the place of the work that it stands in for.
    """
    values = {
        "split": split_id(tx, split),
        "reviewer": user_id(tx, reviewer),
        "name": reviewer,
        "place": place,
    }
    found = (tx.execute(statement, values).scalar_one_or_none() for statement in _FIND)
    return next((item for item in found if item is not None), None)


def count_dealt(tx: Transaction, split: str, reviewer: str) -> int:
    """How many times a reviewer has been dealt an item in the first pass, whatever became of it."""
    rows = tables.screens
    query = select(func.count()).where(
        rows.c.reviewer == user_id(tx, reviewer),
        rows.c["pass"] == Pass.VERDICT,
        rows.c.split == split_id(tx, split),
        rows.c.part == 0,
    )
    return tx.execute(query).scalar_one()
