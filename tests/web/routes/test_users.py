"""The users page: who is there, and what an admin may change."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from regrade.records.users import Role
from regrade.workflow.accounts import disable_user, list_accounts
from regrade.workflow.sessions import LoginError, log_in
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]


def account(ws: Workspace, name: str) -> tuple[str, set[str]]:
    """State and roles of a user."""
    row = next(row for row in list_accounts(ws) if row.user.name == name)
    return row.state, set(row.user.roles)


def rows_of(page: str) -> dict[str, str]:
    """The text of each row of the list, by name."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.split(r"<tr", body)[1:]]
    return {row.partition("> ")[2].split()[0]: row.partition("> ")[2] for row in rows}


def test_the_list_tells_roles_state_and_screens(visitors: dict[str, httpx.Client]) -> None:
    assert ">Screens</th>" in visitors["ursula"].get("/users").text
    rows = rows_of(visitors["ursula"].get("/users").text)
    assert rows["quillon"].startswith("quillon reviewer active ")
    assert rows["violet"].startswith("violet viewer active ")
    assert rows["ursula"].startswith("ursula you admin active ")
    assert rows["quillon"].endswith(" 0 Change")
    assert "&lt;i&gt;hostile &amp; sons&lt;/i&gt;" in visitors["ursula"].get("/users").text


def test_somebody_is_invited_and_comes_in(enter: Enter, ws: Workspace, url: str) -> None:
    admin = enter("ursula")
    answer = admin.post("/users/invite", data={"name": "mia", "role-reviewer": "1", "role-proposer": "1"})
    assert answer.status_code == 200
    (link,) = re.findall(r'value="(http[^"]+)"', answer.text)
    assert link.startswith(f"{url}/invitation?token=")
    assert account(ws, "mia") == ("invited", {Role.REVIEWER, Role.PROPOSER})
    assert link not in admin.get("/users").text  # shown once
    guest = enter("")
    form = guest.get(link)
    assert 'value="mia"' in form.text
    fields = {"token": link.partition("=")[2], "password": "a long password", "again": "a long password"}
    entered = guest.post("/invitation", data=fields)
    assert (entered.status_code, entered.headers["location"]) == (303, "/login")
    assert guest.get("/review").status_code == 200
    assert account(ws, "mia")[0] == "active"


def test_behind_a_proxy_the_link_is_the_proxys(enter: Enter, url: str) -> None:
    host = url.removeprefix("http://")
    answer = enter("ursula").post(
        "/users/invite", data={"name": "mia", "role-viewer": "1"}, headers={"origin": f"https://{host}"}
    )
    assert f'value="https://{host}/invitation?token=' in answer.text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"name": "mia"}, 422, "Expected at least one role"),
        ({"name": "", "role-viewer": "1"}, 422, "Expected a name of 1 to 100"),
        ({"name": "Quillon", "role-viewer": "1"}, 409, "The name Quillon is taken (by quillon)"),
        ({"name": "mia", "role-viewer": "1", "role-reviewer": "1"}, 422, "Expected a viewer or a reviewer; got both"),
        ({"name": "<script>", "role-boss": "1"}, 422, "Expected at least one role"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_form(
    enter: Enter, ws: Workspace, fields: dict[str, str], status: int, words: str
) -> None:
    n_before = len(list_accounts(ws))
    answer = enter("ursula").post("/users/invite", data=fields)
    assert answer.status_code == status
    assert words in answer.text
    assert "<script>" not in answer.text
    assert ('name="role-viewer" value="1" checked' in answer.text) == ("role-viewer" in fields)  # as it was filled in
    assert len(list_accounts(ws)) == n_before


def test_roles_change_and_users_go_and_come_back(enter: Enter, ws: Workspace) -> None:
    admin = enter("ursula")
    page = admin.get("/users", params={"change": "quillon"}).text
    assert 'name="role-reviewer" value="1" checked' in page
    changed = admin.post("/users/roles", data={"name": "quillon", "role-viewer": "1"})
    assert (changed.status_code, changed.headers["location"]) == (303, "/users")
    assert account(ws, "quillon") == ("active", {Role.VIEWER})
    admin.post("/users/disable", data={"name": "quillon"})
    assert account(ws, "quillon")[0] == "disabled"
    assert "Let in again" in admin.get("/users", params={"change": "quillon"}).text
    admin.post("/users/enable", data={"name": "quillon"})
    assert account(ws, "quillon")[0] == "active"


def test_the_last_admin_cannot_go(enter: Enter, ws: Workspace) -> None:
    admin = enter("ursula")
    for path, more in (("/users/disable", {}), ("/users/roles", {"role-reviewer": "1"})):
        answer = admin.post(path, data={"name": "ursula", **more})
        assert answer.status_code == 409
        assert "Nobody would be left who may manage users." in answer.text
        assert 'id="change"' in answer.text  # the row is still open
    assert account(ws, "ursula") == ("active", {Role.ADMIN})
    assert admin.get("/users").status_code == 200


def test_who_forgot_the_password_gets_a_link(enter: Enter, ws: Workspace, password: str) -> None:
    admin = enter("ursula")
    answer = admin.post("/users/link", data={"name": "quillon"})
    (token,) = re.findall(r"token=([\w-]{43})", answer.text)
    assert log_in(ws, "quillon", password, "elsewhere")  # until the link is used
    guest = enter("")
    guest.post("/invitation", data={"token": token, "password": "another long one", "again": "another long one"})
    with pytest.raises(LoginError, match="do not match"):
        log_in(ws, "quillon", password, "elsewhere")
    disable_user(ws, "zebedee")
    refused = admin.post("/users/link", data={"name": "zebedee"})
    assert (refused.status_code, "zebedee is disabled." in refused.text) == (409, True)


def test_a_name_that_is_none_is_not_found(enter: Enter) -> None:
    admin = enter("ursula")
    for path in ("/users/link", "/users/roles", "/users/disable", "/users/enable"):
        assert admin.post(path, data={"name": "eve", "role-viewer": "1"}).status_code == 404
        assert admin.post(path, data={"role-viewer": "1"}).status_code == 422
    assert admin.get("/users?change=eve").status_code == 200
