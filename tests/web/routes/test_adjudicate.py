"""Adjudicating over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import httpx

from regrade.workflow.protocols import edit_protocol
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
JSON = {"accept": "application/json"}


def test_reviews_stand_side_by_side_and_a_reason_is_asked(disputed: str, enter: Enter) -> None:
    client = enter("ottilie")
    assert f"/adjudicate/verdict/{disputed}" in client.get("/adjudicate").text
    path = f"/adjudicate/verdict/{disputed}"
    page = client.get(path).text
    assert page.count("data-required") == 1
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "quillon ✕ wrong" in text
    assert "zebedee ? unclear" in text
    assert 'name="labels" value="original@1"' in page
    whole = {"verdict-2": "wrong", "reason": "x"}
    assert client.post(path, data=whole | {"key": uuid4().hex, "labels": "no@1"}, headers=JSON).status_code == 404
    for fields in ({"verdict-2": "wrong"}, {"reason": "it is a knot"}, {"verdict-2": "maybe", "reason": "x"}, {}):
        answer = client.post(path, data={"key": uuid4().hex} | fields, headers=JSON)
        assert answer.status_code == 422
    fields = {"key": "a key & more", "verdict-2": "unclear", "reason": "one can see a knot"}
    answer = client.post(path, data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/adjudicate?saved=a+key+%26+more")
    assert "decided: unclear" in client.get(answer.headers["location"]).text
    assert "decided: unclear" not in client.get("/adjudicate?saved=another").text
    assert "Nothing waits for you" in client.get("/adjudicate").text
    assert client.get(path).status_code == 404


def test_a_decision_is_saved_once(disputed: str, enter: Enter) -> None:
    client = enter("ottilie")
    fields = {"key": uuid4().hex, "verdict-2": "unclear", "reason": "one can see a knot"}
    codes = [client.post(f"/adjudicate/verdict/{disputed}", data=fields).status_code for _ in range(2)]
    assert codes == [303, 303]
    other = client.post(f"/adjudicate/verdict/{disputed}", data=fields | {"verdict-2": "wrong"}, headers=JSON)
    assert other.status_code == 409


def test_an_adjudicator_adds_a_class_or_finds_the_image_problematic(disputed: str, enter: Enter) -> None:
    client = enter("ottilie")
    path = f"/adjudicate/verdict/{disputed}"
    fields = {"key": uuid4().hex, "problematic": "1", "verdict-2": "wrong", "reason": "nothing to be seen"}
    assert client.post(path, data=fields).status_code == 303
    assert client.get(path).status_code == 404
    preview = enter("ursula").get("/publish").text
    assert "problematic" in preview


def test_no_item_loses_its_last_class(disputed: str, enter: Enter) -> None:
    client = enter("ottilie")
    fields = {"key": uuid4().hex, "verdict-0": "wrong", "verdict-1": "wrong", "verdict-2": "wrong", "reason": "none"}
    answer = client.post(f"/adjudicate/verdict/{disputed}", data=fields, headers=JSON)
    assert answer.status_code == 422
    fields |= {"key": uuid4().hex, "also": "bun"}
    assert client.post(f"/adjudicate/verdict/{disputed}", data=fields).status_code == 303


def test_where_adjudicators_vote_the_page_tells_how_many_have_and_no_more(
    disputed: str, enter: Enter, ws: Workspace
) -> None:
    edit_protocol(ws, {"adjudication": "vote", "adjudicators": 3}, by="ursula", reason="three heads")
    one, other = enter("ottilie"), enter("ursula")
    path = f"/adjudicate/verdict/{disputed}"
    assert "No vote is in yet; 2 that say the same decide" in one.get(path).text
    fields = {"verdict-2": "unclear", "reason": "a peculiar reason"}
    answer = one.post(path, data=fields | {"key": uuid4().hex})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/adjudicate?saved=")
    mine, theirs = one.get(path).text, other.get(path).text
    assert "1 vote is in on {{ 7*7 }}; 2 that say the same decide" in mine
    assert "You have voted" in mine
    assert "Your vote:" in mine
    assert "you have voted on all of them" in one.get("/adjudicate").text
    assert "1 vote, yours too" in one.get("/adjudicate").text
    for page in (theirs, other.get("/adjudicate").text):
        assert "peculiar" not in page
        assert "ottilie" not in page
        assert "our vote" not in page
    assert other.post(path, data=fields | {"key": uuid4().hex}).status_code == 303
    assert "Nothing waits for you" in one.get("/adjudicate").text
    # Decided, the reasons stand beside it.
    item = other.get(f"/items/{disputed}").text
    assert "ottilie: a peculiar reason; ursula: a peculiar reason" in re.sub(r"\s+", " ", item)
