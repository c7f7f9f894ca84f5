"""What every route of the API is strict about: the query, the content type, the JSON itself."""

from __future__ import annotations

import httpx
import pytest

from regrade.store import reviews
from regrade.web.api.routing import ALWAYS, REFUSALS, declare
from regrade.web.middleware.bodies import MAX_BODY
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import new_key

BODIES = ("/review/verdicts/screens/x", "/review/kinds/screens/x", "/disputes/verdict/0123456789abcdef", "/publication")
JSON = "application/json"


def message(answer: httpx.Response) -> str:
    error: dict[str, str] = answer.json()["error"]
    assert set(error) == {"code", "message", "remedy", "request_id"}
    return error["message"]


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
def test_only_json_is_read(kind: str, programs: dict[str, httpx.Client]) -> None:
    for path in BODIES:
        answer = programs["ursula"].post(path, content=b"{}", headers={"content-type": kind} | new_key())
        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "media_type"), path


@pytest.mark.parametrize("kind", [JSON, "Application/JSON; charset=utf-8"])
def test_json_is_known_by_its_name(kind: str, programs: dict[str, httpx.Client]) -> None:
    answer = programs["ursula"].post("/publication", content=b"{}", headers={"content-type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "input")


HOSTILE = {
    "nothing": (b"", "expected JSON; got Expecting value"),
    "no JSON": (b"{", "expected JSON; got Expecting property name"),
    "no UTF-8": (b'{"reason": "\xff"}', "expected strict JSON"),
    "UTF-16": ('{"reason": "x"}'.encode("utf-16"), "expected strict JSON"),
    "a key twice": (b'{"reason": "x", "reason": "y"}', "twice in one object"),
    "NaN": (b'{"seconds": NaN}', "NaN, which is no JSON number"),
    "Infinity": (b'{"seconds": -Infinity}', "-Infinity, which is no JSON number"),
    "10,000 levels": (b"[" * 10_000 + b"]" * 10_000, "nested too deep"),
    "17 levels": (b"[" * 17 + b"]" * 17, "expected lists and objects at most 16 deep; got some nested too deep"),
    "16 levels": (b"[" * 16 + b"]" * 16, "do not fit"),
    "10,000 objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested too deep"),
    "a number of 5,000 digits": (b'{"seconds": ' + b"9" * 5_000 + b"}", "a number too long to be read"),
    "a list": (b"[]", "do not fit"),
    "a NUL": (b'{"reason": "a\\u0000b"}', "body: expected plain text; got one with a NUL"),
    "a NUL further in": (b'{"values": [{"reason": "\\u0000"}]}', "body: expected plain text; got one with a NUL"),
    "a word": (b'"x"', "do not fit"),
    "half a character as a key": (b'{"\\ud800": 1}', "do not fit"),
    "half a character as text": (b'{"next_ref": "\\ud800", "reason": "\\ud800", "note": "\\ud800"}', "do not fit"),
    "an unknown key": (b'{"note": "x", "reason": "x", "next_ref": "x", "kinds": [], "naming": 1}', "do not fit"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_body_that_is_no_strict_json_is_refused_with_words(
    what: str, programs: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    content, words = HOSTILE[what]
    for path in BODIES:
        answer = programs["ursula"].post(path, content=content, headers={"content-type": JSON} | new_key())
        assert answer.status_code == 422, (path, answer.text)
        assert words in message(answer), path
        assert len(answer.content) < 2_000
    with still_ws.store.read() as tx:
        assert reviews.list_reviews(tx, split="main") == ()


def test_a_large_body_is_refused_before_it_is_read(programs: dict[str, httpx.Client]) -> None:
    for path in BODIES:
        content = b'{"note": "' + b"a" * MAX_BODY + b'"}'
        answer = programs["ursula"].post(path, content=content, headers={"content-type": JSON} | new_key())
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/grades?lables=original@1", "expected query parameters out of labels, policy, unclear, model, split"),
        ("/grades?split=main&split=train", "expected the query parameter split once; got 2 of it"),
        ("/me?x=1", "expected query parameters out of none at all; got 'x'"),
        ("/mistakes?modell=x", "expected query parameters out of model, class_id"),
        ("/mistakes?limit=0", "query.limit (Input should be greater than or equal to 1)"),
        ("/mistakes?min_confidence=nan", "query.min_confidence"),
        ("/mistakes?offset=-1&limit=x", "query.offset (Input should be greater than or equal to 0), query.limit"),
        ("/mistakes?status=lost", "query.status (Input should be 'open', 'disputed'"),
        ("/grades?policy=mine", "query.policy"),
        ("/guide/-1", "path.class_id"),
        ("/guide/1.5", "path.class_id"),
        ("/guide/99999999999999999999", "path.class_id"),
        ("/labels/diff", "query.before (Field required), query.after (Field required)"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(path: str, words: str, programs: dict[str, httpx.Client]) -> None:
    answer = programs["ursula"].get(path)
    assert answer.status_code == 422
    assert words in message(answer)


def test_a_parameter_that_may_be_repeated_may_be(programs: dict[str, httpx.Client]) -> None:
    rows = programs["ursula"].get("/grades?model=quagmire&model=xylograph").json()
    assert [row["model"] for row in rows] == ["quagmire", "xylograph"]


def test_many_misfits_are_counted(programs: dict[str, httpx.Client]) -> None:
    verdicts = [{"class_id": -1, "verdict": "correct"}] * 20
    answer = programs["ursula"].post(BODIES[0], json={"verdicts": verdicts}, headers=new_key())
    assert message(answer).endswith("and 15 more.")
    assert "body.verdicts.0.class_id (Input should be greater than or equal to 0)" in message(answer)


def test_each_refusal_is_declared_with_words() -> None:
    assert set(declare()) == set(ALWAYS)
    assert list(declare(409, 404)) == sorted({*ALWAYS, 404, 409})
    assert all(REFUSALS[int(status)] == row["description"] for status, row in declare(*REFUSALS).items())
