"""What a program does with the API: ask with a token, answer screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from regrade.records.users import Role
from tests.web.conftest import TLS

API = "/api/v1"
PERSON = {
    Role.REVIEWER: "quillon",
    Role.ADJUDICATOR: "ottilie",
    Role.ADMIN: "ursula",
    Role.VIEWER: "violet",
    Role.PROPOSER: "percival",
}
"""One of the small benchmark's people for each role, who has no other."""
LABELS = (0, 0, 1, 1, 2, 2, 3, 3)
"""The original labels of the small benchmark's items."""


def program(url: str, token: str) -> httpx.Client:
    """A client that sends a token and nothing that a browser would ("" sends none)."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=url + API, headers=headers, timeout=60, verify=TLS)


def new_key() -> dict[str, str]:
    """The header of a change that was not asked for before."""
    return {"idempotency-key": uuid4().hex}


def read_screen(client: httpx.Client, name: str = "verdicts") -> dict[str, Any]:
    """The current screen of a queue."""
    screen: dict[str, Any] = client.get(f"/review/{name}").json()["screens"][0]
    return screen


def classes_of(screen: dict[str, Any]) -> list[int]:
    """The classes that a screen asks about, in the order shown."""
    return [card["class_id"] for card in screen["cards"]]


def answer(client: httpx.Client, screen: dict[str, Any], verdict_of: Callable[[int], str]) -> httpx.Response:
    """Send a verdict on each class of a screen."""
    verdicts = [{"class_id": class_id, "verdict": verdict_of(class_id)} for class_id in classes_of(screen)]
    return client.post(f"/review/verdicts/screens/{screen['id']}", json={"verdicts": verdicts}, headers=new_key())


def answer_all(client: httpx.Client, verdict_of: Callable[[str, int], str]) -> int:
    """Answer the whole first pass by a function of the image's token and the class; gives the number of screens."""
    n_answered = 0
    while screens := client.get("/review/verdicts").json()["screens"]:
        for screen in screens:
            media = screen["media"]
            done = answer(client, screen, lambda class_id, media=media: verdict_of(media, class_id))  # type: ignore[misc]
            assert done.status_code == 200, done.text
            n_answered += 1
    return n_answered
