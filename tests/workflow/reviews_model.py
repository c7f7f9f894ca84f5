"""What reviewers' answers come to, by the panel's rules once more in plain dictionaries.

Written from docs/panel.md and docs/design/loop.md, with nothing of the package but its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

WRONG, UNCLEAR, CORRECT = "wrong", "unclear", "correct"
FIRST, SECOND = "verdict", "kind"
OPEN, DISPUTED, DECIDED, CLOSED = "open", "disputed", "decided", "closed"
PREDICTED, IMPORTED, ADDED, LABEL = "prediction", "imported", "added", "label"
CONSENSUS, ADJUDICATED, ELSEWHERE = "consensus", "adjudication", "imported"
PROBLEMATIC, USABLE = "problematic", "usable"

Word = str | tuple[str, str]
"""What is said of a class, or of an item as a whole."""
Ballots = dict[str, dict[int | None, Word]]
"""By adjudicator and class; under None of the item as a whole."""

Pair = tuple[int, int]
"""(item, class)."""


@dataclass
class Answer:
    """All that one person said at one time of one item."""

    user: str
    item: int
    pass_: str
    at: int
    verdicts: dict[int, str] = field(default_factory=dict)
    added: frozenset[int] = frozenset()
    flagged: bool = False
    kinds: dict[int, tuple[str, str]] = field(default_factory=dict)
    elsewhere: bool = False
    withdrawn: bool = False


@dataclass
class Decided:
    """A decision; `value` is a verdict, a kind, or for an item as a whole `problematic` or `usable`."""

    value: Word
    how: str
    at: int
    version: int | None = None
    """The version that carries it."""
    reopened_by: str = ""

    @property
    def published(self) -> bool:
        """Whether a version carries it."""
        return self.version is not None


@dataclass
class Asked:
    """A question."""

    origin: str
    status: str = OPEN
    held: bool = False
    """Only adjudicators may settle it."""


@dataclass
class Labels:
    """One version of the answer key."""

    verdicts: dict[Pair, str]
    problematic: frozenset[int]

    def accepted(self, item: int) -> set[int]:
        """Classes that are correct or unclear."""
        return {found for (place, found), verdict in self.verdicts.items() if place == item and verdict != WRONG}


@dataclass
class Standing:
    """Where one person stands on an item."""

    flagged: bool = False
    ever_flagged: bool = False
    was_here: bool = False
    """Has a say on whether the item is problematic."""
    at: int = 0
    verdicts: dict[int, str] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)


class ReviewsModel:
    """Questions, answers and what they decide on one split."""

    def __init__(self, *, n_reviewers: int, rule: str, labels: Labels, originals: list[int]) -> None:
        self.n, self.rule = n_reviewers, rule
        self.versions = [labels]
        self.originals = originals
        self.models: dict[str, list[int]] = {}
        self.answers: list[Answer] = []
        self.asked: dict[str, dict[Pair, Asked]] = {FIRST: {}, SECOND: {}}
        self.decided: dict[str, dict[Pair, Decided]] = {FIRST: {}, SECOND: {}}
        self.problematic: dict[int, Decided] = {}
        self.usable: dict[int, Decided] = {}
        self.overruled: dict[int, int] = {}
        """When it was last taken back what an item is."""
        self.votes: dict[tuple[str, int], Ballots] = {}
        """What adjudicators say, as long as it counts, by pass and item."""
        self.clock = 0

    @property
    def labels(self) -> Labels:
        """The newest version."""
        return self.versions[-1]

    # What is asked

    def mistakes(self) -> dict[Pair, bool]:
        """The mistakes of all models under the newest version; True where nobody ever judged the pair."""
        found = {}
        for top in self.models.values():
            for item, class_id in enumerate(top):
                verdict = self.labels.verdicts.get((item, class_id))
                if item not in self.labels.problematic and verdict in {None, WRONG} and self.covers(item):
                    found[item, class_id] = verdict is None
        return found

    def covers(self, item: int) -> bool:
        """Whether the labels say anything of an item: here every item is covered."""
        return 0 <= item < len(self.originals)

    def make_cases(self) -> int:
        """Ask about what nobody has judged; gives the number of new cases."""
        self.clock += 1
        n_new, to_settle = 0, set()
        for pair, unjudged in self.mistakes().items():
            question = self.asked[FIRST].get(pair)
            if pair[0] in self.problematic:
                continue
            if question is None:
                if unjudged:
                    self.asked[FIRST][pair] = Asked(PREDICTED)
                    n_new += 1
            elif question.origin in {LABEL, ADDED}:
                is_case = question.status == DECIDED or (question.origin == ADDED and question.status != CLOSED)
                if not (is_case or unjudged):
                    continue
                n_new += not is_case
                question.origin = PREDICTED
                if question.status == DECIDED:
                    self.open_kind(pair)
                else:
                    question.status = OPEN if question.status == CLOSED else question.status
                    to_settle.add(pair[0])
        for item in to_settle:
            self.settle(item)
        return n_new

    def ride_along(self, item: int) -> None:
        """A screen was dealt: the accepted classes are asked about too."""
        for class_id in self.labels.accepted(item):
            self.asked[FIRST].setdefault((item, class_id), Asked(LABEL))

    def undecided_cases(self, item: int | None = None) -> set[Pair]:
        """First-pass cases that are open or disputed."""
        return {
            pair
            for pair, row in self.asked[FIRST].items()
            if row.origin != LABEL and row.status in {OPEN, DISPUTED} and item in {None, pair[0]}
        }

    # What is answered

    def answer(self, answer: Answer) -> None:
        """A reviewer answers a screen."""
        self.clock += 1
        answer.at = self.clock
        self.answers.append(answer)
        for class_id in answer.added:
            question = self.asked[FIRST].setdefault((answer.item, class_id), Asked(ADDED))
            if question.origin == ADDED and question.status == CLOSED:
                question.status = OPEN
        if answer.pass_ == FIRST:
            self.settle(answer.item)
        for class_id in answer.kinds:
            if self.asked[SECOND][answer.item, class_id].status in {OPEN, DISPUTED}:
                self.settle_kind((answer.item, class_id))

    def effective(self, item: int, pass_: str) -> Iterable[Answer]:
        """Answers that were not taken back, oldest first."""
        return (row for row in self.answers if (row.item, row.pass_) == (item, pass_) and not row.withdrawn)

    def standings(self, item: int) -> dict[str, Standing]:
        """Where everybody stands on an item in the first pass."""
        found: dict[str, Standing] = {}
        for row in self.effective(item, FIRST):
            mine = found.setdefault(row.user, Standing())
            mine.was_here |= not row.elsewhere
            mine.named |= row.added
            mine.flagged = row.flagged
            mine.ever_flagged |= row.flagged
            mine.at = row.at
            if row.flagged:
                mine.verdicts.clear()
            mine.verdicts.update(row.verdicts)
        for mine in found.values():
            if mine.flagged and mine.at <= self.overruled.get(item, 0):
                mine.flagged = mine.was_here = False
        return found

    def carries(self, n_for: int, n_all: int) -> bool:
        """The protocol's rule."""
        return n_for == n_all if self.rule == "unanimous" else 2 * n_for > n_all

    def settle(self, item: int) -> None:
        """First pass."""
        if item in self.problematic:
            self.close(item)
            return
        known = {class_id for row in self.effective(item, FIRST) for class_id in row.verdicts}
        for (place, class_id), question in self.asked[FIRST].items():
            if place != item or question.origin != ADDED:
                continue
            if question.status in {OPEN, DISPUTED} and not question.held and class_id not in known:
                question.status = CLOSED
            elif question.status == CLOSED and class_id in known:
                question.status = OPEN
        people = self.standings(item).values()
        here = [row for row in people if row.was_here]
        n_flags = sum(row.flagged for row in here)
        if n_flags and len(here) >= self.n and self.carries(n_flags, len(here)):
            self.problematic[item] = Decided(PROBLEMATIC, CONSENSUS, self.clock)
            self.usable.pop(item, None)
            self.void(FIRST, item, None)
            self.close(item)
            return
        for (place, class_id), question in list(self.asked[FIRST].items()):
            if place == item and question.status in {OPEN, DISPUTED} and not question.held:
                self.settle_class((item, class_id), question, people)

    def settle_class(self, pair: Pair, question: Asked, people: Collection[Standing]) -> None:
        """One class of the first pass."""
        said = [row.verdicts[pair[1]] for row in people if pair[1] in row.verdicts]
        n_flags = sum(row.flagged for row in people)
        n_silent = sum(row.ever_flagged and not row.flagged and pair[1] not in row.verdicts for row in people)
        if len(said) + n_flags + n_silent < self.n:
            question.status = OPEN
            return
        question.status = DISPUTED
        namers = [row for row in people if pair[1] in row.verdicts and pair[1] in row.named]
        own_word_only = len(said) == 1 and len(namers) == 1
        if not said or len(said) + n_flags < self.n or own_word_only:
            return
        verdict, n_for = Counter(said).most_common(1)[0]
        if self.carries(n_for, len(said) + n_flags):
            question.status = DECIDED
            self.decided[FIRST][pair] = Decided(verdict, CONSENSUS, self.clock)
            self.void(FIRST, *pair)
            if verdict == WRONG:
                self.open_kind(pair)

    def settle_kind(self, pair: Pair) -> None:
        """Second pass."""
        latest = {}
        for row in self.effective(pair[0], SECOND):
            if pair[1] in row.kinds:
                latest[row.user] = row.kinds[pair[1]]
        question = self.asked[SECOND][pair]
        question.status = DISPUTED if question.held else OPEN
        if question.held:
            return
        if len(latest) >= self.n:
            agreed = []
            for words in zip(*latest.values(), strict=True):
                word, n_for = Counter(words).most_common(1)[0]
                agreed += [word] if self.carries(n_for, len(words)) else []
            question.status = DECIDED if len(agreed) == 2 else DISPUTED
            if len(agreed) == 2:
                self.decided[SECOND][pair] = Decided((agreed[0], agreed[1]), CONSENSUS, self.clock)
                self.void(SECOND, *pair)

    def open_kind(self, pair: Pair) -> None:
        """A predicted class was decided wrong."""
        decision = self.decided[FIRST].get(pair)
        if self.asked[FIRST][pair].origin in {LABEL, ADDED} or decision is None or decision.value != WRONG:
            return
        question = self.asked[SECOND].setdefault(pair, Asked(self.asked[FIRST][pair].origin))
        if question.status == CLOSED:
            self.settle_kind(pair)

    def close_kind(self, pair: Pair) -> None:
        """A class is decided wrong no more."""
        if pair in self.asked[SECOND]:
            self.asked[SECOND][pair].status = CLOSED
        if self.decided[SECOND].pop(pair, None):
            self.void(SECOND, *pair)

    def close(self, item: int) -> None:
        """The item is problematic."""
        for questions in self.asked.values():
            for pair, question in questions.items():
                if pair[0] == item and question.status in {OPEN, DISPUTED}:
                    question.status = CLOSED

    def void(self, pass_: str, item: int, class_id: int | None) -> None:
        """Something was decided, or taken back: votes on it are done with, and so are those on the item as a whole."""
        for ballot in self.votes.get((pass_, item), {}).values():
            for place in list(ballot):
                if class_id in {None, place} or place is None:
                    del ballot[place]

    # What is taken back

    def resting_on(self, answer: Answer) -> list[tuple[Pair | None, Decided]]:
        """The decisions that came with or after an answer, on what it answered."""
        said = {*answer.verdicts, *answer.kinds}
        found: list[tuple[Pair | None, Decided]] = [
            (pair, row)
            for pair, row in self.decided[answer.pass_].items()
            if pair[0] == answer.item and row.at >= answer.at and (pair[1] in said or answer.flagged)
        ]
        flag = self.problematic.get(answer.item) or self.usable.get(answer.item)
        if answer.pass_ == FIRST and flag is not None and flag.at >= answer.at:
            found.append((None, flag))
        return found

    def can_undo(self, answer: Answer, claimed_kinds: Collection[Pair]) -> bool:
        """Unless it was published, adjudicated, judged elsewhere or judged further."""
        return all(
            row.how == CONSENSUS and not row.published and not (answer.pass_ == FIRST and pair in claimed_kinds)
            for pair, row in self.resting_on(answer)
        )

    def undo(self, answer: Answer) -> None:
        """Take an answer back, and what rested on it."""
        resting = self.resting_on(answer)
        self.clock += 1
        answer.withdrawn = True
        for pair, _ in resting:
            if pair is None:
                del self.problematic[answer.item]
                self.void(FIRST, answer.item, None)
                for place, question in self.asked[FIRST].items():
                    if place[0] == answer.item and question.status == CLOSED:
                        question.status = DISPUTED if question.held else OPEN
                for place in list(self.decided[FIRST]):
                    if place[0] == answer.item:
                        self.open_kind(place)
                continue
            del self.decided[answer.pass_][pair]
            self.void(answer.pass_, *pair)
            self.asked[answer.pass_][pair].status = OPEN
            if answer.pass_ == FIRST:
                self.close_kind(pair)
            elif pair not in self.decided[FIRST] or pair[0] in self.problematic:
                self.asked[SECOND][pair].status = CLOSED
        if answer.pass_ == FIRST:
            self.settle(answer.item)
        for class_id in answer.kinds:
            if self.asked[SECOND][answer.item, class_id].status in {OPEN, DISPUTED}:
                self.settle_kind((answer.item, class_id))
