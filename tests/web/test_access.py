"""Who may open what: the table is complete, and it is what the server does."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Route

from regrade.panel import Action
from regrade.records.users import Role
from regrade.web.access import ACCESS, find_actions
from regrade.web.app import create_app
from regrade.web.assets import static_address
from regrade.web.routes import MEDIA_ROUTES, ROUTERS
from regrade.web.sessions import cookie_name
from regrade.workflow.accounts import change_password, change_roles, disable_user, enable_user
from regrade.workflow.invitations import accept_invitation, renew_invitation
from regrade.workflow.media import item_token
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.tokens import make_token
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
ROUTES = sorted(
    (route.path, method)
    for route in (*MEDIA_ROUTES, *(route for router in ROUTERS for route in router.routes))
    if isinstance(route, Route | APIRoute)
    for method in (route.methods or set()) - {"HEAD"}
)
NAMES = {
    "reviewer": "quillon",
    "adjudicator": "ottilie",
    "admin": "ursula",
    "viewer": "violet",
    "proposer": "percival",
    "disabled": "zebedee",
    "nobody": "",
}
EVERYBODY = {"reviewer", "adjudicator", "admin", "viewer", "proposer", "disabled", "nobody"}
MEMBERS = {"reviewer", "adjudicator", "admin", "viewer", "proposer"}
OPEN_TO = {
    # Written down here a second time, on purpose: a slip in the table must not pass.
    "/login": EVERYBODY,
    "/enter": EVERYBODY,
    "/invitation": EVERYBODY,
    "/logout": MEMBERS,
    "/account": MEMBERS,
    "/account/password": MEMBERS,
    "/account/tokens": MEMBERS,
    "/account/tokens/revoke": MEMBERS,
    "/review": {"reviewer", "admin"},
    "/review/skip": {"reviewer", "admin"},
    "/review/undo": {"reviewer", "admin"},
    "/review/kinds": {"reviewer", "admin"},
    "/review/kinds/skip": {"reviewer", "admin"},
    "/review/kinds/undo": {"reviewer", "admin"},
    "/classes": {"reviewer", "adjudicator", "admin", "proposer"},
    "/review/past": {"reviewer", "admin"},
    "/review/past/{token}": {"reviewer", "admin"},
    "/discuss": {"reviewer", "adjudicator", "admin"},
    "/discuss/{pass_name}/{token}": {"reviewer", "adjudicator", "admin"},
    "/guide": {"reviewer", "adjudicator", "admin"},
    "/guide/{class_id}": {"reviewer", "adjudicator", "admin"},
    "/media/{token}": MEMBERS,
    "/media/{token}/thumb": MEMBERS,
    "/": {"adjudicator", "admin", "viewer"},
    "/chart.json": {"adjudicator", "admin", "viewer"},
    "/vega.js": {"adjudicator", "admin", "viewer"},
    "/mistakes": {"adjudicator", "admin", "viewer"},
    "/items/{token}": {"adjudicator", "admin", "viewer"},
    "/items/{token}/{pass_name}/reopen": {"adjudicator", "admin"},
    "/labels": {"adjudicator", "admin", "viewer"},
    "/labels/diff": {"adjudicator", "admin", "viewer"},
    "/labels/{ref}": {"adjudicator", "admin", "viewer"},
    "/adjudicate": {"adjudicator", "admin"},
    "/adjudicate/{pass_name}/{token}": {"adjudicator", "admin"},
    "/agreement": {"viewer", "adjudicator", "admin"},
    "/agreement/reviewers": {"viewer", "adjudicator", "admin"},
    "/publish": {"admin"},
    "/protocol": {"admin"},
    "/propose": {"proposer", "admin"},
    "/users": {"admin"},
    "/users/invite": {"admin"},
    "/users/link": {"admin"},
    "/users/roles": {"admin"},
    "/users/disable": {"admin"},
    "/users/enable": {"admin"},
}


def ask(client: httpx.Client, method: str, path: str, *, token: str) -> httpx.Response:
    """Ask for a route as a program does; what it holds in braces is filled in."""
    address = path.format(token=token, ref="original@1", pass_name="verdict", class_id="0")
    form: dict[str, str] | None = {} if method == "POST" else None
    return client.request(method, address, headers={"accept": "application/json"}, data=form)


def is_refused(answer: httpx.Response) -> bool:
    """Whether the table of access said no, and not the page."""
    codes = {"login_needed", "blind", "forbidden"}
    return answer.status_code in {401, 403} and answer.json()["error"]["code"] in codes


def test_every_route_is_in_the_table_and_the_table_holds_no_other() -> None:
    pages = {path for path in ACCESS if not path.startswith("/api/")}  # the API's part: tests/web/api/test_access.py
    assert {path for path, _ in ROUTES} | {"/static/{path:path}"} == pages
    assert set(OPEN_TO) | {"/static/{path:path}"} == pages
    assert all(isinstance(route, APIRoute) for router in ROUTERS for route in router.routes)


def test_the_application_has_no_route_beside_the_routers_and_the_static_files(ws: Workspace) -> None:
    paths = {str(getattr(route, "path", "")) for route in create_app(ws).routes}
    assert paths - {path for path, _ in ROUTES} <= {static_address(), ""}  # "": a router as a whole


@pytest.mark.parametrize("role", NAMES)
def test_every_route_opens_to_those_who_may_and_to_nobody_else(role: str, enter: Enter, ws: Workspace) -> None:
    client = enter(NAMES[role])
    if role == "disabled":
        disable_user(ws, NAMES[role])
    token = item_token(ws, "main", 0)
    for path, method in sorted(ROUTES, key=lambda route: route[0] == "/logout"):  # logging out comes last
        answer = ask(client, method, path, token=token)
        assert is_refused(answer) == (role not in OPEN_TO[path]), (role, method, path, answer.status_code)
        assert answer.status_code < 500, (role, method, path)


def test_a_token_opens_no_page(enter: Enter, ws: Workspace) -> None:
    """Tokens are for the API; a page goes by the cookie alone."""
    client = enter("")
    client.headers["authorization"] = f"Bearer {make_token(ws, 'ursula', 'notebook')}"
    token = item_token(ws, "main", 0)
    for path, method in ROUTES:
        assert is_refused(ask(client, method, path, token=token)) == ("nobody" not in OPEN_TO[path]), (method, path)


def test_a_token_of_the_api_is_no_session(enter: Enter, ws: Workspace) -> None:
    client = enter("")
    client.cookies.set(cookie_name(ws), make_token(ws, "ursula", "notebook"), domain="127.0.0.1", path="/")
    assert client.get("/users").status_code == 303


@pytest.mark.parametrize(
    "path", ["/docs", "/openapi.json", "/redoc", "/review/", "/items", "/.git/config", "/review//"]
)
def test_a_path_that_is_not_listed_does_not_exist(path: str, visitors: dict[str, httpx.Client]) -> None:
    assert {visitors[name].get(path).status_code for name in NAMES.values()} == {404}


def test_a_path_is_found_by_the_first_line_that_fits() -> None:
    assert find_actions("/labels/diff") == frozenset({Action.VIEW_RESULTS})
    assert find_actions("/publish") == frozenset({Action.PUBLISH})
    assert find_actions("/labels/original@1/x") is None


def test_nobody_is_sent_to_log_in_and_comes_back(visitors: dict[str, httpx.Client]) -> None:
    client = visitors[""]
    answer = client.get("/mistakes?model=x&status=open")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fmistakes%3Fmodel%3Dx%26status%3Dopen"


def test_a_script_without_session_is_told_so(visitors: dict[str, httpx.Client]) -> None:
    client = visitors[""]
    answer = client.post("/review", data={}, headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "login_needed"


def test_a_link_from_another_site_asks_once_more_from_a_page_of_ours(visitors: dict[str, httpx.Client]) -> None:
    client = visitors[""]
    first = client.get("/mistakes?query=%22%3E%3Cscript%3E", headers={"sec-fetch-site": "cross-site"})
    assert first.status_code == 200
    assert 'content="0;url=/mistakes?query=%22%3E%3Cscript%3E"' in first.text
    again = client.get("/mistakes", headers={"sec-fetch-site": "same-origin"})
    assert again.status_code == 303


def test_a_reviewer_is_told_why_a_page_stays_closed(visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["quillon"].get("/mistakes")
    assert answer.status_code == 403
    assert "You review blind" in answer.text
    assert 'href="/review"' in answer.text


CAUSES: dict[str, Callable[[Workspace, httpx.Client], object]] = {
    "disabled": lambda ws, _: disable_user(ws, "quillon"),
    "disabled and let in again": lambda ws, _: [act(ws, "quillon") for act in (disable_user, enable_user)],
    "password changed": lambda ws, _: change_password(ws, "quillon", "another long password"),
    "a new password by a link": lambda ws, _: accept_invitation(
        ws, renew_invitation(ws, "quillon").secret, "another long password", address="1"
    ),
    "logged out": lambda _, client: client.post("/logout"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_session_ends_at_once(cause: str, enter: Enter, ws: Workspace) -> None:
    client, cookie = enter("quillon"), cookie_name(ws)
    token = client.cookies[cookie]
    assert client.get("/review").status_code == 200
    CAUSES[cause](ws, client)
    client.cookies.set(cookie, token, domain="127.0.0.1", path="/")
    assert client.get("/review").status_code == 303


def test_other_roles_hold_from_the_next_request_on(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    assert (client.get("/review").status_code, client.get("/mistakes").status_code) == (200, 403)
    change_roles(ws, "quillon", [Role.VIEWER])
    assert (client.get("/review").status_code, client.get("/mistakes").status_code) == (403, 200)


BLINDS = ("blind_model", "blind_roles", "blind_peers", "blind_suggestions")


@pytest.mark.parametrize("left", BLINDS)
def test_the_results_stay_closed_to_reviewers_while_one_blind_is_on(
    left: str, enter: Enter, ws: Workspace, disputed: str
) -> None:
    """The page of an item alone holds everybody's answers."""
    client = enter("<i>hostile & sons</i>")
    addresses = (f"/items/{disputed}", "/mistakes", f"/api/v1/items/{disputed}", "/api/v1/decisions", "/agreement")
    edit_protocol(ws, dict.fromkeys(BLINDS, False) | {"reviewers": 3}, by="ursula", reason="open")
    assert {client.get(address).status_code for address in addresses} == {200}
    edit_protocol(ws, {left: True}, by="ursula", reason="one blind")
    assert {client.get(address).status_code for address in addresses} == {403}


def test_a_reviewer_who_became_a_viewer_under_an_open_protocol_is_blind_again(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    edit_protocol(ws, dict.fromkeys(BLINDS, False), by="ursula", reason="open")
    change_roles(ws, "quillon", [Role.REVIEWER, Role.VIEWER])
    assert client.get("/mistakes").status_code == 200
    edit_protocol(ws, {"blind_model": True}, by="ursula", reason="blind")
    assert client.get("/mistakes").status_code == 403
