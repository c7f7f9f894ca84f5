"""The session cookie: its name, how it is set, read and cleared. What it stands for is kept on the server."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from regrade.workflow.sessions import SESSION_TIME, log_out
from regrade.workflow.workspace import Workspace


def read_session(request: Request) -> str | None:
    """The session token that the browser sent; None if it sent none."""
    return request.cookies.get(cookie_name(request.app.state.workspace)) or None


def client_address(request: Request) -> str:
    """Where the request comes from, by which failures to enter are counted."""
    return request.client.host if request.client else ""


def set_session(request: Request, response: Response, token: str) -> None:
    """Let the browser keep a session: out of reach of scripts, and never sent along by another site's page."""
    response.set_cookie(
        cookie_name(request.app.state.workspace),
        token,
        max_age=int(SESSION_TIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def end_old_session(request: Request, ws: Workspace) -> None:
    """End the session that the browser came with, if there is one: whoever enters gets a new one."""
    old = read_session(request)
    if old:
        log_out(ws, old)


def clear_session(request: Request, response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(cookie_name(request.app.state.workspace), path="/", httponly=True, samesite="strict")


def cookie_name(ws: Workspace) -> str:
    """A name of the workspace's own: browsers do not keep the cookies of two ports of one host apart."""
    return f"regrade_{hashlib.blake2b(ws.store.secret()[:64], digest_size=4, person=b'cookie').hexdigest()}"
