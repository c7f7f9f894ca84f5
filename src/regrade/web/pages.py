"""Renders templates: one environment, everything escaped, and what every page's frame needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from regrade.errors import NotFoundError
from regrade.panel import Action, may
from regrade.records.users import User
from regrade.web.bearer import is_api
from regrade.web.filters import FILTERS
from regrade.web.grades import change
from regrade.web.images import image_size
from regrade.workflow.guide import N_AT_ONCE
from regrade.workflow.labels import resolve_labels
from regrade.workflow.workspace import Workspace

TEMPLATES = Path(__file__).parent / "templates"


class Render(Protocol):
    """Renders a page in answer to one request."""

    def __call__(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: object
    ) -> Response:
        """The page; `context` is what its template asks for."""


def make_environment(ws: Workspace, static: str) -> Environment:
    """The template environment: autoescape on for every file, an unknown name is an error.

    Args:
        ws: The workspace whose pages these are.
        static: Where the static files are served, with their digest.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # it would look at every file for every page
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals |= {
        "static": static,
        "new_key": lambda: uuid4().hex,
        "image_size": partial(image_size, ws),
        "vega_version": version("vl-convert-python"),
        "change": change,
        "n_at_once": N_AT_ONCE,
    }
    return environment


def write_page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> Response:
    """Render a template in its frame: who is logged in, what they may open, which workspace this is."""
    environment: Environment = request.app.state.templates
    ws: Workspace = request.app.state.workspace
    user: User | None = getattr(request.state, "user", None)
    frame: dict[str, Any] = {
        "request_id": getattr(request.state, "request_id", ""),
        "path": request.url.path,
        "site": ws.settings.name,
        "user": user,
        "may": _permissions(ws, user),
        "labels_ref": lambda: _find_labels(ws),
    }
    html = environment.get_template(template).render(frame | context)
    return HTMLResponse(html, status_code=status, headers=dict(headers or {}))


def bind_page(request: Request) -> Render:
    """`write_page` for one request."""
    return partial(write_page, request)


def wants_html(request: Request) -> bool:
    """Whether a person's browser asks for a page (a script of ours asks for JSON, an image tag for images)."""
    return "text/html" in request.headers.get("accept", "") and not is_api(request.scope)


def _find_labels(ws: Workspace) -> str:
    """`NAME@N` of the labels in force; empty where there are none yet, which keeps nobody from what needs none."""
    try:
        return resolve_labels(ws).ref
    except NotFoundError:
        return ""


def _permissions(ws: Workspace, user: User | None) -> Callable[[str], bool]:
    """For templates: whether the user may do the action of that name."""
    if user is None:
        return lambda _: False
    protocol = ws.protocol
    return lambda name: may(user, Action[name], protocol=protocol)
