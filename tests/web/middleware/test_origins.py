"""A change has to come from a page of ours."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from regrade.workflow.sessions import find_user
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://127.0.0.1"},
        {"origin": "file://127.0.0.1"},
        {"origin": "http://["},
        {"origin": "http://[x]"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
    ],
)
def test_another_sites_page_changes_nothing(
    headers: dict[str, str], visitors: dict[str, httpx.Client], still_ws: Workspace, still_url: str
) -> None:
    session = next(iter(visitors["quillon"].cookies.items()))
    answer = httpx.post(f"{still_url}/logout", headers=headers, cookies=[session])
    assert answer.status_code == 403
    assert find_user(still_ws, session[1]) is not None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_the_fetch_header_counts_even_beside_our_own_origin(
    site: str, visitors: dict[str, httpx.Client], still_url: str
) -> None:
    headers = {"sec-fetch-site": site, "origin": still_url}
    assert visitors["quillon"].post("/logout", headers=headers).status_code == 403


def test_a_page_of_ours_may(enter: Enter, url: str) -> None:
    client = enter("quillon")
    answer = client.post("/logout", headers={"origin": url, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 303


def test_the_fetch_header_alone_is_enough(enter: Enter) -> None:
    client = enter("quillon")
    del client.headers["origin"]
    assert client.post("/logout", headers={"sec-fetch-site": "same-origin"}).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_other_method_is_served(method: str, visitors: dict[str, httpx.Client]) -> None:
    assert visitors["ursula"].request(method, "/publish").status_code in {403, 405}


def test_no_answer_opens_itself_to_other_origins(visitors: dict[str, httpx.Client]) -> None:
    client = visitors["ursula"]
    for path in ("/", "/login", "/chart.json", "/nothing"):
        answer = client.get(path, headers={"origin": "http://evil.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
