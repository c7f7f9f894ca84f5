"""The review page in a real browser: nothing is lost, nothing is doubled, the next image is there at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from regrade.store import reviews
from regrade.workflow.cases import make_cases
from regrade.workflow.predictions import import_predictions
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.sessions import log_out
from regrade.workflow.workspace import Workspace

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SAVED = re.compile(r"saved · \d\d:\d\d:\d\d")
CURRENT = "form.screen:not([hidden])"


def count_reviews(ws: Workspace, *, withdrawn: bool = False) -> int:
    """Reviews that count (or were withdrawn) of all items."""
    with ws.store.read() as tx:
        rows = [row for item in range(len(ws.split())) for row in reviews.list_item_reviews(tx, "main", item)]
    return sum(row.withdrawn is withdrawn for row in rows)


def open_review(visit: Visit, **options: object) -> Page:
    page = visit("quillon", **options)
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    return page


def screen(page: Page) -> str:
    return page.locator(CURRENT).get_attribute("data-screen") or ""


def answer(page: Page, key: str = "1") -> int:
    """Give every class of the screen the same verdict; how many there were."""
    n_cards = page.locator(f"{CURRENT} [data-card]").count()
    for _ in range(n_cards):
        page.keyboard.press(key)
    return n_cards


def test_a_key_answers_one_class_and_the_last_one_saves(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    first = screen(page)
    cards = page.locator(f"{CURRENT} [data-card]")
    n_cards = cards.count()
    for at in range(n_cards - 1):
        expect(cards.nth(at)).to_have_attribute("aria-current", "true")
        page.keyboard.press("3")
        expect(cards.nth(at).locator("input:checked")).to_have_attribute("value", "wrong")
    assert screen(page) == first
    assert count_reviews(ws) == 0
    page.keyboard.press("3")
    assert screen(page) != first
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert count_reviews(ws) == n_cards


AHEAD = "form.screen[hidden] [data-stage] img[data-ready=yes]"
"""The images of the next screens, decoded."""
MEASURES = "() => performance.getEntriesByName('regrade:next-image').length"


def test_the_next_images_are_decoded_before_they_are_asked_for(visit: Visit, demo: None) -> None:
    page = open_review(visit)
    for n_before in range(4):
        expect(page.locator(AHEAD)).to_have_count(3)
        following = page.locator("form.screen[hidden]").first.get_attribute("data-screen")
        answer(page)
        assert screen(page) == following  # at once: nothing is waited for
        page.wait_for_function(f"{MEASURES} > {n_before}")


def test_an_answer_by_pointer_is_measured_like_one_by_key(visit: Visit, demo: None) -> None:
    page = open_review(visit)
    shown = screen(page)
    cards = page.locator("form.screen:not([hidden]) [data-card]")
    for place in range(cards.count()):
        assert page.evaluate(MEASURES) == 0
        cards.nth(place).locator(".choice").first.click()
    assert screen(page) != shown
    page.wait_for_function(f"{MEASURES} == 1")
    page.locator("form.screen:not([hidden]) [data-command=note]").click()
    page.wait_for_timeout(200)
    page.keyboard.press("Escape")
    answer(page)
    page.wait_for_function(f"{MEASURES} == 2")


def test_a_key_that_leads_to_no_other_image_is_not_measured(visit: Visit, demo: None) -> None:
    page = open_review(visit)
    page.keyboard.press("1")
    page.keyboard.press("z")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(200)
    assert page.evaluate(MEASURES) == 0


def test_the_rest_of_many_models_opens_by_key_and_saves_nothing(visit: Visit, ws: Workspace, demo: None) -> None:
    edit_protocol(ws, {"blind_model": False}, by="ursula")
    page = open_review(visit)
    more = page.locator("form.screen:not([hidden]) .sight summary")
    while not more.count():
        page.keyboard.press("s")
    shown = screen(page)
    more.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("form.screen:not([hidden]) .sight details[open]")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.locator("form.screen:not([hidden]) .sight details[open]")).to_have_count(0)
    assert screen(page) == shown


def test_a_lost_answer_of_the_server_saves_once(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            lost.append(route.fetch().status)  # the server saves it, and nobody hears of it
            route.abort()
        else:
            route.continue_()

    page.route("**/review", lose)
    n_cards = answer(page)
    expect(page.locator("#banner")).to_contain_text("Not saved yet.")
    expect(page.locator("#banner")).to_contain_text("Your answer is kept here")
    page.get_by_role("button", name="Try now").click()
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    expect(page.locator("#banner")).to_be_hidden()
    assert lost[0] == 200
    assert count_reviews(ws) == n_cards


def test_a_busy_server_is_asked_again(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    page = open_review(visit)
    refused: list[str | None] = []

    def refuse(route: Route) -> None:
        if route.request.method == "POST" and not refused:
            refused.append(route.request.post_data)
            body = '{"error": {"code": "busy", "message": "Somebody writes.", "remedy": "", "request_id": "x"}}'
            route.fulfill(status=503, body=body, content_type="application/json")
        else:
            route.continue_()

    page.route("**/review", refuse)
    n_cards = answer(page)
    expect(page.locator("#banner")).to_contain_text("Somebody writes.")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)  # by itself, after a second
    assert count_reviews(ws) == n_cards


def test_leaving_with_an_unsaved_answer_sends_it_on_return(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    page.route("**/review", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    first = screen(page)
    n_cards = answer(page)
    expect(page.locator("#banner")).to_be_visible()
    page.unroute("**/review")
    page.reload()
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert screen(page) != first
    assert count_reviews(ws) == n_cards


def test_three_screens_can_be_answered_without_a_connection_and_are_saved_once(
    visit: Visit, ws: Workspace, demo: None
) -> None:
    page = open_review(visit)
    expect(page.locator(AHEAD)).to_have_count(3)
    page.context.set_offline(True)
    screens = []
    n_cards = 0
    for _ in range(4):
        screens.append(screen(page))
        n_cards += answer(page)
    expect(page.locator("#banner")).to_contain_text("Not saved yet.")
    assert len(set(screens)) == 4
    assert count_reviews(ws) == 0
    page.context.set_offline(False)
    page.get_by_role("button", name="Try now").click()
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    expect(page.locator("#banner")).to_be_hidden()
    page.wait_for_function("() => JSON.parse(localStorage.getItem('regrade.outbox.quillon')).length === 0")
    assert count_reviews(ws) == n_cards
    assert screen(page) not in screens


def test_new_work_shows_up_by_itself(visit: Visit, ws: Workspace) -> None:
    """Everything is answered; then another model brings new cases."""
    page = open_review(visit)
    page.goto("/guide")
    page.evaluate("sessionStorage.clear()")
    page.clock.install()
    page.goto("/review")
    for _ in range(3):
        expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
        answer(page)
    expect(page.get_by_role("heading", name="That was all for now")).to_be_visible()
    np.save(ws.folder / "later.npy", np.array([0, 2, 1, 1, 2, 2, 3, 3]))
    import_predictions(ws, [("later", ws.folder / "later.npy")])
    make_cases(ws)
    page.clock.run_for(21_000)
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()


def test_an_ended_session_keeps_the_answer_and_saves_it_once_after_logging_in(
    visit: Visit, ws: Workspace, password: str
) -> None:
    page = open_review(visit)
    log_out(ws, page.context.cookies()[0]["value"])
    first = screen(page)
    n_cards = answer(page)
    expect(page.locator("#banner")).to_contain_text("Your session has ended.")
    expect(page.locator("#banner")).to_contain_text("sent once you have logged in again")
    assert count_reviews(ws) == 0
    page.get_by_role("link", name="Log in").click()
    page.fill("#name", "quillon")
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url("**/review")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert screen(page) != first
    assert count_reviews(ws) == n_cards
    page.reload()
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    assert count_reviews(ws) == n_cards


def test_another_user_does_not_send_what_somebody_left_behind(visit: Visit, ws: Workspace, password: str) -> None:
    page = open_review(visit)
    log_out(ws, page.context.cookies()[0]["value"])
    answer(page)
    expect(page.locator("#banner")).to_contain_text("Your session has ended.")
    page.goto("/login")
    page.fill("#name", "zebedee")
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url("**/review")
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    page.wait_for_timeout(300)
    assert count_reviews(ws) == 0


def test_half_an_answer_survives_a_reload(visit: Visit) -> None:
    page = open_review(visit)
    page.keyboard.press("2")
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.keyboard.type("a word to the panel")
    page.reload()
    expect(page.locator(f"{CURRENT} [data-card]").first.locator("input:checked")).to_have_attribute("value", "unclear")
    expect(page.locator(f"{CURRENT} textarea")).to_have_value("a word to the panel")
    expect(page.locator(f"{CURRENT} [name=discuss]")).to_be_checked()
    expect(page.locator(f"{CURRENT} [data-card]").nth(1)).to_have_attribute("aria-current", "true")


def test_undo_takes_back_the_last_verdict_and_then_the_last_answer(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    first = screen(page)
    n_cards = answer(page)
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    page.keyboard.press("3")
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(0)
    assert screen(page) != first
    page.keyboard.press("Backspace")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text("undone")
    assert screen(page) == first
    assert (count_reviews(ws), count_reviews(ws, withdrawn=True)) == (0, n_cards)
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(n_cards)  # as they were, to be changed
    answer(page, "3")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert (count_reviews(ws), count_reviews(ws, withdrawn=True)) == (n_cards, n_cards)


def test_undo_says_why_it_cannot(visit: Visit) -> None:
    page = open_review(visit)
    page.keyboard.press("Backspace")
    expect(page.locator("#banner")).to_contain_text("There is no answer to undo.")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#banner")).to_be_hidden()


def test_problematic_is_asked_twice(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    first = screen(page)
    page.keyboard.press("1")
    page.keyboard.press("4")
    expect(page.get_by_role("alert").filter(has_text="Problematic")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert").filter(has_text="Problematic")).to_have_count(0)
    assert screen(page) == first
    page.keyboard.press("4")
    page.keyboard.press("4")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert screen(page) != first
    assert count_reviews(ws) == 1  # of the item as a whole


def test_a_class_that_is_not_listed_can_be_added(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    page = open_review(visit)
    names = set(page.locator(f"{CURRENT} .card-name").all_inner_texts())
    wanted = "bun" if "bun" not in names else "{{ 7*7 }}"
    page.keyboard.press("+")
    page.keyboard.type(wanted[:3])
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    added = page.locator(f"{CURRENT} [data-added]")
    expect(added.locator(".card-name")).to_have_text(wanted)
    n_cards = page.locator(f"{CURRENT} [data-card]").count() - 1
    for _ in range(n_cards):
        page.keyboard.press("3")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert count_reviews(ws) == n_cards + 1
    assert complaints == []


def test_skip_moves_on_and_saves_nothing(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    first = screen(page)
    page.keyboard.press("s")
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(re.compile("skipped"))
    assert screen(page) != first
    assert count_reviews(ws) == 0


def test_arrows_zoom_examples_and_help(visit: Visit, demo: None) -> None:
    page = open_review(visit)
    cards = page.locator(f"{CURRENT} [data-card]")
    page.keyboard.press("ArrowDown")
    expect(cards.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowUp")
    expect(cards.nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cards.nth(0).locator(".strip .picture").nth(1)).to_have_class(re.compile(r"\bat\b"))
    page.keyboard.press(" ")
    expect(page.locator(".peek img")).to_be_visible()
    expect(page.locator(".peek .caption")).to_have_text(re.compile("Example of"))
    page.keyboard.press("Escape")
    expect(page.locator(".peek")).to_have_count(0)
    image = page.locator(f"{CURRENT} [data-stage] img")
    expect(image).to_have_class(re.compile("pixels"))
    size = image.evaluate("image => image.getBoundingClientRect().width")
    assert size % 8 == 0  # every pixel of the 8 x 8 scan is as wide as the others
    page.keyboard.press("z")
    assert image.evaluate("image => image.getBoundingClientRect().width") == 2 * size
    page.keyboard.press("f")
    expect(page.locator(CURRENT)).to_have_class(re.compile("full"))
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("1")  # keys mean nothing while a dialog is open
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(0)


def test_a_photo_is_zoomed_at_the_pointer_and_dragged(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    image, stage = page.locator(f"{CURRENT} [data-stage] img"), page.locator(f"{CURRENT} [data-stage]")
    box, room = image.bounding_box(), stage.bounding_box()
    assert box is not None
    assert room is not None
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    wider = f"width => document.querySelector('{CURRENT} [data-stage] img').clientWidth > width"
    page.wait_for_function(wider, arg=box["width"])
    larger = image.bounding_box()
    assert larger is not None
    # The point under the pointer stays where it is: a quarter from the left, a third from the top.
    assert larger["x"] + larger["width"] / 4 == pytest.approx(x, abs=2)
    assert larger["y"] + larger["height"] / 3 == pytest.approx(y, abs=2)
    page.mouse.down()
    page.mouse.move(x + 40, y + 25, steps=4)
    page.mouse.up()
    dragged = image.bounding_box()
    assert dragged is not None
    assert (dragged["x"] - larger["x"], dragged["y"] - larger["y"]) == pytest.approx((40, 25), abs=2)
    page.mouse.dblclick(x, y)
    assert image.bounding_box() == box
    page.keyboard.press("f")
    full = stage.bounding_box()
    assert full is not None
    assert (full["width"], full["height"]) == (1440, 900 - 48)  # the line of the keys is below it
    page.keyboard.press("Escape")
    assert stage.bounding_box() == room


def test_the_mouse_does_the_same(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    first = screen(page)
    cards = page.locator(f"{CURRENT} [data-card]")
    n_cards = cards.count()
    for at in reversed(range(n_cards)):
        cards.nth(at).locator("input[value=unclear]").click()
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    assert screen(page) != first
    assert count_reviews(ws) == n_cards


def test_when_all_is_done_the_page_says_so(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    page = open_review(visit)
    for _ in range(3):
        expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
        answer(page)
    expect(page.get_by_role("heading", name="That was all for now")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.locator(f"{CURRENT} [data-card][aria-current=true]")).to_be_visible()
    assert complaints == []


def test_it_works_without_script(visit: Visit, ws: Workspace) -> None:
    page = visit("quillon", script=False)
    first = screen(page)
    cards = page.locator(f"{CURRENT} [data-card]")
    n_cards = cards.count()
    for at in range(n_cards):
        cards.nth(at).get_by_label("wrong").check()
    page.fill(f"{CURRENT} textarea", "by hand")
    page.fill(f"{CURRENT} [name=also]", "no such class")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("the name or key of one class")).to_be_visible()
    page.go_back()
    page.fill(f"{CURRENT} [name=also]", "")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(f"{CURRENT} .saved")).to_contain_text("saved ·")
    assert screen(page) != first
    assert count_reviews(ws) == n_cards
    page.get_by_role("button", name="Undo").click()
    assert screen(page) == first
    page.get_by_role("button", name="skip").click()
    assert screen(page) != first
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")


def test_who_calls_every_class_wrong_is_told_once_what_else_can_be_said(visit: Visit, ws: Workspace) -> None:
    page = open_review(visit)
    hint = page.locator(".hint")
    n_cards = answer(page, "1")
    expect(hint).to_have_count(0)
    n_cards += answer(page, "3")
    expect(hint).to_contain_text("+ names another that the image shows")
    expect(hint).to_contain_text("4 says that nobody could judge it")
    expect(page.locator(f"{CURRENT} [data-card]").first).to_be_focused()  # the keys go on as they were
    expect(page.locator(f"{CURRENT} .saved")).to_have_text(SAVED)
    n_cards += answer(page, "3")
    expect(page.locator("[data-done]")).to_be_visible()
    assert count_reviews(ws) == n_cards
    expect(hint).to_have_count(0)
    page.reload()
    page.keyboard.press("Backspace")
    expect(page.locator(f"{CURRENT} [data-card]").first).to_be_visible()
    expect(hint).to_have_count(0)
