"""The OpenAPI document of the API, and the route that sends it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response

from regrade.panel.permissions import ALLOWED
from regrade.records.users import Role
from regrade.web.access import ACCESS
from regrade.web.api import API_ROUTERS
from regrade.web.api.routing import make_router

router = make_router("document")
TAGS = {
    "me": "Who asks, and the words that everybody needs.",
    "review": "Reviewing. What is sent here before an answer holds no model, no role and no colleague's answer, except "
    "where the protocol switches that blind off.",
    "classes": "Classes by name, and the guide that the panel writes.",
    "discussion": "What the panel says about items, and what became of those that one has answered.",
    "disputes": "What waits for an adjudicator.",
    "agreement": "How far reviewers agree, and how each of them does.",
    "grades": "What is known so far: models before and after the last version.",
    "mistakes": "The gallery of mistakes.",
    "items": "Items with all that is known of them, their images, and the decisions on them.",
    "labels": "Versions of the answer key, and publishing the next one.",
    "proposals": "Classes that somebody outside the panel says an item shows.",
    "protocol": "How the panel works.",
    "users": "Who takes part. Nobody can lock out the last admin.",
    "tokens": "Your own tokens.",
}
"""The groups of routes, in the order of the document."""
ROLES_KEY = "x-roles"
"""Lists in each operation the roles that it is open to."""


@router.get("/openapi.json", include_in_schema=False)
def send_document() -> Response:
    """The OpenAPI document."""
    return JSONResponse(make_document())


@cache
def make_document() -> dict[str, Any]:
    """The OpenAPI document: every route of the API, what it takes and sends, its errors, and who may use it."""
    document = get_openapi(
        title="regrade",
        version=version("regrade"),
        summary="What the pages do, as JSON.",
        routes=[route for group in API_ROUTERS for route in group.routes],
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    schemes = {"token": {"type": "http", "scheme": "bearer", "description": "A token of the user's own."}}
    document["components"]["securitySchemes"] = schemes
    document["security"] = [{"token": []}]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation[ROLES_KEY] = roles_of(path)
    return document


def roles_of(path: str) -> list[str]:
    """The roles that a path is open to, whatever the protocol says."""
    return [str(role) for role in Role if ALLOWED[role] & ACCESS[path]]
