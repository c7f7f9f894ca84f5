"""The pages that tell reviewers what became of their items."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import set_protocol

Enter = Callable[[str], httpx.Client]


def test_the_pages_are_closed_unless_the_protocol_opens_them(enter: Enter, ws: Workspace, disputed: str) -> None:
    client = enter("quillon")
    assert client.get("/review/past").status_code == 404
    assert client.get(f"/review/past/{disputed}").status_code == 404
    assert "/review/past" not in client.get("/review").text
    set_protocol(ws, reveal=True)
    assert client.get("/review/past").status_code == 200
    assert "/review/past" in client.get("/review").text


def test_the_list_tells_nothing_of_what_others_said(enter: Enter, ws: Workspace, disputed: str) -> None:
    set_protocol(ws, reveal=True)
    page = enter("quillon").get("/review/past").text
    assert page.count("not settled yet") == 3
    assert not any(word in page for word in ("zebedee", "xylograph", "quagmire", "img_", "bun", "a knot"))
    assert enter("quillon").get(f"/review/past/{disputed}").status_code == 404
