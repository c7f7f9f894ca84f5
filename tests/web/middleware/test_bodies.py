"""Bodies have a limit, whether they say their size or not."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from regrade.web.middleware.bodies import MAX_BODY

FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_a_body_that_says_it_is_too_large_is_refused(visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["quillon"].post("/review", content=b"a" * (MAX_BODY + 1), headers=FORM)
    assert answer.status_code == 413


def test_a_body_that_turns_out_too_large_is_refused(visitors: dict[str, httpx.Client]) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 65_536 + 1):
            yield b"a" * 65_536

    answer = visitors["quillon"].post("/review", content=endless(), headers=FORM | {"accept": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_the_largest_body_reaches_the_application_whole(visitors: dict[str, httpx.Client]) -> None:
    filler = b"note=" + b"a" * (MAX_BODY - 5)
    answer = visitors["quillon"].post("/review", content=filler, headers=FORM | {"accept": "application/json"})
    assert answer.status_code == 422  # it is read, and the field `screen` is missing
    assert "screen" in answer.json()["error"]["message"]
