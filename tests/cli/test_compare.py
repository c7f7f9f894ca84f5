"""`regrade compare` on the bakery. Of seven graded items, small is wrong on 0, 2, 4 (judged) and 5 (unreviewed), large
on 5 (unreviewed, as small is) and 6 (unreviewed)."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path

import pytest

from regrade.grading import NEAR_COPIES
from regrade.records.comparisons import Comparison
from tests.cli.conftest import Regrade

HUMAN = "file,predicted_class\nphoto_0.jpg,0\nphoto_2.jpg,0\nphoto_5.jpg,2\n"
KEYS = {
    *("model_a", "model_b", "labels", "policy", "n_items", "n_both_wrong", "n_only_a_wrong", "n_only_b_wrong"),
    *("mcnemar_p", "difference", "ci_low", "ci_high", "n_unreviewed_a", "n_unreviewed_b", "difference_min"),
    *("difference_max", "warnings", "kappa", "same_wrong_share", "only_a_wrong_items", "only_b_wrong_items", "notes"),
}


@pytest.fixture(autouse=True)
def _workspace(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_json_of_a_pair(regrade: Regrade) -> None:
    pair = regrade("compare", "small", "large", "--json").json
    assert pair.keys() >= KEYS
    assert (pair["model_a"], pair["model_b"], pair["labels"], pair["policy"]) == (
        *("small", "large", "reviewed@1", "multilabel"),
    )
    assert (pair["n_items"], pair["n_both_wrong"], pair["n_only_a_wrong"], pair["n_only_b_wrong"]) == (7, 1, 3, 1)
    # p: 2 * (1 + 4) / 16. kappa: 2 (1 * 2 - 3 * 1) / (4 * 5 + 2 * 3). By class small has 1/2, 1/2, 0, 1, large
    # 1, 1, 1/2, 0.
    assert pair["mcnemar_p"] == pair["mcnemar_p_holm"] == 0.625
    assert pair["difference"] == pytest.approx(0.5 - 0.625)
    # only item 6 could still move alone, for large: one of one of its class
    assert (pair["difference_min"], pair["difference_max"]) == pytest.approx((-0.375, -0.125))
    assert pair["ci_low"] is pair["ci_high"] is None
    assert pair["same_wrong_share"] == 1.0
    assert pair["kappa"] == pytest.approx(-2 / 26)
    assert pair["only_a_wrong_items"] == ["photo_0.jpg", "photo_2.jpg", "photo_4.jpg"]
    assert pair["only_b_wrong_items"] == ["photo_6.jpg"]
    assert pair["warnings"] == []
    assert "No interval: items that only one gets wrong: 4; it takes 10." in pair["notes"]


def test_the_table_of_a_pair(regrade: Regrade) -> None:
    ran = regrade("compare", "small", "large", "--limit", "2")
    assert ran.rows == [
        "labels reviewed@1 · policy multilabel · unclear: accept · 7 shared items",
        "small large",
        "wrong 4 2",
        "only this one wrong 3 1",
        "wrong, unreviewed 1 2",
        "",
        "both wrong 1, 100.0 % of them as the same class",
        "difference (class mean) -12.50 points",
        "after all reviews -37.50 to -12.50",
        "McNemar, exact p = 0.6250",
        "error consistency kappa = -0.077",
        "mistakes shared 20.0 %",
        "same class predicted 28.6 %",
        "",
        "only small wrong only large wrong",
        "photo_0.jpg photo_6.jpg",
        "photo_2.jpg",
        "up to 1 more: --limit or --json",
    ]
    assert "note: No interval: items that only one gets wrong: 4;" in ran.err


def test_policy_and_labels(regrade: Regrade) -> None:
    ran = regrade("compare", "small", "large", "--labels", "original", "--policy", "single")
    assert ran.rows[0] == "labels original@1 · policy single · 8 shared items"
    assert "difference (item mean)" in ran.out
    strict = regrade("compare", "small", "large", "--unclear", "reject", "--json").json
    assert strict["n_both_wrong"] == 2  # both say 0 on item 3, which is unclear there


def test_json_of_many(regrade: Regrade) -> None:
    Path("eve.csv").write_text(HUMAN)
    regrade("predictions", "import", "eve.csv", "--kind", "human")
    found = regrade("compare", "--all", "--json").json
    assert found["models"] == ["eve", "large", "small"]
    assert [(pair["model_a"], pair["model_b"], pair["n_items"]) for pair in found["pairs"]] == [
        ("eve", "large", 3),
        ("eve", "small", 3),
        ("large", "small", 7),
    ]
    assert all(pair["mcnemar_p_holm"] >= pair["mcnemar_p"] for pair in found["pairs"])
    assert len(found["kappa"]) == len(found["kappa"][0]) == 3
    assert found["clusters"] == []
    assert [ensemble["members"] for ensemble in found["ensembles"]] == [["large", "small"]]
    # eve, large, small on 0: right, right, wrong; on 2: wrong, right, wrong; on 5: right, wrong, wrong
    assert found["humans"] == {
        "n_items": 3,
        "humans_wrong": [],
        "models_wrong": [
            {"item_id": "photo_5.jpg", "n_humans_wrong": 0, "n_humans": 1, "n_models_wrong": 2, "n_models": 2}
        ],
    }


def test_the_tables_of_many(regrade: Regrade) -> None:
    Path("eve.csv").write_text(HUMAN)
    regrade("predictions", "import", "eve.csv", "--kind", "human")
    ran = regrade("compare", "small", "large", "eve", "--limit", "2")
    assert ran.rows[0] == "labels reviewed@1 · policy multilabel · unclear: accept · 3 models, 3 pairs"
    assert ran.rows[1] == "A B items only A wrong only B wrong both A - B 95 % p (Holm) kappa"
    assert "the most alike first; A - B in points; 1 more pair with --limit" in ran.rows
    # Of eve's three items she gets 2 wrong, small all and large 5: kappa 0, and 2 (0 * 1 - 1 * 1) / (1 * 2 + 2 * 1).
    assert {"1 small 1.000 -0.077 0.000", "2 large -0.077 1.000 -0.500", "3 eve 0.000 -0.500 1.000"} <= set(ran.rows)
    assert "near-copies: 43.0 % or more of their mistakes shared" in ran.rows
    assert "none" in ran.rows
    assert "2 models together, on 7 items" in ran.rows
    assert "best: large 62.50" in ran.rows
    assert "humans and models, on 3 items that both have" in ran.rows
    assert "most humans wrong, most models right: 0 items" in ran.rows
    assert "photo_5.jpg 0 of 1 2 of 2" in ran.rows


def test_csv_has_a_row_a_pair(regrade: Regrade) -> None:
    rows = list(csv.DictReader(io.StringIO(regrade("compare", "--all", "--csv").out)))
    assert list(rows[0]) == [field.name for field in fields(Comparison)]
    assert [(row["model_a"], row["model_b"], row["ci_low"]) for row in rows] == [("large", "small", "")]
    row = next(csv.DictReader(io.StringIO(regrade("compare", "small", "large", "--csv").out)))
    assert row["only_a_wrong_items"] == "photo_0.jpg; photo_2.jpg; photo_4.jpg"
    assert float(row["difference"]) == pytest.approx(-0.125)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "name two or more different models, or use --all", id="none"),
        pytest.param(["small"], "name two or more different models, or use --all", id="one"),
        pytest.param(["small", "small"], "name two or more different models, or use --all", id="twice"),
        pytest.param(["small", "--all"], "name models, or use --all, not both", id="both"),
        pytest.param(["--all", "--json", "--csv"], "choose one of --json and --csv", id="formats"),
        pytest.param(["small", "large", "--chart", "a.svg"], "a chart needs three models or more", id="chart of two"),
    ],
)
def test_wrong_usage(regrade: Regrade, arguments: list[str], said: str) -> None:
    assert said in regrade("compare", *arguments, code=2).err


def test_an_unknown_model_lists_those_there_are(regrade: Regrade) -> None:
    said = regrade("compare", "small", "vit", code=1).err
    assert "No predictions of vit" in said
    assert "large, small" in said


def test_help_names_the_thresholds(regrade: Regrade) -> None:
    said = " ".join(regrade("compare", "--help").out.split())
    assert all(f"{threshold} {policy}" in said for policy, threshold in NEAR_COPIES.items())


def test_the_chart_is_a_file(regrade: Regrade, tmp_path: Path) -> None:
    file = tmp_path / "kappa.svg"
    assert f"chart: {file}" in regrade("compare", "--all", "--chart", str(file), "--json").err
    assert "2 models: how alike they err" in file.read_text(encoding="utf-8")
    assert "a chart's file" in regrade("compare", "--all", "--chart", str(tmp_path / "kappa.bmp"), code=1).err
