"""Dealing: who is asked about what, and what a screen gives away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from regrade.records.discussion import Reveal, Shown
from regrade.records.labels import Verdict
from regrade.records.panel import Pass, QuestionStatus
from regrade.records.users import User
from regrade.store import journal, reveals
from regrade.workflow.accounts import disable_user
from regrade.workflow.labels import use_labels
from regrade.workflow.review import load_queue, skip_screen
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import (
    LABELS,
    asked_on,
    decided,
    flag,
    give,
    item_of,
    new_key,
    pass_a_day,
    predict,
    send,
    set_protocol,
    undo,
    verdicts,
    write_labels,
)

CORRECT, WRONG = Verdict.CORRECT, Verdict.WRONG


def n_screens(ws: Workspace, user: User, pass_: Pass = Pass.VERDICT) -> int:
    return len(load_queue(ws, user, pass_).screens)


def test_a_screen_that_nobody_answers_gives_its_place_up_after_a_day(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        assert n_screens(ws, people[name]) == 1
    assert n_screens(ws, people["root"]) == 0
    pass_a_day(ws)
    assert n_screens(ws, people["root"]) == 1


def test_a_disabled_reviewer_blocks_nothing(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT})
    assert n_screens(ws, people["bo"]) == 1
    disable_user(ws, "bo")
    assert n_screens(ws, people["root"]) == 0
    pass_a_day(ws)
    assert n_screens(ws, people["root"]) == 1


def test_a_screen_is_taken_back_once_others_have_decided(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    assert n_screens(ws, people["root"]) == 1
    pass_a_day(ws)
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT})
    assert n_screens(ws, people["root"]) == 0


def test_the_second_pass_is_withheld_while_the_first_goes_on(ws: Workspace, people: dict[str, User]) -> None:
    """It shows which classes are accepted: nobody may learn that who is still to be asked about the item."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    assert n_screens(ws, people["ada"], Pass.KIND) == 1
    predict(ws, "delta", {0: 2})
    assert n_screens(ws, people["ada"], Pass.KIND) == 0
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 2: CORRECT})
    (screen,) = load_queue(ws, people["ada"], Pass.KIND).screens
    assert [card.class_id for card in screen.cards] == [1]


def test_a_problematic_item_is_asked_about_no_more(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    predict(ws, "delta", {0: 2})
    for name in ("ada", "bo"):
        flag(ws, people[name])
    assert [n_screens(ws, people[name], pass_) for name in ("ada", "bo") for pass_ in Pass] == [0, 0, 0, 0]


def test_every_split_has_a_queue_of_its_own(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    assert n_screens(ws, people["ada"]) == 2
    (ws.folder / "more.csv").write_text("id,class_id\nx0,0\nx1,1\n")
    add_split(ws, "other", items=ws.folder / "more.csv")
    queue = load_queue(ws, people["ada"], Pass.VERDICT, split="other")
    assert (queue.screens, queue.progress.n_total) == ((), 0)
    give(ws, people["ada"], {0: CORRECT})
    assert load_queue(ws, people["ada"], Pass.VERDICT, split="other").progress.n_answered == 0
    assert load_queue(ws, people["ada"], Pass.VERDICT).progress.n_answered == 1


@pytest.mark.parametrize("n_reviewers", [1, 3])
def test_as_many_are_asked_as_the_protocol_says(ws: Workspace, people: dict[str, User], n_reviewers: int) -> None:
    set_protocol(ws, n_reviewers=n_reviewers)
    predict(ws, "gamma", {0: 1})
    asked = []
    for name in ("ada", "bo", "root"):
        if n_screens(ws, people[name]):
            asked.append(name)
            give(ws, people[name], {0: CORRECT})
    assert len(asked) == n_reviewers


def test_fewer_reviewers_than_before_leave_nothing_waiting(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    screen = give(ws, people["ada"], {0: CORRECT})
    set_protocol(ws, n_reviewers=1)
    queue = load_queue(ws, people["bo"], Pass.VERDICT)
    assert item_of(ws, screen) not in {item_of(ws, row) for row in queue.screens}
    assert {item for item, _ in decided(ws)} == {item_of(ws, screen)}


def test_another_rule_settles_what_was_disputed(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, n_reviewers=3)
    predict(ws, "gamma", {0: 1})
    for name, verdict in (("ada", WRONG), ("bo", CORRECT), ("root", CORRECT)):
        give(ws, people[name], {0: CORRECT, 1: verdict})
    assert asked_on(ws, 0)[1].status is QuestionStatus.DISPUTED
    set_protocol(ws, n_reviewers=3, rule="majority")
    load_queue(ws, people["ada"], Pass.VERDICT)
    assert decided(ws)[0, 1].verdict is CORRECT
    with ws.store.read() as tx:
        (line,) = journal.list_lines(tx, actions=["protocol.apply"])
    assert line.facts == {"protocol": 2, "changes": {"rule": ["unanimous", "majority"]}}


def test_the_place_of_a_case_among_the_classes_is_random(ws: Workspace, people: dict[str, User]) -> None:
    """Skipping deals anew. Two accepted classes and a case: the case has each of three places a third of the time."""
    set_protocol(ws, n_reviewers=100)
    write_labels(ws, "wide", {item: f"{label};{(label + 1) % 4},,,0" for item, label in enumerate(LABELS)})
    use_labels(ws, "wide")
    predict(ws, "gamma", {0: 2, 1: 3})
    places = {item: [0, 0, 0] for item in (0, 1)}
    for _ in range(90):
        screen = load_queue(ws, people["ada"], Pass.VERDICT).screens[0]
        item = item_of(ws, screen)
        classes = [card.class_id for card in screen.cards]
        places[item][classes.index({0: 2, 1: 3}[item])] += 1
        skip_screen(ws, people["ada"], screen.id, key=new_key())
    for counts in places.values():
        expected = sum(counts) / 3
        # chi-square with 2 degrees of freedom: beyond -2 ln(1e-5) = 23.0 once in 100,000 runs
        assert sum((count - expected) ** 2 / expected for count in counts) < 23.0


def wait(ws: Workspace, minutes: int) -> None:
    """Let some minutes go by since every screen was dealt."""
    then = (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with ws.store.write() as tx:
        tx.execute(text("UPDATE screens SET created_at = :then"), {"then": then})


def shown_to(ws: Workspace, user: User) -> list[int]:
    """The classes of the screen that the reviewer was dealt last, ascending."""
    screen = load_queue(ws, user, Pass.VERDICT).screens[-1]
    return sorted(card.class_id for card in screen.cards)


def test_an_item_that_comes_back_shows_all_that_its_reviewer_has_met(ws: Workspace, people: dict[str, User]) -> None:
    """Came the label back alone, it would be known by that. Who never met the item is asked only what is open."""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT})
    predict(ws, "delta", {0: 2})
    assert shown_to(ws, people["ada"]) == [0, 1, 2]
    pass_a_day(ws)
    assert shown_to(ws, people["root"]) == [0, 2]
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    give(ws, people["root"], {0: CORRECT})
    # what was decided stays decided, whatever is said when it comes back
    assert {class_id: row.verdict for (_, class_id), row in decided(ws).items()} == {0: CORRECT, 1: WRONG, 2: WRONG}


def test_what_an_added_class_brings_back_shows_no_more_than_that_it_is_new(
    ws: Workspace, people: dict[str, User]
) -> None:
    """Ada adds a class after bo has answered; one that she has taken back does not come again."""
    predict(ws, "gamma", {0: 1})
    give(ws, people["bo"], {0: CORRECT})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={2: CORRECT})
    assert asked_on(ws, 0)[1].status is QuestionStatus.DISPUTED
    assert shown_to(ws, people["bo"]) == [0, 1, 2]
    undo(ws, people["ada"])
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    assert shown_to(ws, people["bo"]) == [0, 1, 3]


def test_who_was_shown_what_became_of_an_item_is_asked_only_what_is_new(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, reveal=True)
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT})
    with ws.store.write() as tx:
        at = datetime(2026, 3, 1, tzinfo=UTC)
        reveals.save_reveal(tx, Reveal("ada", "main", 0, Pass.VERDICT, Shown.OUTCOME, at))
    predict(ws, "delta", {0: 2})
    assert shown_to(ws, people["ada"]) == [0, 2]
    assert shown_to(ws, people["bo"]) == [0, 1, 2]


@pytest.mark.parametrize("n_reviewers", [1, 2])
def test_who_has_nothing_to_do_takes_over_what_others_have_left_standing(
    ws: Workspace, people: dict[str, User], n_reviewers: int
) -> None:
    """All the last items are dealt ahead to as many as an item goes to; then they go to lunch."""
    set_protocol(ws, n_reviewers=n_reviewers)
    predict(ws, "gamma", {0: 1, 3: 2, 5: 3})
    for name in ("ada", "bo")[:n_reviewers]:
        assert n_screens(ws, people[name]) == 3
    assert n_screens(ws, people["root"]) == 0  # they may be at it
    wait(ws, 4)
    assert n_screens(ws, people["root"]) == 0
    wait(ws, 6)
    seen = []
    while n_screens(ws, people["root"]):
        assert n_screens(ws, people["root"]) == 1  # one at a time
        seen.append(item_of(ws, give(ws, people["root"], {0: CORRECT})))
    assert sorted(seen) == [0, 3, 5]


def test_who_comes_back_to_an_item_that_was_taken_over_is_heard(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, n_reviewers=2)
    predict(ws, "gamma", {0: 1})
    screen = load_queue(ws, people["ada"], Pass.VERDICT).screens[0]
    give(ws, people["bo"], {0: CORRECT, 1: WRONG})
    wait(ws, 6)
    give(ws, people["root"], {0: CORRECT, 1: WRONG})
    assert decided(ws)[0, 1].verdict is WRONG
    send(ws, people["ada"], screen, verdicts(screen, {0: CORRECT, 1: CORRECT}))  # late, and not turned away
    assert asked_on(ws, 0)[1].status in {QuestionStatus.DECIDED, QuestionStatus.DISPUTED}


def test_who_has_work_left_does_not_take_over(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, n_reviewers=1)
    predict(ws, "gamma", {item: (LABELS[item] + 1) % 4 for item in range(6)})
    assert n_screens(ws, people["ada"]) == 4
    assert n_screens(ws, people["bo"]) == 2
    wait(ws, 6)
    assert n_screens(ws, people["bo"]) == 2
