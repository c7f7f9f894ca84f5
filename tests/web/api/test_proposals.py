"""Proposing with a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from regrade.workflow.media import media_token
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import new_key

Ask = Callable[[str], httpx.Client]
KNOT: dict[str, Any] = {"item_id": "img_1.png", "class_id": 2, "reason": " tied\r\ntwice "}


@pytest.fixture
def proposer(ask: Ask) -> httpx.Client:
    return ask("percival")


def test_a_proposal_becomes_a_case_and_is_followed(proposer: httpx.Client, ask: Ask, ws: Workspace) -> None:
    found = proposer.get("/proposals/item", params={"item_id": "img_1.png"}).json()
    assert found == {"item_id": "img_1.png", "media": media_token(ws, "main", 1)}
    key = new_key()
    sent = [proposer.post("/proposals", json=KNOT, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [200, 200]
    (proposal,) = proposer.get("/proposals").json()
    assert (proposal["class_key"], proposal["reason"], proposal["state"]) == ("k2", "tied\ntwice", "undecided")
    assert (proposal["verdict"], proposal["published_in"]) == (None, None)
    assert ask("ottilie").get("/overview").json()["n_cases_open"] == 5  # one more than the four mistakes
    again = proposer.post("/proposals", json=KNOT, headers=new_key())
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")


def test_nobody_on_the_panel_is_told_that_it_was_proposed(proposer: httpx.Client, ask: Ask) -> None:
    proposer.post("/proposals", json=KNOT, headers=new_key())
    for name in ("quillon", "zebedee"):
        text = ask(name).get("/review/verdicts").text
        assert not [word for word in ("percival", "propos", "tied") if word in text]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"item_id": "img_99.png"}, 404),
        ({"item_id": "../img_1.png"}, 404),
        ({"class_id": 4}, 422),
        ({"class_id": -1}, 422),
        ({"class_id": "2"}, 422),
        ({"reason": " "}, 422),
        ({"reason": "x" * 2_001}, 422),
        ({"class_id": 0}, 409),  # the label itself
    ],
)
def test_what_cannot_be_proposed(change: dict[str, Any], status: int, proposer: httpx.Client) -> None:
    assert proposer.post("/proposals", json=KNOT | change, headers=new_key()).status_code == status
    assert proposer.get("/proposals").json() == []
