"""A change is carried out once, and a key is its user's own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from regrade.store import reviews
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import classes_of, read_screen

Ask = Callable[[str], httpx.Client]
KEY = {"idempotency-key": "1"}


def test_the_same_key_saves_once_and_gives_the_same_receipt(ask: Ask, ws: Workspace) -> None:
    client = ask("quillon")
    screen = read_screen(client)
    path = f"/review/verdicts/screens/{screen['id']}"
    body = {"verdicts": [{"class_id": class_id, "verdict": "correct"} for class_id in classes_of(screen)]}
    receipts = [client.post(path, json=body, headers=KEY) for _ in range(3)]
    assert [receipt.status_code for receipt in receipts] == [200] * 3
    assert receipts[0].json() == receipts[1].json() == receipts[2].json()
    with ws.store.read() as tx:
        assert len(reviews.list_reviews(tx, split="main")) == len(classes_of(screen))
    for other in (
        client.post(path, json={"problematic": True}, headers=KEY),
        client.post("/review/verdicts/undo", headers=KEY),
    ):
        assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")


def test_two_users_may_take_the_same_key(ask: Ask) -> None:
    receipts = []
    for name in ("quillon", "zebedee"):
        client = ask(name)
        path = f"/review/verdicts/screens/{read_screen(client)['id']}"
        receipts.append(client.post(path, json={"problematic": True}, headers=KEY))
    assert [receipt.status_code for receipt in receipts] == [200, 200]
    assert receipts[0].json()["submission"] != receipts[1].json()["submission"]


@pytest.mark.parametrize("key", [None, "", "k" * 101, "é", "a b"])
def test_a_key_is_needed(key: str | None, programs: dict[str, httpx.Client]) -> None:
    client = programs["quillon"]
    headers = {} if key is None else {"idempotency-key": key.encode()}
    for path in ("/review/verdicts/undo", "/review/kinds/undo", "/review/screens/x/skip", "/review/verdicts/screens/x"):
        answer = client.post(path, json={"problematic": True}, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 422
        assert "header.Idempotency-Key" in answer.json()["error"]["message"]


def test_many_retries_at_once_save_once(ask: Ask, ws: Workspace) -> None:
    client = ask("quillon")
    screen = read_screen(client)
    path = f"/review/verdicts/screens/{screen['id']}"
    body = {"verdicts": [{"class_id": class_id, "verdict": "wrong"} for class_id in classes_of(screen)]}
    with ThreadPoolExecutor(12) as pool:
        receipts = list(pool.map(lambda _: client.post(path, json=body, headers=KEY), range(12)))
    assert {receipt.status_code for receipt in receipts} == {200}
    assert len({receipt.text for receipt in receipts}) == 1
    with ws.store.read() as tx:
        assert len(reviews.list_reviews(tx, split="main")) == len(classes_of(screen))
