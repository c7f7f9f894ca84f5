"""Tokens: made by who has logged in, listed and revoked by programs too."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.web.api.programs import program

Ask = Callable[[str], httpx.Client]


def test_a_session_makes_a_token_and_a_token_makes_none(enter: Ask, url: str) -> None:
    browser = enter("quillon")
    made = browser.post("/api/v1/tokens", json={"label": "laptop"})
    assert made.status_code == 201
    with program(url, made.json()["token"]) as client:
        assert client.get("/me").json()["name"] == "quillon"
        refused = client.post("/tokens", json={"label": "another"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
        assert [row["label"] for row in client.get("/tokens").json()] == ["laptop"]
        assert made.json()["token"] not in client.get("/tokens").text
        assert client.post("/tokens/revoke", json={"label": "none"}).status_code == 404
        assert client.post("/tokens/revoke", json={"label": "laptop"}).status_code == 204
        assert client.get("/me").status_code == 401
    assert browser.post("/api/v1/tokens", json={"label": ""}).status_code == 422
