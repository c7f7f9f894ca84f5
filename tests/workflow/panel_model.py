"""The panel's rules once more, in plain dictionaries: what the workflow must come to, step by step.

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
    """A decision in force; `value` is a verdict, a kind, or None for a problematic item."""

    value: str | tuple[str, str] | None
    how: str
    at: int
    published: bool = False


@dataclass
class Asked:
    """A question."""

    origin: str
    status: str = OPEN


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
    verdicts: dict[int, str] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)


class PanelModel:
    """Questions, answers, decisions and versions of one split."""

    def __init__(self, *, n_reviewers: int, rule: str, labels: Labels, originals: list[int]) -> None:
        self.n, self.rule = n_reviewers, rule
        self.versions = [labels]
        self.originals = originals
        self.models: dict[str, list[int]] = {}
        self.answers: list[Answer] = []
        self.asked: dict[str, dict[Pair, Asked]] = {FIRST: {}, SECOND: {}}
        self.decided: dict[str, dict[Pair, Decided]] = {FIRST: {}, SECOND: {}}
        self.problematic: dict[int, Decided] = {}
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
            if row.flagged:
                mine.verdicts.clear()
            mine.verdicts.update(row.verdicts)
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
            if place == item and question.origin == ADDED and question.status in {OPEN, DISPUTED}:
                question.status = question.status if class_id in known else CLOSED
        people = self.standings(item).values()
        here = [row for row in people if row.was_here]
        n_flags = sum(row.flagged for row in here)
        if n_flags and len(here) >= self.n and self.carries(n_flags, len(here)):
            self.problematic[item] = Decided(None, CONSENSUS, self.clock)
            self.close(item)
            return
        for (place, class_id), question in list(self.asked[FIRST].items()):
            if place == item and question.status in {OPEN, DISPUTED}:
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
            if verdict == WRONG:
                self.open_kind(pair)

    def settle_kind(self, pair: Pair) -> None:
        """Second pass."""
        latest = {}
        for row in self.effective(pair[0], SECOND):
            if pair[1] in row.kinds:
                latest[row.user] = row.kinds[pair[1]]
        question = self.asked[SECOND][pair]
        question.status = OPEN
        if len(latest) >= self.n:
            agreed = []
            for words in zip(*latest.values(), strict=True):
                word, n_for = Counter(words).most_common(1)[0]
                agreed += [word] if self.carries(n_for, len(words)) else []
            question.status = DECIDED if len(agreed) == 2 else DISPUTED
            if len(agreed) == 2:
                self.decided[SECOND][pair] = Decided((agreed[0], agreed[1]), CONSENSUS, self.clock)

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
        self.decided[SECOND].pop(pair, None)

    def close(self, item: int) -> None:
        """The item is problematic."""
        for questions in self.asked.values():
            for pair, question in questions.items():
                if pair[0] == item and question.status in {OPEN, DISPUTED}:
                    question.status = CLOSED

    # What is taken back

    def resting_on(self, answer: Answer) -> list[tuple[Pair | None, Decided]]:
        """The decisions that came with or after an answer, on what it answered."""
        said = {*answer.verdicts, *answer.kinds}
        found: list[tuple[Pair | None, Decided]] = [
            (pair, row)
            for pair, row in self.decided[answer.pass_].items()
            if pair[0] == answer.item and row.at >= answer.at and (pair[1] in said or answer.flagged)
        ]
        flag = self.problematic.get(answer.item)
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
                for place, question in self.asked[FIRST].items():
                    if place[0] == answer.item and question.status == CLOSED:
                        question.status = OPEN
                for place in list(self.decided[FIRST]):
                    if place[0] == answer.item:
                        self.open_kind(place)
                continue
            del self.decided[answer.pass_][pair]
            self.asked[answer.pass_][pair].status = OPEN
            if answer.pass_ == FIRST:
                self.close_kind(pair)
        if answer.pass_ == FIRST:
            self.settle(answer.item)
        for class_id in answer.kinds:
            if self.asked[SECOND][answer.item, class_id].status in {OPEN, DISPUTED}:
                self.settle_kind((answer.item, class_id))

    # What is decided otherwise

    def judge_elsewhere(self, by: str, found: dict[Pair, tuple[str, str]]) -> int:
        """Another panel found these pairs wrong, and says what kind of mistake each is; gives how many are new."""
        self.clock += 1
        new = {pair: kind for pair, kind in found.items() if pair not in self.decided[FIRST]}
        for pair, kind in new.items():
            for pass_, value in ((FIRST, WRONG), (SECOND, kind)):
                question = self.asked[pass_].setdefault(pair, Asked(IMPORTED))
                question.status = DECIDED
                question.origin = IMPORTED if question.origin in {LABEL, ADDED} else question.origin
                self.decided[pass_][pair] = Decided(value, ELSEWHERE, self.clock)
            self.answers += [
                Answer(by, pair[0], FIRST, self.clock, verdicts={pair[1]: WRONG}, elsewhere=True),
                Answer(by, pair[0], SECOND, self.clock, kinds={pair[1]: kind}, elsewhere=True),
            ]
        return len(new)

    def adjudicate(self, item: int, verdicts: dict[int, str]) -> None:
        """An adjudicator gives verdicts."""
        self.clock += 1
        for class_id, verdict in verdicts.items():
            pair = (item, class_id)
            self.asked[FIRST].setdefault(pair, Asked(ADDED)).status = DECIDED
            self.decided[FIRST][pair] = Decided(verdict, ADJUDICATED, self.clock)
        for class_id, verdict in verdicts.items():
            if verdict == WRONG:
                self.open_kind((item, class_id))
            else:
                self.close_kind((item, class_id))

    def adjudicate_problematic(self, item: int) -> None:
        """An adjudicator calls an item problematic."""
        self.clock += 1
        self.problematic[item] = Decided(None, ADJUDICATED, self.clock)
        self.close(item)

    def adjudicate_kinds(self, item: int, kinds: dict[int, tuple[str, str]]) -> None:
        """An adjudicator says what kind of mistake it is."""
        self.clock += 1
        for class_id, kind in kinds.items():
            self.asked[SECOND][item, class_id].status = DECIDED
            self.decided[SECOND][item, class_id] = Decided(kind, ADJUDICATED, self.clock)

    # What is published

    def next_labels(self) -> tuple[Labels, set[Pair], set[int], set[int]]:
        """What publishing gives now: the labels, the pairs and items that it carries, and the items held back."""
        flags = {item for item, row in self.problematic.items() if not row.published}
        problematic = self.labels.problematic | flags
        verdicts, carried, held = dict(self.labels.verdicts), set(), set()
        for item in range(len(self.originals)):
            waiting = {
                pair: str(row.value)
                for pair, row in self.decided[FIRST].items()
                if pair[0] == item and not row.published
            }
            trial = Labels(self.labels.verdicts | waiting, problematic)
            if not trial.accepted(item) and item not in problematic:
                had_some = bool(self.labels.accepted(item))
                held_pairs = {
                    pair for pair, value in waiting.items() if had_some or self.labels.verdicts.get(pair) != value
                }
                held |= {item} if held_pairs else set()
                waiting = {pair: value for pair, value in waiting.items() if pair not in held_pairs}
            verdicts |= waiting
            carried |= set(waiting)
        return Labels(verdicts, problematic), carried, flags, held

    def publish(self) -> None:
        """Make the next version."""
        labels, carried, flags, _ = self.next_labels()
        self.clock += 1
        self.versions.append(labels)
        for pair in carried:
            self.decided[FIRST][pair].published = True
        for item in flags:
            self.problematic[item].published = True

    def disputes(self) -> dict[tuple[str, int], set[int]]:
        """What waits for an adjudicator: the classes by pass and item."""
        found: dict[tuple[str, int], set[int]] = {}
        for pass_, questions in self.asked.items():
            for (item, class_id), question in questions.items():
                if question.status == DISPUTED:
                    found.setdefault((pass_, item), set()).add(class_id)
        _, carried, _, held = self.next_labels()
        for pair, row in self.decided[FIRST].items():
            if pair[0] in held and not row.published and pair not in carried:
                found.setdefault((FIRST, pair[0]), set()).add(pair[1])
        return found
