"""How far reviewers agree, and how each of them does."""

from __future__ import annotations

from regrade.records.agreement import Held, Topic
from regrade.records.labels import Verdict
from regrade.web.schemas.base import Figure, Out


class AlphaOut(Out):
    """Krippendorff's alpha with its 95 % interval over items."""

    value: Figure
    """1: always agree, 0: as by chance, below 0: less than by chance."""
    n: int
    """Units with two answers or more, that it rests on."""
    ci_low: Figure
    ci_high: Figure
    why: str
    """Why it is undefined; empty where it is defined."""
    why_no_interval: str
    """Why there is no interval; empty where there is one."""


class FigureOut(Out):
    """One figure, and what it rests on."""

    value: Figure
    n: int
    """Number of units that it is over."""
    why: str
    """Why it is undefined; empty where it is defined."""


class PairAgreementOut(Out):
    """Two reviewers on the units that both answered."""

    first: str
    second: str
    n: int
    """Units that both answered."""
    agreement: Figure
    """Share of them with the same answer, 0..1."""
    kappa: Figure
    """Cohen's kappa."""
    why: str
    """Why kappa is undefined; empty where it is defined."""


class ClassAgreementOut(Out):
    """The units of one class of the benchmark."""

    class_id: int
    class_name: str
    n: int
    """Units with two answers or more."""
    n_differing: int
    """Of these, units on which the answers are not all the same."""
    agreement: Figure
    """Percent agreement over them, as a share 0..1."""
    alpha: Figure
    why: str
    """Why alpha is undefined; empty where it is defined."""


class QuestionAgreementOut(Out):
    """How far the reviewers agree on one question. A unit is what is answered: an (item, class), or an item."""

    question: Topic
    answers: list[str]
    """What can be answered."""
    n_answers: list[int]
    """How often each was, aligned with `answers`."""
    n_units: int
    """Units that somebody has answered."""
    n_compared: int
    """Units with two answers or more: what all the figures below rest on."""
    n_items: int
    """Items of these."""
    n_differing: int
    """Of the compared units, those on which the answers are not all the same."""
    n_reviewers: int
    alpha: AlphaOut
    percent: FigureOut
    """Percent agreement, as a share 0..1."""
    fleiss: FigureOut
    """Fleiss' kappa; undefined unless all compared units have the same number of answers."""
    pairs: list[PairAgreementOut]
    classes: list[ClassAgreementOut]


class PanelAgreementOut(Out):
    """How far a panel's reviewers agree, as far as they have got."""

    split: str
    n_reviewers: int
    n_answers: int
    """Answers that count: neither taken back nor replaced by a later one of the same reviewer, and no gold."""
    questions: list[QuestionAgreementOut]
    notes: list[str]
    """What to know when reading the figures."""


class PaceOut(Out):
    """How fast one reviewer works in one pass."""

    n_screens: int
    """Answered screens."""
    n_timed: int
    """Of these, screens whose time was measured."""
    median_seconds: Figure
    """A screen, idle time left out."""


class GoldOut(Out):
    """One reviewer's answers to gold, against the decisions in force."""

    n: int
    """Answers that can be held against a decision."""
    n_agree: int
    """Of these, those that say what was decided."""
    share: Figure
    ci_low: Figure
    """95 % interval of the share (Wilson)."""
    ci_high: Figure


class ConfusionOut(Out):
    """One reviewer's answers held against what the panel decided."""

    question: Held
    answers: list[str]
    table: list[list[int]]
    """Units by what was decided (row) and what the reviewer answered (column)."""
    n: int
    """Decided units that the reviewer answered."""
    agreement: Figure
    """Share of them with the decided answer, 0..1."""
    n_adjudicated: int
    """Of `n`, the units that an adjudicator decided."""
    n_adjudicated_same: int
    """Of these, units that were decided as the reviewer had answered."""


class ReviewerReportOut(Out):
    """One reviewer's work, and how it compares with what the panel decided."""

    reviewer: str
    n_answers: int
    """Answers that count."""
    n_skipped: int
    """Items put off, whether or not they were dealt again."""
    n_undone: int
    """Answers taken back."""
    gold: GoldOut | None
    first_pass: PaceOut
    second_pass: PaceOut
    confusions: list[ConfusionOut]


class PosteriorOut(Out):
    """The votes on one class of an item, and what Dawid and Skene's model makes of them."""

    votes: list[int]
    """Answers `wrong`, `unclear`, `correct`."""
    probabilities: list[float] | None
    """Of each of them being true, given how reliable those who said so show to be; null: not identifiable."""
    why: str
    """Why it is not identifiable; empty where it is."""


class SuggestionOut(PosteriorOut):
    """The same for one class of an item that waits for an adjudicator."""

    class_id: int


class ContestedOut(Out):
    """A decision that the model finds less likely than another verdict."""

    class_id: int
    decided: Verdict
    by_adjudicator: bool
    likeliest: Verdict
    posterior: PosteriorOut


class ContestedViewOut(Out):
    """The same, with its item and class by name."""

    contested: ContestedOut
    token: str
    """Of the item."""
    media: str | None
    item_id: str
    class_name: str


class ContestedPageOut(Out):
    """One page of the contested decisions."""

    n_total: int
    contested: list[ContestedViewOut]
    """From `offset`, `limit` of them, the least likely first."""
    why_not: dict[Topic, str]
    """Why there is no model of a question, and none of its decisions is contested; empty where there is one."""
