"""Who may open what: the table is complete, and it is what the server does."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi.routing import APIRoute

from regrade.panel import Action
from regrade.web.access import ACCESS, find_actions
from regrade.web.app import create_app
from regrade.web.assets import static_address
from regrade.web.routes import ROUTERS
from regrade.workflow.accounts import change_password, disable_user
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
ROUTES = sorted(
    (route.path, method)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)
NAMES = {"reviewer": "quillon", "adjudicator": "ottilie", "admin": "ursula", "nobody": ""}
OPEN_TO = {
    # Written down here a second time, on purpose: a slip in the table must not pass.
    "/login": {"nobody", "reviewer", "adjudicator", "admin"},
    "/enter": {"nobody", "reviewer", "adjudicator", "admin"},
    "/logout": {"reviewer", "adjudicator", "admin"},
    "/review": {"reviewer", "admin"},
    "/review/skip": {"reviewer", "admin"},
    "/review/undo": {"reviewer", "admin"},
    "/review/kinds": {"reviewer", "admin"},
    "/review/kinds/skip": {"reviewer", "admin"},
    "/review/kinds/undo": {"reviewer", "admin"},
    "/classes": {"reviewer", "adjudicator", "admin"},
    "/review/past": {"reviewer", "admin"},
    "/review/past/{token}": {"reviewer", "admin"},
    "/discuss": {"reviewer", "adjudicator", "admin"},
    "/discuss/{pass_name}/{token}": {"reviewer", "adjudicator", "admin"},
    "/guide": {"reviewer", "adjudicator", "admin"},
    "/guide/{class_id}": {"reviewer", "adjudicator", "admin"},
    "/media/{token}": {"reviewer", "adjudicator", "admin"},
    "/media/{token}/thumb": {"reviewer", "adjudicator", "admin"},
    "/": {"adjudicator", "admin"},
    "/chart.json": {"adjudicator", "admin"},
    "/vega.js": {"adjudicator", "admin"},
    "/mistakes": {"adjudicator", "admin"},
    "/items/{token}": {"adjudicator", "admin"},
    "/labels": {"adjudicator", "admin"},
    "/labels/diff": {"adjudicator", "admin"},
    "/labels/{ref}": {"adjudicator", "admin"},
    "/adjudicate": {"adjudicator", "admin"},
    "/adjudicate/{pass_name}/{token}": {"adjudicator", "admin"},
    "/publish": {"admin"},
    "/protocol": {"admin"},
}


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
    token = item_token(ws, "main", 0)
    for path, method in sorted(ROUTES, key=lambda route: route[0] == "/logout"):  # logging out comes last
        address = path.format(token=token, ref="original@1", pass_name="verdict", class_id="0")
        answer = client.request(
            method, address, headers={"accept": "application/json"}, data={} if method == "POST" else None
        )
        refused = answer.status_code in {401, 403} and answer.json()["error"]["code"] in {
            "login_needed",
            "blind",
            "forbidden",
        }
        assert refused == (role not in OPEN_TO[path]), (role, method, path, answer.status_code)
        assert answer.status_code < 500, (role, method, path)


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


@pytest.mark.parametrize("cause", ["disabled", "password changed"])
def test_a_session_ends_at_once_with_its_user(cause: str, enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    assert client.get("/review").status_code == 200
    if cause == "disabled":
        disable_user(ws, "quillon")
    else:
        change_password(ws, "quillon", "another long password")
    assert client.get("/review").status_code == 303
