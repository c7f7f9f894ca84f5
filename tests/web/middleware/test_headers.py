"""Every answer carries the security headers, errors included."""

from __future__ import annotations

import httpx
import pytest

from regrade.web.assets import static_address
from regrade.web.middleware.headers import SECURITY_HEADERS


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/login", set()),
        ("/nothing", set()),
        ("/", set()),
        ("/chart.json", set()),
        ("/vega.js", {"cache-control"}),
        (f"{static_address()}/css/base.css", {"cache-control"}),
        (f"{static_address()}/none.css", set()),
        ("/media/0000000000000000", set()),
    ],
)
def test_every_answer_carries_them(path: str, own: set[str], visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["ursula"].get(path)
    for name, value in SECURITY_HEADERS.items():
        assert name in answer.headers
        assert name in own or answer.headers[name] == value
    assert "server" not in answer.headers


def test_a_refused_host_carries_them_too(still_url: str) -> None:
    answer = httpx.get(still_url, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"] == SECURITY_HEADERS["content-security-policy"]


def test_the_policy_lets_in_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = SECURITY_HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    for word in ("unsafe", "*", "http", "data:", "blob:"):
        assert word not in policy
