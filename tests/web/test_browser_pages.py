"""Every page in a real browser: no complaint, nothing that sticks out, every control named, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from regrade.records.users import Role
from regrade.workflow.accounts import disable_user, list_users
from regrade.workflow.media import item_token
from regrade.workflow.sessions import make_link
from regrade.workflow.workspace import Workspace

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
NAMED = {
    "button",
    "link",
    "textbox",
    "searchbox",
    "spinbutton",
    "combobox",
    "checkbox",
    "radio",
    "radiogroup",
    "dialog",
}


def unnamed(page: Page) -> list[str]:
    """Controls of the accessibility tree that have no name."""
    tree: dict[str, Any] = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return [
        node["role"]["value"]
        for node in tree["nodes"]
        if not node["ignored"] and node["role"]["value"] in NAMED and not node.get("name", {}).get("value", "").strip()
    ]


def check_page(page: Page, path: str) -> None:
    page.goto(path)  # waits for the scripts, too
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} sticks out"
    assert unnamed(page) == [], path
    assert page.locator("h1").count() >= 1, path
    assert page.locator("main").count() == 1, path
    duplicates = page.evaluate(
        "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at)"
    )
    assert duplicates == [], path


@pytest.mark.parametrize(
    ("width", "height", "dark"),
    [(1440, 900, False), (1024, 768, True), (390, 844, False)],
    ids=["large", "small", "phone"],
)
def test_every_page_is_sound(  # noqa: PLR0917 - fixtures
    width: int, height: int, dark: bool, visit: Visit, ws: Workspace, disputed: str, complaints: list[str]
) -> None:
    page = visit("ursula", "", width=width, height=height, dark=dark)
    paths = ["/", "/mistakes", "/mistakes?model=xylograph&query=zzz", f"/items/{item_token(ws, 'main', 3)}"]
    paths += ["/review", "/review/kinds", "/adjudicate", f"/adjudicate/verdict/{disputed}", "/publish"]
    paths += ["/agreement", "/agreement?question=accepted", "/agreement/reviewers"]
    paths += ["/labels", "/labels/original@1", "/labels/diff?before=original@1&after=original@1"]
    for path in paths:
        check_page(page, path)
    assert complaints == []
    reviewer = visit("quillon", "", width=width, height=height, dark=dark)
    for path in ("/review", "/review/kinds"):
        check_page(reviewer, path)
    anonymous = visit("", width=width, height=height, dark=dark)
    check_page(anonymous, "/login")
    assert complaints == []


def test_the_demo_fits_at_the_smallest_size(visit: Visit, demo: None, complaints: list[str]) -> None:
    page = visit("ursula", "", width=1024, height=768)
    for path in ("/", "/mistakes", "/review"):
        check_page(page, path)
    stage = page.locator("form.screen:not([hidden]) [data-stage]").bounding_box()
    panel = page.locator("form.screen:not([hidden]) .panel").bounding_box()
    assert stage is not None
    assert panel is not None
    assert stage["width"] > 1024 * 0.55  # the image has the room
    assert stage["x"] + stage["width"] <= panel["x"] + 1
    assert complaints == []


def test_no_tab_is_cut_off_or_moves_to_the_next_page(visit: Visit) -> None:
    page = visit("ursula", "/", width=1024, height=768)
    tabs = page.locator(".tabs")
    places = [tab.bounding_box() for tab in tabs.locator("a").all()]
    assert tabs.evaluate("tabs => tabs.scrollWidth <= tabs.clientWidth")
    page.goto("/labels")
    assert [tab.bounding_box() for tab in tabs.locator("a").all()] == places


@pytest.mark.parametrize(("width", "keeps"), [(390, False), (1440, True)])
def test_a_photo_that_is_enlarged_twofold_keeps_its_pixels(
    visit: Visit, ws: Workspace, width: int, keeps: bool
) -> None:
    page = visit("ottilie", f"/items/{item_token(ws, 'main', 3)}", width=width, height=900)
    image = page.locator("[data-stage] img")
    expect(image).to_have_class("placed pixels" if keeps else "placed")
    box, room = image.bounding_box(), page.locator("[data-stage]").bounding_box()
    assert box is not None
    assert room is not None
    most = room["width"] - 2 * 24
    # The image is 160 wide: below twofold it fills the stage, else it is enlarged by the halves that fit.
    assert (most < 320) is not keeps
    assert box["width"] == pytest.approx(most // 80 * 80 if keeps else most)


def test_the_chart_is_drawn_and_tells_its_figures(visit: Visit, complaints: list[str]) -> None:
    page = visit("ursula", "/")
    expect(page.locator("[data-drawn]")).to_be_visible()
    before = page.locator("[data-plot]").bounding_box()
    expect(page.locator("[data-plot] svg text").filter(has_text="xylograph")).to_have_count(1)
    page.locator("[data-plot] svg path[aria-roledescription=point]").first.hover()
    tooltip = page.locator("#vg-tooltip-element.visible")
    expect(tooltip).to_contain_text("xylograph")
    expect(tooltip).to_contain_text("2 of 8")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    expect(page.locator("[data-plot] svg text").filter(has_text="xylograph")).to_have_count(1)
    assert page.locator("[data-plot]").bounding_box() == before
    assert complaints == []


def test_the_gallery_is_walked_by_arrows_and_filtered_at_once(visit: Visit, demo: None, complaints: list[str]) -> None:
    page = visit("ottilie", "/mistakes")
    tiles = page.locator("[data-tiles] a")
    expect(tiles).to_have_count(200)
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    columns = page.evaluate("[...document.querySelectorAll('[data-tiles] a')].indexOf(document.activeElement)") - 1
    assert columns > 3
    page.keyboard.press("ArrowUp")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/*")
    second = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != second)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(second)
    page.keyboard.press("Escape")
    page.wait_for_url("**/mistakes#*")
    expect(tiles.nth(1)).to_be_focused()
    page.select_option("#f-model", "k_nearest")
    page.wait_for_url(re.compile(r"/mistakes\?model=k_nearest$"))
    expect(page.locator("h1")).to_contain_text("36 mistakes")
    assert complaints == []


def test_a_damaged_image_has_a_tile_that_says_so(visit: Visit, ws: Workspace) -> None:
    (ws.folder / "media" / "img_3.png").write_bytes(b"<svg/>")
    page = visit("ottilie", "/mistakes")
    expect(page.locator(".picture.broken")).to_have_count(1)


def test_a_damaged_example_says_so_where_it_is_enlarged(visit: Visit, ws: Workspace) -> None:
    for item in (1, 2):  # examples of two classes
        (ws.folder / "media" / f"img_{item}.png").write_bytes(b"")
    page = visit("quillon", "/review")
    page.locator(".strip .picture.broken").first.click()
    expect(page.locator(".peek .missing")).to_have_text("This image cannot be shown.")
    expect(page.locator(".peek .caption")).to_contain_text("Example of")


def test_the_one_time_link_works_in_a_browser(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    for user in sorted(list_users(ws), key=lambda user: Role.ADMIN in user.roles):  # the last admin comes last
        disable_user(ws, user.name)
    page = visit("", f"/enter?token={make_link(ws)}")
    expect(page.locator(".lead")).to_contain_text("2 models")
    assert page.url.endswith("/")  # the token is gone from the address
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert complaints == []


def test_a_link_on_another_sites_page_leads_in(visit: Visit, url: str, complaints: list[str]) -> None:
    page = visit("ottilie")
    elsewhere = f"http://localhost:{url.rsplit(':', 1)[1]}/"  # another site than 127.0.0.1 to a browser
    page.route(
        elsewhere, lambda route: route.fulfill(body=f'<a href="{url}/labels">labels</a>', content_type="text/html")
    )
    page.goto(elsewhere)
    page.get_by_role("link", name="labels").click()
    expect(page.get_by_role("heading", name="Labels")).to_be_visible()
    assert complaints == []


def test_scripts_in_names_do_not_run(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    page = visit("<i>hostile & sons</i>")
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    expect(page.locator("form.screen:not([hidden]) [data-card][aria-current=true]")).to_be_visible()
    page.keyboard.press("+")
    page.keyboard.type("script")
    expect(page.get_by_role("option")).to_contain_text("<script>alert(1)</script>")
    assert alarms == []
    assert complaints == []
