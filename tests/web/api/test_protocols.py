"""The protocol by API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from regrade.panel.protocols import FIELDS
from regrade.web.schemas.protocols import ProtocolOut, ProtocolValuesIn
from tests.web.api.programs import answer, read_screen

Ask = Callable[[str], httpx.Client]


def test_it_has_the_keys_of_the_settings_file() -> None:
    keys = [field.key for field in FIELDS]
    assert sorted(ProtocolOut.model_fields) == sorted(ProtocolValuesIn.__annotations__) == sorted(keys)


def test_an_admin_changes_it_in_place_and_after_the_first_answer_as_a_new_version(ask: Ask) -> None:
    admin = ask("ursula")
    (first,) = admin.get("/protocol").json()
    assert (first["number"], first["content"]["reviewers"], first["first_review_at"]) == (1, 2, None)
    done = admin.post("/protocol", json={"values": {"reviewers": 3}, "expected": 1}).json()
    assert (done["is_new"], done["version"]["number"], done["version"]["content"]["reviewers"]) == (False, 1, 3)
    reviewer = ask("quillon")
    assert answer(reviewer, read_screen(reviewer), lambda _: "correct").status_code == 200
    edit: dict[str, Any] = {"values": {"rule": "majority", "gold_share": 0.1}, "expected": 1}
    assert admin.post("/protocol", json=edit).status_code == 422  # a new version needs a reason
    done = admin.post("/protocol", json=edit | {"reason": "we are three now"}).json()
    assert (done["is_new"], done["version"]["number"], done["version"]["author"]) == (True, 2, "ursula")
    late = admin.post("/protocol", json=edit | {"reason": "so are we"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "conflict")
    assert [(row["number"], row["content"]["rule"]) for row in admin.get("/protocol").json()] == [
        (1, "unanimous"),
        (2, "majority"),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"reviewers": 0},
        {"reviewers": 101},
        {"reviewers": "3"},
        {"reviewers": True},
        {"reviewers": None},
        {"rule": "loudest"},
        {"blind_model": 1},
        {"gold_share": 0.51},
        {"n_reviewers": 3},
    ],
)
def test_a_value_that_cannot_be_changes_nothing(values: dict[str, Any], programs: dict[str, httpx.Client]) -> None:
    sent = programs["ursula"].post("/protocol", json={"values": values, "expected": 1, "reason": "x"})
    assert sent.status_code == 422, sent.text
    (version,) = programs["ursula"].get("/protocol").json()
    assert (version["content"]["reviewers"], version["content"]["rule"]) == (2, "unanimous")
