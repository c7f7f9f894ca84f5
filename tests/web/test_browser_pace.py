"""The time that an answer is said to have taken: without the time away from it, and whole after a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from regrade.records.panel import Pass
from regrade.store import screens
from regrade.workflow.workspace import Workspace

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CURRENT = "form.screen:not([hidden])"
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def open_timed(visit: Visit) -> Page:
    """The review page under a clock that only the test moves."""
    page = visit("quillon", "/guide")
    page.evaluate("sessionStorage.clear()")  # what was spent under the clock of the machine
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 60_000)
    page.goto("/review")
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    return page


def seconds_of_answer(page: Page, ws: Workspace) -> float:
    """Answer the screen, and the seconds that the store keeps of it."""
    screen = page.locator(CURRENT).get_attribute("data-screen") or ""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        for _ in range(page.locator(f"{CURRENT} [data-card]").count()):
            page.keyboard.press("1")
    with ws.store.read() as tx:
        last = screens.load_last_answered(tx, "quillon", Pass.VERDICT)
    assert last is not None
    assert last.id == screen
    assert last.seconds is not None
    return last.seconds


def test_a_long_silence_counts_as_half_a_minute(visit: Visit, ws: Workspace) -> None:
    page = open_timed(visit)
    page.clock.run_for(10_000)
    page.keyboard.press("ArrowDown")
    page.clock.run_for(600_000)  # ten minutes without a sign of life
    page.keyboard.press("ArrowUp")
    page.clock.run_for(5_000)
    assert seconds_of_answer(page, ws) == pytest.approx(10 + 30 + 5, abs=1)


def test_a_hidden_page_does_not_count(visit: Visit, ws: Workspace) -> None:
    page = open_timed(visit)
    page.clock.run_for(8_000)
    page.evaluate(HIDE, True)
    page.clock.run_for(20_000)
    page.evaluate(HIDE, False)
    page.clock.run_for(4_000)
    assert seconds_of_answer(page, ws) == pytest.approx(8 + 4, abs=1)


def test_a_reload_goes_on_counting(visit: Visit, ws: Workspace) -> None:
    page = open_timed(visit)
    page.clock.run_for(9_000)
    page.reload()
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    page.clock.run_for(6_000)
    assert seconds_of_answer(page, ws) == pytest.approx(9 + 6, abs=1.5)
