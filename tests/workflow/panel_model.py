"""What adjudicators and publishing make of it, by the panel's rules once more in plain dictionaries.

Written from docs/panel.md and docs/design/loop.md, with nothing of the package but its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.workflow.reviews_model import (
    ADDED,
    ADJUDICATED,
    CLOSED,
    DECIDED,
    DISPUTED,
    ELSEWHERE,
    FIRST,
    IMPORTED,
    LABEL,
    OPEN,
    PROBLEMATIC,
    SECOND,
    USABLE,
    WRONG,
    Answer,
    Asked,
    Decided,
    Labels,
    Pair,
    ReviewsModel,
    Word,
)

Place = tuple[int, int | None]
"""(item, class); without a class the item as a whole."""


class PanelModel(ReviewsModel):
    """The same with adjudicators' votes, what is reopened, and the versions that are published."""

    def __init__(
        self, *, n_reviewers: int, rule: str, n_adjudicators: int, labels: Labels, originals: list[int]
    ) -> None:
        super().__init__(n_reviewers=n_reviewers, rule=rule, labels=labels, originals=originals)
        self.n_needed = n_adjudicators // 2 + 1
        """Adjudicators who must say the same; where one decides there is one."""
        self.asked_anew: set[int] = set()
        """Items of which it was taken back what they are, and no adjudicator has said since."""
        self.carried: list[dict[Place, Decided]] = [{}]
        """By version."""

    def judge_elsewhere(self, by: str, found: dict[Pair, tuple[str, str]]) -> int:
        """Another panel found these pairs wrong, and says what kind of mistake each is; gives how many are new."""
        self.clock += 1
        new = {
            pair: kind
            for pair, kind in found.items()
            if pair not in self.decided[FIRST] and not (pair in self.asked[FIRST] and self.asked[FIRST][pair].held)
        }
        for pair, kind in new.items():
            for pass_, value in ((FIRST, WRONG), (SECOND, kind)):
                question = self.asked[pass_].setdefault(pair, Asked(IMPORTED))
                question.status, question.held = DECIDED, False
                question.origin = IMPORTED if question.origin in {LABEL, ADDED} else question.origin
                self.decided[pass_][pair] = Decided(value, ELSEWHERE, self.clock)
                self.void(pass_, *pair)
            self.answers += [
                Answer(by, pair[0], FIRST, self.clock, verdicts={pair[1]: WRONG}, elsewhere=True),
                Answer(by, pair[0], SECOND, self.clock, kinds={pair[1]: kind}, elsewhere=True),
            ]
        return len(new)

    # Adjudicators

    def vote(self, voter: str, pass_: str, item: int, words: dict[int | None, Word]) -> None:
        """An adjudicator says what is true, in place of all that this one has said of the item before."""
        self.clock += 1
        ballots = self.votes.setdefault((pass_, item), {})
        ballots[voter] = dict(words)
        counted = [ballots[voter]] if self.n_needed == 1 else list(ballots.values())
        waiting = self.disputes()[pass_, item]
        whole = self.carried_by(ballot[None] for ballot in counted if None in ballot)
        if whole == PROBLEMATIC:
            self.adjudicate_problematic(item)
            return
        places = {place for ballot in counted for place in ballot if place is not None}
        said = {place: [ballot[place] for ballot in counted if place in ballot] for place in places}
        if pass_ == SECOND:
            for place, rows in said.items():
                category, severity = (self.carried_by(part) for part in zip(*rows, strict=True))
                if isinstance(category, str) and isinstance(severity, str):
                    self.adjudicate_kind((item, place), (category, severity))
            return
        verdicts = {place: word for place, rows in said.items() if (word := self.carried_by(rows))}
        if whole == USABLE:
            self.adjudicate(item, {})
        elif verdicts and (verdicts.keys() & waiting or not waiting) and self.keeps_accepted(item, verdicts):
            self.adjudicate(item, verdicts)

    def carried_by(self, words: Iterable[Word]) -> Word | None:
        """The word that more than half of the adjudicators say, and no other as many."""
        ranked = Counter(words).most_common()
        if not ranked or ranked[0][1] < self.n_needed or any(n == ranked[0][1] for _, n in ranked[1:]):
            return None
        return ranked[0][0]

    def keeps_accepted(self, item: int, verdicts: dict[int, Word]) -> bool:
        """Whether the item keeps an accepted class by the labels, by what waits to be published, and by these."""
        standing: dict[int, Word] = dict.fromkeys(self.labels.accepted(item), "accepted")
        for (place, class_id), row in self.decided[FIRST].items():
            if place == item and not row.published:
                standing[class_id] = row.value
        return any(word != WRONG for word in (standing | verdicts).values())

    def adjudicate(self, item: int, verdicts: dict[int, Word]) -> None:
        """Adjudicators give verdicts: then the item is usable, where that was the question."""
        waits = item in self.usable and not self.usable[item].published
        if waits or self.is_pending(item):
            self.usable[item] = Decided(USABLE, ADJUDICATED, self.clock)
            self.asked_anew.discard(item)
            self.void(FIRST, item, None)
        for class_id, verdict in verdicts.items():
            question = self.asked[FIRST].setdefault((item, class_id), Asked(ADDED))
            question.status, question.held = DECIDED, False
            self.decided[FIRST][item, class_id] = Decided(verdict, ADJUDICATED, self.clock)
            self.void(FIRST, item, class_id)
        for class_id, verdict in verdicts.items():
            if verdict == WRONG:
                self.open_kind((item, class_id))
            else:
                self.close_kind((item, class_id))

    def adjudicate_problematic(self, item: int) -> None:
        """Adjudicators call an item problematic."""
        self.problematic[item] = Decided(PROBLEMATIC, ADJUDICATED, self.clock)
        self.usable.pop(item, None)
        self.asked_anew.discard(item)
        self.void(FIRST, item, None)
        self.close(item)

    def adjudicate_kind(self, pair: Pair, kind: tuple[str, str]) -> None:
        """Adjudicators say what kind of mistake it is."""
        question = self.asked[SECOND][pair]
        question.status, question.held = DECIDED, False
        self.decided[SECOND][pair] = Decided(kind, ADJUDICATED, self.clock)
        self.void(SECOND, *pair)

    def is_pending(self, item: int) -> bool:
        """Whether an adjudicator has to say anew if the item is problematic."""
        return item in self.asked_anew and item not in self.problematic | self.usable

    def voters(self, pass_: str, item: int) -> set[str]:
        """Who has voted on what waits."""
        waiting = self.disputes().get((pass_, item), set())
        said = {voter: ballot.keys() for voter, ballot in self.votes.get((pass_, item), {}).items()}
        return {
            voter for voter, places in said.items() if None in places or places & waiting or (places and not waiting)
        }

    def has_voted(self, voter: str, pass_: str, item: int) -> bool:
        """Whether somebody has voted on all that waits."""
        places = self.votes.get((pass_, item), {}).get(voter, {}).keys()
        return bool(places) and (None in places or places >= self.disputes().get((pass_, item), set()))

    # What is reopened

    def may_reopen(self, pass_: str, item: int, class_id: int | None) -> bool:
        """Not of an item that is problematic, and no kind of a mistake while it is open whether it is one."""
        if class_id is None:
            return True
        verdict = self.decided[FIRST].get((item, class_id))
        return item not in self.problematic and (pass_ == FIRST or (verdict is not None and verdict.value == WRONG))

    def reopen(self, by: str, pass_: str, item: int, class_id: int | None) -> None:
        """An adjudicator takes a decision back; only adjudicators settle it from then on."""
        self.clock += 1
        if class_id is None:
            self.reopen_item(by, item)
            return
        pair = (item, class_id)
        self.decided[pass_].pop(pair).reopened_by = by
        self.void(pass_, *pair)
        question = self.asked[pass_][pair]
        question.status, question.held = DISPUTED, True
        kind = self.asked[SECOND].get(pair)
        if pass_ == FIRST and kind and kind.status in {OPEN, DISPUTED}:
            kind.status = CLOSED

    def reopen_item(self, by: str, item: int) -> None:
        """Whether the item is problematic is open again, and so is all that this had closed."""
        (self.problematic if item in self.problematic else self.usable).pop(item).reopened_by = by
        self.asked_anew.add(item)
        self.overruled[item] = self.clock
        self.void(FIRST, item, None)
        known = {class_id for row in self.effective(item, FIRST) for class_id in row.verdicts}
        for (place, class_id), question in self.asked[FIRST].items():
            abandoned = question.origin == ADDED and not question.held and class_id not in known
            if place == item and question.status == CLOSED and not abandoned:
                question.status, question.held = DISPUTED, True
        for pair in list(self.decided[FIRST]):
            if pair[0] == item:
                self.open_kind(pair)

    def reopened_in(self, version: int) -> set[tuple[Place, Word, int, str, Word | None, int | None]]:
        """Decisions that a version rests on and that were taken back: what, where, by whom; what is decided now."""
        newest: dict[Place, Decided] = {}
        for carried in self.carried[:version]:
            newest |= carried
        found = set()
        for (item, class_id), row in newest.items():
            now = self.problematic.get(item) or self.usable.get(item)
            if class_id is not None:
                now = self.decided[FIRST].get((item, class_id))
            if row.reopened_by and row.version is not None:
                is_now = (now.value, now.version) if now else (None, None)
                found.add(((item, class_id), row.value, row.version, row.reopened_by, *is_now))
        return found

    # What is published

    def next_labels(self) -> tuple[Labels, set[Pair], set[int], set[int]]:
        """What publishing gives now: the labels, the pairs and items that it carries, and the items held back."""
        flags = {item for item, row in self.problematic.items() if not row.published}
        cleared = {item for item, row in self.usable.items() if not row.published}
        problematic = (self.labels.problematic | flags) - cleared
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
                held_whole = item in cleared and (had_some or item in self.labels.problematic)
                cleared -= {item} if held_whole else set()
                held |= {item} if held_pairs or held_whole else set()
                waiting = {pair: value for pair, value in waiting.items() if pair not in held_pairs}
            verdicts |= waiting
            carried |= set(waiting)
        problematic = (self.labels.problematic | flags) - cleared
        return Labels(verdicts, problematic), carried, flags | cleared, held

    def publish(self) -> None:
        """Make the next version."""
        labels, carried, whole, _ = self.next_labels()
        self.clock += 1
        self.versions.append(labels)
        rows: dict[Place, Decided] = {pair: self.decided[FIRST][pair] for pair in carried}
        rows |= {(item, None): self.problematic.get(item) or self.usable[item] for item in whole}
        for row in rows.values():
            row.version = len(self.versions)
        self.carried.append(rows)

    def disputes(self) -> dict[tuple[str, int], set[int]]:
        """What waits for an adjudicator: the classes by pass and item."""
        found: dict[tuple[str, int], set[int]] = {
            (FIRST, item): set() for item in self.asked_anew if self.is_pending(item)
        }
        for pass_, questions in self.asked.items():
            for (item, class_id), question in questions.items():
                if question.status == DISPUTED:
                    found.setdefault((pass_, item), set()).add(class_id)
        _, carried, _, held = self.next_labels()
        for item in held:
            found.setdefault((FIRST, item), set())
        for pair, row in self.decided[FIRST].items():
            if pair[0] in held and not row.published and pair not in carried:
                found[FIRST, pair[0]].add(pair[1])
        return found
