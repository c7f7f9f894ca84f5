"""Posteriors beside the vote: who may see them, where there are none, and which decisions they contest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod
from regrade.workflow.media import item_token
from regrade.workflow.posteriors import list_contested, load_posteriors, suggest_verdicts, view_contested
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import set_protocol
from tests.workflow.weighed import FEW, decide, weighed_panel


@pytest.fixture
def panel() -> Iterator[Workspace]:
    """Three reviewers on 80 items, one of whom is always right."""
    with weighed_panel() as ws:
        yield ws


def test_a_reviewer_who_is_always_right_outweighs_two_who_are_not(panel: Workspace) -> None:
    set_protocol(panel, blind_suggestions=False)
    found = suggest_verdicts(panel, item_token(panel, "main", 15), [1])[1]
    assert found.votes == (2, 0, 1)
    assert found.probabilities is not None
    assert found.probabilities[2] > 0.5 > found.probabilities[0]
    assert sum(found.probabilities) == pytest.approx(1)
    assert found.probabilities[1] == 0  # nobody ever said unclear


def test_what_is_not_identifiable_says_why(panel: Workspace) -> None:
    set_protocol(panel, blind_suggestions=False)
    few = suggest_verdicts(panel, item_token(panel, "main", FEW), [1, 0])
    assert (few[1].votes, few[1].probabilities) == ((0, 0, 2), None)
    assert few[1].why == "it has 2 of the 3 answers that it takes"
    assert (few[0].votes, few[0].why) == ((0, 0, 0), "nobody has answered it")


def test_under_blind_suggestions_an_adjudicator_sees_none(panel: Workspace) -> None:
    assert panel.protocol.blind_suggestions
    assert suggest_verdicts(panel, item_token(panel, "main", 15), [1]) == {}


def test_decisions_that_are_less_likely_than_another_verdict(panel: Workspace) -> None:
    assert list_contested(panel) == ()
    decide(panel, 15, Verdict.WRONG)  # as the two said
    decide(panel, 13, Verdict.CORRECT)  # the truth, by two to one
    decide(panel, 20, Verdict.CORRECT, DecisionMethod.ADJUDICATION)  # against all three
    decide(panel, FEW, Verdict.WRONG)  # against both, but two are too few
    found = list_contested(panel)
    assert [(row.item, row.decided, row.likeliest, row.by_adjudicator) for row in found] == [
        (20, Verdict.CORRECT, Verdict.WRONG, True),
        (15, Verdict.WRONG, Verdict.CORRECT, False),
    ]
    views = view_contested(panel, found)
    assert [(view.item_id, view.class_name, view.media) for view in views] == [
        ("item20", "dough", None),
        ("item15", "dough", None),
    ]
    assert views[0].token == item_token(panel, "main", 20)
    decide(panel, 20, Verdict.WRONG)
    assert [row.item for row in list_contested(panel)] == [15]


def test_few_answers_make_no_model(ws: Workspace) -> None:
    models = load_posteriors(ws, "main")
    assert models["predicted"].why.startswith("no question has 3 answers")
    assert models["accepted"].of(0, 0).why == "nobody has answered it"
    assert list_contested(ws) == ()
