"""Talking about items, and what became of those that one has answered."""

from __future__ import annotations

from regrade.web.api.keys import IdempotencyKey
from regrade.web.api.parameters import PassName, Split, Token
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.discussion import CommentIn, DiscussionOut, TopicOut
from regrade.web.schemas.outcomes import OutcomeOut, PastItemOut
from regrade.web.schemas.review import ReceiptOut
from regrade.workflow.discussion import add_comment, list_topics, load_discussion
from regrade.workflow.outcomes import list_past, reveal_outcome

router = make_router("discussion")


@router.get("/discussions", responses=declare(404))
def show_topics(ws: CurrentWorkspace, user: CurrentUser, split: Split = "main") -> list[TopicOut]:
    """What was flagged or commented on, as far as you may read it: reviewers, what they have answered."""
    return [TopicOut.of(topic) for topic in list_topics(ws, user, split=split)]


@router.get("/discussions/{pass}/{token}", responses=declare(404))
def show_discussion(ws: CurrentWorkspace, user: CurrentUser, pass_: PassName, token: Token) -> DiscussionOut:
    """One thread. That you were shown what others say is noted first, and what you answer from then on is marked."""
    return DiscussionOut.of(load_discussion(ws, user, token, pass_))


@router.post("/discussions/{pass}/{token}", responses=declare(404, 409, 413, 415))
def comment(
    ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey, *, pass_: PassName, token: Token, comment: CommentIn
) -> ReceiptOut:
    """Say something; it stays as it is."""
    return ReceiptOut.of(add_comment(ws, user, token, pass_, comment.text, key=key))


@router.get("/review/past", responses=declare(404))
def show_past(ws: CurrentWorkspace, user: CurrentUser, split: Split = "main") -> list[PastItemOut]:
    """The items that you answered last, without what became of them; 404 where the protocol shows no outcome."""
    return [PastItemOut.of(item) for item in list_past(ws, user, split=split)]


@router.get("/review/past/{token}", responses=declare(404))
def show_outcome(ws: CurrentWorkspace, user: CurrentUser, token: Token) -> OutcomeOut:
    """What became of one of them, once it is settled; from then on what you say of it is marked."""
    return OutcomeOut.of(reveal_outcome(ws, user, token))
