"""How far a panel's reviewers agree, and how each of them does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from regrade.records.gold import GoldScore
from regrade.records.labels import Verdict
from regrade.records.metrics import Figure

Topic = Literal["predicted", "accepted", "category", "severity", "problematic"]
"""What is asked. `predicted` and `accepted` are the verdicts of the first pass: on classes that the label set did not,
and on those that it did accept when the screen was dealt. `category` and `severity` are asked in the second pass,
`problematic` of the item."""
Held = Literal["verdict", "category", "severity"]
"""What a reviewer's answers are held against: the panel's decisions of both passes."""
TOPICS: tuple[Topic, ...] = get_args(Topic)


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha with its 95 % interval over items."""

    value: float | None
    """1: always agree, 0: as by chance, below 0: less than by chance. None: undefined."""
    n: int
    """Units with two answers or more, that it rests on."""
    ci_low: float | None
    ci_high: float | None
    why: str = ""
    """Why it is undefined; empty where it is defined."""
    why_no_interval: str = ""
    """Why there is no interval; empty where there is one."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers on the units that both answered."""

    first: str
    second: str
    n: int
    """Units that both answered, at least 1."""
    agreement: float
    """Share of them with the same answer, 0..1."""
    kappa: float | None
    """Cohen's kappa; None: undefined."""
    why: str = ""
    """Why kappa is undefined; empty where it is defined."""


@dataclass(frozen=True, slots=True)
class ClassAgreement:
    """The units of one class of the benchmark."""

    class_id: int
    class_name: str
    n: int
    """Units with two answers or more, at least 1."""
    n_differing: int
    """Of these, units on which the answers are not all the same."""
    agreement: float
    """Percent agreement over them, as a share 0..1."""
    alpha: float | None
    """None: undefined."""
    why: str = ""
    """Why alpha is undefined; empty where it is defined."""


@dataclass(frozen=True, slots=True)
class TopicAgreement:
    """How far the reviewers agree on one topic. A unit is what is answered: an (item, class), or an item."""

    question: Topic
    answers: tuple[str, ...]
    """What can be answered."""
    n_answers: tuple[int, ...]
    """How often each was, aligned with `answers`, by anybody."""
    n_units: int
    """Units that somebody has answered."""
    n_compared: int
    """Units with two answers or more: what all the figures below rest on."""
    n_items: int
    """Items of these."""
    n_differing: int
    """Of the compared units, those on which the answers are not all the same."""
    n_reviewers: int
    """Reviewers with an answer."""
    alpha: Alpha
    percent: Figure
    """Percent agreement, as a share 0..1."""
    fleiss: Figure
    """Fleiss' kappa over the compared units; undefined unless all have the same number of answers."""
    pairs: tuple[PairAgreement, ...]
    """Pairs of reviewers with a unit in common, by name."""
    classes: tuple[ClassAgreement, ...]
    """Classes with a compared unit, by id; empty for `problematic`, which is no matter of classes."""


@dataclass(frozen=True, slots=True)
class PanelAgreement:
    """How far a panel's reviewers agree, as far as they have got."""

    split: str
    n_reviewers: int
    """Reviewers with an answer that counts."""
    n_answers: int
    """Answers that count: neither taken back nor replaced by a later one of the same reviewer, and no gold."""
    questions: tuple[TopicAgreement, ...]
    """In the order of TOPICS, also those that nobody has answered."""
    notes: tuple[str, ...]
    """What to know when reading the figures."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """One reviewer's answers held against what the panel decided. Most decisions rest on the reviewer's voice too."""

    question: Held
    answers: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    """Units by what was decided (row) and what the reviewer answered (column)."""
    n: int
    """Decided units that the reviewer answered."""
    agreement: float | None
    """Share of them with the decided answer, 0..1; None: there is none."""
    n_adjudicated: int
    """Of `n`, the units that an adjudicator decided: where reviewers must be unanimous, the only ones on which one of
    them can be overruled."""
    n_adjudicated_same: int
    """Of these, units that were decided as the reviewer had answered."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one reviewer works in one pass."""

    n_screens: int
    """Answered screens."""
    n_timed: int
    """Of these, screens whose time was measured."""
    median_seconds: float | None
    """A screen, idle time left out; None: no screen was timed."""


@dataclass(frozen=True, slots=True)
class ReviewerReport:
    """One reviewer's work, and how it compares with what the panel decided."""

    reviewer: str
    n_answers: int
    """Answers that count: verdicts, items called problematic, and kinds."""
    n_skipped: int
    """Items put off, whether or not they were dealt again."""
    n_undone: int
    """Answers taken back."""
    gold: GoldScore | None
    """Answers to what was decided before, against the decisions in force; None: was asked none that counts."""
    first_pass: Pace
    second_pass: Pace
    confusions: tuple[Confusion, ...]
    """Of verdict, category and severity, those that the reviewer was asked, in this order."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """The votes on one (item, class), and what Dawid and Skene's model makes of them."""

    votes: tuple[int, int, int]
    """Answers `wrong`, `unclear`, `correct`."""
    probabilities: tuple[float, float, float] | None
    """Of each of them being true, given how reliable those who said so show to be; None: not identifiable."""
    why: str = ""
    """Why it is not identifiable; empty where it is."""


@dataclass(frozen=True, slots=True)
class Contested:
    """A decision that Dawid and Skene's model finds less likely than another verdict."""

    item: int
    class_id: int
    decided: Verdict
    by_adjudicator: bool
    likeliest: Verdict
    posterior: Posterior
