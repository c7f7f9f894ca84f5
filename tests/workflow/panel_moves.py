"""What people do in a random game, in the workspace and in its model at once."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from sqlalchemy import text

from regrade.errors import InputError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, VerdictAnswer
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.media import item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue
from tests.workflow.conftest import new_key
from tests.workflow.game import (
    CATEGORIES,
    LONG_AGO,
    MODELS,
    N_CLASSES,
    SEVERITIES,
    truth,
)
from tests.workflow.panel_checks import PanelChecks
from tests.workflow.reviews_model import (
    CORRECT,
    FIRST,
    PROBLEMATIC,
    SECOND,
    UNCLEAR,
    USABLE,
    WRONG,
    Answer,
    Word,
)


class PanelMoves(PanelChecks):
    """The moves that the steps of a game are made of."""

    def add_model(self, name: str) -> None:
        import_predictions(self.ws, [(name, self.ws.folder / f"{name}.npy")])
        self.model.models[name] = MODELS[name]

    def make_cases(self) -> None:
        dry = make_cases(self.ws, dry_run=True)
        made = make_cases(self.ws)
        n_new = self.model.make_cases()
        assert (dry.n_new_cases, made.n_new_cases) == (n_new, n_new)
        assert made.n_cases == len(self.model.undecided_cases())
        assert made.n_items == len({item for item, _ in self.model.undecided_cases()})

    def pass_time(self) -> None:
        """Screens that nobody has answered keep nobody out any more."""
        with self.ws.store.write() as tx:
            tx.execute(text("UPDATE screens SET created_at = :then WHERE status = 'dealt'"), {"then": LONG_AGO})

    def load(self, name: str, pass_: Pass) -> tuple[ReviewScreen, ...]:
        """Load a queue: whatever is dealt may be dealt, and nothing is withheld."""
        before = self.claims()
        queue = load_queue(self.ws, self.users[name], pass_)
        for dealt, item, purpose in self.new_screens(pass_):
            self.seen_screens.add(dealt)
            if purpose == "gold":
                self.check_gold(dealt, item, name)
                continue
            open_cases = self.open_cases(pass_, item)
            mine = {pair for pair in open_cases if name in before.get((str(pass_), *pair), {})}
            room = {pair for pair in open_cases if sum(before.get((str(pass_), *pair), {}).values()) < self.model.n}
            assert room - mine, f"{name} was dealt {item} where others are at work"
            if pass_ is Pass.VERDICT:
                self.check_comes_back(dealt, item, name, before)
                self.model.ride_along(item)
            else:
                assert not self.model.undecided_cases(item), "the second pass of an item whose first goes on"
        for screen in queue.screens:
            self.check_view(screen, name)
        if len(queue.screens) < 2:
            assert not self.left_for(name, pass_), f"{name} is not asked about {self.left_for(name, pass_)}"
        assert (queue.progress.n_left > 0) == bool(queue.screens)
        return queue.screens

    def send_verdicts(self, name: str, screen: ReviewScreen, mood: str, chance: random.Random) -> None:
        item = self.item_of(screen)
        said = {class_id: truth(item, class_id) for class_id in sorted(card.class_id for card in screen.cards)}
        added: dict[int, str] = {}
        if mood == "random":
            said = {class_id: chance.choice([WRONG, UNCLEAR, CORRECT]) for class_id in said}
        if mood == "add":
            others = [class_id for class_id in range(N_CLASSES) if class_id not in said]
            added = {chance.choice(others): chance.choice([CORRECT, UNCLEAR])} if others else {}
        flagged = mood == "flag"
        rows = [VerdictAnswer(class_id, Verdict(verdict)) for class_id, verdict in said.items()]
        rows += [VerdictAnswer(class_id, Verdict(verdict), added=True) for class_id, verdict in added.items()]
        answers = Answers(problematic=True) if flagged else Answers(verdicts=tuple(rows))
        self.send(name, screen, answers)
        spoken = {} if flagged else said | added
        answer = Answer(name, item, FIRST, 0, verdicts=spoken, added=frozenset(added), flagged=flagged)
        if self.purpose_of(screen) == "gold":
            self.gold.append(answer)
        else:
            self.model.answer(answer)
        self.given.setdefault((name, FIRST), []).append(answer)
        self.n_reviews += max(1, len(spoken))

    def send_kind(self, name: str, screen: ReviewScreen, chance: random.Random) -> None:
        (card,) = screen.cards
        kind = (chance.choice(CATEGORIES[:1] * 3 + CATEGORIES), chance.choice(SEVERITIES[:1] * 3 + SEVERITIES))
        self.send(name, screen, Answers(kinds=(KindAnswer(card.class_id, *kind),)))
        answer = Answer(name, self.item_of(screen), SECOND, 0, kinds={card.class_id: kind})
        self.model.answer(answer)
        self.given.setdefault((name, SECOND), []).append(answer)
        self.n_reviews += 1

    def send(self, name: str, screen: ReviewScreen, answers: Answers) -> None:
        user, key = self.users[name], new_key()
        receipt = answer_screen(self.ws, user, screen.id, answers, key=key)
        self.sent.append((user, screen.id, answers, key, receipt))

    def draw_words(self, pass_: str, item: int, chance: random.Random) -> dict[int | None, Word]:
        """What an adjudicator may say of an item that waits: of each class that does, at times of another."""
        classes = sorted(self.model.disputes()[pass_, item])
        if pass_ == SECOND:
            return {class_id: (chance.choice(CATEGORIES), chance.choice(SEVERITIES)) for class_id in classes}
        if chance.random() < 0.2:
            return {None: PROBLEMATIC}
        words: dict[int | None, Word] = {class_id: chance.choice([WRONG, WRONG, CORRECT]) for class_id in classes}
        if chance.random() < 0.5:
            words[chance.randrange(N_CLASSES)] = chance.choice([CORRECT, WRONG])
        return words or {None: USABLE}

    def vote_together(self, names: Iterable[str], pass_: str, item: int, chance: random.Random) -> None:
        """Adjudicators say the same in turn, as long as the same waits."""
        waiting, words = self.model.disputes()[pass_, item], self.draw_words(pass_, item, chance)
        for name in names:
            if self.model.disputes().get((pass_, item)) == waiting:
                self.vote(name, pass_, item, words)

    def vote(self, name: str, pass_: str, item: int, words: dict[int | None, Word]) -> bool:
        """An adjudicator says it; False where it cannot be, since it would leave no accepted class."""
        token, key = item_token(self.ws, "main", item), new_key()
        of_classes = [(place, word) for place, word in words.items() if place is not None]
        said = Adjudication(
            {place: Verdict(word) for place, word in of_classes if isinstance(word, str)},
            problematic=words == {None: PROBLEMATIC},
            kinds=tuple(KindAnswer(place, *word) for place, word in of_classes if isinstance(word, tuple)),
            reason="r",
        )
        if pass_ == FIRST and not said.problematic and not self.model.keeps_accepted(item, dict(of_classes)):
            with pytest.raises(InputError, match="at least one class"):
                adjudicate(self.ws, self.users[name], token, Pass(pass_), said, key=key)
            return False
        receipt = adjudicate(self.ws, self.users[name], token, Pass(pass_), said, key=key)
        assert adjudicate(self.ws, self.users[name], token, Pass(pass_), said, key=key) == receipt
        self.model.vote(name, pass_, item, words)
        return True
