"""Routes of the API: what each of them is strict about, and how its refusals are declared."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cached_property
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from regrade.errors import InputError
from regrade.formats.json_text import parse_json
from regrade.web.schemas.errors import ErrorOut

PREFIX = "/api/v1"
JSON_TYPE = "application/json"
MAX_DEPTH = 16
"""Levels of lists and objects in a body; what routes read has at most three."""
REFUSALS: Mapping[int, str] = {
    401: "No session or token, or one that has ended.",
    403: "Not open to this user's roles, or sent by another site's page.",
    404: "There is no such thing.",
    409: "Somebody was there first, or the key was used for another request.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "The request does not fit; the message says what was expected and what came.",
    429: "Too many tokens that are none came from this address; `Retry-After` says when to come back.",
    503: "The workspace is busy or cannot be written to; `Retry-After` says when to come back.",
}
"""Every status of an error, with what it means."""
ALWAYS = (401, 403, 422, 429, 503)
"""Any request may be answered by these."""


def declare(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's `responses` say of its errors; those that any request may meet are always among them."""
    return {status: {"model": ErrorOut, "description": REFUSALS[status]} for status in sorted({*ALWAYS, *statuses})}


class ApiRoute(APIRoute):
    """A route that reads query parameters of its own only, each once, and no body but strict JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler behind the checks."""
        handle = super().get_route_handler()
        has_body = self.body_field is not None

        async def handle_strictly(request: Request) -> Response:
            self._check_query(request)
            if has_body:
                await check_body(request)
            return await handle(request)

        return handle_strictly

    @cached_property
    def _may_repeat(self) -> dict[str, bool]:
        """The names of the query parameters, and whether each may stand there several times."""
        document = get_openapi(title="", version="", routes=[self])
        (operation,) = document["paths"][self.path_format].values()
        declared = [row for row in operation.get("parameters", ()) if row["in"] == "query"]
        return {row["name"]: row["schema"].get("type") == "array" for row in declared}

    def _check_query(self, request: Request) -> None:
        """Raise InputError for a parameter that would be passed over: a misspelled filter must not filter nothing."""
        names = [name for name, _ in request.query_params.multi_items()]
        for name in names:
            if name not in self._may_repeat:
                known = ", ".join(self._may_repeat) or "none at all"
                raise InputError(f"query parameters out of {known}", got=repr(name[:80]))
            if names.count(name) > 1 and not self._may_repeat[name]:
                raise InputError(f"the query parameter {name} once", got=f"{names.count(name)} of it")


async def check_body(request: Request) -> None:
    """Raise unless the body is sent as JSON, and is: no key twice, no NaN, no NUL, no nesting without end.

    Raises:
        HTTPException: 415, it is sent as something else.
        InputError: It is no strict JSON.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON_TYPE:
        raise HTTPException(415, f"Expected a body of JSON, with the content type {JSON_TYPE}.")
    level = [parse_json(await request.body(), "body")]
    for _ in range(MAX_DEPTH):
        if any(isinstance(part, str) and "\0" in part for part in level):
            raise InputError("plain text", got="one with a NUL", where="body", remedy="Type it again.")
        level = [child for part in level for child in _children(part)]
    if level:
        raise InputError(f"lists and objects at most {MAX_DEPTH} deep", got="some nested too deep", where="body")


def _children(part: object) -> Iterable[object]:
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, list) else ()


def make_router(tag: str) -> APIRouter:
    """A router for one group of routes.

    Args:
        tag: Heading of the group in the document.
    """
    return APIRouter(
        prefix=PREFIX, tags=[tag], route_class=ApiRoute, generate_unique_id_function=lambda route: route.name
    )
