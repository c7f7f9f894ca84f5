"""Refuse a change that another site's page asked for (CSRF): by Sec-Fetch-Site where sent, and by Origin."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from regrade.web.bearer import is_api, read_bearer
from regrade.web.errors import Refusal, refuse

SAFE_METHODS = frozenset({"GET", "HEAD"})


class OriginMiddleware:
    """Lets a request that may change something through only if a page of ours sent it, or a program with its token."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to an unsafe request that does not come from here, or does not say where it comes from."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not _may_change(scope):
            error = Refusal(
                403,
                "cross_site",
                "This request did not come from one of this server's own pages.",
                remedy="Reload the page and try again.",
            )
            await refuse(error, scope, receive, send)
            return
        await self.app(scope, receive, send)


def _may_change(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    # Without a cookie nobody's name can be misused: a program that forgot its token is told so further in.
    by_program = is_api(scope) and (read_bearer(scope) is not None or "cookie" not in headers)
    return by_program or is_own(headers)


def is_own(headers: Headers) -> bool:
    """Whether the headers prove that a page of this server sent the request.

    A browser sends Origin with every unsafe request, and Sec-Fetch-Site too where the connection is trustworthy.
    A request with neither proves nothing and is refused. The scheme of Origin is not compared: a proxy may speak
    https for us.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return site == "same-origin"
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and host == headers.get("host")
