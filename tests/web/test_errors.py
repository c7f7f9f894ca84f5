"""One shape for all errors, and the status of each."""

from __future__ import annotations

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from regrade import errors
from regrade.web.errors import INTERNAL, KINDS, TITLES, describe, respond
from regrade.workflow.media import MediaError
from regrade.workflow.sessions import LoginError, TooManyAttemptsError


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.InputError("a", got="b"), 422, "input"),
        (MediaError("a", got="b"), 422, "input"),
        (errors.ConflictError("a"), 409, "conflict"),
        (errors.NotFoundError("a"), 404, "not_found"),
        (errors.PermissionDeniedError("a"), 403, "forbidden"),
        (LoginError("a"), 401, "login_failed"),
        (TooManyAttemptsError("a"), 429, "too_many_attempts"),
        (errors.StoreBusyError("a"), 503, "busy"),
        (errors.SchemaError("a"), 503, "store"),
        (errors.StoreError("a"), 503, "store"),
        (HTTPException(404), 404, "not_found"),
        (HTTPException(405), 405, "method_not_allowed"),
        (HTTPException(415, "a form"), 415, "media_type"),
        (ZeroDivisionError("inside"), 500, "internal"),
        (errors.RegradeError("of no kind"), 500, "internal"),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int, code: str) -> None:
    refusal = describe(error)
    assert (refusal.status, refusal.code) == (status, code)
    assert refusal.status in TITLES


def test_no_error_of_ours_is_forgotten() -> None:
    kinds = {kind for kind, _, _ in KINDS}
    tree = {
        errors.InputError,
        errors.ConflictError,
        errors.NotFoundError,
        errors.PermissionDeniedError,
        errors.StoreError,
    }
    assert tree <= kinds
    assert {kind for kind in errors.RegradeError.__subclasses__() if kind.__module__ == "regrade.errors"} == tree


def test_what_is_not_ours_says_nothing_of_itself() -> None:
    assert describe(KeyError("password_hash")) is INTERNAL


def test_message_and_remedy_stay_apart() -> None:
    refusal = describe(errors.ConflictError("Taken.", remedy="Choose another."))
    assert (refusal.message, refusal.remedy) == ("Taken.", "Choose another.")


def test_programs_get_one_shape(visitors: dict[str, httpx.Client]) -> None:
    for name, path in (("", "/review"), ("quillon", "/"), ("ursula", "/none"), ("ursula", "/?sort=x")):
        for accept in ("application/json", "*/*", "image/avif,*/*"):
            answer = visitors[name].get(path, headers={"accept": accept})
            assert set(answer.json()) == {"error"}
            error = answer.json()["error"]
            assert set(error) == {"code", "message", "remedy", "request_id"}
            assert all(isinstance(value, str) for value in error.values())
            assert error["request_id"] == answer.headers["x-request-id"]


def test_people_get_a_page_with_its_number(visitors: dict[str, httpx.Client]) -> None:
    for name, path, status in (("quillon", "/", 403), ("ursula", "/none", 404), ("ursula", "/?sort=x", 422)):
        answer = visitors[name].get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["x-request-id"] in answer.text
        assert "Traceback" not in answer.text


def test_the_wrong_method_is_told_so(visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["ursula"].post("/mistakes", data={"a": "b"}, headers={"accept": "application/json"})
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_a_busy_workspace_says_when_to_come_back() -> None:
    request = Request({"type": "http", "method": "GET", "headers": [], "state": {}})
    answer = respond(describe(errors.StoreBusyError("Somebody writes.")), request)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


EVIL = [
    "",
    "'",
    '"',
    "<x>",
    "%",
    "\\",
    "../..",
    "${7*7}",
    "{{7*7}}",
    "\u202e",
    "é" * 300,
    "-1",
    "9" * 40,
    "null",
    "\x01",
]


@pytest.mark.parametrize("word", EVIL)
def test_nothing_that_is_typed_gives_an_internal_error(word: str, visitors: dict[str, httpx.Client]) -> None:
    client = visitors["ursula"]
    asks = [
        ("/", {"sort": word}),
        ("/mistakes", {"query": word, "model": word}),
        ("/mistakes", {"offset": word}),
        ("/labels/diff", {"before": word, "after": word}),
        ("/classes", {"q": word}),
        ("/review", {"saved": word}),
        ("/login", {"next": word}),
        ("/enter", {"token": word}),
    ]
    for path, query in asks:
        assert client.get(path, params=query).status_code < 500, (path, word)
    fields = {"screen": word, "key": word, "note": word, "also": word, "seconds": word, f"verdict-{word}": word}
    for path in ("/review", "/review/skip", "/review/undo", "/review/kinds", "/publish"):
        answer = client.post(path, data=fields | {"next_ref": word, "reason": word})
        assert 400 <= answer.status_code < 500 or path.endswith("undo"), (path, word, answer.status_code)
        assert answer.status_code < 500
