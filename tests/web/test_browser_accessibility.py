"""axe-core finds no serious fault on any page, light or dark, nor in what opens on them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute
from playwright.sync_api import Page, expect

from regrade.records.users import Role
from regrade.web.routes import ROUTERS
from regrade.workflow.accounts import list_users
from regrade.workflow.invitations import invite_user
from regrade.workflow.media import item_token
from regrade.workflow.propose import propose_class
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import set_protocol

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Enter = Callable[[str], httpx.Client]
CURRENT = "form.screen:not([hidden]) [data-card][aria-current=true]"
PATHS = sorted(
    {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
)
NO_PAGES = {"/chart.json", "/classes", "/enter", "/media/{token}", "/media/{token}/thumb", "/vega.js"}
"""What a browser does not show by itself, or only leads on."""


def faults(page: Page) -> list[str]:
    """Serious and critical violations, with the first element of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {row['id']}: {row['nodes'][0]['html'][:120]}"
        for row in found
        if row["impact"] in {"serious", "critical"}
    ]


@pytest.fixture
def worked(enter: Enter, ws: Workspace, disputed: str) -> str:
    """The panel has answered, flagged and commented; the disputed item's token."""
    set_protocol(ws, reveal=True)
    enter("ottilie").post(f"/discuss/verdict/{disputed}", data={"text": "What is it?", "key": "c"})
    enter("quillon").post("/guide/0", data={"text": "It has a hole.", "base": "0", "key": "g"})
    return disputed


@pytest.fixture
def finished(enter: Enter, ws: Workspace, worked: str) -> str:
    """Both reviewers have answered the second pass, too; the token of an item that is settled by that."""
    for name in ("quillon", "zebedee"):
        client = enter(name)
        while '<form class="screen"' in (page := client.get("/review/kinds").text):
            form = page[page.index('<form class="screen"') :]
            class_id = re.findall(r'name="category-(\d+)"', form)[0]
            fields = {"screen": re.findall(r'name="screen" value="([^"]+)"', form)[0], "key": secrets.token_hex(16)}
            fields |= {f"category-{class_id}": "fine-grained", f"severity-{class_id}": "minor"}
            assert client.post("/review/kinds", data=fields).status_code == 303
    return item_token(ws, "main", 7)


DARK = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@DARK
def test_no_page_has_a_serious_fault(
    *, dark: bool, visit: Visit, ws: Workspace, worked: str, finished: str, train: Callable[[], None]
) -> None:
    train()
    visitors = {name: visit(name, "", dark=dark) for name in ("ursula", "quillon", "")}
    values = {"ref": "original@1", "class_id": "0", "pass_name": "verdict"}
    invitation = invite_user(ws, "guest", [Role.VIEWER]).path
    addresses = {"/labels/diff": "/labels/diff?before=original@1&after=original@1", "/invitation": invitation}
    found = []
    for path in PATHS:
        if path not in NO_PAGES:
            is_open = path in {"/login", "/invitation"}
            page = visitors["" if is_open else "quillon" if path.startswith("/review") else "ursula"]
            token = finished if path == "/review/past/{token}" else worked
            answer = page.goto(addresses.get(path, path.format(**values, token=token)))
            assert answer is not None
            assert answer.status == 200, path
            found += faults(page)
    assert found == []


@DARK
def test_the_review_page_has_none_in_any_state(dark: bool, visit: Visit, enter: Enter, ws: Workspace) -> None:
    set_protocol(ws, reveal=True)
    enter("quillon").post("/guide/0", data={"text": "It has a hole.", "base": "0", "key": "g"})
    page = visit("zebedee", dark=dark)
    expect(page.locator(CURRENT)).to_be_visible()
    found = faults(page)
    page.keyboard.press("1")
    page.keyboard.press("n")
    page.keyboard.type("a word")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    found += faults(page)
    page.keyboard.press("4")
    expect(page.locator(".ask")).to_be_visible()
    found += faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found += faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("+")
    page.keyboard.type("b")
    expect(page.get_by_role("option").first).to_be_visible()
    found += faults(page)
    page.keyboard.press("Enter")
    found += faults(page)
    page.keyboard.press("g")
    expect(page.locator("#guide textarea")).to_be_visible()
    found += faults(page)
    assert found == []


@DARK
def test_what_a_blind_that_is_off_shows_has_none(dark: bool, visit: Visit, enter: Enter, ws: Workspace) -> None:
    set_protocol(ws, blind_roles=False, blind_model=False, blind_peers=False, blind_suggestions=False)
    percival = next(user for user in list_users(ws) if user.name == "percival")
    propose_class(ws, percival, "img_0.png", 3, "look at the crust", key="k")
    peer = enter("zebedee")
    while '<form class="screen"' in (page := peer.get("/review").text):
        form = page[page.index('<form class="screen"') :].split("</form>")[0]
        fields = {"screen": re.findall(r'name="screen" value="([^"]+)"', form)[0], "key": secrets.token_hex(16)}
        fields |= dict.fromkeys(re.findall(r'name="(verdict-\d+)"', form), "unclear")
        assert peer.post("/review", data=fields).status_code == 303
    shown = visit("quillon", "/review", dark=dark)
    while "look at the crust" not in shown.locator("form.screen:not([hidden])").inner_text():
        shown.keyboard.press("s")
    expect(shown.locator("form.screen:not([hidden]) .sight").first).to_be_visible()
    assert faults(shown) == []


@DARK
def test_the_second_pass_has_none(dark: bool, visit: Visit, worked: str) -> None:
    page = visit("quillon", "/review/kinds", dark=dark)
    expect(page.locator(CURRENT)).to_be_visible()
    assert faults(page) == []


def test_a_planted_fault_is_found(visit: Visit) -> None:
    page = visit("quillon")
    assert faults(page) == []
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('beforeend', '<input><img src=x>')")
    assert [fault.split(" ")[1] for fault in faults(page)] == ["image-alt:", "label:"]
