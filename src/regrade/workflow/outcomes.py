"""What became of the items that a reviewer has answered: shown once they are settled, where the protocol allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from regrade.errors import NotFoundError
from regrade.panel import Action, effective_reviews, is_at, is_settled, require
from regrade.records.discussion import Reveal, Shown
from regrade.records.panel import Decision, Pass, Purpose, Question, Review, Screen
from regrade.records.predictions import NO_CLASS
from regrade.records.users import User
from regrade.store import Transaction, decisions, questions, reveals, reviews, screens
from regrade.workflow.clock import now
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import find_item, item_token, media_token
from regrade.workflow.named_classes import NamedClass, named_class
from regrade.workflow.neighbors import NearestImages, nearest_images
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

N_PAST = 40
"""Answered screens that the list looks back on."""
N_RANKS = 5


@dataclass(frozen=True, slots=True)
class PastItem:
    """One item that a reviewer has answered. What became of it is not in here."""

    token: str
    media: str | None
    answered_at: datetime
    settled: bool
    seen: bool
    """The reviewer has been shown what became of it."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One of a model's best-ranked classes."""

    named: NamedClass
    probability: float | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class ModelRanking:
    """A model's best-ranked classes, best first."""

    model: str
    choices: tuple[ModelChoice, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reviewer said of one class, or of the item."""

    reviewer: str
    is_own: bool
    verdict: str
    """`correct`, `unclear`, `wrong` or `problematic`; empty where only the second pass was answered."""
    category: str
    """Empty where the second pass was not answered, or not asked."""
    severity: str


@dataclass(frozen=True, slots=True)
class ClassOutcome:
    """What became of one class of the item."""

    named: NamedClass
    n_models: int
    """Models whose first choice it is."""
    decisions: tuple[Decision, ...]
    """In force, the first pass before the second."""
    answers: tuple[Answer, ...]
    """One's own first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item."""

    token: str
    media: str | None
    problematic: bool
    classes: tuple[ClassOutcome, ...]
    problematic_answers: tuple[Answer, ...]
    rankings: tuple[ModelRanking, ...]
    """By model name."""
    nearest: NearestImages | None
    """The nearest training images; None where there are no embeddings."""
    newer: str | None
    """Token of the settled item that was answered next after it."""
    older: str | None


def list_past(ws: Workspace, user: User, *, split: str = MAIN_SPLIT) -> tuple[PastItem, ...]:
    """The items that a reviewer answered last, newest first, and whether they are settled; gold never is.

    Raises:
        NotFoundError: The protocol shows reviewers no outcome.
    """
    _require_reveal(ws, user)
    with ws.store.read() as tx:
        answered = screens.list_answered_screens(tx, user.name, split, gold=True, limit=N_PAST)
        newest = {screen.item: screen for screen in reversed(answered)}
        waiting = _waiting(tx, user)
        return tuple(
            PastItem(
                token=item_token(ws, split, screen.item),
                media=media_token(ws, split, screen.item),
                answered_at=screen.answered_at or screen.created_at,
                settled=_may_see(tx, screen, waiting),
                seen=reveals.is_revealed(tx, user.name, split, screen.item, screen.pass_),
            )
            for screen in sorted(newest.values(), key=answered.index)
        )


def reveal_outcome(ws: Workspace, user: User, token: str) -> Outcome:
    """What became of one item; that the reviewer was shown it is noted first, for good.

    Raises:
        NotFoundError: The protocol shows reviewers no outcome, or the reviewer has not answered this item, or it is not
            settled: which of these is not said.
    """
    _require_reveal(ws, user)
    split, item = find_item(ws, token)
    with ws.store.write() as tx:
        answered = screens.list_answered_screens(tx, user.name, split, item=item, limit=1)
        if not answered or not _may_see(tx, answered[0], _waiting(tx, user)):
            raise NotFoundError(
                "There is nothing to see of this item yet.", remedy="Come back when the panel is done with it."
            )
        at = now()
        for pass_ in Pass:
            reveals.save_reveal(tx, Reveal(user.name, split, item, pass_, Shown.OUTCOME, at))
        asked = questions.list_item_questions(tx, split, item)
        given = effective_reviews(reviews.list_item_reviews(tx, split, item))
        decided = decisions.list_current_decisions(tx, split, item=item)
    settled = [row.token for row in list_past(ws, user, split=split) if row.settled]
    place = settled.index(token) if token in settled else None
    return Outcome(
        token=token,
        media=media_token(ws, split, item),
        problematic=any(row.class_id is None and not row.usable for row in decided),
        classes=_view_classes(ws, user, split, item, asked=asked, given=given, decided=decided),
        problematic_answers=_answers((row for row in given if row.problematic), user),
        rankings=_rankings(ws, split, item),
        nearest=nearest_images(ws, split, item, for_reviewer=True),
        newer=settled[place - 1] if place else None,
        older=settled[place + 1] if place is not None and place + 1 < len(settled) else None,
    )


def _require_reveal(ws: Workspace, user: User) -> None:
    require(user, Action.REVIEW, protocol=ws.protocol)
    if not ws.protocol.reveal:
        raise NotFoundError(
            "This panel shows its reviewers no outcomes.", remedy="An admin can change that in the protocol."
        )


def _waiting(tx: Transaction, user: User) -> tuple[Screen, ...]:
    return tuple(screen for pass_ in Pass for screen in screens.list_open_screens(tx, user.name, pass_))


def _may_see(tx: Transaction, screen: Screen, waiting: tuple[Screen, ...]) -> bool:
    if screen.purpose is Purpose.GOLD:
        return False
    own = tuple(row for row in waiting if row.split == screen.split)
    return not is_at(screen.item, own) and is_settled(questions.list_item_questions(tx, screen.split, screen.item))


def _view_classes(
    ws: Workspace,
    user: User,
    split: str,
    item: int,
    *,
    asked: tuple[Question, ...],
    given: tuple[Review, ...],
    decided: tuple[Decision, ...],
) -> tuple[ClassOutcome, ...]:
    top = [int(row.classes[item, 0]) for row in load_predictions(ws, None, split, scores=False)]
    shown = dict.fromkeys(row.class_id for row in asked)
    return tuple(
        ClassOutcome(
            named=named_class(ws, class_id),
            n_models=top.count(class_id),
            decisions=tuple(
                sorted((row for row in decided if row.class_id == class_id), key=lambda row: row.pass_ is Pass.KIND)
            ),
            answers=_answers((row for row in given if row.class_id == class_id), user),
        )
        for class_id in sorted(shown, key=lambda class_id: (-top.count(class_id), class_id))
    )


def _answers(given: Iterable[Review], user: User) -> tuple[Answer, ...]:
    """One line a reviewer, with what was said in both passes."""
    found: dict[str, Answer] = {}
    for row in given:
        before = found.get(row.reviewer, Answer(row.reviewer, row.reviewer == user.name, "", "", ""))
        found[row.reviewer] = replace(
            before,
            verdict="problematic" if row.problematic else str(row.verdict or before.verdict),
            category=row.category or before.category,
            severity=row.severity or before.severity,
        )
    return tuple(sorted(found.values(), key=lambda row: (not row.is_own, row.reviewer)))


def _rankings(ws: Workspace, split: str, item: int) -> tuple[ModelRanking, ...]:
    accepted = set(load_labels(ws, labels_of_split(ws, split)).accepted_classes(item))
    found = []
    for row in load_predictions(ws, None, split):
        choices = []
        for rank, class_id in enumerate(row.classes[item, :N_RANKS].tolist()):
            if class_id != NO_CLASS:
                score = float(row.scores[item, rank]) if row.scores is not None else None
                share = score if row.score_kind == "probability" else None
                choices.append(ModelChoice(named_class(ws, class_id), share, class_id in accepted))
        if choices:
            found.append(ModelRanking(row.model, tuple(choices)))
    return tuple(found)
