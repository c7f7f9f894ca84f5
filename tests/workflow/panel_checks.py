"""What must hold after every step of a random game, as the database and the model tell it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import text

from regrade.records.panel import Answers, Pass
from regrade.records.users import User
from regrade.store import Transaction, decisions, journal, questions
from regrade.workflow.disputes import list_disputes
from regrade.workflow.gold import load_gold_scores
from regrade.workflow.grade import grade_models
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.media import find_item
from regrade.workflow.publish import preview_publication
from regrade.workflow.reopened import list_reopened
from regrade.workflow.review import ReviewScreen
from regrade.workflow.workspace import Workspace
from tests.workflow.game import JUDGES, ORIGINALS, REVIEWERS
from tests.workflow.panel_model import PanelModel
from tests.workflow.reviews_model import CLOSED, CORRECT, FIRST, LABEL, OPEN, SECOND, UNCLEAR, WRONG, Answer


class PanelChecks(RuleBasedStateMachine):
    """A game's workspace beside its model."""

    ws: Workspace
    model: PanelModel
    users: dict[str, User]

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

    # What a reviewer is dealt

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

    def check_comes_back(
        self, dealt: str, item: int, name: str, before: dict[tuple[str, int, int], dict[str, bool]]
    ) -> None:
        """An item shows again what this reviewer has met on it: the accepted classes are not known by coming back."""
        met = {
            class_id
            for (pass_, place, class_id), holders in before.items()
            if (pass_, place) == (FIRST, item)
            and name in holders
            and self.model.asked[FIRST][item, class_id].status != CLOSED
        }
        rows = self.rows("SELECT id, classes, created_at FROM screens")
        (at,) = [row[2] for row in rows if row[0] == dealt]
        shown = {class_id for _, classes, when in rows if when == at for class_id in json.loads(classes)}
        assert met <= shown

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
            found = {(row.item, row.class_id): (str(row.origin), str(row.status), row.held) for row in rows}
            expected = {pair: (row.origin, row.status, row.held) for pair, row in self.model.asked[str(pass_)].items()}
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
        whole = {
            row.item: ("usable" if row.usable else "problematic", str(row.method), row.published_in is not None)
            for row in current
            if row.class_id is None
        }
        said = self.model.problematic | self.model.usable
        assert whole == {item: (row.value, row.how, row.published) for item, row in said.items()}

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
        """Also how many adjudicators have voted, and whether one who looks has, on all of it."""
        looks = self.users[JUDGES[0]]
        found = {
            (str(row.pass_), find_item(self.ws, row.token)[1]): (len(row.class_names), row.poll.n_votes, row.poll.voted)
            for row in list_disputes(self.ws, user=looks)
        }
        expected = {}
        for place, classes in self.model.disputes().items():
            expected[place] = (len(classes), len(self.model.voters(*place)), self.model.has_voted(looks.name, *place))
        assert found == expected
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

    def versions_say_what_was_reopened(self) -> None:
        """Each version tells which of the decisions that it rests on were taken back."""
        for number in range(1, len(self.model.versions) + 1):
            rows = list_reopened(self.ws, resolve_labels(self.ws, f"multi@{number}"))
            found = {
                (row.item_id, row.class_name, row.said, row.published_in, row.author, row.now, row.now_in)
                for row in rows
            }
            assert len(found) == len(rows)
            expected = set()
            for (item, class_id), said, where, author, now, now_in in self.model.reopened_in(number):
                name = "" if class_id is None else f"class {class_id}"
                place = (f"img_{item}.png", name, said, f"multi@{where}", author)
                expected.add((*place, now or "", f"multi@{now_in}" if now_in else None))
            assert found == expected
