"""Adjudicating with a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from regrade.workflow.protocols import edit_protocol
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import new_key

Ask = Callable[[str], httpx.Client]


def test_what_waits_is_listed_shown_and_decided(disputed: str, ask: Ask) -> None:
    client = ask("ottilie")
    (summary,) = client.get("/disputes").json()
    assert (summary["token"], summary["pass"], summary["reason"]) == (disputed, "verdict", "reviewers differ")
    path = f"/disputes/verdict/{disputed}"
    dispute = client.get(path).json()
    assert (dispute["item_id"], dispute["labels"], dispute["position"], dispute["n_disputes"]) == (
        "img_0.png",
        "original@1",
        0,
        1,
    )
    votes = {
        (row["card"]["class_id"], row["role"], row["disputed"]): [
            (vote["reviewer"], vote["verdict"]) for vote in row["votes"]
        ]
        for row in dispute["classes"]
    }
    assert votes == {
        (0, "accepted", False): [("quillon", "correct"), ("zebedee", "correct")],
        (1, "predicted", False): [("quillon", "wrong"), ("zebedee", "wrong")],
        (2, "predicted", True): [("quillon", "wrong"), ("zebedee", "unclear")],
    }
    body = {"verdicts": [{"class_id": 2, "verdict": "unclear"}], "reason": "one can see a knot"}
    key = new_key()
    assert [client.post(path, json=body, headers=key).status_code for _ in range(2)] == [200, 200]
    assert client.post(path, json=body | {"reason": "another"}, headers=key).status_code == 409
    assert client.get("/disputes").json() == []
    assert client.get(path).status_code == 404
    assert client.post(path, json=body, headers=new_key()).status_code == 409  # somebody was there first


def test_what_the_votes_weigh_is_a_suggestion_and_hidden_like_one(disputed: str, ask: Ask, ws: Workspace) -> None:
    client, path = ask("ottilie"), f"/disputes/verdict/{disputed}"
    assert client.get(path).json()["suggestions"] == []
    edit_protocol(ws, {"blind_suggestions": False}, by="ursula", reason="to see")
    found = {row["class_id"]: row for row in client.get(path).json()["suggestions"]}
    assert set(found) == {0, 1, 2}
    assert found[2] == {
        "votes": [1, 1, 0],  # wrong, unclear, correct
        "probabilities": None,
        "why": "it has 2 of the 3 answers that it takes",
        "class_id": 2,
    }


KNOT: dict[str, Any] = {"class_id": 2, "verdict": "unclear"}
WRONG: dict[str, dict[str, Any]] = {
    "no reason": {"verdicts": [KNOT]},
    "a blank reason": {"verdicts": [KNOT], "reason": " \n"},
    "nothing decided": {"reason": "x"},
    "another class": {"verdicts": [{"class_id": 3, "verdict": "wrong"}], "reason": "x"},
    "a class that is none": {"verdicts": [KNOT, {"class_id": 99, "verdict": "wrong"}], "reason": "x"},
    "a class twice": {"verdicts": [KNOT, KNOT | {"verdict": "wrong"}], "reason": "x"},
    "problematic with verdicts": {"verdicts": [KNOT], "problematic": True, "reason": "x"},
    "no class left": {"verdicts": [{"class_id": row, "verdict": "wrong"} for row in range(3)], "reason": "x"},
    "an unknown key": {"verdicts": [KNOT], "reason": "x", "why": "y"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_decision_that_does_not_fit_changes_nothing(what: str, disputed: str, ask: Ask, ws: Workspace) -> None:
    client = ask("ottilie")
    sent = client.post(f"/disputes/verdict/{disputed}", json=WRONG[what], headers=new_key())
    assert sent.status_code == 422, sent.text
    assert len(client.get("/disputes").json()) == 1


def test_an_item_may_turn_out_problematic(disputed: str, ask: Ask) -> None:
    body = {"problematic": True, "reason": "nothing to be seen"}
    assert ask("ottilie").post(f"/disputes/verdict/{disputed}", json=body, headers=new_key()).status_code == 200
    (change,) = [row for row in ask("ursula").get("/publication").json()["changes"] if row["class_id"] is None]
    assert (change["item_id"], change["before"], change["after"]) == ("img_0.png", "usable", "problematic")


def test_a_decision_is_taken_back_and_waits(disputed: str, ask: Ask) -> None:
    client, path = ask("ottilie"), f"/disputes/verdict/{disputed}"
    client.post(path, json={"verdicts": [KNOT], "reason": "a knot"}, headers=new_key())
    body = {"token": disputed, "pass": "verdict", "class_id": 2, "reason": "no knot"}
    key = new_key()
    assert [client.post("/decisions/reopen", json=body, headers=key).status_code for _ in range(2)] == [200, 200]
    dispute = client.get(path).json()
    assert dispute["reason"] == "a decision was reopened"
    assert [(row["author"], row["reason"]) for row in dispute["reopened"]] == [("ottilie", "no knot")]
    assert client.post("/decisions/reopen", json=body, headers=new_key()).status_code == 409
    client.post(path, json={"verdicts": [KNOT], "reason": "a knot"}, headers=new_key())
    stale = body | {"decided_at": "2026-03-01T12:00:00Z"}
    assert client.post("/decisions/reopen", json=stale, headers=new_key()).status_code == 409
    for wrong in ({"reason": " "}, {"pass": "third"}, {"class_id": -1}, {"why": "x"}, {"decided_at": "now"}):
        assert client.post("/decisions/reopen", json=body | wrong, headers=new_key()).status_code == 422


def test_votes_are_counted_and_not_told(disputed: str, ask: Ask, ws: Workspace) -> None:
    edit_protocol(ws, {"adjudication": "vote", "adjudicators": 2}, by="ursula", reason="two heads")
    path, body = f"/disputes/verdict/{disputed}", {"verdicts": [KNOT], "reason": "a peculiar reason"}
    client = ask("ottilie")
    assert client.post(path, json=body, headers=new_key()).status_code == 200
    theirs = ask("ursula").get(path)
    assert theirs.json()["poll"] == {"n_votes": 1, "n_needed": 2, "voted": False, "problematic": False}
    assert "peculiar" not in theirs.text
    mine = client.get(path).json()
    assert (mine["poll"]["voted"], {row["card"]["class_id"]: row["own"] for row in mine["classes"]}[2]) == (
        True,
        "unclear",
    )
    (listed,) = client.get("/disputes").json()
    assert listed["poll"]["voted"]
