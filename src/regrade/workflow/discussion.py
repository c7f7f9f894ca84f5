"""Talking about items: comments under one pass of an item, for those whose own answers they can no longer color.

Gold that a reviewer has answered is talked about like any item, as if nobody else had ever said a word of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from regrade.errors import InputError, NotFoundError
from regrade.panel import Action, Place, effective_reviews, may, readable_places, require
from regrade.records.discussion import Comment, Reveal, Shown
from regrade.records.panel import Pass, Purpose, Review
from regrade.records.users import User
from regrade.store import Transaction, comments, journal, reveals, reviews, screens
from regrade.workflow.clock import now
from regrade.workflow.media import find_item, item_token, media_token
from regrade.workflow.named_classes import NamedClass, named_class
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

_Row = TypeVar("_Row", comments.Thread, reviews.Flag)

MAX_COMMENT = 4_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of the list: a pass of an item that somebody flagged or commented on."""

    token: str
    media: str | None
    item_id: str
    """Empty for reviewers: a file's name may tell its label."""
    pass_: Pass
    n_comments: int
    flagged: bool
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer said of one class, or of the item."""

    named: NamedClass | None
    """None: the item as a whole."""
    verdict: str
    category: str
    severity: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody answered on the item, as it is shown beside the comments."""

    reviewer: str
    said: tuple[Said, ...]
    notes: tuple[str, ...]
    discuss: bool
    """This reviewer flagged it."""


@dataclass(frozen=True, slots=True)
class Discussion:
    """One pass of one item, and what is said about it."""

    token: str
    media: str | None
    item_id: str
    """Empty for reviewers."""
    pass_: Pass
    comments: tuple[Comment, ...]
    remarks: tuple[Remark, ...]
    """One's own answers; for those who adjudicate, everybody's."""
    sees_all: bool
    other: Pass | None
    """The other pass, where there is something to read in it."""


def list_topics(ws: Workspace, user: User, *, split: str = MAIN_SPLIT) -> tuple[Topic, ...]:
    """What the user may read, the last word first. A reviewer reads only about what the reviewer has answered."""
    require(user, Action.DISCUSS, protocol=ws.protocol)
    with ws.store.read() as tx:
        gold = _gold_of(ws, tx, user, split)
        flags = _with_own(gold, reviews.list_flags(tx, split), reviews.list_flags(tx, split, gold_of=user.name))
        all_threads, own_threads = comments.list_threads(tx, split), comments.list_threads(tx, split, author=user.name)
        threads = _with_own(gold, all_threads, own_threads)
        places = _readable(ws, tx, user, split, flags.keys() | threads.keys())
    sees_all = _sees_all(ws, user)
    topics = [
        Topic(
            token=item_token(ws, split, place.item),
            media=media_token(ws, split, place.item),
            item_id=ws.split(split).ids[place.item] if sees_all else "",
            pass_=place.pass_,
            n_comments=threads[place].n_comments if place in threads else 0,
            flagged=place in flags,
            last_at=(threads[place] if place in threads else flags[place]).last_at,
        )
        for place in places
    ]
    return tuple(sorted(topics, key=lambda topic: topic.last_at, reverse=True))


def load_discussion(ws: Workspace, user: User, token: str, pass_: Pass) -> Discussion:
    """One thread. That a reviewer was shown what others say is noted first.

    Raises:
        NotFoundError: No such item, or one that the reviewer has not answered: which of these is not said.
    """
    require(user, Action.DISCUSS, protocol=ws.protocol)
    split, item = find_item(ws, token)
    with ws.store.write() as tx:
        _require_readable(ws, tx, user, split, Place(item, pass_))
        is_gold = Place(item, pass_) in _gold_of(ws, tx, user, split)
        said = tuple(
            row for row in comments.list_comments(tx, split, item, [pass_]) if not is_gold or row.author == user.name
        )
        if any(row.author != user.name for row in said) and may(user, Action.REVIEW, protocol=ws.protocol):
            reveals.save_reveal(tx, Reveal(user.name, split, item, pass_, Shown.DISCUSSION, now()))
        purpose = Purpose.GOLD if is_gold else Purpose.PANEL
        given = effective_reviews(reviews.list_item_reviews(tx, split, item, pass_, purpose=purpose))
        other = Pass.KIND if pass_ is Pass.VERDICT else Pass.VERDICT
        known = [row for row in comments.list_threads(tx, split) if (row.item, row.pass_) == (item, other)]
        has_other = bool(known) and bool(_readable(ws, tx, user, split, [Place(item, other)]))
    sees_all = _sees_all(ws, user)
    return Discussion(
        token=token,
        media=media_token(ws, split, item),
        item_id=ws.split(split).ids[item] if sees_all else "",
        pass_=pass_,
        comments=said,
        remarks=_remarks(ws, [row for row in given if sees_all or row.reviewer == user.name]),
        sees_all=sees_all,
        other=other if has_other else None,
    )


def add_comment(ws: Workspace, user: User, token: str, pass_: Pass, text: str, *, key: str) -> Receipt:
    """Say something about one pass of an item. It stays as it is.

    Raises:
        NotFoundError: As `load_discussion`.
        InputError: No words, or too many.
    """
    require(user, Action.DISCUSS, protocol=ws.protocol)
    split, item = find_item(ws, token)
    words = text.replace("\r\n", "\n").strip()
    if not 1 <= len(words) <= MAX_COMMENT:
        raise InputError(f"a comment of 1 to {MAX_COMMENT:,} characters", got=f"{len(words):,}")

    def act() -> None:
        _require_readable(ws, tx, user, split, Place(item, pass_))
        comments.save_comment(tx, split=split, item=item, pass_=pass_, author=user.name, text=words, at=at)
        facts = {"item": ws.split(split).ids[item], "pass": str(pass_)}
        journal.save_line(tx, actor=user.name, action="comment.add", facts=facts, at=at)

    with ws.store.write() as tx:
        at = now()
        body = {"comment": token, "pass": str(pass_), "text": words}
        return run_once(tx, key=key, user=user.name, body=body, at=at, act=act)


def _sees_all(ws: Workspace, user: User) -> bool:
    return may(user, Action.ADJUDICATE, protocol=ws.protocol)


def _readable(ws: Workspace, tx: Transaction, user: User, split: str, places: Collection[Place]) -> frozenset[Place]:
    """Those of the places that the user may read: all who adjudicate see everything."""
    if _sees_all(ws, user):
        return frozenset(places)
    answered = screens.list_answered_screens(tx, user.name, split, gold=True)
    waiting = [row for pass_ in Pass for row in screens.list_open_screens(tx, user.name, pass_) if row.split == split]
    return readable_places(answered, waiting) & frozenset(places)


def _gold_of(ws: Workspace, tx: Transaction, user: User, split: str) -> frozenset[Place]:
    """Where the user has answered gold and nothing else; nowhere for those who see everything."""
    if _sees_all(ws, user):
        return frozenset()
    answered = screens.list_answered_screens(tx, user.name, split, gold=True)
    work = {Place(row.item, row.pass_) for row in answered if row.purpose is Purpose.PANEL}
    return frozenset(Place(row.item, row.pass_) for row in answered) - work


def _with_own(gold: Collection[Place], everybodys: Iterable[_Row], own: Iterable[_Row]) -> dict[Place, _Row]:
    """By place what everybody has said there; on gold only one's own."""
    found = {Place(row.item, row.pass_): row for row in everybodys}
    mine = {Place(row.item, row.pass_): row for row in own}
    return {place: row for place, row in found.items() if place not in gold} | {
        place: row for place, row in mine.items() if place in gold
    }


def _require_readable(ws: Workspace, tx: Transaction, user: User, split: str, place: Place) -> None:
    if not _readable(ws, tx, user, split, [place]):
        raise NotFoundError("There is nothing to read here.", remedy="Answer the item first.")


def _remarks(ws: Workspace, given: Sequence[Review]) -> tuple[Remark, ...]:
    """By reviewer, in the order given."""
    by_reviewer: dict[str, list[Review]] = {}
    for row in given:
        by_reviewer.setdefault(row.reviewer, []).append(row)
    return tuple(
        Remark(
            reviewer=reviewer,
            said=tuple(_said(ws, row) for row in rows),
            notes=tuple(dict.fromkeys(row.note for row in rows if row.note)),
            discuss=any(row.discuss for row in rows),
        )
        for reviewer, rows in by_reviewer.items()
    )


def _said(ws: Workspace, row: Review) -> Said:
    return Said(
        named=None if row.class_id is None else named_class(ws, row.class_id),
        verdict="problematic" if row.problematic else str(row.verdict or ""),
        category=row.category or "",
        severity=row.severity or "",
    )
