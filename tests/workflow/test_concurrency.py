"""Many at once on one workspace: threads that claim, answer, publish and adjudicate, and a look at what is left."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from regrade.errors import ConflictError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Decision, Pass, Review, VerdictAnswer
from regrade.records.users import Role, User
from regrade.store import ballots, decisions, journal, reopenings, reviews, users
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.clock import now
from regrade.workflow.disputes import list_disputes
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.media import find_item, item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.publish import publish_labels
from regrade.workflow.receipts import Receipt
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.reopened import list_reopened
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import new_key, quick_folder

N_THREADS = 16
N_ITEMS = 40
CORRECT, WRONG = Verdict.CORRECT, Verdict.WRONG


@pytest.fixture
def ws() -> Iterator[Workspace]:
    """40 items of class 0 that a model takes for class 1; 16 reviewers and two adjudicators."""
    with quick_folder() as folder:
        make_benchmark(folder)
        with open_workspace(folder / "ws") as workspace:
            import_predictions(workspace, [("model", folder / "model.npy")])
            make_cases(workspace)
            add_people(workspace)
            yield workspace


def make_benchmark(folder: Path) -> None:
    (folder / "classes.csv").write_text("class_id,key,name\n0,a,bagel\n1,b,dough\n2,c,bun\n")
    rows = "\n".join(f"img_{item},0" for item in range(N_ITEMS))
    (folder / "items.csv").write_text(f"id,class_id\n{rows}\n")
    np.save(folder / "model.npy", np.ones(N_ITEMS, dtype=np.int64))
    init_workspace(folder / "ws", classes=folder / "classes.csv", items=folder / "items.csv")


def add_people(ws: Workspace) -> None:
    """Without passwords, since making a hash takes long and nobody logs in here."""
    with ws.store.write() as tx:
        for name, role in [(name, Role.REVIEWER) for name in reviewers()] + [
            ("jude", Role.ADJUDICATOR),
            ("joan", Role.ADJUDICATOR),
        ]:
            user = User(name, "password", frozenset({role}), disabled=False, created_at=now())
            users.save_user(tx, user, password_hash=None, at=now())


def reviewers() -> list[str]:
    return [f"r{number}" for number in range(N_THREADS)]


def person(name: str, role: Role = Role.REVIEWER) -> User:
    return User(name, "password", frozenset({role}), disabled=False, created_at=now())


def at_once(tasks: list[Callable[[], object]]) -> list[object]:
    """Run the tasks in threads that start together; errors of ours are results."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        start.wait()
        try:
            return task()
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def answers_to(screen: ReviewScreen, dough: Verdict = CORRECT) -> Answers:
    """Bagel is right; what is said of dough differs."""
    return Answers(
        verdicts=tuple(VerdictAnswer(card.class_id, dough if card.class_id == 1 else CORRECT) for card in screen.cards)
    )


def work(ws: Workspace, name: str, dough: Verdict = CORRECT) -> list[str]:
    """Answer until nothing is left for this reviewer; gives the acknowledged keys."""
    user, keys = person(name), []
    while screens := load_queue(ws, user, Pass.VERDICT).screens:
        keys.append(answer_screen(ws, user, screens[0].id, answers_to(screens[0], dough), key=new_key()).submission)
    return keys


def all_reviews(ws: Workspace) -> tuple[Review, ...]:
    with ws.store.read() as tx:
        return reviews.list_reviews(tx, split="main")


def current_decisions(ws: Workspace) -> tuple[Decision, ...]:
    with ws.store.read() as tx:
        return decisions.list_current_decisions(tx, "main", pass_=Pass.VERDICT)


def check_journal(ws: Workspace, submissions: set[str]) -> None:
    """No gap, and one line for each answer."""
    with ws.store.read() as tx:
        lines = journal.list_lines(tx)
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    told = Counter(line.facts["submission"] for line in lines if line.action == "review.save")
    assert told == Counter(submissions)


def test_every_item_is_answered_by_two_and_nothing_is_lost_or_doubled(ws: Workspace) -> None:
    tasks: list[Callable[[], object]] = [lambda name=name: work(ws, name) for name in reviewers()]  # type: ignore[misc]
    found = at_once(tasks)
    acknowledged = {key for keys in found if isinstance(keys, list) for key in keys}
    given = all_reviews(ws)
    assert Counter(row.submission for row in given) == dict.fromkeys(acknowledged, 2)
    for item in range(N_ITEMS):
        assert len({row.reviewer for row in given if row.item == item}) == 2
    check_journal(ws, acknowledged)
    assert Counter((row.item, row.class_id) for row in current_decisions(ws)) == {
        (item, class_id): 1 for item in range(N_ITEMS) for class_id in (0, 1)
    }


def test_one_key_sent_by_many_saves_once(ws: Workspace) -> None:
    user = person("r0")
    screen = load_queue(ws, user, Pass.VERDICT).screens[0]
    key = new_key()
    tasks: list[Callable[[], object]] = [
        lambda: answer_screen(ws, user, screen.id, answers_to(screen), key=key) for _ in range(N_THREADS)
    ]
    receipts = at_once(tasks)
    assert len({receipt for receipt in receipts if isinstance(receipt, Receipt)}) == 1
    assert len(all_reviews(ws)) == 2
    check_journal(ws, {key})


def test_of_many_answers_to_one_screen_one_wins(ws: Workspace) -> None:
    user = person("r0")
    screen = load_queue(ws, user, Pass.VERDICT).screens[0]
    tasks: list[Callable[[], object]] = [
        lambda: answer_screen(ws, user, screen.id, answers_to(screen), key=new_key()) for _ in range(N_THREADS)
    ]
    found = at_once(tasks)
    assert sum(isinstance(row, Receipt) for row in found) == 1
    assert sum(isinstance(row, ConflictError) for row in found) == N_THREADS - 1
    assert len(all_reviews(ws)) == 2


def test_the_same_reviewer_in_many_windows_gets_the_same_screens(ws: Workspace) -> None:
    user = person("r0")
    tasks: list[Callable[[], object]] = [
        lambda: tuple(screen.id for screen in load_queue(ws, user, Pass.VERDICT).screens) for _ in range(N_THREADS)
    ]
    assert len(set(at_once(tasks))) == 1


def test_two_who_publish_at_once_make_one_version(ws: Workspace) -> None:
    for name in reviewers()[:2]:
        work(ws, name)
    found = at_once([lambda: publish_labels(ws, by="jude", reason="r").version.ref for _ in range(8)])
    assert sorted(row for row in found if isinstance(row, str)) == ["original@2"]
    assert sum(isinstance(row, ConflictError) for row in found) == 7
    assert resolve_labels(ws).ref == "original@2"


def test_of_two_adjudicators_one_decides(ws: Workspace) -> None:
    work(ws, "r0", CORRECT)
    work(ws, "r1", WRONG)
    disputes = list_disputes(ws)
    assert len(disputes) == N_ITEMS
    for row in disputes[:5]:
        found = at_once(
            [
                lambda name=name, verdict=verdict, row=row: adjudicate(  # type: ignore[misc]
                    ws,
                    person(name, Role.ADJUDICATOR),
                    row.token,
                    Pass.VERDICT,
                    Adjudication({1: verdict}, reason="r"),
                    key=new_key(),
                )
                for name, verdict in (("jude", CORRECT), ("joan", WRONG))
            ]
        )
        assert sum(isinstance(row, Receipt) for row in found) == 1
        assert sum(isinstance(row, ConflictError) for row in found) == 1


def say(ws: Workspace, name: str, token: str, verdict: Verdict) -> Receipt:
    word = Adjudication({1: verdict}, reason="r")
    return adjudicate(ws, person(name, Role.ADJUDICATOR), token, Pass.VERDICT, word, key=new_key())


def test_of_votes_cast_at_once_the_second_decides_and_nobody_votes_afterwards(ws: Workspace) -> None:
    work(ws, "r0", CORRECT)
    work(ws, "r1", WRONG)
    edit_protocol(ws, {"adjudication": "vote", "adjudicators": 3}, by="jude", reason="r")
    for row in list_disputes(ws)[:5]:
        item = find_item(ws, row.token)[1]
        found = at_once([lambda name=name, row=row: say(ws, name, row.token, WRONG) for name in reviewers()[:6]])  # type: ignore[misc]
        assert sum(isinstance(row, Receipt) for row in found) == 2
        assert sum(isinstance(row, ConflictError) for row in found) == 4
        with ws.store.read() as tx:
            voters = {vote.voter for vote in ballots.list_item_ballots(tx, "main", item)}
        (decision,) = [found for found in current_decisions(ws) if (found.item, found.class_id) == (item, 1)]
        assert set(decision.author.split(", ")) == voters
        assert len(voters) == 2


def test_of_many_who_reopen_a_decision_one_does(ws: Workspace) -> None:
    for name in reviewers()[:2]:
        work(ws, name, WRONG)
    judge = person("jude", Role.ADJUDICATOR)
    for item in range(3):
        seen = SeenDecision(item_token(ws, "main", item), Pass.VERDICT, 1)
        found = at_once([lambda seen=seen: reopen(ws, judge, seen, reason="r", key=new_key()) for _ in range(6)])  # type: ignore[misc]
        assert sum(isinstance(row, Receipt) for row in found) == 1
        assert sum(isinstance(row, ConflictError) for row in found) == 5
    with ws.store.read() as tx:
        assert [row.decision.item for row in reopenings.list_reopenings(tx, "main")] == [0, 1, 2]
        assert len(journal.list_lines(tx, actions=["decisions.reopen"])) == 3


def test_what_is_voted_and_reopened_while_others_publish_is_published_or_waits(ws: Workspace) -> None:
    """jude takes every decision back and decides it anew while joan publishes: in the end each item is as he says."""
    for name in reviewers()[:2]:
        work(ws, name, WRONG)
    judge, done = person("jude", Role.ADJUDICATOR), threading.Event()

    def decide_anew() -> None:
        for item in range(10):
            token = item_token(ws, "main", item)
            reopen(ws, judge, SeenDecision(token, Pass.VERDICT, 1), reason="r", key=new_key())
            say(ws, "jude", token, CORRECT)
        done.set()

    def publish_on() -> None:
        while not done.is_set():
            with suppress(ConflictError):
                publish_labels(ws, by="joan", reason="r")
            done.wait(0.01)

    assert at_once([decide_anew, publish_on]) == [None, None]
    assert list_disputes(ws) == ()
    with suppress(ConflictError):
        publish_labels(ws, by="joan", reason="the rest")
    labels = load_labels(ws, resolve_labels(ws))
    assert [labels.verdict(item, 1) for item in range(N_ITEMS)] == [CORRECT] * 10 + [WRONG] * (N_ITEMS - 10)
    with ws.store.read() as tx:
        published = {row.decision.item for row in reopenings.list_reopenings(tx, "main") if row.decision.published_in}
    told = {row.item_id for row in list_reopened(ws, resolve_labels(ws, "original@2"))}
    assert told <= {f"img_{item}" for item in published}


def test_publishing_while_others_answer_carries_each_decision_once(ws: Workspace) -> None:
    done = threading.Event()

    def publish_on() -> list[str]:
        refs = []
        while not done.is_set():
            try:
                refs.append(publish_labels(ws, by="jude", reason="r").version.ref)
            except ConflictError:
                done.wait(0.01)
        return refs

    def review_all() -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: work(ws, name), reviewers()[:4]))
        done.set()

    found = at_once([publish_on, publish_on, review_all])
    refs = [ref for row in found if isinstance(row, list) for ref in row]
    assert sorted(refs, key=lambda ref: int(ref.rpartition("@")[2])) == [
        f"original@{number}" for number in range(2, len(refs) + 2)
    ]
    if any(row.class_id == 1 and not row.published_in for row in current_decisions(ws)):
        publish_labels(ws, by="jude", reason="the rest")
    labels = load_labels(ws, resolve_labels(ws))
    assert [labels.verdict(item, 1) for item in range(N_ITEMS)] == [CORRECT] * N_ITEMS
    assert all(row.published_in for row in current_decisions(ws) if row.class_id == 1)


def test_cases_made_by_many_at_once_are_made_once(ws: Workspace) -> None:
    np.save(ws.folder / "other.npy", np.full(N_ITEMS, 2, dtype=np.int64))
    import_predictions(ws, [("other", ws.folder / "other.npy")])
    found = at_once([lambda: make_cases(ws).n_new_cases for _ in range(8)])
    assert sorted(found, key=str) == [0] * 7 + [N_ITEMS]
