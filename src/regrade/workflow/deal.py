"""Deal screens: which item a reviewer meets next, and which classes stand on its screen."""

from __future__ import annotations

import random
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from regrade.panel import compose_screens, count_gold_ahead, is_gold
from regrade.records.panel import Origin, Pass, ProtocolVersion, Purpose, Question, QuestionStatus, Screen
from regrade.records.users import User
from regrade.store import Transaction, claims, decisions, gold, questions, reveals, screens
from regrade.workflow.asking import ask
from regrade.workflow.gold import gold_seed
from regrade.workflow.labels import labels_in, load_labels
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.workspace import Workspace

LEASE = timedelta(days=1)
"""A screen that has stood unanswered for longer no longer keeps others from the item."""
LENDING = timedelta(minutes=5)
"""A reviewer who has nothing else to do is dealt what has stood unanswered with others for that long: they may have
left with screens that they never saw. Should they answer all the same, their answers count like any other."""
N_AHEAD = 4
"""Screens dealt at a time: the current one and the next three, so that their images can be fetched beforehand."""


@dataclass(frozen=True, slots=True)
class Dealer:
    """Deals to one reviewer, in one pass of one split, within one transaction."""

    ws: Workspace
    tx: Transaction
    user: User
    pass_: Pass
    split: str
    protocol: ProtocolVersion
    at: datetime

    def deal(self) -> tuple[Screen, ...]:
        """All open screens of the reviewer, oldest first, at least N_AHEAD where there is work left."""
        dealt = list(self._live_screens())
        while len(dealt) < N_AHEAD:
            found = self._find_next(LEASE)
            if found is None and not dealt:
                found = self._find_next(LENDING)
            if found is None:
                break
            gold_item = self._find_gold(found)
            if gold_item is not None:
                new = self._compose(gold_item, Purpose.GOLD)
            else:
                new = self._compose(found.item, found.purpose)
            screens.save_screens(self.tx, new)
            dealt.extend(new)
        return tuple(dealt)

    def count_left(self) -> int:
        """How many items this reviewer can still be dealt, with the gold that will stand among them."""
        n_work = questions.count_items_left(
            self.tx,
            split=self.split,
            pass_=self.pass_,
            reviewer=self.user.name,
            n_reviewers=self.protocol.content.n_reviewers,
            lease_before=self.at - LEASE,
        )
        if not self._deals_gold:
            return n_work
        share = self.protocol.content.gold_share
        return n_work + count_gold_ahead(self._seed, self._next_place(), n_work, share=share)

    @property
    def _deals_gold(self) -> bool:
        return self.pass_ is Pass.VERDICT and self.protocol.content.gold_share > 0

    @property
    def _seed(self) -> int:
        return gold_seed(self.ws, self.user, self.split)

    def _next_place(self) -> int:
        """The next place in the order of dealing: skipped items that are dealt again take one more."""
        return gold.count_dealt(self.tx, self.split, self.user.name)

    def _find_next(self, lease: timedelta) -> questions.NextItem | None:
        return questions.find_next_item(
            self.tx,
            split=self.split,
            pass_=self.pass_,
            reviewer=self.user.name,
            n_reviewers=self.protocol.content.n_reviewers,
            start=_ring_start(self.ws, self.user),
            lease_before=self.at - lease,
        )

    def _find_gold(self, work: questions.NextItem) -> int | None:
        """An item of gold to stand in for work; None where this place is not for gold, or there is none."""
        share = self.protocol.content.gold_share
        if not self._deals_gold or not is_gold(self._seed, self._next_place(), share=share):
            return None
        item = gold.find_gold(self.tx, split=self.split, reviewer=self.user.name, place=work.place)
        return item if item is not None and self._asks_gold(item) else None

    def _live_screens(self) -> tuple[Screen, ...]:
        """Open screens that still ask something; the others are taken back."""
        mine = [
            row for row in screens.list_open_screens(self.tx, self.user.name, self.pass_) if row.split == self.split
        ]
        open_items = questions.find_open_items(self.tx, self.split, {row.item for row in mine}, self.pass_)
        live = []
        for screen in mine:
            if self._asks(screen, open_items):
                live.append(screen)
            else:
                screens.save_withdrawn(self.tx, screen.id)
        return tuple(live)

    def _asks(self, screen: Screen, open_items: Collection[int]) -> bool:
        """Whether a screen still asks something; `open_items` are those with an open case.

        Not so where its cases were all decided meanwhile (or, of gold, are so no more), nor in the second pass, which
        tells the roles, where the first pass of the item has gone on.
        """
        if screen.purpose is Purpose.GOLD:
            return self._asks_gold(screen.item)
        if screen.item not in open_items:
            return False
        return self.pass_ is not Pass.KIND or not self._is_first_pass_on(screen.item)

    def _asks_gold(self, item: int) -> bool:
        current = decisions.list_current_decisions(self.tx, self.split, pass_=Pass.VERDICT, item=item)
        is_problematic = any(row.class_id is None and not row.usable for row in current)
        return bool(current) and not is_problematic and not self._is_first_pass_on(item)

    def _is_first_pass_on(self, item: int) -> bool:
        rows = questions.list_item_questions(self.tx, self.split, item, Pass.VERDICT)
        return any(row.origin is not Origin.LABEL and row.status in UNDECIDED for row in rows)

    def _open_cases(self, item: int) -> tuple[Question, ...]:
        rows = questions.list_item_questions(self.tx, self.split, item, self.pass_)
        return tuple(row for row in rows if row.origin is not Origin.LABEL and row.status is QuestionStatus.OPEN)

    def _compose(self, item: int, purpose: Purpose) -> tuple[Screen, ...]:
        version = labels_in(self.tx, self.split)
        if self.pass_ is Pass.KIND:
            groups: tuple[tuple[int, ...], ...] = tuple((class_id,) for class_id in self._asked(item))
        else:
            accepted = load_labels(self.ws, version).accepted_classes(item)
            if purpose is Purpose.GOLD:
                asked = self._decided(item)
            else:
                asked = self._asked(item)
                self._ask_labels(item, accepted)
            size = self.protocol.content.max_classes_per_screen
            groups = compose_screens(asked, accepted, max_classes=size, rng=random.SystemRandom())
        return tuple(
            Screen(
                id=secrets.token_urlsafe(12),
                reviewer=self.user.name,
                split=self.split,
                item=item,
                pass_=self.pass_,
                classes=classes,
                part=part,
                n_parts=len(groups),
                labels=version.ref,
                created_at=self.at,
                purpose=purpose,
                protocol=self.protocol.number,
            )
            for part, classes in enumerate(groups)
        )

    def _asked(self, item: int) -> Sequence[int]:
        """The open cases of an item that the reviewer has no claim on yet, and with them those that were met before.

        If the accepted classes alone came back beside what is new, the reviewer would know them by that. The second
        pass tells them, and whoever was shown what became of the item knows them.
        """
        claimed = claims.list_claimed_classes(self.tx, self.user.name, self.split, item, self.pass_)
        new = [row.class_id for row in self._open_cases(item) if row.class_id not in claimed]
        if self.pass_ is Pass.KIND or not claimed:
            return new
        if reveals.is_revealed(self.tx, self.user.name, self.split, item, self.pass_):
            return new
        rows = questions.list_item_questions(self.tx, self.split, item, self.pass_)
        met = [row for row in rows if row.class_id in claimed and row.status is not QuestionStatus.CLOSED]
        return [*new, *(row.class_id for row in met)]

    def _decided(self, item: int) -> Sequence[int]:
        """The classes of an item on which there is a decision."""
        current = decisions.list_current_decisions(self.tx, self.split, pass_=Pass.VERDICT, item=item)
        return [row.class_id for row in current if row.class_id is not None]

    def _ask_labels(self, item: int, accepted: Sequence[int]) -> None:
        """The classes accepted now are asked about like the others, so that nobody can tell which is which."""
        items = [item] * len(accepted)
        ask(self.ws, self.tx, self.split, items, accepted, pass_=Pass.VERDICT, origin=Origin.LABEL, at=self.at)


def _ring_start(ws: Workspace, user: User) -> int:
    """Where on the ring of shuffled items this reviewer starts: the same every time."""
    rng = random.Random(f"{ws.store.secret().hex()}/{user.name}")  # noqa: S311 - an order, no secret
    return rng.randrange(2**62)
