"""Comments under items: who may read them, and that they stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.records.users import User
from regrade.store import journal, reveals, reviews
from regrade.workflow.discussion import MAX_COMMENT, add_comment, list_topics, load_discussion
from regrade.workflow.media import item_token
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import give, give_kind, new_key, predict, send, undo, verdicts

CORRECT, WRONG = Verdict.CORRECT, Verdict.WRONG
NOTHING = "nothing to read here"


def say(ws: Workspace, user: User, token: str, text: str, pass_: Pass = Pass.VERDICT, *, key: str = "") -> None:
    add_comment(ws, user, token, pass_, text, key=key or new_key())


def texts(ws: Workspace, user: User, token: str, pass_: Pass = Pass.VERDICT) -> list[tuple[str, str]]:
    return [(row.author, row.text) for row in load_discussion(ws, user, token, pass_).comments]


@pytest.fixture
def token(ws: Workspace, people: dict[str, User]) -> str:
    """One case, dough on item 0, answered and flagged by ada."""
    predict(ws, "gamma", {0: 1})
    screen = load_queue(ws, people["ada"], Pass.VERDICT).screens[0]
    answers = replace(verdicts(screen, {0: CORRECT}), discuss=True, note="is it baked?")
    send(ws, people["ada"], screen, answers)
    return item_token(ws, "main", 0)


def test_a_flag_makes_a_topic(ws: Workspace, people: dict[str, User], token: str) -> None:
    (topic,) = list_topics(ws, people["jude"])
    assert (topic.token, topic.pass_, topic.flagged, topic.n_comments) == (token, Pass.VERDICT, True, 0)
    assert topic.item_id == "img_0.png"
    undo(ws, people["ada"])
    assert list_topics(ws, people["jude"]) == ()


def test_a_reviewer_reads_only_about_what_the_reviewer_has_answered(
    ws: Workspace, people: dict[str, User], token: str
) -> None:
    say(ws, people["ada"], token, "the crumb looks raw")
    assert list_topics(ws, people["bo"]) == ()
    with pytest.raises(NotFoundError, match=NOTHING):
        load_discussion(ws, people["bo"], token, Pass.VERDICT)
    with pytest.raises(NotFoundError, match=NOTHING):
        say(ws, people["bo"], token, "I have not answered it")
    load_queue(ws, people["bo"], Pass.VERDICT)  # dealt, not answered
    with pytest.raises(NotFoundError, match=NOTHING):
        load_discussion(ws, people["bo"], token, Pass.VERDICT)
    give(ws, people["bo"], {0: CORRECT})
    assert texts(ws, people["bo"], token) == [("ada", "the crumb looks raw")]
    (topic,) = list_topics(ws, people["bo"])
    assert (topic.token, topic.n_comments, topic.item_id) == (token, 1, "")


def test_a_reviewer_sees_nobody_elses_answer_and_an_adjudicator_all(
    ws: Workspace, people: dict[str, User], token: str
) -> None:
    give(ws, people["bo"], {0: CORRECT})
    own = load_discussion(ws, people["bo"], token, Pass.VERDICT)
    assert ({row.reviewer for row in own.remarks}, own.item_id, own.sees_all) == ({"bo"}, "", False)
    seen = load_discussion(ws, people["jude"], token, Pass.VERDICT)
    assert [(row.reviewer, row.notes, row.discuss) for row in seen.remarks] == [
        ("ada", ("is it baked?",), True),
        ("bo", (), False),
    ]
    assert [(row.named.name, row.verdict) for row in seen.remarks[1].said if row.named] == [
        ("bagel", "correct"),
        ("dough", "wrong"),
    ]


def test_the_second_pass_has_a_thread_of_its_own(ws: Workspace, people: dict[str, User], token: str) -> None:
    give(ws, people["bo"], {0: CORRECT})
    say(ws, people["jude"], token, "a texture, surely", Pass.KIND)
    assert load_discussion(ws, people["jude"], token, Pass.VERDICT).other is Pass.KIND
    assert load_discussion(ws, people["bo"], token, Pass.VERDICT).other is None
    with pytest.raises(NotFoundError, match=NOTHING):
        load_discussion(ws, people["bo"], token, Pass.KIND)
    give_kind(ws, people["bo"], "minor")
    assert texts(ws, people["bo"], token, Pass.KIND) == [("jude", "a texture, surely")]


def test_what_a_reviewer_read_marks_what_the_reviewer_answers_afterwards(
    ws: Workspace, people: dict[str, User], token: str
) -> None:
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT})
    say(ws, people["bo"], token, "my own words reveal nothing to me")
    load_discussion(ws, people["bo"], token, Pass.VERDICT)
    say(ws, people["jude"], token, "look again")
    load_discussion(ws, people["ada"], token, Pass.VERDICT)
    load_discussion(ws, people["ada"], token, Pass.VERDICT)
    with ws.store.read() as tx:
        assert [row.reviewer for row in reveals.list_reveals(tx, "main", 0)] == ["ada"]
    undo(ws, people["ada"])
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    with ws.store.read() as tx:
        rows = [row for row in reviews.list_item_reviews(tx, "main", 0) if not row.withdrawn]
    assert {(row.reviewer, row.revealed) for row in rows} == {("ada", True), ("bo", False)}


def test_a_comment_stays_and_stands_in_the_journal(ws: Workspace, people: dict[str, User], token: str) -> None:
    say(ws, people["jude"], token, " one\r\ntwo ", key="k")
    say(ws, people["jude"], token, " one\r\ntwo ", key="k")  # sent twice
    assert texts(ws, people["root"], token) == [("jude", "one\ntwo")]
    with ws.store.read() as tx:
        (line,) = journal.list_lines(tx, actions=["comment.add"])
    assert (line.actor, line.facts) == ("jude", {"item": "img_0.png", "pass": "verdict"})


@pytest.mark.parametrize("text", [" \n ", "x" * (MAX_COMMENT + 1)], ids=["empty", "too long"])
def test_a_comment_has_words_and_an_end(ws: Workspace, people: dict[str, User], token: str, text: str) -> None:
    with pytest.raises(InputError, match="a comment of 1 to 4,000 characters"):
        say(ws, people["jude"], token, text)
