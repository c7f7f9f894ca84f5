"""Reviewing: the queue of a reviewer, answering, skipping, undoing. An answer is saved once, or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from regrade.errors import ConflictError, NotFoundError
from regrade.panel import Action, check_answers, is_blind, require
from regrade.records.labels import Verdict
from regrade.records.panel import (
    Answers,
    DecisionMethod,
    Origin,
    Pass,
    Purpose,
    Review,
    Screen,
)
from regrade.records.users import User
from regrade.store import Transaction, decisions, journal, protocols, questions, reveals, reviews, screens
from regrade.workflow.asking import ask
from regrade.workflow.clock import now
from regrade.workflow.deal import N_AHEAD, Dealer
from regrade.workflow.guide import ClassCard, even_cards, list_cards
from regrade.workflow.labels import load_labels
from regrade.workflow.media import media_token
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.progress import Progress, measure_progress
from regrade.workflow.protocols import apply_protocol
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.settle import reopen_decision, settle_first_pass, settle_second_pass
from regrade.workflow.sight import ScreenSight, load_sights
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class ReviewScreen:
    """What a reviewer sees. In the first pass only `sight` could tell a model, a role or a peer's answer."""

    id: str
    pass_: Pass
    media: str | None
    cards: tuple[ClassCard, ...]
    """In the order shown."""
    accepted: tuple[ClassCard, ...]
    """Second pass only, where roles are shown: the classes accepted now."""
    part: int
    n_parts: int
    labels: str
    sight: ScreenSight | None = None
    """What is shown beside the classes before the answer; None where all blinds are on."""


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The current screen and the next, and how far the reviewer is."""

    screens: tuple[ReviewScreen, ...]
    """Those that the reviewer's page does not have yet."""
    open: tuple[str, ...]
    """Ids of all that wait for an answer, in order; empty: there is nothing to do."""
    progress: Progress


def load_queue(
    ws: Workspace, user: User, pass_: Pass, *, split: str = MAIN_SPLIT, have: Collection[str] = ()
) -> ReviewQueue:
    """What this reviewer does now and next; deals screens as needed. Leaving and coming back gives the same screens.

    Args:
        ws: The workspace.
        user: The reviewer.
        pass_: Of which pass.
        split: Of which split.
        have: Ids of the screens that need not be given once more: the page is shown already, so that what is left need
            not be counted anew.
    """
    with ws.store.write() as tx:
        at = now()
        protocol = apply_protocol(ws, tx, at=at)
        require(user, Action.REVIEW, protocol=protocol.content)
        dealer = Dealer(ws, tx, user, pass_, split, protocol, at)
        dealt = dealer.deal()
        n_open = len({screen.item for screen in dealt})
    ahead = dealt[:N_AHEAD]
    new = [screen for screen in ahead if screen.id not in have]
    with ws.store.read() as tx:  # what only counts keeps no writer waiting
        progress = measure_progress(
            ws,
            user,
            pass_,
            split,
            n_answered=screens.count_answered_items(tx, user.name, split, pass_),
            count_left=lambda: n_open + replace(dealer, tx=tx).count_left(),
            now=not have,
        )
        sights = load_sights(ws, tx, user, new, protocol)
        views = tuple(_view(ws, tx, screen, sights.get(screen.id)) for screen in new)
    return ReviewQueue(screens=views, open=tuple(screen.id for screen in ahead), progress=progress)


def answer_screen(ws: Workspace, user: User, screen_id: str, answers: Answers, *, key: str) -> Receipt:
    """Save the answers to a screen with journal line and idempotency record in one transaction, and settle the item.

    Args:
        ws: The workspace.
        user: The reviewer that the screen was dealt to.
        screen_id: The screen.
        answers: A verdict for every class of the screen, or `problematic`; in the second pass a kind.
        key: Idempotency key made by the client: sending the same again gives the same receipt.

    Raises:
        NotFoundError: No such screen of this reviewer.
        ConflictError: The screen is answered already, or the key was used for something else.
        InputError: The answers do not fit the screen.
    """
    with ws.store.write() as tx:
        require(user, Action.REVIEW, protocol=ws.protocol_in(tx))
        at = now()
        body = {"screen": screen_id, "answers": asdict(answers)}
        return run_once(
            tx,
            key=key,
            user=user.name,
            body=body,
            at=at,
            act=lambda: _answer(ws, tx, user, screen_id, answers, submission=key, at=at),
        )


def skip_screen(ws: Workspace, user: User, screen_id: str, *, key: str) -> Receipt:
    """Put an item at the end of the reviewer's queue; another may take it."""

    def skip() -> None:
        screen = _load_own(tx, user, screen_id)
        screens.save_skipped(tx, screen.id, at)
        journal.save_line(tx, actor=user.name, action="review.skip", facts={"screen": screen_id}, at=at)

    with ws.store.write() as tx:
        require(user, Action.REVIEW, protocol=ws.protocol_in(tx))
        at = now()
        return run_once(tx, key=key, user=user.name, body={"skip": screen_id}, at=at, act=skip)


def undo_last(ws: Workspace, user: User, pass_: Pass, *, key: str) -> Receipt:
    """Reopen the reviewer's last answer: nothing is erased, the answer is withdrawn by a line of its own.

    Raises:
        ConflictError: There is none, or what followed from it was published, adjudicated or judged further.
    """
    with ws.store.write() as tx:
        require(user, Action.REVIEW, protocol=ws.protocol_in(tx))
        at = now()
        return run_once(
            tx,
            key=key,
            user=user.name,
            body={"undo": str(pass_)},
            at=at,
            act=lambda: _undo(ws, tx, user, pass_, at=at),
        )


def _view(ws: Workspace, tx: Transaction, screen: Screen, sight: ScreenSight | None) -> ReviewScreen:
    accepted = _accepted_now(ws, tx, screen) if screen.pass_ is Pass.KIND else ()
    return ReviewScreen(
        id=screen.id,
        pass_=screen.pass_,
        media=media_token(ws, screen.split, screen.item),
        cards=even_cards(list_cards(ws, tx, screen.classes, split=screen.split, item=screen.item)),
        accepted=list_cards(ws, tx, accepted, split=screen.split, item=screen.item),
        part=screen.part,
        n_parts=screen.n_parts,
        labels=screen.labels,
        sight=sight,
    )


def _accepted_now(ws: Workspace, tx: Transaction, screen: Screen) -> tuple[int, ...]:
    """The classes accepted by the labels and by what the panel has decided since, ascending."""
    decided = decisions.list_current_decisions(tx, screen.split, pass_=Pass.VERDICT, item=screen.item)
    verdicts = {row.class_id: row.verdict for row in decided if row.class_id is not None}
    standing = dict.fromkeys(load_labels(ws, screen.labels).accepted_classes(screen.item), Verdict.CORRECT) | verdicts
    return tuple(sorted(class_id for class_id, verdict in standing.items() if verdict is not Verdict.WRONG))


def _load_own(tx: Transaction, user: User, screen_id: str) -> Screen:
    screen = screens.load_screen(tx, screen_id)
    if screen.reviewer != user.name:
        raise NotFoundError("There is no such screen.", remedy="Reload the page to get your current one.")
    return screen


def _answer(
    ws: Workspace,
    tx: Transaction,
    user: User,
    screen_id: str,
    answers: Answers,
    *,
    submission: str,
    at: datetime,
) -> None:
    screen = _load_own(tx, user, screen_id)
    check_answers(screen, answers, n_classes=len(ws.classes), taxonomy=ws.settings.taxonomy)
    protocol = _answered_under(tx, screen)
    screens.save_answered(tx, screen.id, submission, at, protocol=protocol, seconds=answers.seconds)
    if protocol is not None:
        protocols.save_first_review(tx, protocol, at)
    if answers.problematic:
        screens.save_item_withdrawn(tx, screen)
    _add_classes(ws, tx, screen, answers, at=at)
    revealed = reveals.is_revealed(tx, user.name, screen.split, screen.item, screen.pass_)
    reviews.save_reviews(tx, _as_reviews(screen, answers, submission, at, revealed=revealed))
    settle_screen(ws, tx, screen, at=at)
    facts = {"screen": screen.id, "submission": submission, "pass": str(screen.pass_), "seconds": answers.seconds}
    journal.save_line(tx, actor=user.name, action="review.save", facts=facts, at=at)


def _answered_under(tx: Transaction, screen: Screen) -> int | None:
    """The version that an answer goes by: the one that its screen was dealt under.

    Where the one in force hides nothing it is that: the results are open to the reviewer then, whatever the screen hid.
    """
    in_force = protocols.load_newest(tx)
    if screen.protocol is None or in_force is None or is_blind(in_force.content):
        return screen.protocol
    return in_force.number


def settle_screen(ws: Workspace, tx: Transaction, screen: Screen, *, at: datetime) -> None:
    """Settle what a screen asked about, by all reviews of it. Gold settles nothing: it was decided before."""
    if screen.purpose is not Purpose.PANEL:
        return
    if screen.pass_ is Pass.VERDICT:
        settle_first_pass(ws, tx, screen.split, screen.item, at=at)
        return
    for row in questions.list_item_questions(tx, screen.split, screen.item, Pass.KIND):
        if row.class_id in screen.classes and row.status in UNDECIDED:
            settle_second_pass(ws, tx, row, at=at)


def _add_classes(ws: Workspace, tx: Transaction, screen: Screen, answers: Answers, *, at: datetime) -> None:
    """A class that a reviewer adds becomes a question for the others; the reviewer has answered it already."""
    added = [answer.class_id for answer in answers.verdicts if answer.added]
    if not added or screen.purpose is not Purpose.PANEL:
        return
    items = [screen.item] * len(added)
    ask(ws, tx, screen.split, items, added, pass_=Pass.VERDICT, origin=Origin.ADDED, at=at)
    rows = questions.list_item_questions(tx, screen.split, screen.item, Pass.VERDICT)
    asked = [row for row in rows if row.class_id in added]
    screens.save_claims(tx, screen, [row.id for row in asked])


def _as_reviews(
    screen: Screen, answers: Answers, submission: str, at: datetime, *, revealed: bool
) -> tuple[Review, ...]:
    blank = Review(
        id=0,
        submission=submission,
        reviewer=screen.reviewer,
        split=screen.split,
        item=screen.item,
        class_id=None,
        pass_=screen.pass_,
        verdict=None,
        problematic=answers.problematic,
        category=None,
        severity=None,
        note=answers.note,
        discuss=answers.discuss,
        added=False,
        labels=screen.labels,
        source=None,
        created_at=at,
        revealed=revealed,
        purpose=screen.purpose,
    )
    if answers.problematic:
        return (blank,)
    verdicts = tuple(
        replace(blank, class_id=row.class_id, verdict=row.verdict, added=row.added) for row in answers.verdicts
    )
    kinds = tuple(
        replace(blank, class_id=row.class_id, category=row.category, severity=row.severity) for row in answers.kinds
    )
    return verdicts + kinds


def _undo(ws: Workspace, tx: Transaction, user: User, pass_: Pass, *, at: datetime) -> None:
    last = screens.load_last_answered(tx, user.name, pass_)
    if last is None or last.submission is None:
        raise ConflictError("There is no answer to undo.", remedy="Nothing was changed.")
    if last.purpose is Purpose.PANEL:
        _reopen_decisions(ws, tx, last, at=at)
    revealed = reveals.is_revealed(tx, user.name, last.split, last.item, pass_)
    reviews.save_withdrawal(tx, last.submission, user.name, at, revealed=revealed)
    screens.save_reopened(tx, last.id)
    settle_screen(ws, tx, last, at=at)
    facts = {"screen": last.id, "submission": last.submission, "pass": str(pass_), "revealed": revealed}
    journal.save_line(tx, actor=user.name, action="review.undo", facts=facts, at=at)


def _reopen_decisions(ws: Workspace, tx: Transaction, screen: Screen, *, at: datetime) -> None:
    """Take back what the panel agreed on by this answer; refuse where others have gone on from it.

    What was decided before the answer came does not rest on it.
    """
    assert screen.answered_at is not None  # noqa: S101 - only answered screens are undone
    current = decisions.list_current_decisions(tx, screen.split, item=screen.item)
    asked = questions.list_item_questions(tx, screen.split, screen.item)
    given = reviews.list_item_reviews(tx, screen.split, screen.item, screen.pass_)
    answered = {row.class_id for row in given if row.submission == screen.submission}
    rests = [
        row
        for row in current
        if row.pass_ is screen.pass_
        and row.created_at >= screen.answered_at
        and (row.class_id in answered or row.class_id is None or None in answered)
    ]
    for row in rests:
        if row.published_in is not None:
            raise ConflictError(
                f"The answer is part of {row.published_in} already.", remedy="Ask an adjudicator to reopen it."
            )
        if row.method is not DecisionMethod.CONSENSUS:
            raise ConflictError("An adjudicator has decided on it already.", remedy="Ask the adjudicator to reopen it.")
        if any(kind.pass_ is Pass.KIND and kind.class_id == row.class_id and kind.n_claims for kind in asked) and (
            screen.pass_ is Pass.VERDICT
        ):
            raise ConflictError("The second pass has begun on it.", remedy="Ask an adjudicator to reopen it.")
    for row in rests:
        reopen_decision(ws, tx, row, reason="an answer that it rested on was undone", at=at)
