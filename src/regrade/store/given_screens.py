"""Screens that were answered elsewhere, and the places at cases that their reviewers have by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select

from regrade.records.panel import Origin, Pass, Purpose, Screen
from regrade.store import tables
from regrade.store.claims import Claim, save_claims
from regrade.store.screens import as_values
from regrade.store.store import Transaction
from regrade.store.tables import ScreenStatus


def save_given_answers(tx: Transaction, screens: Sequence[Screen]) -> None:
    """Add screens that were answered elsewhere: their reviewers have a place at the cases on them, as if dealt here.

    Args:
        tx: A write transaction.
        screens: With `answered_at` and `submission`.

    Raises:
        NotFoundError: No such user, split or label set.
    """
    rows = [
        as_values(tx, screen)
        | {
            "status": ScreenStatus.ANSWERED,
            "ended_at": screen.answered_at,
            "submission": screen.submission,
            "seconds": screen.seconds,
        }
        for screen in screens
    ]
    if not rows:
        return
    tx.execute(insert(tables.screens), rows)
    table = tables.screens
    wanted = {row["submission"] for row in rows}
    found = tx.execute(select(table.c.submission, table.c.number).where(table.c.submission.is_not(None)))
    numbers = {submission: number for submission, number in found if submission in wanted}
    cases = _load_cases(tx, {(row["split"], screen.pass_) for row, screen in zip(rows, screens, strict=True)})
    save_claims(
        tx,
        [
            Claim(cases[place], row["reviewer"], numbers[row["submission"]])
            for row, screen in zip(rows, screens, strict=True)
            if screen.purpose is Purpose.PANEL
            for class_id in screen.classes
            if (place := (row["split"], screen.pass_, screen.item, class_id)) in cases
        ],
    )


def _load_cases(tx: Transaction, places: Iterable[tuple[int, Pass]]) -> dict[tuple[int, Pass, int, int], int]:
    """Ids of all cases of splits and passes, by split, pass, item and class."""
    rows = tables.questions
    found: dict[tuple[int, Pass, int, int], int] = {}
    for split, pass_ in places:
        query = select(rows.c.item, rows.c.class_id, rows.c.id).where(
            rows.c.split == split, rows.c["pass"] == pass_, rows.c.origin != Origin.LABEL
        )
        found |= {(split, pass_, item, class_id): number for item, class_id, number in tx.execute(query)}
    return found
