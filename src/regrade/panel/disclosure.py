"""When a reviewer may learn what others know of an item: what can no longer color an answer of the reviewer's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from regrade.records.panel import Origin, Pass, Question, QuestionStatus, Screen


class Place(NamedTuple):
    """One pass of one item: what a reviewer answers, and what a thread is about."""

    item: int
    pass_: Pass


def is_settled(questions: Iterable[Question]) -> bool:
    """Whether nothing of an item is open or disputed in either pass; then what became of it may be shown.

    A class that only rode along as a label may stay open for ever, and keeps nothing back; a dispute about it does.

    Args:
        questions: All questions on one item.

    Returns:
        False also where there is no question: nobody has decided anything.
    """
    rows = tuple(questions)
    waits = any(
        row.status is QuestionStatus.DISPUTED or (row.status is QuestionStatus.OPEN and row.origin is not Origin.LABEL)
        for row in rows
    )
    return bool(rows) and not waits


def readable_places(answered: Iterable[Screen], waiting: Iterable[Screen]) -> frozenset[Place]:
    """Where a reviewer may read what others say: passes of items that the reviewer has answered and is not at.

    Args:
        answered: The reviewer's answered screens; gold must not be among them, for it looks like an open item.
        waiting: The reviewer's screens without an answer.
    """
    return _places(answered) - _places(waiting)


def is_at(item: int, waiting: Collection[Screen]) -> bool:
    """Whether a reviewer still has a screen of this item to answer."""
    return any(screen.item == item for screen in waiting)


def _places(screens: Iterable[Screen]) -> frozenset[Place]:
    return frozenset(Place(screen.item, screen.pass_) for screen in screens)
