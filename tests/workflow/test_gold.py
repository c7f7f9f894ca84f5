"""Gold: dealt by chance among work, like work to whoever answers it, and without a trace in the panel."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from regrade.panel import is_gold
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Pass, Purpose, QuestionStatus, VerdictAnswer
from regrade.records.users import User
from regrade.store import gold, reviews, screens
from regrade.workflow.accounts import list_users
from regrade.workflow.gold import gold_seed, load_gold_scores
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.publish import preview_publication, publish_labels
from regrade.workflow.review import ReviewScreen, load_queue, skip_screen
from regrade.workflow.settle import reopen_decision
from regrade.workflow.workspace import Workspace, open_workspace
from tests.workflow.conftest import (
    LABELS,
    answer_all,
    asked_on,
    decided,
    flag,
    give,
    new_key,
    predict,
    quick_folder,
    send,
    set_protocol,
    undo,
    verdicts,
)

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
Folk = dict[str, User]
Places = Callable[[Workspace, Folk, str], Workspace]
KEPT = ("questions", "claims", "decisions", "published_decisions", "label_sets", "votes", "proposals")
"""The tables that hold what the panel asks, decides and publishes."""
CLASSES = {0: {0, 1}, 3: {1, 2}, 4: {0, 2}, 5: {0, 2}, 6: {0, 3}, 7: {0, 3}}
"""The items that are decided, and the classes on which there is a decision."""


@pytest.fixture
def with_places() -> Iterator[Places]:
    """Open a workspace anew with a secret under which bo's places begin as wished: `G` gold, `w` work."""
    opened: list[Workspace] = []

    def open_anew(ws: Workspace, people: Folk, wish: str) -> Workspace:
        set_protocol(ws, gold_share=0.5)
        for number in range(100_000):
            (ws.folder / "secret").write_bytes(number.to_bytes(32, "big"))
            again = open_workspace(ws.folder)
            seed = gold_seed(again, people["bo"], "main")
            if all(is_gold(seed, place, share=0.5) == (sign == "G") for place, sign in enumerate(wish)):
                opened.append(again)
                return again
            again.close()
        raise AssertionError(wish)

    yield open_anew
    for workspace in opened:
        workspace.close()


@pytest.fixture(scope="module")
def judged_template(templates: dict[bool, Path]) -> Iterator[Path]:
    """The folder that each `judged` is a copy of."""
    with quick_folder() as folder:
        shutil.copytree(templates[True], folder / "bench")
        with open_workspace(folder / "bench") as ws:
            people = {user.name: user for user in list_users(ws)}
            set_protocol(ws, n_reviewers=2)
            predict(ws, "gamma", {item: max(classes - {LABELS[item]}) for item, classes in CLASSES.items()})
            truth = {item: {LABELS[item]: CORRECT} for item in CLASSES} | {0: {0: CORRECT, 1: CORRECT}}
            for name in ("ada", "root"):
                answer_all(ws, people[name], truth)
            assert len(decided(ws)) == 12
            predict(ws, "delta", {1: 3, 2: 3})
        yield folder / "bench"


@pytest.fixture
def judged_copy(judged_template: Path) -> Iterator[Workspace]:
    with quick_folder() as folder:
        shutil.copytree(judged_template, folder / "bench")
        with open_workspace(folder / "bench") as ws:
            yield ws


@pytest.fixture
def judged(judged_copy: Workspace, people: Folk, with_places: Places) -> Workspace:
    """ada and root have decided six items; bo is left two items of work, 1 and 2, after a first place of gold.

    On item 0 both classes are correct; on the others the label is, and the prediction is wrong.
    """
    return with_places(judged_copy, people, "GwGw")


def rows_of(ws: Workspace) -> dict[str, list[Any]]:
    """All that the panel goes by."""
    with ws.store.read() as tx:
        return {name: list(tx.execute(text(f"SELECT * FROM {name}"))) for name in KEPT}  # noqa: S608 - constants


def purposes(ws: Workspace, user: User) -> dict[str, tuple[int, Purpose]]:
    """Item and purpose of the reviewer's open screens by id, in order."""
    with ws.store.read() as tx:
        return {row.id: (row.item, row.purpose) for row in screens.list_open_screens(tx, user.name, Pass.VERDICT)}


def queue_of(ws: Workspace, user: User) -> list[tuple[ReviewScreen, int, Purpose]]:
    shown = load_queue(ws, user, Pass.VERDICT).screens
    known = purposes(ws, user)
    return [(screen, *known[screen.id]) for screen in shown]


def gold_of(ws: Workspace, user: User) -> ReviewScreen:
    """The reviewer's first screen, which is gold."""
    screen, _, purpose = queue_of(ws, user)[0]
    assert purpose is Purpose.GOLD
    return screen


def test_it_stands_in_for_work_at_its_places(judged: Workspace, people: Folk) -> None:
    dealt = queue_of(judged, people["bo"])
    # Places G w G w: four screens are dealt ahead, and only two items of work are left.
    assert [purpose for _, _, purpose in dealt] == [Purpose.GOLD, Purpose.PANEL, Purpose.GOLD, Purpose.PANEL]
    assert {item for _, item, purpose in dealt if purpose is Purpose.PANEL} == {1, 2}
    assert {item for _, item, purpose in dealt if purpose is Purpose.GOLD} < set(CLASSES)


def test_it_holds_the_classes_that_were_decided_and_those_accepted_now(judged: Workspace, people: Folk) -> None:
    for screen, item, purpose in queue_of(judged, people["bo"]):
        if purpose is Purpose.GOLD:
            assert {card.class_id for card in screen.cards} == CLASSES[item]
            assert (screen.part, screen.n_parts, screen.accepted) == (0, 1, ())


def test_a_class_that_was_published_wrong_still_stands_on_it(judged: Workspace, people: Folk) -> None:
    publish_labels(judged, by="root", reason="r")
    assert resolve_labels(judged).ref == "original@2"
    test_it_holds_the_classes_that_were_decided_and_those_accepted_now(judged, people)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_there_is_none_without_work_or_without_a_share(ws: Workspace, people: Folk, share: float) -> None:
    set_protocol(ws, n_reviewers=1, gold_share=share)
    predict(ws, "gamma", {0: 1, 3: 2})
    answer_all(ws, people["ada"], {0: {0: CORRECT}, 3: {1: CORRECT}})
    assert queue_of(ws, people["bo"]) == []
    predict(ws, "delta", {1: 3})
    kinds = [purpose for _, _, purpose in queue_of(ws, people["bo"])]
    assert kinds.count(Purpose.PANEL) == 1
    assert share or kinds == [Purpose.PANEL]


def test_nobody_is_asked_what_they_have_met(judged: Workspace, people: Folk) -> None:
    """ada and root have answered all that is decided: there is no gold for them, whatever their places say."""
    for name in ("ada", "root"):
        assert {purpose for _, _, purpose in queue_of(judged, people[name])} == {Purpose.PANEL}


@pytest.mark.parametrize("answer", ["as decided", "otherwise", "problematic", "one more class", "with a note"])
def test_an_answer_leaves_no_trace_in_the_panel(judged: Workspace, people: Folk, answer: str) -> None:
    screen = gold_of(judged, people["bo"])
    before = rows_of(judged)
    answers = verdicts(screen, {card.class_id: UNCLEAR for card in screen.cards})
    if answer == "problematic":
        answers = Answers(problematic=True)
    elif answer == "one more class":
        other = next(class_id for class_id in range(4) if class_id not in {card.class_id for card in screen.cards})
        answers = replace(answers, verdicts=(*answers.verdicts, VerdictAnswer(other, CORRECT, added=True)))
    elif answer == "with a note":
        answers = replace(answers, note="hm", discuss=True, seconds=7.5)
    elif answer == "as decided":
        item = purposes(judged, people["bo"])[screen.id][0]
        said = {
            class_id: row.verdict
            for (at, class_id), row in decided(judged).items()
            if at == item and class_id is not None
        }
        answers = verdicts(screen, {class_id: verdict for class_id, verdict in said.items() if verdict})
    send(judged, people["bo"], screen, answers)
    assert rows_of(judged) == before
    with judged.store.read() as tx:
        (kept,) = {row.purpose for row in reviews.list_reviews(tx, split="main", purpose=Purpose.GOLD)}
        assert kept is Purpose.GOLD
        assert "bo" not in {row.reviewer for row in reviews.list_reviews(tx, split="main")}
    undo(judged, people["bo"])
    assert rows_of(judged) == before
    assert gold_of(judged, people["bo"]).id == screen.id
    assert load_gold_scores(judged) == ()


def test_it_is_never_published(judged: Workspace, people: Folk) -> None:
    before = preview_publication(judged)
    give(judged, people["bo"], {0: UNCLEAR, 1: UNCLEAR, 2: UNCLEAR, 3: UNCLEAR})
    assert purposes(judged, people["bo"])  # bo is at work
    assert preview_publication(judged) == before
    publish_labels(judged, by="root", reason="r")
    labels = load_labels(judged, "original@2")
    assert [str(labels.verdict(0, class_id)) for class_id in (0, 1)] == ["correct", "correct"]


def test_it_is_scored_against_what_is_decided_now(judged: Workspace, people: Folk) -> None:
    bo = people["bo"]
    screen, item, _ = queue_of(judged, bo)[0]
    truth = {class_id: row.verdict for (at, class_id), row in decided(judged).items() if at == item}
    said = {class_id: verdict for class_id, verdict in truth.items() if class_id is not None and verdict}
    odd = min(said)
    send(judged, bo, screen, verdicts(screen, said | {odd: UNCLEAR}))
    (score,) = load_gold_scores(judged)
    # One of two: Wilson's interval of 1 in 2 at 95 % is 0.0945 to 0.9055.
    assert (score.reviewer, score.n, score.n_agree, score.share) == ("bo", 2, 1, 0.5)
    assert score.ci_low == pytest.approx(0.0945, abs=5e-5)
    assert score.ci_high == pytest.approx(0.9055, abs=5e-5)
    with judged.store.write() as tx:
        reopen_decision(judged, tx, decided(judged)[item, odd], reason="r", at=decided(judged)[item, odd].created_at)
    (score,) = load_gold_scores(judged)
    assert (score.n, score.n_agree) == (1, 1)


def test_skipped_gold_comes_again_at_the_end(judged: Workspace, people: Folk) -> None:
    bo = people["bo"]
    screen, item, _ = queue_of(judged, bo)[0]
    before = rows_of(judged)
    skip_screen(judged, bo, screen.id, key=new_key())
    assert rows_of(judged) == before
    seen = []
    while shown := queue_of(judged, bo):
        first, at, purpose = shown[0]
        seen.append((at, purpose))
        send(judged, bo, first, verdicts(first, {LABELS[at]: CORRECT}))
    assert seen[-1] == (item, Purpose.GOLD)
    assert [at for at, _ in seen].count(item) == 1


def test_it_comes_back_like_work_once_peers_are_shown(judged: Workspace, people: Folk) -> None:
    """What was dealt while they were hidden hides them for good, also when it was put off and is dealt anew."""
    dealt = {(item, purpose) for _, item, purpose in queue_of(judged, people["bo"])}
    assert {purpose for _, purpose in dealt} == {Purpose.GOLD, Purpose.PANEL}
    edit_protocol(judged, {"blind_peers": False, "gold_share": 0}, by="root", reason="we want to see")
    for screen, _, _ in queue_of(judged, people["bo"]):
        assert screen.sight is None
        skip_screen(judged, people["bo"], screen.id, key=new_key())
    again = queue_of(judged, people["bo"])
    assert {(item, purpose) for _, item, purpose in again} == dealt
    assert [screen.sight for screen, _, _ in again] == [None] * 4


def test_it_is_taken_back_where_it_is_decided_no_more(judged: Workspace, people: Folk) -> None:
    bo = people["bo"]
    screen, item, _ = queue_of(judged, bo)[0]
    with judged.store.write() as tx:
        row = next(row for (at, class_id), row in decided(judged).items() if at == item and class_id != LABELS[item])
        reopen_decision(judged, tx, row, reason="r", at=row.created_at)
    assert screen.id not in {shown.id for shown, _, _ in queue_of(judged, bo)}


def test_a_problematic_item_is_no_gold(ws: Workspace, people: Folk, with_places: Places) -> None:
    set_protocol(ws, n_reviewers=2)
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "root"):
        flag(ws, people[name])
    predict(ws, "delta", {1: 3})
    again = with_places(ws, people, "GG")
    assert [purpose for _, _, purpose in queue_of(again, people["bo"])] == [Purpose.PANEL]


def test_the_second_pass_has_none(judged: Workspace, people: Folk) -> None:
    assert {question.status for question in asked_on(judged, 3, Pass.KIND).values()} == {QuestionStatus.OPEN}
    load_queue(judged, people["bo"], Pass.KIND)
    with judged.store.read() as tx:
        found = screens.list_open_screens(tx, "bo", Pass.KIND)
    assert {row.purpose for row in found} == {Purpose.PANEL}


def expected_after_skip(ws: Workspace, user: User, n_open: int, n_left: int) -> int:
    """How many more are to come after an item is put off: it, and the gold before the next place of work.

    Worked out from the places alone, whichever kind the item was.
    """
    seed = gold_seed(ws, user, "main")
    with ws.store.read() as tx:
        place = gold.count_dealt(tx, "main", user.name)
    at = place + n_left - n_open  # what is not dealt yet ends just before this place
    return n_left + next(n for n in range(50) if not is_gold(seed, at + n, share=0.5))


@pytest.mark.parametrize("game", range(2))
def test_the_count_of_what_is_left_tells_nothing(judged: Workspace, people: Folk, game: int) -> None:
    """Alone at work, a reviewer sees the same change after every answer, skip and undo, of gold and of work."""
    chance, bo = random.Random(game), people["bo"]  # noqa: S311 - a game
    progress = load_queue(judged, bo, Pass.VERDICT).progress
    # Two items of work and, at places G w G w, two of gold before the second.
    assert (progress.n_answered, progress.n_left) == (0, 4)
    acts = ["answer"] * 4 + ["undo"] * 2 + ["skip"]
    chance.shuffle(acts)
    for act in (*acts, *["answer"] * 12):
        shown, before = queue_of(judged, bo), progress
        expected = (before.n_answered, before.n_left)
        if act == "answer" and shown:
            screen, item, _ = shown[0]
            send(judged, bo, screen, verdicts(screen, {LABELS[item]: CORRECT}))
            expected = (before.n_answered + 1, before.n_left - 1)
        elif act == "skip" and shown:
            expected = (before.n_answered, expected_after_skip(judged, bo, len(shown), before.n_left))
            skip_screen(judged, bo, shown[0][0].id, key=new_key())
        elif act == "undo" and before.n_answered:
            undo(judged, bo)
            expected = (before.n_answered - 1, before.n_left + 1)
        progress = load_queue(judged, bo, Pass.VERDICT).progress
        assert (progress.n_answered, progress.n_left) == expected, act
    assert progress.n_left == 0
