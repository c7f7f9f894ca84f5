"""Talking about items by API, and what became of those that one has answered."""

from __future__ import annotations

import math
from collections.abc import Callable

import httpx
import pytest

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import LABELS, answer_all, classes_of, new_key, read_screen
from tests.workflow.conftest import set_protocol

Ask = Callable[[str], httpx.Client]


@pytest.fixture
def flagged(ask: Ask) -> str:
    """An item that quillon has answered and flagged; its token."""
    client = ask("quillon")
    screen = read_screen(client)
    verdicts = [{"class_id": class_id, "verdict": "unclear"} for class_id in classes_of(screen)]
    body = {"verdicts": verdicts, "note": "a shadow", "discuss": True}
    assert client.post(f"/review/verdicts/screens/{screen['id']}", json=body, headers=new_key()).status_code == 200
    return str(screen["media"])


def test_who_has_answered_may_talk_and_nobody_else_reads_it(flagged: str, ask: Ask) -> None:
    adjudicator, peer = ask("ottilie"), ask("zebedee")
    path = f"/discussions/verdict/{flagged}"
    (topic,) = adjudicator.get("/discussions").json()
    assert (topic["token"], topic["pass"], topic["flagged"], topic["n_comments"]) == (flagged, "verdict", True, 0)
    key = new_key()
    said = [adjudicator.post(path, json={"text": " look\r\nagain "}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in said] == [200, 200]
    thread = adjudicator.get(path).json()
    assert [(row["author"], row["text"]) for row in thread["comments"]] == [("ottilie", "look\nagain")]
    (remark,) = thread["remarks"]
    assert (remark["reviewer"], remark["notes"], remark["discuss"]) == ("quillon", ["a shadow"], True)
    assert peer.get("/discussions").json() == []
    assert peer.get(path).status_code == peer.post(path, json={"text": "x"}, headers=new_key()).status_code == 404
    for misfit in ({"text": ""}, {"text": " "}, {"text": "x" * 4_001}, {"text": 1}, {}):
        assert adjudicator.post(path, json=misfit, headers=new_key()).status_code == 422


def test_a_reviewer_reads_on_without_file_names(flagged: str, ask: Ask) -> None:
    adjudicator = ask("ottilie")
    path = f"/discussions/verdict/{flagged}"
    assert adjudicator.get(path).json()["item_id"].startswith("img_")
    peer = ask("zebedee")
    answer_all(peer, lambda _media, _class_id: "unclear")
    (topic,) = peer.get("/discussions").json()
    assert topic["item_id"] == ""
    thread = peer.get(path).json()
    assert (thread["item_id"], thread["sees_all"], [row["reviewer"] for row in thread["remarks"]]) == (
        "",
        False,
        ["zebedee"],
    )


def test_outcomes_are_shown_only_where_the_protocol_says_so_and_the_item_is_settled(ask: Ask, ws: Workspace) -> None:
    items = {item_token(ws, "main", item): item for item in range(len(LABELS))}
    reviewers = [ask("quillon"), ask("zebedee")]

    def verdict_of(media: str, class_id: int) -> str:
        return "correct" if LABELS[items[media]] == class_id else "unclear"

    assert answer_all(reviewers[0], verdict_of) == 3
    assert reviewers[0].get("/review/past").status_code == 404
    edit = {"values": {"reveal": True}, "expected": 1, "reason": "so that all learn"}
    assert ask("ursula").post("/protocol", json=edit).status_code == 200
    past = reviewers[0].get("/review/past").json()
    assert [(row["settled"], row["seen"]) for row in past] == [(False, False)] * 3
    token = past[0]["token"]
    assert reviewers[0].get(f"/review/past/{token}").status_code == 404
    answer_all(reviewers[1], verdict_of)
    outcome = reviewers[0].get(f"/review/past/{token}").json()
    assert [row["model"] for row in outcome["rankings"]] == ["quagmire", "xylograph"]
    label = next(row for row in outcome["classes"] if row["named"]["class_id"] == LABELS[items[token]])
    assert label["decisions"][0]["verdict"] == "correct"
    assert [(row["reviewer"], row["is_own"], row["verdict"]) for row in label["answers"]] == [
        ("quillon", True, "correct"),
        ("zebedee", False, "correct"),
    ]
    assert {row["token"] for row in reviewers[0].get("/review/past").json() if row["seen"]} == {token}


def test_the_nearest_training_images_come_with_the_outcome_and_not_before(
    ask: Ask, ws: Workspace, train: Callable[[], None]
) -> None:
    set_protocol(ws, reveal=True)
    client, token = ask("quillon"), item_token(ws, "main", 0)
    for reviewer in (client, ask("zebedee")):
        answer_all(reviewer, lambda _media, _class_id: "unclear")
    assert client.get(f"/review/past/{token}").json()["nearest"] is None
    train()
    sent = client.get(f"/review/past/{token}")
    nearest = sent.json()["nearest"]
    assert (nearest["embeddings"], nearest["among"]) == ("vectograph", "train")
    # Item 0 lies on the first of them, 0.1 and 0.3 radians from the others; the labels accept its class 0 alone until
    # what the panel decided is published.
    assert [(row["classes"][0]["class_id"], row["accepted"]) for row in nearest["images"]] == [
        (0, True),
        (1, False),
        (2, False),
    ]
    assert [row["similarity"] for row in nearest["images"]] == pytest.approx([1, math.cos(0.1), math.cos(0.3)])
    assert "trained_" not in sent.text  # files' names are nobody's business here
    assert client.get(f"/media/{nearest['images'][1]['media']}").status_code == 200


def test_those_who_see_the_results_are_told_the_ids(ask: Ask, ws: Workspace, train: Callable[[], None]) -> None:
    train()
    nearest = ask("violet").get(f"/items/{item_token(ws, 'main', 1)}").json()["nearest"]
    # Item 1 points at 0.25 radians.
    assert [row["item_id"] for row in nearest["images"]] == ["trained_2.png", "trained_1.png", "trained_0.png"]
    assert [row["accepted"] for row in nearest["images"]] == [False, False, True]
