"""What the panel says about items."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from regrade.records.panel import Pass
from regrade.web.schemas.base import In, Out
from regrade.web.schemas.classes import NamedClassOut


class TopicOut(Out):
    """A pass of an item that somebody flagged or commented on."""

    token: str
    media: str | None
    item_id: str
    """Empty for reviewers: a file's name may tell its label."""
    pass_: Pass = Field(serialization_alias="pass")
    n_comments: int
    flagged: bool
    last_at: datetime


class CommentOut(Out):
    """What somebody said."""

    author: str
    text: str
    created_at: datetime


class SaidOut(Out):
    """What a reviewer answered on one class, or on the item."""

    named: NamedClassOut | None
    """null: the item as a whole."""
    verdict: str
    category: str
    severity: str


class RemarkOut(Out):
    """One reviewer's answer, as it stands beside the comments."""

    reviewer: str
    said: list[SaidOut]
    notes: list[str]
    discuss: bool
    """This reviewer flagged it."""


class DiscussionOut(Out):
    """One pass of one item, and what is said about it."""

    token: str
    media: str | None
    item_id: str
    """Empty for reviewers."""
    pass_: Pass = Field(serialization_alias="pass")
    comments: list[CommentOut]
    remarks: list[RemarkOut]
    """One's own answers; for those who adjudicate, everybody's."""
    sees_all: bool
    other: Pass | None
    """The other pass, where there is something to read in it."""


class CommentIn(In):
    """Something to say."""

    text: str
