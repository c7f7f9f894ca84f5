"""The one place that turns errors into HTTP: status, code, the JSON shape, and the page that a person sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from regrade.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    RegradeError,
    StoreBusyError,
    StoreError,
)
from regrade.web.bearer import is_api
from regrade.web.pages import wants_html, write_page
from regrade.workflow.sessions import LoginError, TooManyAttemptsError

RETRY_SECONDS = {429: 60, 503: 2}
"""What `Retry-After` says."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as it leaves the server."""

    status: int
    code: str
    """One word that a program can tell the error by."""
    message: str
    remedy: str = ""
    title: str = ""
    """Heading of the page; empty: the one that goes with the status."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Where to go from the page: address by text."""


INTERNAL = Refusal(
    500,
    "internal",
    "Something went wrong here that should not have.",
    remedy="Try again; if it stays, give the number below to whoever runs this server: its log says more.",
)
NOT_FOUND = Refusal(404, "not_found", "There is no such page.", remedy="Go back, or start over from the first page.")
TITLES = {
    400: "That request makes no sense here",
    401: "Please log in",
    403: "Not yours to see",
    404: "Nothing here",
    405: "Not that way",
    409: "Somebody was there first",
    413: "Too large",
    415: "Not in that form",
    422: "That does not fit",
    429: "Too many attempts",
    500: "That went wrong",
    503: "Busy right now",
}
KINDS: tuple[tuple[type[RegradeError], int, str], ...] = (
    (TooManyAttemptsError, 429, "too_many_attempts"),
    (LoginError, 401, "login_failed"),
    (PermissionDeniedError, 403, "forbidden"),
    (NotFoundError, 404, "not_found"),
    (ConflictError, 409, "conflict"),
    (InputError, 422, "input"),
    (StoreBusyError, 503, "busy"),
    (StoreError, 503, "store"),
)
"""Status and code of every error of ours; the first that fits."""
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 415: "media_type"}
MAX_PLACES = 5
"""Places of a request that a message names."""


def describe(error: Exception) -> Refusal:
    """How an error leaves the server. What is no error of ours says nothing of what went on inside."""
    for kind, status, code in KINDS:
        if isinstance(error, kind):
            return Refusal(status, code, error.message, error.remedy)
    if isinstance(error, HTTPException):
        if error.status_code == NOT_FOUND.status:
            return NOT_FOUND
        return Refusal(error.status_code, HTTP_CODES.get(error.status_code, "http"), str(error.detail))
    if isinstance(error, RequestValidationError):
        return Refusal(422, "input", f"These parts of the request are missing or do not fit: {_list_places(error)}.")
    return INTERNAL


def _list_places(error: RequestValidationError) -> str:
    """Where in the request something does not fit, and what was expected there."""
    found = [f"{'.'.join(str(part)[:60] for part in row['loc'])} ({row['msg']})" for row in error.errors()]
    more = [f"and {len(found) - MAX_PLACES:,} more"] if len(found) > MAX_PLACES else []
    return ", ".join((*found[:MAX_PLACES], *more))


def _sendable(text: str) -> str:
    """The text with half characters, which JSON can smuggle in and UTF-8 cannot hold, written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def respond(refusal: Refusal, request: Request) -> Response:
    """The answer to a request that was refused: a page for a person, JSON for a program."""
    refusal = replace(refusal, message=_sendable(refusal.message))
    headers = retry_headers(refusal)
    if refusal.status == 401 and is_api(request.scope):
        headers["www-authenticate"] = "Bearer"
    if wants_html(request):
        title = refusal.title or TITLES.get(refusal.status, "That did not work")
        return write_page(request, "error.html", status=refusal.status, headers=headers, error=refusal, title=title)
    body = {
        "code": refusal.code,
        "message": refusal.message,
        "remedy": refusal.remedy,
        "request_id": getattr(request.state, "request_id", ""),
    }
    return JSONResponse({"error": body}, status_code=refusal.status, headers=headers)


def retry_headers(refusal: Refusal) -> dict[str, str]:
    """When to try again, where that can help."""
    return {"retry-after": str(RETRY_SECONDS[refusal.status])} if refusal.status in RETRY_SECONDS else {}


async def refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in place of the application (for middleware)."""
    await respond(refusal, Request(scope, receive))(scope, receive, send)


def add_error_handlers(app: FastAPI) -> None:
    """Let the application answer errors by this module."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(describe(error), request)

    for kind in (RegradeError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle)
