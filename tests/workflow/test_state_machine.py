"""The whole loop played at random, against the rules in plain dictionaries, with a look at everything after each step.

REGRADE_LONG_TESTS=1 plays 500 games of 50 steps instead of some short ones.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import text

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, Rule, VerdictAnswer
from regrade.workflow.accounts import list_users
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.disputes import list_disputes
from regrade.workflow.judgements import import_judgements
from regrade.workflow.labels import resolve_labels
from regrade.workflow.media import item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import publish_labels
from regrade.workflow.reopen import reopen
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue, skip_screen, undo_last
from regrade.workflow.settings import write_settings
from regrade.workflow.workspace import open_workspace
from tests.workflow.conftest import new_key, quick_folder, write_judgements
from tests.workflow.game import (
    CATEGORIES,
    ELSEWHERE,
    JUDGES,
    LONG_AGO,
    MODELS,
    N_CLASSES,
    ORIGINALS,
    REVIEWERS,
    SEVERITIES,
    START,
    template,
    truth,
)
from tests.workflow.game_record import hand_on
from tests.workflow.panel_checks import PanelChecks
from tests.workflow.panel_model import PanelModel
from tests.workflow.reviews_model import (
    CONSENSUS,
    CORRECT,
    DISPUTED,
    FIRST,
    LABEL,
    OPEN,
    PROBLEMATIC,
    SECOND,
    UNCLEAR,
    USABLE,
    WRONG,
    Answer,
    Word,
)

LONG = bool(os.environ.get("REGRADE_LONG_TESTS"))
CHANCES = st.integers(0, 2**32 - 1).map(random.Random)
"""One draw a step, whatever the step does with it: the screens dealt are random, and draws must not depend on them."""


KEPT = ExitStack()


@pytest.fixture(scope="module", autouse=True)
def clean_up() -> Any:
    """Remove the template in the end."""
    with KEPT:
        yield
    template.cache_clear()


class PanelMachine(PanelChecks):
    """Four reviewers and three adjudicators play on five items."""

    @initialize(
        n_reviewers=st.integers(1, 3),
        rule=st.sampled_from(["unanimous", "majority"]),
        size=st.sampled_from([2, 6]),
        gold_share=st.sampled_from([0.0, 0.5]),
        n_adjudicators=st.sampled_from([3, 2, 1]),
        chance=CHANCES,
    )
    def open(
        self,
        *,
        n_reviewers: int,
        rule: Rule,
        size: int,
        gold_share: float,
        n_adjudicators: int,
        chance: random.Random,
    ) -> None:
        folder = self.stack.enter_context(quick_folder())
        shutil.copytree(template(KEPT), folder / "ws")
        self.ws = self.stack.enter_context(open_workspace(folder / "ws"))
        protocol = replace(
            self.ws.protocol,
            n_reviewers=n_reviewers,
            rule=rule,
            max_classes_per_screen=size,
            gold_share=gold_share,
            adjudication="single" if n_adjudicators == 1 else "vote",
            n_adjudicators=n_adjudicators,
        )
        self.gold_share = gold_share
        self.ws.settings = replace(self.ws.settings, protocol=protocol)
        write_settings(self.ws.folder, self.ws.settings)
        self.users = {user.name: user for user in list_users(self.ws)}
        self.model = PanelModel(
            n_reviewers=n_reviewers,
            rule=rule,
            n_adjudicators=n_adjudicators,
            labels=START,
            originals=list(ORIGINALS),
        )
        for name in ("alpha", "beta"):
            self.add_model(name)
        self.make_cases()
        for _ in range(4):  # so that a short game, too, has something to vote on, to publish and to reopen
            self.everybody_answers(chance)
            self.adjudicate_all(chance)
            self.reopen(chance.choice(JUDGES), chance)
            self.questions_and_decisions_follow_from_the_rules()
            self.who_waits_is_seen()
        self.publish()

    # Steps

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

    @rule()
    def one_more_model(self) -> None:
        if len(self.model.models) < len(MODELS):
            self.add_model(list(MODELS)[len(self.model.models)])
        self.make_cases()

    @rule(
        name=st.sampled_from(REVIEWERS),
        mood=st.sampled_from(["truth"] * 5 + ["random", "flag", "add"]),
        second=st.booleans(),
        chance=CHANCES,
    )
    def answer(self, name: str, mood: str, second: bool, chance: random.Random) -> None:
        screens = self.load(name, Pass.VERDICT)
        if screens:
            self.send_verdicts(name, screens[-1 if second else 0], mood, chance)

    @rule(name=st.sampled_from(REVIEWERS), chance=CHANCES)
    def answer_kind(self, name: str, chance: random.Random) -> None:
        screens = self.load(name, Pass.KIND)
        if screens:
            self.send_kind(name, screens[0], chance)

    @rule(chance=CHANCES)
    def send_again(self, chance: random.Random) -> None:
        if not self.sent:
            return
        user, screen, answers, key, receipt = chance.choice(self.sent)
        assert answer_screen(self.ws, user, screen, answers, key=key) == receipt
        with pytest.raises(ConflictError, match="key"):
            answer_screen(self.ws, user, screen, replace(answers, note="another"), key=key)

    @rule(chance=CHANCES)
    def everybody_answers(self, chance: random.Random) -> None:
        """One screen of each queue, and often not the same."""
        for name in chance.sample(REVIEWERS, len(REVIEWERS)):
            for screen in self.load(name, Pass.VERDICT)[:1]:
                self.send_verdicts(name, screen, chance.choice(["truth", "random", "random", "flag", "add"]), chance)
            for screen in self.load(name, Pass.KIND)[:1]:
                self.send_kind(name, screen, chance)

    @rule(name=st.sampled_from(REVIEWERS), pass_=st.sampled_from(Pass), skips=st.booleans())
    def look(self, name: str, pass_: Pass, skips: bool) -> None:
        screens = self.load(name, pass_)
        if screens and skips:
            skip_screen(self.ws, self.users[name], screens[0].id, key=new_key())

    @rule(name=st.sampled_from(REVIEWERS), pass_=st.sampled_from([Pass.VERDICT, Pass.VERDICT, Pass.KIND]))
    def undo(self, name: str, pass_: Pass) -> None:
        answers = self.given.get((name, str(pass_)), [])
        if not answers:
            with pytest.raises(ConflictError, match="no answer to undo"):
                undo_last(self.ws, self.users[name], pass_, key=new_key())
            return
        is_gold = answers[-1] in self.gold
        if not is_gold and not self.model.can_undo(answers[-1], self.claimed_kinds()):
            with pytest.raises(ConflictError, match=r"already|second pass|elsewhere"):
                undo_last(self.ws, self.users[name], pass_, key=new_key())
            return
        key = new_key()
        receipt = undo_last(self.ws, self.users[name], pass_, key=key)
        assert undo_last(self.ws, self.users[name], pass_, key=key) == receipt
        if is_gold:
            self.gold.remove(answers.pop())
        else:
            self.model.undo(answers.pop())

    @rule(names=st.sampled_from([JUDGES[:1], JUDGES[1:2], JUDGES[2:], JUDGES]), chance=CHANCES)
    def adjudicate(self, names: tuple[str, ...], chance: random.Random) -> None:
        """One adjudicator says something of what waits, or all say the same."""
        waiting = self.model.disputes()
        if waiting:
            self.vote_together(names, *chance.choice(sorted(waiting)), chance)

    @rule(chance=CHANCES)
    def adjudicate_all(self, chance: random.Random) -> None:
        """Some adjudicators, others each time, say the same of all that waits."""
        for place in sorted(self.model.disputes()):
            if place in self.model.disputes():
                self.vote_together(chance.sample(JUDGES, chance.randint(1, len(JUDGES))), *place, chance)

    @rule(name=st.sampled_from(JUDGES), chance=CHANCES)
    def reopen(self, name: str, chance: random.Random) -> None:
        """Any decision in force, or one that is not."""
        decided = self.model.decided
        pairs = [(pass_, pair) for pass_ in decided for pair in sorted(decided[pass_])]
        places: list[tuple[str, int, int | None]] = [(pass_, *pair) for pass_, pair in pairs]
        places += [(FIRST, item, None) for item in sorted(self.model.problematic | self.model.usable)] * 3
        pass_, item, class_id = chance.choice(places or [(FIRST, 0, None)])
        user, token, key = self.users[name], item_token(self.ws, "main", item), new_key()
        if not places or (class_id is not None and item in self.model.problematic):
            with pytest.raises((ConflictError, NotFoundError), match=r"decided problematic|no such decision"):
                reopen(self.ws, user, token, Pass(pass_), class_id, reason="r", key=key)
            return
        receipt = reopen(self.ws, user, token, Pass(pass_), class_id, reason="r", key=key)
        assert reopen(self.ws, user, token, Pass(pass_), class_id, reason="r", key=key) == receipt
        self.model.reopen(name, pass_, item, class_id)
        with pytest.raises(NotFoundError, match="no such decision"):
            reopen(self.ws, user, token, Pass(pass_), class_id, reason="r", key=new_key())
        self.versions_say_what_was_reopened()

    @rule()
    def publish(self) -> None:
        labels, *_ = self.model.next_labels()
        if labels.verdicts == self.model.labels.verdicts and labels.problematic == self.model.labels.problematic:
            with pytest.raises(ConflictError, match=r"agree|adjudicator|Nothing"):
                publish_labels(self.ws, by="jude", reason="r")
            return
        head = resolve_labels(self.ws)
        report = publish_labels(self.ws, by="jude", reason="r")
        self.model.publish()
        assert report.version.parent == head.ref
        assert (report.version.name, report.version.version) == ("multi", head.version + 1)
        assert report.n_open_cases == len(self.model.undecided_cases())

    @rule(which=st.sampled_from(range(len(ELSEWHERE))))
    def judge_elsewhere(self, which: int) -> None:
        found = ELSEWHERE[which]
        file = write_judgements(self.ws, found, name=f"panel{which}.json")
        report = import_judgements(self.ws, file, by="A panel elsewhere")
        kinds = dict.fromkeys(found.items(), ("non-prototypical", "minor"))
        n_new = self.model.judge_elsewhere("A panel elsewhere", kinds)
        assert report.n_new == n_new
        self.n_reviews += 2 * n_new

    @rule()
    def another_day(self) -> None:
        """Whoever was dealt a screen has left it, and the workspace is opened anew."""
        self.pass_time()
        self.ws.close()
        self.ws = self.stack.enter_context(open_workspace(self.ws.folder))

    # What the steps are made of

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

    def teardown(self) -> None:
        """Everybody works until nobody is asked any more: then nothing waits."""
        try:
            if hasattr(self, "model"):
                hand_on(self.ws, template(KEPT))
                self.finish()
                hand_on(self.ws, template(KEPT), is_finished=True)
        finally:
            self.stack.close()

    def finish(self) -> None:
        chance = random.Random(0)  # noqa: S311 - a game
        for _ in range(200):
            self.pass_time()
            if not any([self.work_off(chance), self.settle_disputes(chance)]):
                break
        self.questions_and_decisions_follow_from_the_rules()
        statuses = [row.status for rows in self.model.asked.values() for row in rows.values() if row.origin != LABEL]
        assert not {OPEN, DISPUTED} & set(statuses), "somebody waits for ever"
        self.publish()
        self.labels_hold_what_was_decided_and_no_more()
        self.versions_say_what_was_reopened()
        assert not self.model.next_labels()[3]
        assert all(row.how != CONSENSUS or row.at for row in self.model.decided[FIRST].values())

    def work_off(self, chance: random.Random) -> bool:
        """Everybody answers one screen of each queue; False if there is none."""
        worked = False
        for name in REVIEWERS:
            for screen in self.load(name, Pass.VERDICT)[:1]:
                self.send_verdicts(name, screen, "truth", chance)
                worked = True
            for screen in self.load(name, Pass.KIND)[:1]:
                self.send_kind(name, screen, chance)
                worked = True
        return worked

    def settle_disputes(self, chance: random.Random) -> bool:
        """All adjudicators say the same of one item; False if none waits."""
        waiting = sorted(self.model.disputes())
        assert bool(list_disputes(self.ws)) == bool(waiting)
        for pass_, item in waiting[:1]:
            self.vote_together(JUDGES, pass_, item, chance)
        return bool(waiting)


TestPanel = PanelMachine.TestCase
TestPanel.settings = settings(
    max_examples=500 if LONG else 5,
    stateful_step_count=50 if LONG else 12,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
)
