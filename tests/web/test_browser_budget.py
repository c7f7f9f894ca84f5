"""What the review page costs on its first visit, in bytes over the wire: a budget, not a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
BUDGET = 150_000


def test_the_review_page_stays_within_its_budget(visit: Callable[..., Page], demo: None) -> None:
    """Everything but images: the page with four screens and their guides, style sheets and scripts."""
    page = visit("quillon")
    session = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def note_kind(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def note_size(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.responseReceived", note_kind)
    session.on("Network.loadingFinished", note_size)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto("/review")
    expect(page.locator("form.screen[hidden] [data-stage] img[data-ready=yes]")).to_have_count(3)
    by_kind = {kind: sum(sizes.get(id_, 0) for id_ in kinds if kinds[id_] == kind) for kind in set(kinds.values())}
    # The icon of the tab may still be on its way.
    assert all(by_kind.get(kind, 0) > 0 for kind in ("Document", "Script", "Stylesheet", "Image")), by_kind
    assert sum(size for kind, size in by_kind.items() if kind != "Image") <= BUDGET, by_kind
