"""The class guide in a real browser: read and written beside the image, by key and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from regrade.workflow.accounts import list_users
from regrade.workflow.guide_texts import edit_guide, load_guide
from regrade.workflow.sessions import log_out
from regrade.workflow.workspace import Workspace

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CURRENT = "form.screen:not([hidden])"
HOSTILE = '<img src=x onerror="alert(1)"> & </textarea><b>bold</b>'


def open_guide(page: Page) -> int:
    """Open the guide to the active class by key; its id."""
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#guide textarea")).to_be_focused()
    return int(page.locator("#entry").get_attribute("data-class") or "")


def write(ws: Workspace, name: str, class_id: int, text: str) -> None:
    user = next(user for user in list_users(ws) if user.name == name)
    edit_guide(ws, user, class_id, text, base=load_guide(ws, class_id).number, key=text)


def test_what_is_written_by_key_stands_on_the_card_at_once(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    page = visit("quillon")
    class_id = open_guide(page)
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#guide")).to_be_hidden()
    expect(page.locator(f"{CURRENT} [data-told='{class_id}']")).to_have_text(HOSTILE)
    assert [(row.text, row.author) for row in load_guide(ws, class_id).history] == [(HOSTILE, "quillon")]
    page.reload()
    expect(page.locator(f"{CURRENT} [data-told='{class_id}']")).to_have_text(HOSTILE)
    open_guide(page)
    expect(page.locator("#guide textarea")).to_have_value(HOSTILE)
    page.get_by_text("History").click()
    expect(page.locator("#guide .history li")).to_have_count(1)
    expect(page.locator("#guide .history")).to_contain_text("quillon")
    assert complaints == []


def test_who_was_slower_sees_both_texts_and_loses_none(visit: Visit, ws: Workspace) -> None:
    page = visit("quillon")
    class_id = open_guide(page)
    page.keyboard.type("mine")
    write(ws, "ottilie", class_id, "hers")
    page.get_by_role("button", name="Save for all").click()
    expect(page.get_by_role("alert").filter(has_text="ottilie has changed this text")).to_be_visible()
    expect(page.locator("#guide [role=alert] .told")).to_have_text("hers")
    expect(page.locator("#guide textarea")).to_have_value("mine")
    page.locator("#guide textarea").fill("hers, and mine")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#guide")).to_be_hidden()
    assert [row.text for row in load_guide(ws, class_id).history] == ["hers, and mine", "hers"]


def test_words_outlive_a_closed_dialog_and_an_ended_session(visit: Visit, ws: Workspace) -> None:
    page = visit("quillon")
    class_id = open_guide(page)
    page.keyboard.type("not finished")
    page.keyboard.press("Escape")
    expect(page.locator("#guide")).to_be_hidden()
    log_out(ws, page.context.cookies()[0]["value"])
    page.keyboard.press("g")
    expect(page.locator("#guide")).to_contain_text("Your session has ended")
    assert load_guide(ws, class_id).number == 0
    page.keyboard.press("Escape")
    page.context.clear_cookies()
    fresh = visit("quillon")
    stored = page.evaluate("JSON.stringify(sessionStorage)")
    fresh.evaluate("text => Object.entries(JSON.parse(text)).forEach(([k, v]) => sessionStorage.setItem(k, v))", stored)
    assert open_guide(fresh) == class_id
    expect(fresh.locator("#guide textarea")).to_have_value("not finished")


def test_keys_mean_words_while_the_guide_is_open(visit: Visit) -> None:
    page = visit("quillon")
    open_guide(page)
    page.keyboard.type("123 4 s x")
    expect(page.locator("#guide textarea")).to_have_value("123 4 s x")
    page.keyboard.press("Escape")
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(0)
    expect(page.locator(".ask")).to_have_count(0)


def test_the_guide_works_without_script(visit: Visit, ws: Workspace) -> None:
    page = visit("quillon", script=False)
    page.locator(f"{CURRENT} [data-card] a[data-guide]").first.click()
    page.wait_for_url("**/guide/*")
    class_id = int(page.url.rsplit("/", 1)[1])
    page.get_by_label("What tells it from its neighbors").fill("by hand")
    write(ws, "ottilie", class_id, "hers")
    page.get_by_role("button", name="Save for all").click()
    expect(page.get_by_role("alert")).to_contain_text("ottilie has changed this text")
    expect(page.get_by_label("What tells it from its neighbors")).to_have_value("by hand")
    page.get_by_role("button", name="Save for all").click()
    page.goto("/guide")
    expect(page.locator(".neighbors .told")).to_have_text("by hand")
    page.get_by_role("searchbox", name="Class").fill("bun")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".neighbors li")).to_have_count(1)
