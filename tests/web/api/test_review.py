"""Reviewing with a program: both passes, and what nobody may be sent before they answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import pytest

from regrade.store import reviews
from regrade.workflow.cases import make_cases
from regrade.workflow.media import item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.workspace import Workspace, add_split
from tests.web.api.programs import LABELS, answer, answer_all, classes_of, new_key, read_screen

Ask = Callable[[str], httpx.Client]


def by_the_labels(ws: Workspace) -> Callable[[str, int], str]:
    """Says `correct` of an item's label and `wrong` of every other class."""
    items = {item_token(ws, "main", item): item for item in range(len(LABELS))}
    return lambda media, class_id: "correct" if LABELS[items[media]] == class_id else "wrong"


def test_a_screen_is_yours_until_you_answer_it(ask: Ask, ws: Workspace) -> None:
    client = ask("quillon")
    queue = client.get("/review/verdicts").json()
    assert queue["progress"] == {"n_answered": 0, "n_left": 3}  # three items have cases
    assert client.get("/review/verdicts").json() == queue
    screen = queue["screens"][0]
    assert set(screen) == {"id", "media", "cards", "part", "n_parts"}
    receipt = answer(client, screen, lambda _: "correct").json()
    assert abs(datetime.now(UTC) - datetime.fromisoformat(receipt["saved_at"])) < timedelta(minutes=5)
    assert client.get("/review/verdicts").json()["progress"] == {"n_answered": 1, "n_left": 2}
    assert read_screen(client) == queue["screens"][1]
    assert answer(client, screen, lambda _: "correct").status_code == 409
    assert answer(ask("zebedee"), screen, lambda _: "correct").status_code == 404
    assert len(client.get(f"/media/{screen['media']}").content) > 100


def test_skipping_and_undoing(ask: Ask, ws: Workspace) -> None:
    client = ask("quillon")
    first = read_screen(client)
    assert client.post(f"/review/screens/{first['id']}/skip", headers=new_key()).status_code == 200
    second = read_screen(client)
    assert second["media"] != first["media"]
    answer(client, second, lambda _: "unclear")
    assert client.post("/review/verdicts/undo", headers=new_key()).status_code == 200
    assert read_screen(client)["id"] == second["id"]
    with ws.store.read() as tx:
        assert {row.withdrawn for row in reviews.list_reviews(tx, split="main")} == {True}
    assert client.post("/review/verdicts/undo", headers=new_key()).status_code == 409


def test_notes_added_classes_and_times_are_kept(ask: Ask, ws: Workspace) -> None:
    client = ask("quillon")
    screen = read_screen(client)
    other = next(class_id for class_id in range(4) if class_id not in classes_of(screen))
    verdicts: list[dict[str, Any]] = [{"class_id": row, "verdict": "wrong"} for row in classes_of(screen)]
    body = {
        "verdicts": [*verdicts, {"class_id": other, "verdict": "correct", "added": True}],
        "note": " one\r\ntwo <i>\n",
        "discuss": True,
        "seconds": 3.25,
    }
    assert client.post(f"/review/verdicts/screens/{screen['id']}", json=body, headers=new_key()).status_code == 200
    with ws.store.read() as tx:
        rows = reviews.list_reviews(tx, split="main")
    assert {(row.note, row.discuss) for row in rows} == {("one\ntwo <i>", True)}
    assert [(row.class_id, row.verdict) for row in rows if row.added] == [(other, "correct")]


WRONG: dict[str, dict[str, Any]] = {
    "no verdict": {"verdicts": []},
    "half the verdicts": {"verdicts": "half"},
    "another word": {"verdict": "maybe"},
    "a word in capitals": {"verdict": "Correct"},
    "a class that is none": {"more": {"class_id": 99, "verdict": "correct"}},
    "a negative class": {"more": {"class_id": -1, "verdict": "correct"}},
    "a class id as text": {"more": {"class_id": "1", "verdict": "correct"}},
    "a class id that is true": {"more": {"class_id": True, "verdict": "correct"}},
    "a class id and a half": {"more": {"class_id": 1.5, "verdict": "correct"}},
    "a class id as a float": {"more": {"class_id": 1.0, "verdict": "correct"}},
    "a huge class id": {"more": {"class_id": 2**63, "verdict": "correct"}},
    "an added class that is none": {"more": {"class_id": 99, "verdict": "correct", "added": True}},
    "a class twice": {"verdicts": "twice"},
    "both problematic and verdicts": {"problematic": True},
    "problematic in words": {"problematic": "yes"},
    "a note that is too long": {"note": "x" * 10_001},
    "a note with NUL": {"note": "a\0b"},
    "a note that is a number": {"note": 1},
    "negative seconds": {"seconds": -1},
    "seconds as text": {"seconds": "3"},
    "endless seconds": {"seconds": float("1e999")},
    "kinds": {"kinds": []},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_answer_that_does_not_fit_changes_nothing(
    what: str, programs: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    client, change = programs["quillon"], dict(WRONG[what])
    screen = read_screen(client)
    given: list[Any] = [{"class_id": row, "verdict": change.pop("verdict", "wrong")} for row in classes_of(screen)]
    given = {"half": given[:1], "twice": [*given, *given]}.get(str(change.get("verdicts")), given)
    given = [] if change.get("verdicts") == [] else [*given, *([change.pop("more")] if "more" in change else [])]
    body = change | {"verdicts": given}
    content = json.dumps(body).replace("Infinity", "1e999")  # a number, only too large for one
    headers = {"content-type": "application/json"} | new_key()
    sent = client.post(f"/review/verdicts/screens/{screen['id']}", content=content, headers=headers)
    assert sent.status_code == 422, sent.text
    with still_ws.store.read() as tx:
        assert reviews.list_reviews(tx, split="main") == ()
    assert read_screen(client)["id"] == screen["id"]


def test_another_split_is_reviewed_and_published_apart(ask: Ask, ws: Workspace) -> None:
    (ws.folder / "more.csv").write_text("id,class_id\nx0,0\nx1,1\n")
    add_split(ws, "other", items=ws.folder / "more.csv")
    np.save(ws.folder / "gamma.npy", np.array([2, 1]))  # wrong on x0
    import_predictions(ws, [("gamma", ws.folder / "gamma.npy")], split="other")
    make_cases(ws, split="other")
    other = {"split": "other"}
    for name in ("quillon", "zebedee"):
        client = ask(name)
        queue = client.get("/review/verdicts", params=other).json()
        assert queue["progress"] == {"n_answered": 0, "n_left": 1}
        assert answer(client, queue["screens"][0], lambda _: "correct").status_code == 200
        assert client.get("/review/verdicts", params=other).json()["progress"] == {"n_answered": 1, "n_left": 0}
        assert client.get("/review/verdicts").json()["progress"] == {"n_answered": 0, "n_left": 3}
        assert client.get("/review/kinds", params=other).json()["screens"] == []
    admin = ask("ursula")
    (mistake,) = admin.get("/mistakes", params=other).json()["tiles"]
    assert (mistake["item_id"], mistake["predicted"]["class_id"]) == ("x0", 2)
    plan = admin.get("/publication", params=other).json()
    assert (plan["next_ref"], plan["n_changes"]) == ("original-other@2", 1)
    body = {"next_ref": plan["next_ref"], "reason": "looked at"}
    assert admin.post("/publication", params=other, json=body).json()["version"]["ref"] == "original-other@2"
    with ws.store.read() as tx:
        assert reviews.list_reviews(tx, split="main") == ()


@pytest.mark.parametrize("path", ["/review/verdicts", "/review/kinds", "/discussions", "/publication", "/mistakes"])
def test_a_split_that_is_none(path: str, programs: dict[str, httpx.Client]) -> None:
    assert programs["ursula"].get(path, params={"split": "none"}).status_code == 404


def test_the_second_pass_asks_for_what_was_decided_wrong(ask: Ask, ws: Workspace) -> None:
    clients = [ask("quillon"), ask("zebedee")]
    assert clients[0].get("/review/kinds").json()["screens"] == []
    assert [answer_all(client, by_the_labels(ws)) for client in clients] == [3, 3]
    assert clients[0].get("/review/verdicts").json() == {
        "screens": [],
        "progress": {"n_answered": 3, "n_left": 0},
    }
    queue = clients[0].get("/review/kinds").json()
    assert queue["progress"] == {"n_answered": 0, "n_left": 3}  # four mistakes on three items
    screen = queue["screens"][0]
    (class_id,) = classes_of(screen)
    assert [card["class_id"] for card in screen["accepted"]] == [
        LABELS[{item_token(ws, "main", item): item for item in range(8)}[screen["media"]]]
    ]
    path, kind = f"/review/kinds/screens/{screen['id']}", {"class_id": class_id, "category": "fine-grained"}
    misfits: list[dict[str, Any]] = [
        {"kinds": [kind]},
        {"kinds": [kind | {"severity": "dreadful"}]},
        {"kinds": []},
        {"problematic": True},
    ]
    for body in misfits:
        assert clients[0].post(path, json=body, headers=new_key()).status_code == 422
    fits = {"kinds": [kind | {"severity": "minor"}], "seconds": 2}
    assert clients[0].post(path, json=fits, headers=new_key()).status_code == 200
    assert read_screen(clients[0], "kinds")["id"] != screen["id"]
    assert clients[0].post("/review/kinds/undo", headers=new_key()).status_code == 200
    assert read_screen(clients[0], "kinds")["id"] == screen["id"]
