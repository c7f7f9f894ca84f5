"""Agreement and reviewers as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import get_args

import httpx
import pytest

from regrade.records.agreement import PanelAgreement, ReviewerReport, Topic, TopicAgreement
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.workspace import Workspace

Ask = Callable[[str], httpx.Client]


def test_agreement_has_every_field_and_the_figures_of_the_page(disputed: str, ask: Ask, ws: Workspace) -> None:
    assert disputed
    found = ask("ottilie").get("/agreement").json()
    assert list(found) == [field.name for field in fields(PanelAgreement)]
    assert [row["question"] for row in found["questions"]] == list(get_args(Topic))
    predicted = found["questions"][0]
    assert list(predicted) == [field.name for field in fields(TopicAgreement)]
    here = measure_agreement(ws).questions[0]
    assert predicted["alpha"]["value"] == here.alpha.value
    assert predicted["pairs"] == [
        {"first": "quillon", "second": "zebedee", "n": 4, "agreement": 0.75, "kappa": 0.0, "why": ""}
    ]
    assert found["questions"][2]["alpha"] == {
        "value": None,
        "n": 0,
        "ci_low": None,
        "ci_high": None,
        "why": "no two reviewers have answered the same question",
        "why_no_interval": "it is undefined",
    }


def test_reviewers_have_every_field(disputed: str, ask: Ask) -> None:
    assert disputed
    quillon, zebedee = ask("ursula").get("/reviewers").json()
    assert list(quillon) == [field.name for field in fields(ReviewerReport)]
    assert (quillon["reviewer"], quillon["n_answers"], zebedee["reviewer"]) == ("quillon", 7, "zebedee")
    assert quillon["gold"] is None
    # Decided is all but (0, 2), as both had said: (0, 1), (3, 2), (7, 0) wrong, three labels correct.
    assert quillon["confusions"][0]["table"] == [[3, 0, 0], [0, 0, 0], [0, 0, 3]]


@pytest.mark.parametrize("path", ["/agreement", "/reviewers"])
def test_a_split_that_is_none(path: str, programs: dict[str, httpx.Client]) -> None:
    assert programs["ottilie"].get(path, params={"split": "none"}).status_code == 404
    assert programs["quillon"].get(path).status_code == 403
