"""The panel's own words on a class: read with their history, and edited while the panel works."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.panel import Action, require
from regrade.records.guide import GuideText
from regrade.records.users import User
from regrade.store import guide, journal
from regrade.workflow.clock import now
from regrade.workflow.guide import ClassCard, class_card, class_cards
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.workspace import Workspace

MAX_TEXT = 2_000
"""Characters: a guide that is longer is not read beside an image."""


class GuideChangedError(ConflictError):
    """Somebody else has changed the text since it was read."""


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """All that the guide says of one class."""

    card: ClassCard
    neighbors: tuple[ClassCard, ...]
    """The classes that it is most easily taken for, with what the guide says of them."""
    history: tuple[GuideText, ...]
    """Newest first; empty where nobody has written anything."""

    @property
    def number(self) -> int:
        """Number of the text in force, 0 if there is none: an edit names the one that it was made from."""
        return self.history[0].number if self.history else 0


def load_guide(ws: Workspace, class_id: int) -> GuideEntry:
    """What the guide says of one class, with the history of the panel's words. It shows no image of the panel's.

    Raises:
        NotFoundError: There is no such class.
    """
    _check_class(ws, class_id)
    with ws.store.read() as tx:
        history = guide.list_guide_texts(tx, class_id)
    card = class_card(ws, class_id)
    neighbors = class_cards(ws, [row.class_id for row in card.neighbors])
    return GuideEntry(card, neighbors, history[::-1])


def list_guide(ws: Workspace) -> tuple[GuideEntry, ...]:
    """Every class that the panel has written about, the last change first."""
    with ws.store.read() as tx:
        texts = guide.list_guide_classes(tx)
    return tuple(load_guide(ws, class_id) for class_id in texts)


def edit_guide(ws: Workspace, user: User, class_id: int, text: str, *, base: int, key: str) -> Receipt:
    """Say something else of a class. What was said stays in the history; everybody sees the new text at once.

    Args:
        ws: The workspace.
        user: A reviewer, adjudicator or admin.
        class_id: The class.
        text: At most MAX_TEXT characters; empty takes back what was said. The text in force again changes nothing.
        base: Number of the text that this one was made from, 0 where there was none.
        key: Idempotency key made by the client.

    Raises:
        NotFoundError: There is no such class.
        InputError: The text is too long.
        GuideChangedError: Somebody has changed it since.
    """
    require(user, Action.DISCUSS, protocol=ws.protocol)
    _check_class(ws, class_id)
    words = text.replace("\r\n", "\n").strip()
    if len(words) > MAX_TEXT:
        raise InputError(
            f"at most {MAX_TEXT:,} characters",
            got=f"{len(words):,}",
            remedy="Say it shorter: it stands beside an image.",
        )

    def act() -> None:
        history = guide.list_guide_texts(tx, class_id)
        newest = history[-1] if history else None
        if (newest.text if newest else "") == words:
            return
        number = newest.number if newest else 0
        if number != base:
            raise GuideChangedError(
                f"{newest.author if newest else 'Somebody'} has changed this text meanwhile.",
                remedy="Read what it says now, and save again what should stand.",
            )
        guide.save_guide_text(tx, class_id=class_id, number=number + 1, text=words, author=user.name, at=at)
        facts = {"class": ws.classes.keys[class_id], "number": number + 1}
        journal.save_line(tx, actor=user.name, action="guide.edit", facts=facts, at=at)

    with ws.store.write() as tx:
        at = now()
        body = {"guide": class_id, "text": words, "base": base}
        return run_once(tx, key=key, user=user.name, body=body, at=at, act=act)


def _check_class(ws: Workspace, class_id: int) -> None:
    if not 0 <= class_id < len(ws.classes):
        raise NotFoundError("There is no such class.", remedy="Go back to the page that led here and reload it.")
