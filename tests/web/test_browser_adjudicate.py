"""Adjudication in a real browser: what is missing is said, and what came of the last word."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import set_protocol

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_what_is_missing_is_said_and_then_what_was_saved(visit: Visit, disputed: str, complaints: list[str]) -> None:
    page = visit("ottilie", width=1024, height=768)
    page.goto(f"/adjudicate/verdict/{disputed}")
    missing = page.locator("[data-missing]")
    expect(missing).to_be_hidden()
    page.keyboard.press("Enter")
    expect(missing).to_have_text("Not decided yet: {{ 7*7 }}. Choose correct, unclear or wrong.")
    expect(page.locator("[data-required][aria-current=true]")).to_be_focused()
    page.keyboard.press("2")
    expect(missing).to_be_hidden()
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.press("Enter")
    expect(missing).to_have_text("A reason is missing: say in a few words why.")
    page.keyboard.type("one can see a knot")
    expect(missing).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/adjudicate?saved=*")
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"saved · \d\d:\d\d:\d\d · img_0\.png – \{\{ 7\*7 \}\} decided: unclear")
    )
    page.get_by_role("link", name="img_0.png").click()
    expect(page.locator("h1")).to_have_text("img_0.png")
    assert complaints == []


def test_a_vote_says_what_it_waits_for(visit: Visit, ws: Workspace, disputed: str) -> None:
    set_protocol(ws, adjudication="vote", n_adjudicators=3)
    page = visit("ottilie")
    page.goto(f"/adjudicate/verdict/{disputed}")
    page.keyboard.press("2")
    page.keyboard.type("one can see a knot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/adjudicate?saved=*")
    expect(page.get_by_role("status")).to_contain_text("{{ 7*7 }} waits for 1 more vote")
