"""What reviewers receive and send. Nothing here has a place for a model, a role or a colleague's answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, VerdictAnswer
from regrade.web.schemas.base import ClassId, In, Out
from regrade.web.schemas.classes import CardOut
from regrade.web.text import clean_text

Word = Annotated[Verdict, Field(strict=False)]
"""JSON has no enumerations of ours: the word stands for the verdict."""


class ProgressOut(Out):
    """How far the reviewer is."""

    n_answered: int
    n_left: int
    """Items that this reviewer can still be asked about."""


class ScreenOut(Out):
    """One item and the classes that are asked about on it, in the order shown."""

    id: str
    media: str | None
    """Token of the item's image."""
    cards: list[CardOut]
    part: int
    """From 0: an item with many classes has several screens."""
    n_parts: int


class KindScreenOut(ScreenOut):
    """A prediction that was decided wrong, and what is accepted in its place."""

    accepted: list[CardOut]


class QueueOut(Out):
    """The current screen, the next ones, and how far the reviewer is."""

    screens: list[ScreenOut]
    """Empty: there is nothing to do now."""
    progress: ProgressOut


class KindQueueOut(Out):
    """The same for the second pass."""

    screens: list[KindScreenOut]
    progress: ProgressOut


class ReceiptOut(Out):
    """What was saved, and when: sent only after the commit."""

    submission: str
    """Names what was saved."""
    saved_at: datetime


class _AnswersIn(In):
    note: str = ""
    discuss: bool = False
    """The panel should talk about it."""
    seconds: Annotated[float, Field(ge=0)] | None = None
    """Time on the screen, idle time left out."""


class VerdictIn(In):
    """A verdict on one class."""

    class_id: ClassId
    verdict: Word
    added: bool = False
    """Nobody asked about the class; it is `correct` or `unclear`."""


class VerdictAnswersIn(_AnswersIn):
    """The answers to a screen of the first pass: a verdict on each of its classes, or `problematic` alone."""

    verdicts: list[VerdictIn] = Field(default_factory=list)
    problematic: bool = False

    def as_answers(self) -> Answers:
        """The same for the workflow."""
        given = tuple(VerdictAnswer(row.class_id, row.verdict, added=row.added) for row in self.verdicts)
        return Answers(given, (), self.problematic, clean_text(self.note), self.discuss, self.seconds)


class KindIn(In):
    """What kind of mistake a class is, and how bad."""

    class_id: ClassId
    category: str
    """A key of the taxonomy's categories."""
    severity: str
    """A key of the taxonomy's severities."""

    def as_answer(self) -> KindAnswer:
        """The same for the workflow."""
        return KindAnswer(self.class_id, self.category, self.severity)


class KindAnswersIn(_AnswersIn):
    """The answer to a screen of the second pass."""

    kinds: list[KindIn]

    def as_answers(self) -> Answers:
        """The same for the workflow."""
        given = tuple(row.as_answer() for row in self.kinds)
        return Answers((), given, False, clean_text(self.note), self.discuss, self.seconds)
