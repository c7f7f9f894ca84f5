"""Adjudication in a real browser: what is missing is said, and what came of the last word."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import set_protocol

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Enter = Callable[[str], httpx.Client]


def answer_kinds(client: httpx.Client, severity: str) -> None:
    """Answer the whole second pass."""
    while '<form class="screen"' in (page := client.get("/review/kinds").text):
        form = page[page.index('<form class="screen"') :]
        class_id = re.findall(r'name="category-(\d+)"', form)[0]
        fields = {"screen": re.findall(r'name="screen" value="([^"]+)"', form)[0], "key": secrets.token_hex(16)}
        fields |= {f"category-{class_id}": "fine-grained", f"severity-{class_id}": severity}
        assert client.post("/review/kinds", data=fields).status_code == 303


def test_what_is_missing_is_said_and_then_what_was_saved(visit: Visit, disputed: str, complaints: list[str]) -> None:
    page = visit("ottilie", f"/adjudicate/verdict/{disputed}", width=1024, height=768)
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
    page = visit("ottilie", f"/adjudicate/verdict/{disputed}")
    page.keyboard.press("2")
    page.keyboard.type("one can see a knot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/adjudicate?saved=*")
    expect(page.get_by_role("status")).to_contain_text("{{ 7*7 }} waits for 1 more vote")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)], ids=["large", "small"])
def test_both_questions_of_the_second_pass_fit(  # noqa: PLR0917 - fixtures
    width: int, height: int, visit: Visit, enter: Enter, ws: Workspace, disputed: str
) -> None:
    for name, severity in (("quillon", "major"), ("zebedee", "minor")):
        answer_kinds(enter(name), severity)
    page = visit("ottilie", f"/adjudicate/verdict/{disputed}", width=width, height=height)
    page.keyboard.press("2")
    page.keyboard.type("one can see a knot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/adjudicate/kind/*saved=*")  # what was saved takes room, too
    page.keyboard.press("Enter")
    expect(page.locator("[data-missing]")).to_contain_text("Choose a category and a severity")
    page.keyboard.press("q")
    frame = page.locator(".cards").bounding_box()
    assert frame is not None
    for word in ("fine-grained", "non-prototypical", "major", "borderline", "minor"):
        box = page.locator(".choice", has=page.locator(f"input[value='{word}']")).bounding_box()
        assert box is not None
        assert frame["y"] <= box["y"], word
        assert box["y"] + box["height"] <= frame["y"] + frame["height"], word
    assert page.locator(".cards").evaluate("e => e.scrollTop") == 0


def test_nothing_sticks_out_on_a_phone(visit: Visit, enter: Enter, ws: Workspace, disputed: str) -> None:
    """No page scrolls sideways, and what stands in the bar of the review pages can be reached."""
    answer_kinds(enter("quillon"), "major")
    page = visit("ursula", "", width=390, height=844)
    paths = ["/", "/mistakes", f"/items/{item_token(ws, 'main', 3)}", "/review", "/review/kinds", "/adjudicate"]
    paths += [f"/adjudicate/verdict/{disputed}", "/publish", "/agreement", "/agreement/reviewers", "/users"]
    paths += ["/users?change=quillon", "/account", "/protocol", "/guide", "/guide/0", "/discuss", "/propose"]
    paths += ["/labels", "/labels/original@1", "/labels/diff?before=original@1&after=original@1"]
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
    page.goto("/review")
    for control in (page.locator("#show-keys"), page.locator(".menu summary")):
        box = control.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
