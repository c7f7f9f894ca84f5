"""Who may ask for what: every route with every role, and nothing beside the table."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi.routing import APIRoute

from regrade.web.access import ACCESS
from regrade.web.api import API_ROUTERS
from regrade.web.api.document import router as document_router
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import PERSON

Ask = Callable[[str], httpx.Client]
ROUTES = sorted(
    (route.path, method)
    for router in (*API_ROUTERS, document_router)
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)
NAMES = {str(role): name for role, name in PERSON.items()} | {"nobody": ""}
REVIEW = {"reviewer", "admin"}
PANEL = {"reviewer", "adjudicator", "admin"}
RESULTS = {"adjudicator", "admin", "viewer"}
ALL = set(NAMES) - {"nobody"}
OPEN_TO = {
    # Written down here a second time, on purpose: a slip in the table must not pass.
    "/api/v1/openapi.json": ALL,
    "/api/v1/me": ALL,
    "/api/v1/taxonomy": ALL,
    "/api/v1/review/verdicts": REVIEW,
    "/api/v1/review/verdicts/screens/{screen}": REVIEW,
    "/api/v1/review/verdicts/undo": REVIEW,
    "/api/v1/review/kinds": REVIEW,
    "/api/v1/review/kinds/screens/{screen}": REVIEW,
    "/api/v1/review/kinds/undo": REVIEW,
    "/api/v1/review/screens/{screen}/skip": REVIEW,
    "/api/v1/review/past": REVIEW,
    "/api/v1/review/past/{token}": REVIEW,
    "/api/v1/discussions": PANEL,
    "/api/v1/discussions/{pass}/{token}": PANEL,
    "/api/v1/classes": PANEL | {"proposer"},
    "/api/v1/guide": PANEL,
    "/api/v1/guide/{class_id}": PANEL,
    "/api/v1/media/{token}": ALL,
    "/api/v1/overview": RESULTS,
    "/api/v1/models": RESULTS,
    "/api/v1/grades": RESULTS,
    "/api/v1/mistakes": RESULTS,
    "/api/v1/items/{token}": RESULTS,
    "/api/v1/decisions": RESULTS,
    "/api/v1/decisions/reopen": {"adjudicator", "admin"},
    "/api/v1/labels": RESULTS,
    "/api/v1/labels/diff": RESULTS,
    "/api/v1/labels/{ref}": RESULTS,
    "/api/v1/agreement": RESULTS,
    "/api/v1/agreement/contested": RESULTS,
    "/api/v1/reviewers": RESULTS,
    "/api/v1/disputes": {"adjudicator", "admin"},
    "/api/v1/disputes/{pass}/{token}": {"adjudicator", "admin"},
    "/api/v1/publication": {"admin"},
    "/api/v1/proposals": {"proposer", "admin"},
    "/api/v1/proposals/item": {"proposer", "admin"},
    "/api/v1/protocol": {"admin"},
    "/api/v1/users": {"admin"},
    "/api/v1/users/link": {"admin"},
    "/api/v1/users/roles": {"admin"},
    "/api/v1/users/disable": {"admin"},
    "/api/v1/users/enable": {"admin"},
    "/api/v1/tokens": ALL,
    "/api/v1/tokens/revoke": ALL,
}


def test_every_route_is_in_the_table_and_the_table_holds_no_other() -> None:
    assert {path for path, _ in ROUTES} == {path for path in ACCESS if path.startswith("/api/")}
    assert set(OPEN_TO) == {path for path, _ in ROUTES}
    assert all(isinstance(route, APIRoute) for router in API_ROUTERS for route in router.routes)


@pytest.mark.parametrize("role", NAMES)
def test_every_route_opens_to_those_who_may_and_to_nobody_else(role: str, ask: Ask, ws: Workspace) -> None:
    client = ask(NAMES[role])
    token = item_token(ws, "main", 0)
    for path, method in ROUTES:
        address = path.removeprefix("/api/v1")
        for name, value in {
            "token": token,
            "ref": "original@1",
            "pass": "verdict",
            "class_id": "0",
            "screen": "x",
        }.items():
            address = address.replace(f"{{{name}}}", value)
        answer = client.request(method, address, json={} if method == "POST" else None)
        refused = answer.status_code in {401, 403} and answer.json()["error"]["code"] in {
            "login_needed",
            "blind",
            "forbidden",
        }
        assert refused == (role not in OPEN_TO[path]), (role, method, path, answer.status_code)
        assert answer.status_code < 500, (role, method, path)


@pytest.mark.parametrize("path", ["", "/", "/docs", "/openapi.yaml", "/review", "/items", "/me/", "//me"])
def test_a_path_that_is_not_listed_does_not_exist(path: str, programs: dict[str, httpx.Client]) -> None:
    for name in ("", "ursula"):
        answer = programs[name].get(path, headers={"accept": "text/html"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), answer.request.url
