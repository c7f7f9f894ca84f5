"""The page of one item."""

from __future__ import annotations

import re

import httpx

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace


def test_it_shows_who_said_what(visitors: dict[str, httpx.Client], still_ws: Workspace) -> None:
    page = visitors["ottilie"].get(f"/items/{item_token(still_ws, 'main', 3)}").text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "img_3.png" in text
    assert re.search(r"never judged open xylograph quagmire|never judged open quagmire xylograph", text)
    assert "✓ correct" in text


def test_it_leads_back_to_where_one_was(visitors: dict[str, httpx.Client], still_ws: Workspace) -> None:
    token = item_token(still_ws, "main", 3)
    page = visitors["ottilie"].get(f"/items/{token}?model=x&query=%22%3E%3Cscript%3E").text
    assert 'href="/mistakes?model=x&amp;query=%22%3E%3Cscript%3E"' in page
    assert 'href="/mistakes"' in visitors["ottilie"].get(f"/items/{token}").text
