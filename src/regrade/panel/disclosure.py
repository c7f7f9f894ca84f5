"""What a reviewer may learn of an item: what the protocol leaves open before the answer, and the rest afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from regrade.records.panel import Origin, Pass, Protocol, Question, QuestionStatus, Screen


class Place(NamedTuple):
    """One pass of one item: what a reviewer answers, and what a thread is about."""

    item: int
    pass_: Pass


class Openings(NamedTuple):
    """What a reviewer is shown beside the classes of a screen, before the answer."""

    roles: bool
    """Which class is the label, and which was predicted."""
    models: bool
    """Which models predicted each class."""
    peers: bool
    """What others have answered."""
    suggestions: bool
    """Why a class was proposed."""


def find_openings(screen: Screen, *protocols: Protocol) -> Openings:
    """What is shown beside the classes of a screen: what all of some protocols leave open.

    So an answer never rests on more than the version says that its screen was dealt under, and a blind that is switched
    on holds at once.

    Args:
        screen: The screen. The page of the second pass tells the roles by itself.
        protocols: Those under which its reviewer was dealt screens of the item, and the one in force.
    """
    return Openings(
        roles=screen.pass_ is Pass.VERDICT and not any(row.blind_roles for row in protocols),
        models=not any(row.blind_model for row in protocols),
        peers=not any(row.blind_peers for row in protocols),
        suggestions=not any(row.blind_suggestions for row in protocols),
    )


def hides_more(before: Protocol, after: Protocol) -> bool:
    """Whether a protocol keeps something from reviewers that another showed them.

    >>> hides_more(Protocol(blind_peers=False), Protocol()), hides_more(Protocol(), Protocol(blind_peers=False))
    (True, False)
    """
    return any(
        (
            after.blind_roles and not before.blind_roles,
            after.blind_model and not before.blind_model,
            after.blind_peers and not before.blind_peers,
            after.blind_suggestions and not before.blind_suggestions,
        )
    )


def shows_gold(before: Protocol, after: Protocol) -> bool:
    """Whether gold that was dealt under a protocol could be told from work under another, which shows peers' answers.

    >>> shows_gold(Protocol(gold_share=0.1), Protocol(blind_peers=False))
    True
    """
    return before.gold_share > 0 and before.blind_peers and not after.blind_peers


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
        answered: The reviewer's answered screens, gold among them: were it left out, that would tell it from work.
        waiting: The reviewer's screens without an answer.
    """
    return _places(answered) - _places(waiting)


def is_at(item: int, waiting: Collection[Screen]) -> bool:
    """Whether a reviewer still has a screen of this item to answer."""
    return any(screen.item == item for screen in waiting)


def _places(screens: Iterable[Screen]) -> frozenset[Place]:
    return frozenset(Place(screen.item, screen.pass_) for screen in screens)
