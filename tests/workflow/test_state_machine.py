"""The whole loop played at random, against the rules in plain dictionaries, with a look at everything after each step.

REGRADE_LONG_TESTS=1 plays 500 games of 50 steps instead of some short ones.
"""

from __future__ import annotations

import os
import random
import shutil
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Pass, Rule
from regrade.workflow.accounts import list_users
from regrade.workflow.disputes import list_disputes
from regrade.workflow.judgements import import_judgements
from regrade.workflow.labels import resolve_labels
from regrade.workflow.media import item_token
from regrade.workflow.publish import publish_labels
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.review import answer_screen, skip_screen, undo_last
from regrade.workflow.settings import write_settings
from regrade.workflow.workspace import open_workspace
from tests.workflow.conftest import new_key, quick_folder, write_judgements
from tests.workflow.game import (
    ELSEWHERE,
    JUDGES,
    MODELS,
    ORIGINALS,
    REVIEWERS,
    START,
    template,
)
from tests.workflow.game_record import hand_on
from tests.workflow.panel_model import PanelModel
from tests.workflow.panel_moves import PanelMoves
from tests.workflow.reviews_model import (
    CONSENSUS,
    DISPUTED,
    FIRST,
    LABEL,
    OPEN,
)

pytestmark = pytest.mark.slow

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


class PanelMachine(PanelMoves):
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
        user, key = self.users[name], new_key()
        seen = SeenDecision(item_token(self.ws, "main", item), Pass(pass_), class_id)
        if not places or not self.model.may_reopen(pass_, item, class_id):
            with pytest.raises(
                (ConflictError, NotFoundError), match=r"decided problematic|mistake at all|no such decision|taken back"
            ):
                reopen(self.ws, user, seen, reason="r", key=key)
            return
        receipt = reopen(self.ws, user, seen, reason="r", key=key)
        assert reopen(self.ws, user, seen, reason="r", key=key) == receipt
        self.model.reopen(name, pass_, item, class_id)
        with pytest.raises(ConflictError, match="taken back already"):
            reopen(self.ws, user, seen, reason="r", key=new_key())
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
    max_examples=500 if LONG else 4,
    stateful_step_count=50 if LONG else 12,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
)
