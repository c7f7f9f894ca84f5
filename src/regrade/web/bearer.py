"""The API's own way in: a token in the Authorization header, in place of the session's cookie."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

API = "/api/"


def is_api(scope: Scope) -> bool:
    """Whether a program is spoken to: no pages, no redirects, JSON whatever the request says it accepts."""
    path: str = scope.get("path", "")
    return path.startswith(API)


def read_bearer(scope: Scope) -> str | None:
    """The token that a request to the API carries; None: it carries none, and the session's cookie counts.

    Another site's page cannot make a browser send one: with that header the browser asks us first, and we never allow
    it. A request with a token is therefore judged by the token alone.

    Returns:
        The token, which may be none that we gave; "" if there are several, or nothing behind the word Bearer.
    """
    if not is_api(scope):
        return None
    found = [text.partition(" ") for text in Headers(scope=scope).getlist("authorization")]
    tokens = [token.strip() for scheme, _, token in found if scheme.strip().lower() == "bearer"]
    if not tokens:
        return None
    return tokens[0] if len(found) == 1 else ""
