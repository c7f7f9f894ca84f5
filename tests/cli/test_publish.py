"""`regrade labels publish`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _decided(bakery: Path, monkeypatch: pytest.MonkeyPatch, regrade: Regrade) -> None:
    """Under `original@1` nobody judged (0, 1); a panel elsewhere finds it wrong."""
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))
    regrade("labels", "use", "original")
    kind = {"top_prediction": "dough", "failure category": "Fine-grained error", "failure severity": "Minor"}
    Path("judged.json").write_text(json.dumps({"photo_0.jpg": kind}), encoding="utf-8")
    regrade("reviews", "import", "judged.json", "--by", "paper")


def test_a_dry_run_shows_the_change_and_makes_none(regrade: Regrade) -> None:
    ran = regrade("labels", "publish", "--dry-run")
    assert ran.rows[0].startswith("original@1 to original@2: 1 change by 1 decision (0 of them confirm")
    assert "photo_0.jpg 1 dough never judged wrong paper" in ran.rows
    assert regrade("labels", "publish", "--dry-run", "--json").json["next_ref"] == "original@2"
    assert len(regrade("labels", "list", "--json").json) == 2


def test_publish_makes_the_next_version_and_grades_before_and_after(regrade: Regrade) -> None:
    ran = regrade("labels", "publish", "--reason", "the paper's panel", "--by", "ann")
    assert ran.rows[0] == "published original@2: 1 change by 1 decision"
    # a verdict `wrong` changes no accuracy: small keeps 7 mistakes (one of them judged now, 6 not), MLA 1/8
    assert ran.rows[-1] == "small 12.50 12.50 7 7 6"
    shown = regrade("labels", "show", "original", "--json").json
    assert (shown["labels"], shown["parent"], shown["author"]) == ("original@2", "original@1", "ann")
    assert shown["reason"] == "the paper's panel"


def test_without_predictions_publishing_prints_no_empty_table(regrade: Regrade) -> None:
    regrade("init", "alone", "--classes", "classes.csv", "--items", "items.csv")
    kind = {"failure category": "Fine-grained error", "failure severity": "Minor"}
    Path("one.json").write_text(json.dumps({"photo_0.jpg": {"top_prediction": "dough", **kind}}), encoding="utf-8")
    regrade("reviews", "import", "one.json", "--by", "paper", "--workspace", "alone")
    ran = regrade("labels", "publish", "--reason", "first", "--workspace", "alone")
    assert ran.rows[-1] == "undecided: 0 cases"
    assert ran.err == "No predictions to grade yet: import some with `regrade predictions import`.\n"


def test_a_second_publish_has_nothing_to_publish(regrade: Regrade) -> None:
    regrade("labels", "publish", "--reason", "first")
    ran = regrade("labels", "publish", "--reason", "second", code=1)
    assert ran.err.startswith("error: ")
    assert "cannot be published" in regrade("labels", "publish", "--dry-run").out


def test_a_reason_must_be_given(regrade: Regrade) -> None:
    assert "reason" in regrade("labels", "publish", code=1).err


def test_json_holds_both_grades(regrade: Regrade) -> None:
    report = regrade("labels", "publish", "--reason", "first", "--json").json
    assert [row["labels"] for row in report["before"]] == ["original@1"] * 2
    assert [row["labels"] for row in report["after"]] == ["original@2"] * 2


def test_what_would_leave_no_accepted_class_is_held_back_and_said(regrade: Regrade) -> None:
    kind = {"failure category": "Fine-grained error", "failure severity": "Minor"}
    rows = {"photo_1.jpg": {"top_prediction": "bagel", **kind}}
    Path("more.json").write_text(json.dumps(rows), encoding="utf-8")
    regrade("reviews", "import", "more.json", "--by", "paper")
    assert "held back: photo_1.jpg would keep no accepted class" in regrade("labels", "publish", "--dry-run").rows
    ran = regrade("labels", "publish", "--reason", "the paper's panel")
    assert ran.rows[1] == "kept back for an adjudicator: 0 conflicts, 1 item that would keep no accepted class"
