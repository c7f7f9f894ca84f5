"""What a reviewer sees beside the classes of a screen before the answer, where the protocol switches a blind off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from regrade.panel import Openings, effective_reviews, find_openings
from regrade.records.panel import Origin, Pass, Protocol, ProtocolVersion, Purpose, Screen
from regrade.records.users import User
from regrade.store import Transaction, proposals, protocols, questions, reviews
from regrade.store import screens as store_screens
from regrade.workflow.labels import load_labels
from regrade.workflow.model_votes import ModelVote, list_model_votes
from regrade.workflow.predictions import list_predictions
from regrade.workflow.workspace import Workspace

ClassRole = Literal["label", "predicted", "neither"]


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """What somebody else has answered on a class."""

    reviewer: str
    verdict: str
    """`correct`, `unclear`, `wrong` or `problematic`; empty in the second pass."""
    category: str
    """Empty in the first pass."""
    severity: str


@dataclass(frozen=True, slots=True)
class ClassSight:
    """What is shown beside one class. None in each field: reviewers are blind to it."""

    class_id: int
    role: ClassRole | None
    """First pass only. `label`: the labels accept it now; `predicted`: they do not, and it is a case for that."""
    models: tuple[ModelVote, ...] | None
    """That predict the class, the surest first, with their probabilities where these are known."""
    peers: tuple[PeerAnswer, ...] | None
    """What others have answered so far, by name."""
    suggestions: tuple[str, ...] | None
    """Why the class was proposed from outside the panel's work; not by whom."""


@dataclass(frozen=True, slots=True)
class ScreenSight:
    """What is shown beside the classes of one screen."""

    classes: tuple[ClassSight, ...]
    """In the order of the cards."""
    n_models: int | None
    """Models that could have predicted a class; None: reviewers are blind to models."""


def load_sights(
    ws: Workspace, tx: Transaction, user: User, screens: Sequence[Screen], in_force: ProtocolVersion
) -> Mapping[str, ScreenSight]:
    """What is shown beside the classes of some screens of one split, by the screens' ids.

    Args:
        ws: The workspace.
        tx: A transaction.
        user: The reviewer, whose own answers are not among the peers'.
        screens: The screens.
        in_force: The protocol's version now.

    Returns:
        Nothing for a screen to which all blinds apply.
    """
    found = {}
    for screen in screens:
        openings = find_openings(screen, in_force.content)
        if any(openings):
            openings = find_openings(screen, in_force.content, *_list_protocols(tx, screen))
        if any(openings):
            found[screen.id] = (screen, openings)
    seen = [screen for screen, openings in found.values() if openings.models]
    votes = _load_votes(ws, seen)
    n_models = len(list_predictions(ws, seen[0].split)) if seen else None
    return {
        key: ScreenSight(
            classes=_see_classes(ws, tx, user, screen, openings=openings, votes=votes.get(screen.item, {})),
            n_models=n_models if openings.models else None,
        )
        for key, (screen, openings) in found.items()
    }


def _list_protocols(tx: Transaction, screen: Screen) -> Iterable[Protocol]:
    """Those under which a reviewer was dealt screens of this one's item: what one of them hid, no other may tell."""
    numbers = store_screens.list_protocols(tx, screen.reviewer, screen.split, screen.item)
    return (protocols.load_protocol(tx, number).content for number in numbers)


def _load_votes(ws: Workspace, screens: Sequence[Screen]) -> Mapping[int, Mapping[int, tuple[ModelVote, ...]]]:
    if not screens:
        return {}
    items = {screen.item for screen in screens}
    return list_model_votes(ws, screens[0].split, items, only_probabilities=True)


def _see_classes(
    ws: Workspace,
    tx: Transaction,
    user: User,
    screen: Screen,
    *,
    openings: Openings,
    votes: Mapping[int, tuple[ModelVote, ...]],
) -> tuple[ClassSight, ...]:
    roles = _find_roles(ws, tx, screen) if openings.roles else {}
    peers = _find_peers(tx, user, screen) if openings.peers else {}
    reasons = _find_reasons(tx, screen) if openings.suggestions else {}
    return tuple(
        ClassSight(
            class_id=class_id,
            role=roles[class_id] if openings.roles else None,
            models=votes.get(class_id, ()) if openings.models else None,
            peers=peers.get(class_id, ()) if openings.peers else None,
            suggestions=reasons.get(class_id, ()) if openings.suggestions else None,
        )
        for class_id in screen.classes
    )


def _find_roles(ws: Workspace, tx: Transaction, screen: Screen) -> Mapping[int, ClassRole]:
    accepted = load_labels(ws, screen.labels).accepted_classes(screen.item)
    asked = questions.list_item_questions(tx, screen.split, screen.item, Pass.VERDICT)
    predicted = {row.class_id for row in asked if row.origin in {Origin.PREDICTION, Origin.IMPORTED}}

    def role(class_id: int) -> ClassRole:
        if class_id in accepted:
            return "label"
        return "predicted" if class_id in predicted else "neither"

    return {class_id: role(class_id) for class_id in screen.classes}


def _find_peers(tx: Transaction, user: User, screen: Screen) -> Mapping[int, tuple[PeerAnswer, ...]]:
    """By class. What all have answered would tell gold from work: no protocol lets it be shown, and here it is not."""
    if screen.purpose is Purpose.GOLD:
        return {}
    given = reviews.list_item_reviews(tx, screen.split, screen.item, screen.pass_)
    others = [row for row in effective_reviews(given) if row.reviewer != user.name]
    return {
        class_id: tuple(
            PeerAnswer(
                reviewer=row.reviewer,
                verdict="problematic" if row.problematic else str(row.verdict or ""),
                category=row.category or "",
                severity=row.severity or "",
            )
            for row in others
            if row.problematic or row.class_id == class_id
        )
        for class_id in screen.classes
    }


def _find_reasons(tx: Transaction, screen: Screen) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for row in proposals.list_item_proposals(tx, screen.split, screen.item):
        found.setdefault(row.class_id, []).append(row.reason)
    return {class_id: tuple(reasons) for class_id, reasons in found.items()}
