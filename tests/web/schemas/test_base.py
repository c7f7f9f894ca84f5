"""What is undefined is null, and what comes in is what it says it is."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from regrade.records.labels import Verdict
from regrade.web.schemas.items import ModelVoteOut
from regrade.web.schemas.review import VerdictIn
from regrade.workflow.model_votes import ModelVote


@pytest.mark.parametrize(("score", "sent"), [(0.5, 0.5), (0.0, 0.0), (math.nan, None), (None, None)])
def test_what_is_undefined_is_null(score: float | None, sent: float | None) -> None:
    assert ModelVoteOut.of(ModelVote("net", score)).confidence == sent


def test_a_word_stands_for_a_verdict() -> None:
    given = VerdictIn.model_validate({"class_id": 3, "verdict": "unclear"})
    assert (given.class_id, given.verdict, given.added) == (3, Verdict.UNCLEAR, False)


@pytest.mark.parametrize(
    "change",
    [
        {"class_id": "3"},
        {"class_id": True},
        {"class_id": 3.0},
        {"class_id": 2**31},
        {"added": 1},
        {"verdict": 1},
        {"x": 1},
    ],
)
def test_nothing_is_taken_for_something_else(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="1 validation error"):
        VerdictIn.model_validate({"class_id": 3, "verdict": "unclear"} | change)
