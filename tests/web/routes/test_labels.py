"""Label versions and diffs."""

from __future__ import annotations

import httpx
import pytest


def test_versions_stand_in_a_timeline(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ottilie"].get("/labels").text
    assert 'href="/labels/original%401"' in page or 'href="/labels/original@1"' in page
    assert "in use" in page
    assert "8 items, 0 problematic · 8 correct, 0 unclear, 0 wrong" in page


def test_the_first_version_has_no_diff(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ottilie"].get("/labels/original@1").text
    assert "Imported by" in page
    assert "Models before and after" not in page


def test_a_version_does_not_differ_from_itself(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ottilie"].get("/labels/diff?before=original@1&after=original").text
    assert "0 changes." in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/labels/none", 404),
        ("/labels/original@9", 404),
        ("/labels/original@x", 404),
        ("/labels/..%2f..", 404),
        ("/labels/diff", 422),
        ("/labels/diff?before=original@1", 422),
        ("/labels/diff?before=none&after=original", 404),
        ("/labels/%00", 404),
    ],
)
def test_an_unknown_version_is_refused(path: str, status: int, visitors: dict[str, httpx.Client]) -> None:
    assert visitors["ottilie"].get(path).status_code == status
