"""Looking closely in a real browser: zoomed parts, large examples, the whole window, and many classes at a glance."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from regrade.records.users import Role
from regrade.workflow.workspace import Workspace
from tests.people import add_person

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Enter = Callable[[str], httpx.Client]
CURRENT = "form.screen:not([hidden])"
FETCHED = "all => all.every((image) => image.complete && image.naturalWidth > 0)"


def open_page(visit: Visit, name: str = "quillon", path: str = "/review") -> Page:
    page = visit(name, path)
    expect(page.locator("[data-card][aria-current=true]").first).to_be_visible()
    return page


def place(image: Locator) -> tuple[float, float]:
    box = image.bounding_box()
    assert box is not None
    return box["x"], box["y"]


def test_a_zoomed_image_is_panned_by_key(visit: Visit, ws: Workspace) -> None:
    page = open_page(visit)
    image, stage = page.locator(f"{CURRENT} [data-stage] img"), page.locator(f"{CURRENT} [data-stage]")
    room = stage.bounding_box()
    assert room is not None
    fitted = place(image)
    page.keyboard.press("Shift+ArrowRight")
    assert place(image) == fitted  # all of it is seen
    page.keyboard.press("z")
    page.keyboard.press("z")
    x, y = place(image)
    page.keyboard.press("Shift+ArrowRight")
    assert place(image) == pytest.approx((x - room["width"] / 4, y), abs=1)
    page.keyboard.press("Shift+ArrowUp")
    assert place(image) == pytest.approx((x - room["width"] / 4, y + room["height"] / 4), abs=1)
    expect(page.locator(f"{CURRENT} [data-card]").first).to_have_attribute("aria-current", "true")


def test_zoom_is_that_of_the_example_while_it_is_large(visit: Visit, demo: None) -> None:
    page = open_page(visit)
    image, example = page.locator(f"{CURRENT} [data-stage] > img"), page.locator(".peek img.placed")
    page.keyboard.press(" ")
    expect(page.locator(f"{CURRENT} .strip .at")).to_have_count(1)
    before, width = place(image), example.evaluate("image => image.clientWidth")
    page.keyboard.press("z")
    assert example.evaluate("image => image.clientWidth") == 2 * width
    assert place(image) == before
    box = page.locator(".peek").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 300, steps=3)
    page.mouse.up()
    expect(example).to_be_visible()  # it was dragged, not clicked
    assert place(image) == before
    page.mouse.click(box["x"] + 200, box["y"] + 300)
    expect(page.locator(".peek")).to_have_count(0)


def test_the_whole_window_says_which_class_the_keys_speak_of(visit: Visit, ws: Workspace) -> None:
    page = open_page(visit)
    names = page.locator(f"{CURRENT} .card-name").all_inner_texts()
    page.keyboard.press("f")
    line = page.locator(".full-line")
    expect(line).to_have_text(f"{names[0]}1 correct2 unclear3 wrongF back")
    page.keyboard.press("3")
    expect(line).to_contain_text(names[1])
    page.keyboard.press("Backspace")
    expect(line).to_contain_text(names[0])
    page.keyboard.press("f")
    expect(line).to_have_count(0)


def test_examples_of_the_next_screens_are_here_before_they_are_asked_for(visit: Visit, demo: None) -> None:
    page = open_page(visit)
    expect(page.locator("form.screen[hidden] [data-stage] img[data-ready=yes]")).to_have_count(3)
    page.wait_for_load_state("networkidle")
    ahead = page.locator("form.screen[hidden] .strip img[src]")
    assert ahead.count() > 3
    assert ahead.evaluate_all(FETCHED)


def test_examples_that_did_not_come_are_fetched_again_with_the_connection(visit: Visit, ws: Workspace) -> None:
    page = visit("quillon", "")
    page.route("**/thumb", lambda route: route.abort())
    page.route("**/review", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto("/review")
    expect(page.locator(f"{CURRENT} .picture.broken").first).to_be_visible()
    for _ in range(page.locator(f"{CURRENT} [data-card]").count()):
        page.keyboard.press("3")
    expect(page.locator("#banner")).to_be_visible()
    expect(page.locator(f"{CURRENT} .picture.broken").first).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Try now").click()
    expect(page.locator(f"{CURRENT} .strip .picture").first).to_be_visible()
    expect(page.locator(".picture.broken")).to_have_count(0)


def test_many_classes_stand_in_one_place_with_what_is_said_of_them(visit: Visit, ws: Workspace) -> None:
    page = open_page(visit)
    contents = page.locator(f"{CURRENT} .contents")
    while page.locator(f"{CURRENT} [data-card]").count() < 3:
        page.keyboard.press("s")
    expect(contents).to_be_hidden()  # three are seen at a glance
    names = page.locator(f"{CURRENT} .card-name").all_inner_texts()
    page.keyboard.press("+")
    page.keyboard.type("bun")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    entries = contents.locator("[data-at]")
    expect(entries).to_have_text([f"A{names[0]}", f"B{names[1]}", f"C{names[2]}", "+bun✓"])
    expect(entries.first).to_have_class("at")
    page.keyboard.press("2")
    expect(entries.first).to_have_text(f"A{names[0]}?")
    expect(entries.nth(1)).to_have_class("at")
    entries.nth(2).click()
    expect(page.locator(f"{CURRENT} [data-card]").nth(2)).to_have_attribute("aria-current", "true")


def test_undo_takes_back_a_class_that_was_added(visit: Visit, ws: Workspace) -> None:
    page = open_page(visit)
    shown = page.locator(CURRENT).get_attribute("data-screen")
    names = page.locator(f"{CURRENT} .card-name").all_inner_texts()
    page.keyboard.press("3")
    page.keyboard.press("+")
    page.keyboard.type("bun" if "bun" not in names else "{{ 7*7 }}")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    expect(page.locator(f"{CURRENT} [data-added]")).to_have_count(0)
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(page.locator(f"{CURRENT} input:checked")).to_have_count(0)
    assert page.locator(CURRENT).get_attribute("data-screen") == shown


def test_the_second_pass_walks_all_examples_by_key(visit: Visit, disputed: str) -> None:
    page = open_page(visit, path="/review/kinds")
    pictures = page.locator(f"{CURRENT} .strip .picture")
    n_pictures = pictures.count()
    assert n_pictures > 1
    for at in range(n_pictures):
        page.keyboard.press("ArrowRight")
        expect(pictures.nth(at)).to_have_class(re.compile(r"\bat\b"))
        expect(page.locator(f"{CURRENT} .strip .at")).to_have_count(1)
    page.keyboard.press(" ")
    expect(page.locator(".peek .caption")).to_contain_text("Example of")


def test_adjudicators_have_the_keys_the_guide_and_the_examples(visit: Visit, disputed: str) -> None:
    page = open_page(visit, "ottilie", f"/adjudicate/verdict/{disputed}")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("what the class guide says")
    page.keyboard.press("Escape")
    guide = page.locator("[data-card][aria-current=true] details")
    page.keyboard.press("g")
    expect(guide).to_have_attribute("open", "")
    page.keyboard.press("g")
    expect(guide).not_to_have_attribute("open", "")
    page.keyboard.press("ArrowRight")
    expect(guide.locator(".picture.at")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.locator(".peek .caption")).to_contain_text("Example of")


def test_the_guides_own_page_is_sent_by_the_key_that_it_shows(visit: Visit, ws: Workspace) -> None:
    page = visit("quillon", "/guide/3")
    page.locator("textarea").fill("Look at the crust.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-said]")).to_contain_text("quillon")
    expect(page.locator("textarea")).to_have_value("Look at the crust.")


def test_a_long_name_leaves_the_bar_in_its_place(visit: Visit, ws: Workspace) -> None:
    name = "Maximiliane von Hohenlohe-Schillingsfürst zu Langenburg"
    add_person(ws, name, [Role.ADMIN])
    page = visit(name, "/account", width=1024, height=768)
    assert page.evaluate("document.documentElement.scrollWidth") == 1024
    summary = page.locator("[data-menu] summary").bounding_box()
    assert summary is not None
    assert summary["x"] + summary["width"] <= 1024
    page.locator("[data-menu] summary").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
