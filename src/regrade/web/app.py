"""Puts the web application together."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI

from regrade.web.access import AccessMiddleware
from regrade.web.api import API_ROUTERS
from regrade.web.api.document import router as document_router
from regrade.web.assets import STATIC, ForeverFiles, static_address
from regrade.web.errors import add_error_handlers
from regrade.web.middleware.bodies import BodyMiddleware
from regrade.web.middleware.edge import EdgeMiddleware
from regrade.web.middleware.headers import HeaderMiddleware
from regrade.web.middleware.hosts import LOOPBACK_HOSTS, HostMiddleware
from regrade.web.middleware.origins import OriginMiddleware
from regrade.web.pages import make_environment
from regrade.web.routes import MEDIA_ROUTES, ROUTERS
from regrade.workflow.workspace import Workspace


def create_app(workspace: Workspace, *, hosts: Iterable[str] = (), addresses: bool = False) -> FastAPI:
    """The pages of one workspace.

    Args:
        workspace: Open; the caller closes it.
        hosts: Host names that the server answers to beside those of the loopback.
        addresses: Whether it answers to any IP address as its host (where it listens on a network).

    Returns:
        An ASGI application. The API describes itself at /api/v1/openapi.json.
    """
    app = FastAPI(title="regrade", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.workspace = workspace
    app.state.templates = make_environment(workspace, static_address())
    # Routes are tried one after the other: what is asked for most stands first.
    app.mount(static_address(), ForeverFiles(STATIC), name="static")
    app.router.routes.extend(MEDIA_ROUTES)
    for router in (*ROUTERS, *API_ROUTERS, document_router):
        app.include_router(router)
    add_error_handlers(app)
    # The last one added is the outermost.
    app.add_middleware(AccessMiddleware, workspace=workspace)
    app.add_middleware(BodyMiddleware)
    app.add_middleware(OriginMiddleware)
    app.add_middleware(HostMiddleware, names=LOOPBACK_HOSTS | set(hosts), addresses=addresses)
    app.add_middleware(EdgeMiddleware)
    app.add_middleware(HeaderMiddleware)
    return app
