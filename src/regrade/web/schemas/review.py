"""What reviewers receive and send. Only `sight` has a place for a model, a role or a colleague's answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, VerdictAnswer
from regrade.web.schemas.base import ClassId, In, Out
from regrade.web.schemas.classes import CardOut
from regrade.web.schemas.items import ModelVoteOut
from regrade.web.text import clean_text
from regrade.workflow.sight import ClassRole

Word = Annotated[Verdict, Field(strict=False)]
"""JSON has no enumerations of ours: the word stands for the verdict."""
OPEN: Any = Field(default=None, exclude_if=lambda value: value is None)
"""Of a field that is sent only where the protocol leaves it open: not even its name is sent where it does not."""


class ProgressOut(Out):
    """How far the reviewer is, in items: one with many classes has several screens."""

    n_answered: int
    """Items that this reviewer has answered whole."""
    n_left: int
    """Items that this reviewer can still be asked about."""


class PeerAnswerOut(Out):
    """What somebody else has answered on a class."""

    reviewer: str
    verdict: str
    """`correct`, `unclear`, `wrong` or `problematic`; empty in the second pass."""
    category: str
    """Empty in the first pass."""
    severity: str


class ClassSightOut(Out):
    """What is shown beside one class. What reviewers are blind to is left out."""

    class_id: int
    role: ClassRole | None = OPEN
    """First pass only. `label`: the labels accept it now; `predicted`: they do not, and it is a case for that."""
    models: list[ModelVoteOut] | None = OPEN
    """That predict the class, the surest first; with their probabilities where these are known."""
    peers: list[PeerAnswerOut] | None = OPEN
    """What others have answered so far, in the order in which they did."""
    suggestions: list[str] | None = OPEN
    """Why the class was proposed from outside the panel's work; not by whom."""


class ScreenSightOut(Out):
    """What is shown beside the classes of a screen before the answer."""

    classes: list[ClassSightOut]
    """In the order of the cards."""
    n_models: int | None = OPEN
    """Models that could have predicted a class; left out where reviewers are blind to models."""


class ScreenOut(Out):
    """One item and the classes that are asked about on it, in the order shown."""

    id: str
    media: str | None
    """Token of the item's image."""
    cards: list[CardOut]
    part: int
    """From 0: an item with many classes has several screens."""
    n_parts: int
    sight: ScreenSightOut | None = OPEN
    """What the protocol shows beside the classes before the answer; left out where it hides all that it can."""


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
