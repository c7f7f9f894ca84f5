"""People in a real browser: invited, let in, given roles, put out; and a proposal from outside, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from regrade.records.users import Role, User
from regrade.workflow.accounts import list_users
from regrade.workflow.invitations import invite_user
from regrade.workflow.propose import list_proposals
from regrade.workflow.tokens import find_token_user
from regrade.workflow.workspace import Workspace
from tests.web.test_browser_pages import check_page

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
NEW = "a long new password"
TWO = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


def user_of(ws: Workspace, name: str) -> User:
    return next(user for user in list_users(ws) if user.name == name)


@pytest.mark.parametrize(("width", "height", "dark"), [(1440, 900, False), (1024, 768, True)], ids=["large", "small"])
def test_the_pages_about_people_are_sound(  # noqa: PLR0917 - fixtures
    width: int, height: int, dark: bool, visit: Visit, ws: Workspace, complaints: list[str]
) -> None:
    look = {"width": width, "height": height, "dark": dark}
    admin = visit("ursula", "", **look)
    for path in ("/users", "/users?change=quillon", "/users?change=ursula", "/account", "/propose"):
        check_page(admin, path)
    for name, paths in {
        "quillon": ["/account"],
        "violet": ["/", "/mistakes", "/labels", "/account"],
        "percival": ["/propose", "/propose?item=img_4.png", "/account"],
        "": [invite_user(ws, "mia", [Role.REVIEWER]).path],
    }.items():
        page = visit(name, "", **look)
        for path in paths:
            check_page(page, path)
    assert complaints == []


@TWO
def test_somebody_is_invited_and_changes_the_password(
    script: bool, visit: Visit, ws: Workspace, complaints: list[str]
) -> None:
    admin = visit("ursula", "/users", script=script)
    form = admin.locator("form.invite-form")
    form.get_by_label("Name").fill("mia")
    form.get_by_label("reviewer", exact=False).first.check()
    form.get_by_role("button", name="Make a link").click()
    link = admin.get_by_label("Link for mia").input_value()
    guest = visit("", link, script=script)
    expect(guest.get_by_label("You log in as")).to_have_value("mia")
    guest.get_by_label("Password, at least").fill(NEW)
    guest.get_by_label("The same again").fill(NEW)
    guest.keyboard.press("Enter")
    guest.wait_for_url("**/review")
    assert "token" not in guest.url
    guest.goto("/account")
    guest.get_by_label("Present password").fill(NEW)
    guest.get_by_label("New password").fill(NEW + "!")
    guest.get_by_label("The same again").fill(NEW + "!")
    guest.get_by_role("button", name="Change password").click()
    expect(guest.get_by_role("status")).to_contain_text("Your password is changed")
    guest.get_by_label("Name of a new one").fill("notebook")
    guest.get_by_role("button", name="Make a token").click()
    user = find_token_user(ws, guest.get_by_label("The token").input_value())
    assert user is not None
    assert user.name == "mia"
    assert complaints == []


def test_a_secret_is_copied_by_its_button(visit: Visit, complaints: list[str]) -> None:
    page = visit("ursula", "")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/account")
    page.get_by_label("Name of a new one").fill("notebook")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("The token").input_value()
    assert complaints == []


@TWO
def test_an_admin_changes_roles_and_puts_people_out(
    script: bool, visit: Visit, ws: Workspace, complaints: list[str]
) -> None:
    page, reviewer = visit("ursula", "/users", script=script), visit("quillon", script=script)
    page.get_by_role("link", name="Change quillon").click()
    row = page.locator("#change")
    row.get_by_role("checkbox", name="reviewer judges").uncheck()
    row.get_by_role("checkbox", name="viewer sees").check()
    row.get_by_role("button", name="Save roles").click()
    page.wait_for_url("**/users")
    assert user_of(ws, "quillon").roles == {Role.VIEWER}
    reviewer.goto("/mistakes")
    expect(reviewer.locator("h1")).to_contain_text("mistakes")
    page.get_by_role("link", name="Change quillon").click()
    page.get_by_role("button", name="Disable").click()
    page.wait_for_url("**/users")
    reviewer.goto("/mistakes")
    expect(reviewer.get_by_role("button", name="Log in")).to_be_visible()
    assert complaints == []


def test_a_class_is_proposed_by_keyboard(visit: Visit, ws: Workspace, complaints: list[str]) -> None:
    page = visit("percival")
    page.wait_for_url("**/propose")
    page.keyboard.type("img_4.png")  # the field has the focus
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("img_4.png")
    reason = page.get_by_label("Why?", exact=False)
    place = reason.bounding_box()
    page.keyboard.type("bu")
    expect(page.get_by_role("option")).to_have_text("bun k3 ")
    assert reason.bounding_box() == place  # what is found lies over the form and moves nothing
    page.keyboard.press("Enter")
    page.keyboard.type("Look at its crust.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".proposals li")).to_have_count(1)
    expect(page.locator(".proposals li")).to_contain_text("with the panel")
    (row,) = list_proposals(ws, user_of(ws, "percival"))
    assert (row.item_id, row.class_name, row.reason) == ("img_4.png", "bun", "Look at its crust.")
    assert complaints == []


def test_a_class_that_was_changed_by_hand_is_looked_up_anew(visit: Visit, ws: Workspace) -> None:
    """The id that the search put in the form must not outlive the name it stood for."""
    page = visit("percival", "/propose?item=img_4.png")
    page.keyboard.type("bu")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_label("What else does it show?").fill("no such class")
    page.get_by_label("Why?", exact=False).fill("why")
    page.get_by_role("button", name="Send to the panel").click()
    expect(page.get_by_role("alert")).to_contain_text("which is no class")
    expect(page.get_by_label("Why?", exact=False)).to_have_value("why")
    assert list_proposals(ws, user_of(ws, "percival")) == ()
