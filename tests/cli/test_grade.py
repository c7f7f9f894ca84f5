"""`regrade grade`."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path

import pytest

from regrade.records.grades import Grade
from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_json_has_the_promised_keys_and_figures(regrade: Regrade) -> None:
    large, small = regrade("grade", "--json").json
    assert list(large) == [field.name for field in fields(Grade)]
    assert (small["model"], small["labels"], small["policy"]) == ("small", "reviewed@1", "multilabel")
    assert (small["n_items"], small["n_graded"], small["n_problematic"]) == (8, 7, 1)
    # original labels 0 0 1 1 2 2 3 3; small says 1 3 0 0 0 1 3 0: one right of 8
    assert small["top1_accuracy"] == 1 / 8
    assert small["top5_accuracy"] is None
    # right on 1, 3, 6: classes 0: 1/2, 1: 1/2, 2: 0/2, 3: 1/1 (photo_7 is problematic)
    assert small["multilabel_accuracy"] == pytest.approx((1 / 2 + 1 / 2 + 0 + 1) / 4)
    assert small["item_accuracy"] == pytest.approx(3 / 7)
    parts = ("n_mistakes", "n_judged_wrong", "n_unclear_rejected", "n_unreviewed")
    assert [small[key] for key in parts] == [4, 3, 0, 1]
    assert [large[key] for key in parts] == [2, 0, 0, 2]
    assert small["notes"]


def test_the_table_says_what_it_was_made_by(regrade: Regrade) -> None:
    ran = regrade("grade")
    assert ran.rows[0] == "labels reviewed@1 · policy multilabel · unclear: accept"
    assert ran.rows[1] == "model MLA 95 % items top-1 top-5 graded mistakes judged wrong unclear unreviewed"
    assert ran.rows[3].startswith("small 50.00 ")
    assert ran.rows[3].endswith(" 42.86 12.50 - 7 4 3 0 1")


def test_notes_stand_below_once_each(regrade: Regrade) -> None:
    notes = [line for line in regrade("grade").err.splitlines() if line.startswith("note: ")]
    assert notes
    assert len(set(notes)) == len(notes)


def test_unclear_can_be_rejected(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    # photo_3 is right for both only as unclear
    small = regrade("grade", "--model", "small", "--unclear", "reject", "--json").json[0]
    assert (small["n_mistakes"], small["n_unclear_rejected"]) == (5, 1)
    monkeypatch.setenv("REGRADE_UNCLEAR", "reject")
    assert regrade("grade", "--model", "small", "--json").json[0]["n_mistakes"] == 5


def test_what_the_unreviewed_mistakes_leave_open(regrade: Regrade) -> None:
    # small: photo_5 is unreviewed. Right after all: classes 1/2, 1/2, 1/2, 1/1: 2.5/4; items 4/7; 1 of 4 mistakes.
    small = regrade("grade", "--model", "small", "--json").json[0]
    assert small["unreviewed_share"] == 1 / 4
    assert (small["multilabel_accuracy_min"], small["multilabel_accuracy_max"]) == pytest.approx((2 / 4, 2.5 / 4))
    assert (small["item_accuracy_min"], small["item_accuracy_max"]) == pytest.approx((3 / 7, 4 / 7))


def test_ranks_stand_beside_the_grade(regrade: Regrade) -> None:
    asked = ("grade", "--top-k", 2, "--variable-top-k")
    large, small = regrade(*asked, "--json").json
    assert list(small)[: len(fields(Grade))] == [field.name for field in fields(Grade)]
    # labels 0 0 1 1 2 2 3 3 against 10 30 01 01 02 10 32 03: all but photo_1 (3, 0: at 2), 5: hits 0 1 2 3 4 6 7
    assert (small["top_k"], small["top_k_accuracy"], small["n_top_k"]) == (2, 7 / 8, 8)
    # accepted 0 3, 0 3, 1, 0 1, 2, 2, 3; of as many ranks 1 0, 3 0, 0, 0 1, 0, 1, 3 are 1/2, 1, 0, 1, 0, 0, 1
    assert (small["variable_top_k_accuracy"], small["n_variable_top_k"]) == (3.5 / 7, 7)
    # large has one rank
    assert (large["top_k_accuracy"], large["variable_top_k_accuracy"]) == (None, None)
    assert "top_k_accuracy is undefined: the predictions have 1 of the 2 ranks." in large["notes"]
    assert {"multilabel_accuracy", "n_mistakes"} <= set(small)

    table = regrade(*asked)
    assert table.rows[1] == (
        "model MLA 95 % items top-1 top-5 top-2 variable top-k graded mistakes judged wrong unclear unreviewed"
    )
    assert table.rows[3].endswith(" 12.50 - 87.50 50.00 7 4 3 0 1")
    assert "note: large: top_k_accuracy is undefined: the predictions have 1 of the 2 ranks." in table.err
    rows = list(csv.DictReader(io.StringIO(regrade(*asked, "--csv").out)))
    assert [(row["model"], row["top_k_accuracy"]) for row in rows] == [("large", ""), ("small", "0.875")]


def test_ranks_can_be_asked_for_one_by_one(regrade: Regrade) -> None:
    assert "top-2 graded" in regrade("grade", "--top-k", 2).rows[1]
    assert "top-5 variable top-k graded" in regrade("grade", "--variable-top-k").rows[1]
    small = regrade("grade", "--model", "small", "--top-k", 1, "--json").json[0]
    assert (small["top_k_accuracy"], small["variable_top_k"], small["variable_top_k_accuracy"]) == (1 / 8, False, None)


@pytest.mark.parametrize(
    "options",
    [
        ("--by", "class", "--top-k", "2"),
        ("--by", "group", "--against", "original"),
        ("--variable-top-k", "--by", "class"),
    ],
    ids=" ".join,
)
def test_one_closer_look_at_a_time(regrade: Regrade, options: tuple[str, ...]) -> None:
    assert "choose one of --against, --by, and --top-k" in regrade("grade", *options, code=2).err


def test_models_come_in_the_order_named(regrade: Regrade) -> None:
    named = regrade("grade", "--model", "small", "--model", "large", "--json").json
    assert [row["model"] for row in named] == ["small", "large"]


@pytest.mark.parametrize(("policy", "said"), [("real", "real · unclear: accept"), ("single", "single")])
def test_other_policies_have_no_class_mean(policy: str, said: str, regrade: Regrade) -> None:
    ran = regrade("grade", "--policy", policy)
    assert ran.rows[0] == f"labels reviewed@1 · policy {said}"
    assert "MLA" not in ran.out
    assert regrade("grade", "--policy", policy, "--json").json[0]["multilabel_accuracy"] is None


def test_labels_can_be_named(regrade: Regrade) -> None:
    small = regrade("grade", "--labels", "original@1", "--model", "small", "--json").json[0]
    # only photo_6 is right; original@1 judges nothing else, so all 7 mistakes are unreviewed
    assert (small["labels"], small["n_mistakes"], small["n_unreviewed"]) == ("original@1", 7, 7)


def test_equivalences_widen_what_is_accepted(regrade: Regrade) -> None:
    Path("same.csv").write_text("label,accepts\n2,1\n", encoding="utf-8")
    # class 1 is accepted on photo_5 now, so that 3 of the 4 mistakes stay
    small = regrade("grade", "--model", "small", "--equivalences", "same.csv", "--json").json[0]
    assert small["n_mistakes"] == 3


def test_csv_reads_back(regrade: Regrade) -> None:
    rows = list(csv.DictReader(io.StringIO(regrade("grade", "--csv").out)))
    assert [row["model"] for row in rows] == ["large", "small"]
    assert float(rows[1]["item_accuracy"]) == pytest.approx(3 / 7)
    assert rows[1]["top5_accuracy"] == ""


def test_a_name_that_is_a_formula_is_guarded_in_csv(regrade: Regrade) -> None:
    regrade("predictions", "import", "=1+1", "large.csv")
    rows = list(csv.DictReader(io.StringIO(regrade("grade", "--csv").out)))
    assert "'=1+1" in [row["model"] for row in rows]


def test_an_unknown_model_lists_those_there_are(regrade: Regrade) -> None:
    said = regrade("grade", "--model", "vit", code=1).err
    assert "vit" in said
    assert "large, small" in said


def test_without_predictions_it_says_what_to_do(regrade: Regrade) -> None:
    regrade("init", "empty", "--classes", "classes.csv", "--items", "items.csv")
    ran = regrade("grade", "--workspace", "empty")
    assert ran.out == ""
    assert "regrade predictions import" in ran.err
    assert regrade("grade", "--workspace", "empty", "--json").json == []
