"""One item with all that is known of it: for those who may see everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regrade.records.adjudication import Reopening
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision, Pass, Proposal, Question, Review
from regrade.store import decisions, proposals, questions, reopenings, reviews
from regrade.workflow.label_diffs import describe_verdict
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import find_item, media_token
from regrade.workflow.model_votes import ModelVote, list_model_votes
from regrade.workflow.named_classes import NamedClass, named_class
from regrade.workflow.neighbors import NearestImages, nearest_images
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PairView:
    """One class of the item: judged, asked about or predicted."""

    named: NamedClass
    is_original: bool
    verdict: str
    """In force; `never judged` where there is none."""
    status: str
    """Of the question, first pass; empty where nobody was asked."""
    models: tuple[ModelVote, ...]
    """Most confident first."""
    reviews: tuple[Review, ...]
    """Both passes, withdrawn ones included."""
    decisions: tuple[Decision, ...]
    """The newest of each pass."""
    proposal: Proposal | None
    """Who proposed the class, and why."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A decision that an adjudicator reopened; what is decided since stands with its class, if anything is."""

    class_name: str
    """Empty where it was on the item as a whole."""
    decision: Decision
    author: str
    """Who reopened it."""
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item."""

    token: str
    media: str | None
    split: str
    item_id: str
    labels: LabelSetVersion
    original: NamedClass | None
    problematic: bool | None
    """None: the labels do not cover the item."""
    pairs: tuple[PairView, ...]
    """Accepted classes first, then by number of models."""
    problematic_reviews: tuple[Review, ...]
    decision: Decision | None
    """In force on the item as a whole: it is problematic, or usable after all."""
    reopened: tuple[TakenBack, ...]
    """Oldest first."""
    nearest: NearestImages | None
    """The nearest training images; None where there are no embeddings."""


def load_item(ws: Workspace, token: str) -> ItemView:
    """Everything about one item.

    Raises:
        NotFoundError: No item has this token.
    """
    split, item = find_item(ws, token)
    version = labels_of_split(ws, split)
    labels = load_labels(ws, version)
    original = int(ws.split(split).labels[item])
    with ws.store.read() as tx:
        asked = questions.list_item_questions(tx, split, item, Pass.VERDICT)
        given = reviews.list_item_reviews(tx, split, item)
        decided = decisions.list_current_decisions(tx, split, item=item)
        taken_back = reopenings.list_reopenings(tx, split, item=item)
        proposal_of = {row.class_id: row for row in proposals.list_item_proposals(tx, split, item)}
    votes = list_model_votes(ws, split, [item])[item]
    judged = labels.pair_classes[labels.pairs_of(item)].tolist()
    shown = dict.fromkeys((*judged, *votes, *(row.class_id for row in asked)))
    accepted = set(labels.accepted_classes(item))
    order = sorted(shown, key=lambda class_id: (class_id not in accepted, -len(votes.get(class_id, ())), class_id))
    statuses = {row.class_id: row for row in asked}
    return ItemView(
        token=token,
        media=media_token(ws, split, item),
        split=split,
        item_id=ws.split(split).ids[item],
        labels=version,
        original=None if original == NO_LABEL else named_class(ws, original),
        problematic=labels.is_problematic(item),
        pairs=tuple(
            PairView(
                named=named_class(ws, class_id),
                is_original=class_id == original,
                verdict=describe_verdict(labels.verdict(item, class_id)),
                status=_status(statuses.get(class_id)),
                models=votes.get(class_id, ()),
                reviews=tuple(row for row in given if row.class_id == class_id),
                decisions=tuple(row for row in decided if row.class_id == class_id),
                proposal=proposal_of.get(class_id),
            )
            for class_id in order
        ),
        problematic_reviews=tuple(row for row in given if row.class_id is None),
        decision=next((row for row in decided if row.class_id is None), None),
        reopened=tuple(_view_reopening(ws, row) for row in taken_back),
        nearest=nearest_images(ws, split, item, for_reviewer=False),
    )


def _view_reopening(ws: Workspace, row: Reopening) -> TakenBack:
    class_id = row.decision.class_id
    return TakenBack(
        class_name="" if class_id is None else ws.classes.titles[class_id],
        decision=row.decision,
        author=row.author,
        reason=row.reason,
        at=row.at,
    )


def _status(question: Question | None) -> str:
    return str(question.status) if question else ""
