"""Programs that ask in their users' names, each with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from regrade.workflow.tokens import make_token
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import PERSON, program


@pytest.fixture
def ask(url: str, ws: Workspace) -> Iterator[Callable[[str], httpx.Client]]:
    """Gives a program that asks the test's own server with a token of a user's ("" for none)."""
    with ExitStack() as stack:

        def open_program(name: str) -> httpx.Client:
            token = make_token(ws, name, "test") if name else ""
            return stack.enter_context(program(url, token))

        yield open_program


@pytest.fixture(scope="session")
def programs(still_url: str, still_ws: Workspace) -> Iterator[dict[str, httpx.Client]]:
    """Programs that ask the shared server, by user; "" has no token. For tests that change nothing."""
    with ExitStack() as stack:
        names = ("zebedee", *PERSON.values())
        tokens = {"": ""} | {name: make_token(still_ws, name, "test") for name in names}
        yield {name: stack.enter_context(program(still_url, token)) for name, token in tokens.items()}
