"""Posteriors beside the vote: who may see them, where there are none, and which decisions they contest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from regrade.records.labels import VERDICTS, Verdict
from regrade.records.panel import DecisionMethod, Pass, Review
from regrade.records.users import Role
from regrade.store import decisions, reviews
from regrade.workflow.accounts import add_user
from regrade.workflow.media import item_token
from regrade.workflow.posteriors import list_contested, load_posteriors, suggest_verdicts, view_contested
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import quick_folder, set_protocol

AT = datetime(2026, 3, 1, tzinfo=UTC)
N_ITEMS = 80
TRUTH = np.arange(N_ITEMS) // 10 % 2 * 2
"""Of class 1 on each item: ten times wrong, ten times correct, in turns."""
SLIPS = {"ann": (), "bob": (3, 4, 5), "cyd": (5, 6, 7)}
"""On which items of each ten a reviewer says the contrary: on items 5, 15, ... two outvote the one who is right."""
FEW = 79
"""The item that only two have answered."""


def make(folder: Path) -> None:
    (folder / "classes.csv").write_text("class_id,key,name\n0,k0,bagel\n1,k1,dough\n")
    (folder / "items.csv").write_text("id,label\n" + "".join(f"item{item},0\n" for item in range(N_ITEMS)))
    init_workspace(folder / "bench", classes=folder / "classes.csv", items=folder / "items.csv")


@pytest.fixture
def panel() -> Iterator[Workspace]:
    """Three reviewers on 80 items, one of whom is always right."""
    with quick_folder() as folder:
        make(folder)
        with open_workspace(folder / "bench") as ws:
            for name in ("ann", "bob", "cyd"):
                add_user(ws, name, "correct horse battery", [Role.REVIEWER])
            with ws.store.write() as tx:
                reviews.save_reviews(tx, [row for item in range(N_ITEMS) for row in answers_to(item)])
            yield ws


def answers_to(item: int) -> list[Review]:
    rows = []
    for name, slips in SLIPS.items():
        code = int(TRUTH[item])
        code = 2 - code if item % 10 in slips else code
        if (item, name) != (FEW, "cyd"):
            rows.append(review_of(name, item, VERDICTS[code]))
    return rows


def review_of(name: str, item: int, verdict: Verdict) -> Review:
    return Review(
        id=0,
        submission=f"{name} {item}",
        reviewer=name,
        split="main",
        item=item,
        class_id=1,
        pass_=Pass.VERDICT,
        verdict=verdict,
        problematic=False,
        category=None,
        severity=None,
        note="",
        discuss=False,
        added=False,
        labels="original@1",
        source=None,
        created_at=AT,
    )


def decide(ws: Workspace, item: int, verdict: Verdict, method: DecisionMethod = DecisionMethod.CONSENSUS) -> None:
    with ws.store.write() as tx:
        decisions.save_decision(
            tx,
            split="main",
            item=item,
            class_id=1,
            pass_=Pass.VERDICT,
            verdict=verdict,
            category=None,
            severity=None,
            method=method,
            author="all",
            reason="",
            base="original@1",
            at=AT,
        )


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
