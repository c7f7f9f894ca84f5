"""Static files and the chart library."""

from __future__ import annotations

import re

import httpx
import pytest

from regrade.web.assets import FOREVER, STATIC, static_address, vega_bundle


def test_the_address_carries_the_digest() -> None:
    assert re.fullmatch(r"/static/[0-9a-f]{12}", static_address())
    assert static_address() == static_address()


def test_everybody_gets_static_files_and_may_keep_them(visitors: dict[str, httpx.Client]) -> None:
    for path in sorted(STATIC.rglob("*.*"), key=str):
        answer = visitors[""].get(f"{static_address()}/{path.relative_to(STATIC).as_posix()}")
        assert answer.status_code == 200
        assert answer.content == path.read_bytes()
        assert answer.headers["cache-control"] == FOREVER


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/css/base.css",
        "{}/none.css",
        "{}/../app.py",
        "{}/%2e%2e/app.py",
        "{}/..%2f..%2fapp.py",
        "{}/css",
    ],
)
def test_there_is_nothing_beside_them(path: str, visitors: dict[str, httpx.Client]) -> None:
    answer = visitors[""].get(path.format(static_address()))
    assert answer.status_code in {404, 405}
    assert b"create_app" not in answer.content


def test_the_chart_library_is_whole_and_made_once() -> None:
    assert vega_bundle() is vega_bundle()
    assert b"vegaEmbed" in vega_bundle()
    assert len(vega_bundle()) > 500_000
