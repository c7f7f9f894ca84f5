"""Made-up requests of every kind, as every role: no answer but the declared ones, and a sound workspace afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi import from_asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from regrade.records.users import Role
from regrade.store.health import list_damage
from regrade.web.api.document import ROLES_KEY
from regrade.web.app import create_app
from regrade.workflow.tokens import make_token
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import PERSON

Operation = APIOperation[Any, Any, Any, Any]
CHECKS = [
    content_type_conformance,
    missing_required_header,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
CLOSED = {401, 403, 429}
"""How those are answered who may not ask."""
BY_SESSION_ONLY = {"POST /api/v1/tokens"}
"""A token makes no other tokens: whoever has one, and nobody here has more, is refused."""


@pytest.mark.parametrize("role", [*Role, None])
def test_every_answer_is_declared_and_the_workspace_stays_sound(
    role: Role | None, disputed: str, ws: Workspace
) -> None:
    app = create_app(ws, hosts=["testserver"])
    headers = bearer(ws, role) if role else {}
    known = {"token": disputed, "ref": "original@1", "pass": "verdict", "class_id": 0}
    for operation in list_operations(app, bearer(ws, Role.ADMIN)):
        is_open = role in operation.definition.raw[ROLES_KEY] and operation.label not in BY_SESSION_ONLY
        statuses = probe(operation, headers, known, n_each=1 if is_open else 0)
        assert bool(statuses - CLOSED) == is_open, (operation.label, statuses)
    with ws.store.read() as tx:
        assert list_damage(tx) == ()  # the journal has no gap either


def bearer(ws: Workspace, role: Role) -> dict[str, str]:
    """The header with a new token of somebody in that role."""
    return {"authorization": f"Bearer {make_token(ws, PERSON[role], secrets.token_hex(4))}"}


def list_operations(app: ASGIApp, headers: Mapping[str, str]) -> list[Operation]:
    """The operations that an application's document declares."""
    document = from_asgi("/api/v1/openapi.json", app, headers=headers)
    return [operation for operations in document.values() for operation in operations.values()]


def probe(operation: Operation, headers: Mapping[str, str], known: Mapping[str, Any], *, n_each: int) -> set[int]:
    """Send requests that fit the document, some of them about things that there are, and some that do not fit.

    Args:
        operation: What is asked for.
        headers: Who asks.
        known: By name, parameters of paths that lead to something.
        n_each: How many of each kind; 0: one only.

    Returns:
        The statuses of the answers.

    Raises:
        FailureGroup: An answer is not as the document says.
    """
    statuses: set[int] = set()

    def send(case: Case[Any]) -> None:
        response = case.call(headers=dict(headers))
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    found = {row.name: known[row.name] for row in operation.path_parameters if row.name in known}
    kinds = [(operation.as_strategy(path_parameters=found), n_each or 1)]
    if n_each:
        kinds += [(operation.as_strategy(), n_each), (operation.as_strategy(GenerationMode.NEGATIVE), 2 * n_each)]
    for strategy, n_examples in kinds:
        bounds = settings(
            max_examples=n_examples,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        bounds(given(case=strategy)(send))()
    return statuses


def broken_app() -> FastAPI:
    """Routes that do not do what their document says."""
    app = FastAPI(openapi_url="/api/v1/openapi.json")

    @app.get("/internal")
    def answer_that_it_failed() -> Any:
        return JSONResponse({"detail": "it failed"}, status_code=500)

    @app.get("/undeclared")
    def answer_with_a_status_of_its_own() -> Any:
        return JSONResponse({}, status_code=418)

    @app.get("/shapeless", responses={200: {"model": int}})
    def answer_in_another_shape() -> Any:
        return JSONResponse("a word")

    return app


def test_a_route_that_breaks_its_word_is_caught() -> None:
    for operation in list_operations(broken_app(), {}):
        with pytest.raises(FailureGroup):
            probe(operation, {}, {}, n_each=1)
