"""`regrade reviews agreement`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from regrade.cli.agreement import N_CLASSES_SHOWN, _print_classes
from regrade.records.agreement import ClassAgreement, PanelAgreement, ReviewerReport, TopicAgreement
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod
from regrade.records.users import Role
from regrade.workflow.cases import make_cases
from regrade.workflow.workspace import open_workspace
from tests.cli.conftest import Regrade
from tests.people import add_person
from tests.workflow.conftest import answer_all
from tests.workflow.weighed import decide, weighed_panel

CORRECT, UNCLEAR = Verdict.CORRECT, Verdict.UNCLEAR
TWO = "who is right more often cannot be told from two"


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


@pytest.fixture
def answered(bakery: Path) -> Path:
    """ann and bob have judged the two cases, class 1 on photo_5 and class 2 on photo_6, with the labels beside them."""
    with open_workspace(bakery) as ws:
        make_cases(ws)
        for name, odd in (("ann", Verdict.WRONG), ("bob", UNCLEAR)):
            user = add_person(ws, name, [Role.REVIEWER])
            answer_all(ws, user, {5: {2: CORRECT, 1: odd}, 6: {3: CORRECT}})
    return bakery


def test_json_has_every_field(regrade: Regrade, answered: Path) -> None:
    found = regrade("reviews", "agreement", "--json").json
    assert list(found) == [*(field.name for field in fields(PanelAgreement)), "reviewers", "contested", "why_not"]
    predicted, accepted, *_ = found["questions"]
    assert list(predicted) == [field.name for field in fields(TopicAgreement)]
    # Units: wrong unclear, wrong wrong. n = 4: 3 and 1; S = 2: alpha = 1 - 3 * 2 / (16 - 10) = 0.
    assert predicted["alpha"]["value"] == pytest.approx(0)
    assert predicted["percent"]["value"] == 0.5
    assert (accepted["alpha"]["value"], accepted["percent"]["value"]) == (None, 1.0)
    assert accepted["alpha"]["why"].startswith("all answers are the same")
    assert found["contested"] == []
    assert found["why_not"] == dict.fromkeys(("predicted", "accepted"), f"no question has 3 answers: {TWO}")
    ann, bob = found["reviewers"]
    assert list(ann) == [field.name for field in fields(ReviewerReport)]
    assert (ann["reviewer"], ann["n_answers"], bob["reviewer"]) == ("ann", 4, "bob")


def test_the_tables(regrade: Regrade, answered: Path) -> None:
    ran = regrade("reviews", "agreement")
    assert ran.rows[:8] == [
        "split main · 2 reviewers · 8 answers",
        "question alpha 95 % interval agreement Fleiss compared differing answered",
        "predicted 0.000 - 50.00 -0.333 2 1 2",
        "accepted - - 100.00 - 2 0 2",
        "category - - - - 0 0 0",
        "severity - - - - 0 0 0",
        "problematic - - 100.00 - 2 0 2",
        "agreement in percent; compared: classes or items with two answers or more",
    ]
    assert ran.rows[9].startswith("reviewer answers skipped undone first pass, s second pass, s gold of as decided of")
    # Decided: both labels and (6, 2); not (5, 1).
    assert ran.rows[10:12] == ["ann 4 0 0 - - - - 100.00 3 0 0", "bob 4 0 0 - - - - 100.00 3 0 0"]
    assert ran.err.splitlines() == [
        "note: predicted: no interval: only 1 of 2 items have an answer other than the commonest one",
        "note: accepted, problematic: alpha: all answers are the same: agreement by chance would be as perfect",
        f"note: weighed votes: not identifiable: no question has 3 answers: {TWO}",
    ]


def test_one_question_comes_with_its_pairs_and_classes(regrade: Regrade, answered: Path) -> None:
    ran = regrade("reviews", "agreement", "--question", "predicted")
    assert ran.rows[1:3] == [
        "question alpha 95 % interval agreement Fleiss compared differing answered",
        "predicted 0.000 - 50.00 -0.333 2 1 2",
    ]
    assert ran.rows[5:7] == ["reviewer and both answered agreement kappa", "ann bob 2 50.00 0.000"]
    assert ran.rows[8:11] == [
        "class compared differing agreement alpha",
        "dough 1 1 0.00 0.000",
        "pretzel 1 0 100.00 -",
    ]
    (only,) = regrade("reviews", "agreement", "--question", "severity", "--json").json["questions"]
    assert (only["question"], only["pairs"]) == ("severity", [])


def test_the_classes_on_which_reviewers_differ_most_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [ClassAgreement(at, f"class {at}", 30, at, 0.5, None, "") for at in range(N_CLASSES_SHOWN + 2)]
    _print_classes(rows)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith(f"class {N_CLASSES_SHOWN + 1}")
    assert len(lines) == 2 + N_CLASSES_SHOWN + 1
    assert lines[-1] == "the 20 of 22 classes on which reviewers differ most"


def test_decisions_that_the_weighed_votes_speak_against(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    with weighed_panel() as ws:
        decide(ws, 15, Verdict.WRONG)  # as two said; the third, who is always right, said correct
        decide(ws, 20, Verdict.CORRECT, DecisionMethod.ADJUDICATION)  # against all three
        monkeypatch.setenv("REGRADE_WORKSPACE", str(ws.folder))
        found, ran = regrade("reviews", "agreement", "--json").json, regrade("reviews", "agreement")
    assert [(row["item_id"], row["contested"]["likeliest"]) for row in found["contested"]] == [
        ("item20", "wrong"),
        ("item15", "correct"),
    ]
    assert found["why_not"]["predicted"] == ""
    at = ran.rows.index("item class decided by likelier % wrong unclear correct")
    shares = [100 * max(row["contested"]["posterior"]["probabilities"]) for row in found["contested"]]
    assert ran.rows[at + 1 : at + 4] == [
        f"item20 dough correct adjudicator wrong {shares[0]:.2f} 3 0 0",
        f"item15 dough wrong reviewers correct {shares[1]:.2f} 2 0 1",
        "weighed by how reliable each reviewer is, the votes speak for another verdict",
    ]


def test_without_answers_it_says_what_to_do(regrade: Regrade) -> None:
    ran = regrade("reviews", "agreement")
    assert ran.out == ""
    assert "regrade users add NAME --role reviewer" in ran.err
