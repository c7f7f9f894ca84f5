"""Agreement and reviewers as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import get_args

import httpx
import pytest

from regrade.records.agreement import PanelAgreement, ReviewerReport, Topic, TopicAgreement
from regrade.records.labels import Verdict
from regrade.records.users import Role
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.media import item_token
from regrade.workflow.tokens import make_token
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.web.api.programs import program
from tests.web.conftest import serving
from tests.workflow.weighed import decide, weighed_panel

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


def test_contested_decisions_come_page_by_page_with_what_the_votes_weigh() -> None:
    with weighed_panel() as ws, serving(ws) as url:
        add_person(ws, "violet", [Role.VIEWER])
        decide(ws, 15, Verdict.WRONG)  # two said so, and outvoted the one who is always right
        decide(ws, 13, Verdict.CORRECT)  # the truth
        decide(ws, 20, Verdict.CORRECT)  # against all three, who said wrong
        with program(url, make_token(ws, "violet", "test")) as client:
            found = client.get("/agreement/contested").json()
            rest = client.get("/agreement/contested", params={"offset": 1, "limit": 1}).json()
        assert found["n_total"] == rest["n_total"] == 2
        assert [row["item_id"] for row in found["contested"]] == ["item20", "item15"]
        assert rest["contested"] == found["contested"][1:]
        first, second = found["contested"]
        assert (first["token"], first["class_name"], first["media"]) == (item_token(ws, "main", 20), "dough", None)
        case = second["contested"]
        assert (case["class_id"], case["decided"], case["likeliest"]) == (1, "wrong", "correct")
        assert (case["by_adjudicator"], case["posterior"]["votes"]) == (False, [2, 0, 1])
        assert sum(case["posterior"]["probabilities"]) == pytest.approx(1)
        assert found["why_not"]["predicted"] == ""
        assert found["why_not"]["accepted"].startswith("no question has 3 answers")


@pytest.mark.parametrize("path", ["/agreement", "/agreement/contested", "/reviewers"])
def test_a_split_that_is_none(path: str, programs: dict[str, httpx.Client]) -> None:
    assert programs["ottilie"].get(path, params={"split": "none"}).status_code == 404
    assert programs["quillon"].get(path).status_code == 403
