"""The whole loop played at random, against the rules in plain dictionaries, with a look at everything after each step.

REGRADE_LONG_TESTS=1 plays 500 games of 50 steps instead of some short ones.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from regrade.errors import ConflictError, InputError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, Rule, VerdictAnswer
from regrade.records.users import Role, User
from regrade.store import Transaction, decisions, journal, questions
from regrade.workflow.accounts import add_user, list_users
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.disputes import list_disputes
from regrade.workflow.export_reviews import export_reviews, load_record
from regrade.workflow.gold import load_gold_scores
from regrade.workflow.grade import grade_models
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.judgements import import_judgements
from regrade.workflow.labels import import_labels, load_labels, resolve_labels
from regrade.workflow.media import find_item
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import preview_publication, publish_labels
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue, skip_screen, undo_last
from regrade.workflow.settings import write_settings
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import new_key, quick_folder, write_judgements
from tests.workflow.panel_model import (
    CONSENSUS,
    CORRECT,
    DISPUTED,
    FIRST,
    LABEL,
    OPEN,
    SECOND,
    UNCLEAR,
    WRONG,
    Answer,
    Labels,
    PanelModel,
)

LONG = bool(os.environ.get("REGRADE_LONG_TESTS"))
REVIEWERS = ("ada", "bo", "cy", "di")
N_CLASSES = 6
ORIGINALS = (0, 0, 1, 2, 2)
CELLS = ("0,,,0", "0;1,,,0", "1,3,0,0", ",,0,0", "2,,,0")
"""Labels per item: correct, unclear, wrong, problematic. Item 3 has no accepted class."""
START = Labels(
    {(0, 0): CORRECT, (1, 0): CORRECT, (1, 1): CORRECT, (2, 1): CORRECT, (2, 3): UNCLEAR, (2, 0): WRONG}
    | {(3, 0): WRONG, (4, 2): CORRECT},
    frozenset(),
)
MODELS = {
    "alpha": [1, 2, 2, 1, 2],
    "beta": [2, 0, 4, 2, 3],
    "gamma": [3, 2, 5, 1, 4],
    "delta": [0, 3, 1, 3, 2],
    "epsilon": [5, 5, 0, 5, 5],
}
ELSEWHERE = ({4: 3, 1: 2}, {2: 5, 0: 0}, {3: 1, 0: 3})
CATEGORIES, SEVERITIES = ("fine-grained", "non-prototypical"), ("major", "minor")
LONG_AGO = "2020-01-01 00:00:00.000000"


CHANCES = st.integers(0, 2**32 - 1).map(random.Random)
"""One draw a step, whatever the step does with it: the screens dealt are random, and draws must not depend on them."""


def truth(item: int, class_id: int) -> str:
    """What a careful reviewer says."""
    if item == 4:  # its label is wrong, and nothing else is right
        return WRONG
    return CORRECT if class_id == ORIGINALS[item] or (item, class_id) in {(0, 1), (3, 1)} else WRONG


@cache
def template(kept: ExitStack) -> Path:
    """The benchmark's workspace, made once."""
    folder = kept.enter_context(quick_folder())
    names = "\n".join(f"{number},k{number},class {number}" for number in range(N_CLASSES))
    (folder / "classes.csv").write_text(f"class_id,key,name\n{names}\n")
    rows = "\n".join(f"img_{item}.png,{label}" for item, label in enumerate(ORIGINALS))
    (folder / "items.csv").write_text(f"id,class_id\n{rows}\n")
    init_workspace(folder / "made", classes=folder / "classes.csv", items=folder / "items.csv")
    with open_workspace(folder / "made") as ws:
        for name in REVIEWERS:
            add_user(ws, name, "correct horse battery", [Role.REVIEWER])
        add_user(ws, "jude", "correct horse battery", [Role.ADJUDICATOR])
        lines = [f"img_{item}.png,{ORIGINALS[item]},{cells}" for item, cells in enumerate(CELLS)]
        file = folder / "multi.csv"
        file.write_text("\n".join(["id,original_label,correct,unclear,wrong,problematic", *lines]) + "\n")
        import_labels(ws, "multi", file)
    for name, top in MODELS.items():
        np.save(folder / "made" / f"{name}.npy", np.array(top))
    return folder / "made"


KEPT = ExitStack()


@pytest.fixture(scope="module", autouse=True)
def clean_up() -> Any:
    """Remove the template in the end."""
    with KEPT:
        yield
    template.cache_clear()


class PanelMachine(RuleBasedStateMachine):
    """Four reviewers and an adjudicator play on five items."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.given: dict[tuple[str, str], list[Answer]] = {}
        self.sent: list[tuple[User, str, Answers, str, object]] = []
        self.n_reviews = 0
        self.seen_screens: set[str] = set()
        self.gold_share = 0.0
        self.gold: list[Answer] = []
        self.graded: tuple[str, int] | None = None

    @initialize(
        n_reviewers=st.integers(1, 3),
        rule=st.sampled_from(["unanimous", "majority"]),
        size=st.sampled_from([2, 6]),
        gold_share=st.sampled_from([0.0, 0.5]),
    )
    def open(self, n_reviewers: int, rule: Rule, size: int, gold_share: float) -> None:
        folder = self.stack.enter_context(quick_folder())
        shutil.copytree(template(KEPT), folder / "ws")
        self.ws: Workspace = self.stack.enter_context(open_workspace(folder / "ws"))
        protocol = replace(
            self.ws.protocol, n_reviewers=n_reviewers, rule=rule, max_classes_per_screen=size, gold_share=gold_share
        )
        self.gold_share = gold_share
        self.ws.settings = replace(self.ws.settings, protocol=protocol)
        write_settings(self.ws.folder, self.ws.settings)
        self.users = {user.name: user for user in list_users(self.ws)}
        self.model = PanelModel(n_reviewers=n_reviewers, rule=rule, labels=START, originals=list(ORIGINALS))
        for name in ("alpha", "beta"):
            self.add_model(name)
        self.make_cases()

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

    @rule()
    def cases_again(self) -> None:
        self.make_cases()

    @rule(name=st.sampled_from(REVIEWERS), pass_=st.sampled_from(Pass))
    def look(self, name: str, pass_: Pass) -> None:
        self.load(name, pass_)

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

    @rule(name=st.sampled_from(REVIEWERS), pass_=st.sampled_from(Pass))
    def skip(self, name: str, pass_: Pass) -> None:
        screens = self.load(name, pass_)
        if screens:
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

    @rule(chance=CHANCES)
    def adjudicate(self, chance: random.Random) -> None:
        disputes = list_disputes(self.ws)
        if disputes:
            self.decide(chance.choice(disputes).token, chance)

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
    def pass_time(self) -> None:
        with self.ws.store.write() as tx:
            tx.execute(text("UPDATE screens SET created_at = :then WHERE status = 'dealt'"), {"then": LONG_AGO})

    @rule()
    def open_again(self) -> None:
        self.ws.close()
        self.ws = self.stack.enter_context(open_workspace(self.ws.folder))

    # What the steps are made of

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

    def check_gold(self, dealt: str, item: int, name: str) -> None:
        """Gold asks of an item that others have decided, and never of somebody who has met it otherwise."""
        assert self.gold_share > 0
        assert not self.model.undecided_cases(item)
        assert item not in self.model.problematic
        dealt_before = self.rows(
            "SELECT s.id, s.classes, s.purpose, s.item, u.name FROM screens s JOIN users u ON u.id = s.reviewer"
            " WHERE s.pass = 'verdict'"
        )
        rows = [row[:3] for row in dealt_before if (row[3], row[4]) == (item, name)]
        assert {purpose for _, _, purpose in rows} == {"gold"}
        ((classes,),) = ([json.loads(classes)] for key, classes, _ in rows if key == dealt)
        decided = {class_id for place, class_id in self.model.decided[FIRST] if place == item}
        assert decided
        assert set(classes) <= decided | self.model.labels.accepted(item)

    def purpose_of(self, screen: ReviewScreen) -> str:
        (purpose,) = [row[1] for row in self.rows("SELECT id, purpose FROM screens") if row[0] == screen.id]
        return str(purpose)

    def check_view(self, screen: ReviewScreen, name: str) -> None:
        """A first-pass screen masks its cases with the accepted classes, and shows no item that is asked about."""
        item = self.item_of(screen)
        classes = {card.class_id for card in screen.cards}
        asked = {place for place, _ in self.model.asked[FIRST]}
        for card in (*screen.cards, *screen.accepted):
            assert not asked & {find_item(self.ws, token)[1] for token in card.examples}
        if screen.pass_ is Pass.VERDICT:
            assert screen.accepted == ()
            assert len(classes) <= self.ws.protocol.max_classes_per_screen
            version = int(screen.labels.rpartition("@")[2])
            assert self.classes_dealt(item, name) >= self.model.versions[version - 1].accepted(item)
        else:
            assert len(classes) == 1
            assert not self.model.undecided_cases(item)

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

    def decide(self, token: str, chance: random.Random) -> None:
        """An adjudicator settles one item of the list."""
        user, (_, item) = self.users["jude"], find_item(self.ws, token)
        waiting = self.model.disputes()
        pass_ = Pass(chance.choice([pass_ for pass_, place in waiting if place == item]))
        classes = waiting[str(pass_), item]
        if pass_ is Pass.KIND:
            kinds = {class_id: (chance.choice(CATEGORIES), chance.choice(SEVERITIES)) for class_id in classes}
            rows = tuple(KindAnswer(class_id, *kind) for class_id, kind in kinds.items())
            adjudicate(self.ws, user, token, pass_, Adjudication({}, kinds=rows, reason="r"), key=new_key())
            self.model.adjudicate_kinds(item, kinds)
            return
        if chance.random() < 0.2:
            answer = Adjudication({}, problematic=True, reason="r")
            adjudicate(self.ws, user, token, pass_, answer, key=new_key())
            self.model.adjudicate_problematic(item)
            return
        verdicts = {class_id: chance.choice([WRONG, WRONG, CORRECT]) for class_id in sorted(classes)}
        if chance.random() < 0.5:
            verdicts[chance.randrange(N_CLASSES)] = chance.choice([CORRECT, WRONG])
        answer = Adjudication({key: Verdict(value) for key, value in verdicts.items()}, reason="r")
        standing = self.model.labels.verdicts | {
            pair: row.value for pair, row in self.model.decided[FIRST].items() if not row.published
        }
        left = {class_id: value for (place, class_id), value in standing.items() if place == item} | verdicts
        if all(value == WRONG for value in left.values()):
            with pytest.raises(InputError, match="at least one class"):
                adjudicate(self.ws, user, token, pass_, answer, key=new_key())
            return
        adjudicate(self.ws, user, token, pass_, answer, key=new_key())
        self.model.adjudicate(item, verdicts)

    # What the database says, in plain facts

    def rows(self, sql: str) -> list[Any]:
        with self.ws.store.read() as tx:
            return list(tx.execute(text(sql)))

    def claims(self) -> dict[tuple[str, int, int], dict[str, bool]]:
        """By pass, item and class: who holds a claim, and whether it still keeps others out."""
        found: dict[tuple[str, int, int], dict[str, bool]] = {}
        for pass_, item, class_id, name, status, at in self.rows(
            "SELECT q.pass, q.item, q.class_id, u.name, s.status, s.created_at FROM claims c"
            " JOIN questions q ON q.id = c.question JOIN users u ON u.id = c.reviewer"
            " JOIN screens s ON s.number = c.screen"
        ):
            found.setdefault((pass_, item, class_id), {})[name] = status != "dealt" or str(at) > "2021"
        return found

    def claimed_kinds(self) -> set[tuple[int, int]]:
        return {(item, class_id) for pass_, item, class_id in self.claims() if pass_ == SECOND}

    def new_screens(self, pass_: Pass) -> list[tuple[str, int, str]]:
        rows = self.rows("SELECT id, item, purpose, pass FROM screens")
        return [tuple(row[:3]) for row in rows if row[3] == str(pass_) and row[0] not in self.seen_screens]

    def item_of(self, screen: ReviewScreen) -> int:
        (item,) = [row[1] for row in self.rows("SELECT id, item FROM screens") if row[0] == screen.id]
        return int(item)

    def classes_dealt(self, item: int, name: str) -> set[int]:
        """All classes that stood on any screen of this reviewer and item."""
        rows = self.rows(
            "SELECT s.classes, s.item, u.name FROM screens s JOIN users u ON u.id = s.reviewer WHERE s.pass = 'verdict'"
        )
        return {
            class_id for classes, place, who in rows if (place, who) == (item, name) for class_id in json.loads(classes)
        }

    def open_cases(self, pass_: Pass, item: int) -> set[tuple[int, int]]:
        return {
            pair
            for pair, row in self.model.asked[str(pass_)].items()
            if pair[0] == item and row.status == OPEN and row.origin != LABEL
        }

    def left_for(self, name: str, pass_: Pass) -> set[int]:
        """Items that this reviewer could be asked about and is not."""
        claims = self.claims()
        return {
            pair[0]
            for item in range(len(ORIGINALS))
            for pair in self.open_cases(pass_, item)
            if name not in (holders := claims.get((str(pass_), *pair), {}))
            and sum(holders.values()) < self.model.n
            and not (pass_ is Pass.KIND and self.model.undecided_cases(item))
        }

    # What must hold after every step

    @invariant()
    def questions_and_decisions_follow_from_the_rules(self) -> None:
        with self.ws.store.read() as tx:
            self.check_questions(tx)
            self.check_decisions(tx)
            numbers = [line.seq for line in journal.list_lines(tx)]
        assert numbers == list(range(1, len(numbers) + 1))

    def check_questions(self, tx: Transaction) -> None:
        for pass_ in Pass:
            rows = questions.list_questions(tx, split="main", pass_=pass_)
            found = {(row.item, row.class_id): (str(row.origin), str(row.status)) for row in rows}
            expected = {pair: (row.origin, row.status) for pair, row in self.model.asked[str(pass_)].items()}
            assert found == expected

    def check_decisions(self, tx: Transaction) -> None:
        current = decisions.list_current_decisions(tx, "main")
        for pass_ in Pass:
            found = {
                (row.item, row.class_id): (
                    str(row.verdict) if pass_ is Pass.VERDICT else (row.category, row.severity),
                    str(row.method),
                    row.published_in is not None,
                )
                for row in current
                if row.pass_ is pass_ and row.class_id is not None
            }
            rows = self.model.decided[str(pass_)].items()
            assert found == {pair: (row.value, row.how, row.published) for pair, row in rows}
        flags = {row.item: (str(row.method), row.published_in is not None) for row in current if row.class_id is None}
        assert flags == {item: (row.how, row.published) for item, row in self.model.problematic.items()}

    @invariant()
    def gold_is_held_against_what_is_decided(self) -> None:
        """By the newest answer on each class that was not undone; an item as a whole counts once."""
        marks: dict[str, list[bool]] = {}
        for name in REVIEWERS:
            for item in range(len(ORIGINALS)):
                newest: dict[int, str] = {}
                flagged = False
                for answer in (row for row in self.gold if (row.user, row.item) == (name, item)):
                    flagged = answer.flagged
                    newest = {} if flagged else newest | answer.verdicts
                decided = {pair[1]: row.value for pair, row in self.model.decided[FIRST].items() if pair[0] == item}
                problematic = item in self.model.problematic
                if (flagged or newest) and (flagged or problematic) and (decided or problematic):
                    marks.setdefault(name, []).append(flagged == problematic)
                elif newest:
                    marks.setdefault(name, []).extend(
                        verdict == decided[class_id] for class_id, verdict in newest.items() if class_id in decided
                    )
        scores = {row.reviewer: (row.n, row.n_agree) for row in load_gold_scores(self.ws)}
        assert scores == {name: (len(found), sum(found)) for name, found in marks.items() if found}

    @invariant()
    def no_review_is_lost_or_doubled(self) -> None:
        ((n_reviews,),) = self.rows("SELECT count(*) FROM reviews")
        assert n_reviews == self.n_reviews
        counts = self.rows(
            "SELECT q.n_claims, (SELECT count(*) FROM claims c WHERE c.question = q.id) FROM questions q"
        )
        assert all(stored == counted for stored, counted in counts)

    @invariant()
    def labels_hold_what_was_decided_and_no_more(self) -> None:
        version = resolve_labels(self.ws)
        assert version.version == len(self.model.versions)
        labels = load_labels(self.ws, version)
        pairs = zip(labels.pair_items.tolist(), labels.pair_classes.tolist(), labels.pair_codes.tolist(), strict=True)
        words = (WRONG, UNCLEAR, CORRECT)
        assert {(item, class_id): words[code] for item, class_id, code in pairs} == self.model.labels.verdicts
        assert set(np.flatnonzero(labels.problematic).tolist()) == self.model.labels.problematic

    @invariant()
    def who_waits_is_seen(self) -> None:
        found = {
            (str(row.pass_), find_item(self.ws, row.token)[1]): len(row.class_names) for row in list_disputes(self.ws)
        }
        assert found == {place: len(classes) for place, classes in self.model.disputes().items()}
        preview = preview_publication(self.ws)
        assert preview.conflicts == ()
        assert {row.item_id for row in preview.held_back} == {f"img_{item}.png" for item in self.model.next_labels()[3]}

    @invariant()
    def grades_are_what_numpy_says(self) -> None:
        now = (resolve_labels(self.ws).ref, len(self.model.models))
        if now == self.graded:
            return
        self.graded = now
        for grade in grade_models(self.ws):
            top = self.model.models[grade.model]
            graded = [item for item in range(len(ORIGINALS)) if item not in self.model.labels.problematic]
            verdicts = [self.model.labels.verdicts.get((item, top[item])) for item in graded]
            right = np.array([verdict in {CORRECT, UNCLEAR} for verdict in verdicts], dtype=bool)
            originals = np.array([ORIGINALS[item] for item in graded])
            assert grade.n_graded == len(graded)
            assert grade.n_judged_wrong == verdicts.count(WRONG)
            assert grade.n_unreviewed == verdicts.count(None)
            if graded:
                means = [right[originals == class_id].mean() for class_id in np.unique(originals)]
                assert grade.item_accuracy == pytest.approx(right.mean())
                assert grade.multilabel_accuracy == pytest.approx(np.mean(means))

    def teardown(self) -> None:
        """Everybody works until nobody is asked any more: then nothing waits."""
        try:
            if hasattr(self, "model"):
                self.hand_on()
                self.finish()
                self.hand_on()
        finally:
            self.stack.close()

    def hand_on(self) -> None:
        """A fresh workspace that takes the record over stands as this one does, and takes it over once."""
        if not load_record(self.ws):
            return
        with quick_folder() as folder:
            export_reviews(self.ws, folder / "record.jsonl")
            shutil.copytree(template(KEPT), folder / "fresh")
            write_settings(folder / "fresh", self.ws.settings)
            with open_workspace(folder / "fresh") as fresh:
                import_reviews(fresh, folder / "record.jsonl")
                here, there = self.stands(self.ws), self.stands(fresh)
                assert there == {key: row for key, row in here.items() if key in there}
                assert {key for key in here.keys() - there.keys() if key[0] == "decided"} == set()
                again = import_reviews(fresh, folder / "record.jsonl")
                assert (again.n_new_reviews, again.n_undone, again.n_new_decisions) == (0, 0, 0)

    def stands(self, ws: Workspace) -> dict[tuple[object, ...], tuple[object, ...]]:
        """Where every question stands, and what is decided."""
        with ws.store.read() as tx:
            asked = questions.list_questions(tx, split="main")
            decided = decisions.list_current_decisions(tx, "main")
        return {("asked", row.pass_, row.item, row.class_id): (row.origin, row.status) for row in asked} | {
            ("decided", row.pass_, row.item, row.class_id): (row.verdict, row.category, row.severity, row.method)
            for row in decided
        }

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
        disputes = list_disputes(self.ws)
        for row in disputes[:1]:
            self.decide(row.token, chance)
        return bool(disputes)


TestPanel = PanelMachine.TestCase
TestPanel.settings = settings(
    max_examples=500 if LONG else 8,
    stateful_step_count=50 if LONG else 25,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
)
