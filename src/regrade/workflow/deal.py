"""Deal screens: which item a reviewer meets next, and which classes stand on its screen."""

from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta
from functools import partial

import numpy as np

from regrade.panel import compose_screens
from regrade.records.panel import Origin, Pass, ProtocolVersion, Question, QuestionStatus, Screen
from regrade.records.users import User
from regrade.store import Transaction, questions, screens
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.shuffle import shuffle_keys
from regrade.workflow.workspace import Workspace

LEASE = timedelta(days=1)
"""A screen that has stood unanswered for longer no longer keeps others from the item."""
LENDING = timedelta(minutes=5)
"""A reviewer who has nothing else to do is dealt what has stood unanswered with others for that long: they may have
left with screens that they never saw. Should they answer all the same, their answers count like any other."""
N_AHEAD = 4
"""Screens dealt at a time: the current one and the next three, so that their images can be fetched beforehand."""


def deal_screens(
    ws: Workspace,
    tx: Transaction,
    user: User,
    pass_: Pass,
    *,
    split: str,
    at: datetime,
    protocol: ProtocolVersion,
) -> tuple[Screen, ...]:
    """All open screens of the reviewer, oldest first, at least N_AHEAD where there is work left."""
    dealt = list(_live_screens(tx, user, pass_, split))
    find_next = partial(
        questions.find_next_item,
        tx,
        split=split,
        pass_=pass_,
        reviewer=user.name,
        n_reviewers=protocol.content.n_reviewers,
        start=_ring_start(ws, user),
    )
    while len(dealt) < N_AHEAD:
        found = find_next(lease_before=at - LEASE)
        if found is None and not dealt:
            found = find_next(lease_before=at - LENDING)
        if found is None:
            break
        new = _compose(ws, tx, user, pass_, split=split, item=found, at=at, protocol=protocol)
        screens.save_screens(tx, new)
        dealt.extend(new)
    return tuple(dealt)


def _live_screens(tx: Transaction, user: User, pass_: Pass, split: str) -> tuple[Screen, ...]:
    """Open screens that still ask something.

    One whose cases were all decided meanwhile is taken back, and so is one of the second pass that tells the roles of
    an item on which the first pass has gone on.
    """
    live = []
    for screen in screens.list_open_screens(tx, user.name, pass_):
        if screen.split != split:
            continue
        if _open_cases(tx, split, screen.item, pass_) and not (pass_ is Pass.KIND and _is_first_pass_on(tx, screen)):
            live.append(screen)
        else:
            screens.save_withdrawn(tx, screen.id)
    return tuple(live)


def _is_first_pass_on(tx: Transaction, screen: Screen) -> bool:
    rows = questions.list_item_questions(tx, screen.split, screen.item, Pass.VERDICT)
    return any(row.origin is not Origin.LABEL and row.status in UNDECIDED for row in rows)


def _open_cases(tx: Transaction, split: str, item: int, pass_: Pass) -> tuple[Question, ...]:
    rows = questions.list_item_questions(tx, split, item, pass_)
    return tuple(row for row in rows if row.origin is not Origin.LABEL and row.status is QuestionStatus.OPEN)


def _compose(
    ws: Workspace,
    tx: Transaction,
    user: User,
    pass_: Pass,
    *,
    split: str,
    item: int,
    at: datetime,
    protocol: ProtocolVersion,
) -> tuple[Screen, ...]:
    version = labels_of_split(ws, split)
    answered = screens.list_claimed_classes(tx, user.name, split, item, pass_)
    asked = [row.class_id for row in _open_cases(tx, split, item, pass_) if row.class_id not in answered]
    if pass_ is Pass.KIND:
        groups: tuple[tuple[int, ...], ...] = tuple((class_id,) for class_id in asked)
    else:
        accepted = load_labels(ws, version).accepted_classes(item)
        _ask_labels(ws, tx, split, item, accepted, at=at)
        groups = compose_screens(
            asked, accepted, max_classes=protocol.content.max_classes_per_screen, rng=random.SystemRandom()
        )
    return tuple(
        Screen(
            id=secrets.token_urlsafe(12),
            reviewer=user.name,
            split=split,
            item=item,
            pass_=pass_,
            classes=classes,
            part=part,
            n_parts=len(groups),
            labels=version.ref,
            created_at=at,
            protocol=protocol.number,
        )
        for part, classes in enumerate(groups)
    )


def _ask_labels(
    ws: Workspace, tx: Transaction, split: str, item: int, accepted: tuple[int, ...], *, at: datetime
) -> None:
    """The classes accepted now are asked about like the others, so that nobody can tell which is which."""
    items = np.full(len(accepted), item, dtype=np.int32)
    questions.save_questions(
        tx,
        split,
        items,
        np.array(accepted, dtype=np.int32),
        pass_=Pass.VERDICT,
        origin=Origin.LABEL,
        shuffles=shuffle_keys(ws, split)[items],
        at=at,
    )


def _ring_start(ws: Workspace, user: User) -> int:
    """Where on the ring of shuffled items this reviewer starts: the same every time."""
    rng = random.Random(f"{ws.store.secret().hex()}/{user.name}")  # noqa: S311 - an order, no secret
    return rng.randrange(2**62)
