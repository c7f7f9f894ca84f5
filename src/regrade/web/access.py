"""Who may open what: one table of every path, and the middleware that denies everything else."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from regrade.errors import PermissionDeniedError, RegradeError
from regrade.panel import Action, may, require
from regrade.records.panel import Protocol
from regrade.records.users import Role, User
from regrade.web.bearer import read_bearer
from regrade.web.errors import NOT_FOUND, Refusal, describe, respond
from regrade.web.pages import wants_html, write_page
from regrade.web.sessions import client_address, read_session
from regrade.workflow.sessions import find_user, recall_user
from regrade.workflow.tokens import enter_by_token
from regrade.workflow.workspace import Workspace

PUBLIC: frozenset[Action] = frozenset()
"""Anybody may, logged in or not."""
LOGGED_IN = frozenset(Action)
"""Anybody with a role may."""
REVIEW = frozenset({Action.REVIEW})
RESULTS = frozenset({Action.VIEW_RESULTS})
ADJUDICATE = frozenset({Action.ADJUDICATE})
PANEL = frozenset({Action.VIEW_PANEL})
PUBLISH = frozenset({Action.PUBLISH})
PROTOCOL = frozenset({Action.EDIT_PROTOCOL})
PROPOSE = frozenset({Action.PROPOSE})
USERS = frozenset({Action.MANAGE_USERS})
MEDIA = frozenset({Action.VIEW_MEDIA})
DISCUSS = frozenset({Action.DISCUSS})

ACCESS: Mapping[str, frozenset[Action]] = {
    "/static/{path:path}": PUBLIC,
    "/login": PUBLIC,
    "/enter": PUBLIC,
    "/invitation": PUBLIC,
    "/logout": LOGGED_IN,
    "/api/v1/openapi.json": LOGGED_IN,
    "/api/v1/me": LOGGED_IN,
    "/api/v1/taxonomy": LOGGED_IN,
    "/api/v1/review/verdicts": REVIEW,
    "/api/v1/review/verdicts/screens/{screen}": REVIEW,
    "/api/v1/review/verdicts/undo": REVIEW,
    "/api/v1/review/kinds": REVIEW,
    "/api/v1/review/kinds/screens/{screen}": REVIEW,
    "/api/v1/review/kinds/undo": REVIEW,
    "/api/v1/review/screens/{screen}/skip": REVIEW,
    "/api/v1/review/past": REVIEW,
    "/api/v1/review/past/{token}": REVIEW,
    "/api/v1/discussions": DISCUSS,
    "/api/v1/discussions/{pass}/{token}": DISCUSS,
    "/api/v1/classes": REVIEW | ADJUDICATE | PROPOSE,
    "/api/v1/guide": DISCUSS,
    "/api/v1/guide/{class_id}": DISCUSS,
    "/api/v1/media/{token}": MEDIA,
    "/api/v1/overview": RESULTS,
    "/api/v1/models": RESULTS,
    "/api/v1/grades": RESULTS,
    "/api/v1/mistakes": RESULTS,
    "/api/v1/items/{token}": RESULTS,
    "/api/v1/decisions": RESULTS,
    "/api/v1/decisions/reopen": ADJUDICATE,
    "/api/v1/labels": RESULTS,
    "/api/v1/labels/diff": RESULTS,
    "/api/v1/labels/{ref}": RESULTS,
    "/api/v1/agreement": PANEL,
    "/api/v1/agreement/contested": PANEL,
    "/api/v1/reviewers": PANEL,
    "/api/v1/disputes": ADJUDICATE,
    "/api/v1/disputes/{pass}/{token}": ADJUDICATE,
    "/api/v1/publication": PUBLISH,
    "/api/v1/proposals": PROPOSE,
    "/api/v1/proposals/item": PROPOSE,
    "/api/v1/protocol": PROTOCOL,
    "/api/v1/users": USERS,
    "/api/v1/users/link": USERS,
    "/api/v1/users/roles": USERS,
    "/api/v1/users/disable": USERS,
    "/api/v1/users/enable": USERS,
    "/api/v1/tokens": LOGGED_IN,
    "/api/v1/tokens/revoke": LOGGED_IN,
    "/account": LOGGED_IN,
    "/account/password": LOGGED_IN,
    "/account/tokens": LOGGED_IN,
    "/account/tokens/revoke": LOGGED_IN,
    "/review": REVIEW,
    "/review/skip": REVIEW,
    "/review/undo": REVIEW,
    "/review/kinds": REVIEW,
    "/review/kinds/skip": REVIEW,
    "/review/kinds/undo": REVIEW,
    "/review/past": REVIEW,
    "/review/past/{token}": REVIEW,
    "/discuss": DISCUSS,
    "/discuss/{pass_name}/{token}": DISCUSS,
    "/classes": REVIEW | ADJUDICATE | PROPOSE,
    "/guide": DISCUSS,
    "/guide/{class_id}": DISCUSS,
    "/media/{token}": MEDIA,
    "/media/{token}/thumb": MEDIA,
    "/": RESULTS,
    "/chart.json": RESULTS,
    "/vega.js": RESULTS,
    "/mistakes": RESULTS,
    "/items/{token}": RESULTS,
    "/items/{token}/{pass_name}/reopen": ADJUDICATE,
    "/labels": RESULTS,
    "/labels/diff": RESULTS,
    "/labels/{ref}": RESULTS,
    "/adjudicate": ADJUDICATE,
    "/adjudicate/{pass_name}/{token}": ADJUDICATE,
    "/agreement": PANEL,
    "/agreement/reviewers": PANEL,
    "/publish": PUBLISH,
    "/protocol": PROTOCOL,
    "/propose": PROPOSE,
    "/users": USERS,
    "/users/invite": USERS,
    "/users/link": USERS,
    "/users/roles": USERS,
    "/users/disable": USERS,
    "/users/enable": USERS,
}
"""Which actions open a path: any one of them is enough. A path that is not here does not exist."""
_PATTERNS = tuple((compile_path(path)[0], actions) for path, actions in ACCESS.items())

BLINDEST = Protocol()
"""All that a protocol can hide is hidden."""

LOG_IN = Refusal(401, "login_needed", "You are not logged in, or your session has ended.", remedy="Log in again.")

BLIND = Refusal(
    403,
    "blind",
    "You review blind: this page would show what models said, or what others answered.",
    remedy="It stays closed to you so that your answers are your own.",
    title="Not for reviewers’ eyes",
    links={"Go on reviewing": "/review"},
)


def find_actions(path: str) -> frozenset[Action] | None:
    """The actions that open a path, by the first line of the table that fits; None: there is no such page."""
    return next((actions for pattern, actions in _PATTERNS if pattern.match(path)), None)


class AccessMiddleware:
    """Finds out who asks, and passes the request on only where the table says that they may."""

    def __init__(self, app: ASGIApp, *, workspace: Workspace) -> None:
        self.app = app
        self.workspace = workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave the user (or None) in `scope["state"]["user"]`; refuse with 401, 403 or 404."""
        if scope["type"] != "http":  # no websockets here; what starts and stops a server may pass
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        actions = find_actions(scope["path"])
        request.state.user = None
        try:
            answer = None if self._recall(request, actions) else await run_in_threadpool(self._admit, request, actions)
        except RegradeError as error:
            answer = respond(describe(error), request)
        await (answer or self.app)(scope, receive, send)

    def _recall(self, request: Request, actions: frozenset[Action] | None) -> bool:
        """Whether the user may open the page by what is known already, which takes no thread of its own."""
        token = read_session(request)
        if not actions or not token or read_bearer(request.scope) is not None:
            return False
        user = recall_user(self.workspace, token)
        if user is None or not _may_any(user, actions, BLINDEST):
            return False
        request.state.user = user
        return True

    def _admit(self, request: Request, actions: frozenset[Action] | None) -> Response | None:
        """Find out who asks; the answer in place of the page, None where the user may open it."""
        request.state.user = user = self._find_user(request)
        return self._refuse(request, user, actions)

    def _find_user(self, request: Request) -> User | None:
        """By the token where there is one, whatever the cookie says; None: nobody who is logged in."""
        if request.scope["path"].startswith("/static/"):
            return None
        bearer = read_bearer(request.scope)
        if bearer is not None:
            return enter_by_token(self.workspace, bearer, client_address(request))
        token = read_session(request)
        return find_user(self.workspace, token) if token else None

    def _refuse(self, request: Request, user: User | None, actions: frozenset[Action] | None) -> Response | None:
        """The answer in place of the page; None where the user may open it."""
        if actions is None:
            return respond(NOT_FOUND, request)
        if actions == PUBLIC:
            return None
        if user is None:
            return _ask_to_log_in(request)
        if _may_any(user, actions, BLINDEST):
            return None  # no protocol closes what the blindest leaves open: most requests need not look it up
        protocol = self.workspace.protocol
        return None if _may_any(user, actions, protocol) else respond(self._explain(user, actions, protocol), request)

    def _explain(self, user: User, actions: frozenset[Action], protocol: Protocol) -> Refusal:
        if Role.REVIEWER in user.roles and actions & (RESULTS | PANEL | ADJUDICATE):
            return BLIND
        try:
            require(user, min(actions), protocol=protocol)
        except PermissionDeniedError as error:
            return describe(error)
        raise AssertionError("a user who may do it was refused")


def _may_any(user: User, actions: frozenset[Action], protocol: Protocol) -> bool:
    return any(may(user, action, protocol=protocol) for action in actions)


def _ask_to_log_in(request: Request) -> Response:
    """To the log-in page and back; a script is told so by 401.

    A browser keeps the session's cookie (SameSite=Strict) back when another site's link led here. So it is made to ask
    once more by itself, from a page of ours; only if it has no cookie then either must the person log in.
    """
    if not wants_html(request) or request.method not in {"GET", "HEAD"}:
        return respond(LOG_IN, request)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        return write_page(request, "again.html", here=here)
    return RedirectResponse(f"/login?{urlencode({'next': here})}", status_code=303)
