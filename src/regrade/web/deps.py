"""What routes ask for, as annotated aliases.

They are all coroutines: each one that is not would be run in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from regrade.errors import InputError
from regrade.records.users import User
from regrade.web.pages import Render, bind_page
from regrade.workflow.workspace import Workspace

MAX_FIELDS = 500
"""Fields of a form: a screen has at most some hundred."""
FORM_TYPE = "application/x-www-form-urlencoded"


async def get_workspace(request: Request) -> Workspace:
    """The workspace that is served."""
    workspace: Workspace = request.app.state.workspace
    return workspace


async def get_user(request: Request) -> User:
    """Who asks. Only for paths that are not public: the access table has seen to it that there is somebody."""
    user: User = request.state.user
    return user


async def read_fields(request: Request) -> Mapping[str, str]:
    """The fields of a form, as a page or its script sends it.

    Raises:
        HTTPException: 415, the body is no form.
        InputError: It is no UTF-8, has too many fields or one of them twice, or holds a NUL.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise HTTPException(415, f"Expected a form ({FORM_TYPE}).")
    try:
        text = (await request.body()).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise InputError(f"a form of at most {MAX_FIELDS} fields in UTF-8", got="something else") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise InputError("each field once", got="a field twice", remedy="Reload the page and try again.")
    if any("\0" in value for value in fields.values()):
        raise InputError("plain text", got="a field with a NUL", remedy="Type it again.")
    return fields


async def get_page(request: Request) -> Render:
    """Renders pages in answer to this request."""
    return bind_page(request)


CurrentWorkspace = Annotated[Workspace, Depends(get_workspace)]
CurrentUser = Annotated[User, Depends(get_user)]
Fields = Annotated[Mapping[str, str], Depends(read_fields)]
Page = Annotated[Render, Depends(get_page)]
