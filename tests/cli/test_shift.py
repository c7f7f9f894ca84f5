"""`regrade shift`, worked by hand on two small splits, and on ImageNet and ImageNetV2."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import linregress, norm

from tests.cli.conftest import CLASSES, Regrade

N = 20


def write_split(name: str, accuracies: dict[str, float]) -> None:
    """Items of class 0, of which each model gets this share right."""
    rows = [f"{name}{at},0" for at in range(N)]
    Path(f"{name}.csv").write_text("id,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    Path(name).mkdir()
    for model, accuracy in accuracies.items():
        lines = [f"{name}{at},{0 if at < round(accuracy * N) else 1}" for at in range(N)]
        Path(name, f"{model}.csv").write_text("id,predicted_class\n" + "\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def _two_splits(regrade: Regrade, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path("classes.csv").write_text(CLASSES, encoding="utf-8")
    write_split("old", {"low": 0.5, "mid": 0.7, "top": 0.9, "only": 0.5})
    write_split("new", {"low": 0.4, "mid": 0.6, "top": 0.55})
    regrade("init", "bench", "--classes", "classes.csv", "--items", "old.csv")
    monkeypatch.setenv("REGRADE_WORKSPACE", str(tmp_path / "bench"))
    regrade("items", "add", "new", "--items", "new.csv")
    regrade("predictions", "import", *sorted(Path("old").iterdir()))
    regrade("predictions", "import", *sorted(Path("new").iterdir()), "--split", "new")


@pytest.mark.usefixtures("_two_splits")
class TestSmall:
    """Four models on twenty items each."""

    def test_every_model_is_a_row_best_first(self, regrade: Regrade) -> None:
        ran = regrade("shift", "main", "new", "--policy", "single")
        assert ran.rows[0] == "main by original@1, new by original-new@1 · policy single"
        assert ran.rows[1] == "rank model main 95 % new 95 % change 95 % rank above line"
        # Wilson on 18 and 11 of 20; Newcombe: -0.35 - hypot(0.55 - 0.3421, 0.9721 - 0.9) to
        # -0.35 + hypot(0.7418 - 0.55, 0.9 - 0.6990)
        assert ran.rows[2].startswith("1 top 90.00 69.90 to 97.21 55.00 34.21 to 74.18 -35.00 -57.01 to -7.21 2 ")
        assert [row.split()[1] for row in ran.rows[2:5]] == ["top", "mid", "low"]
        assert ran.rows[5] == "item mean in percent, change in points; mean -18.33, from -35.00 to -10.00"
        assert ran.rows[7].startswith("probit(new) = ")
        assert "left out, predictions on main only: only" in ran.err
        assert "note: The line has no interval: there are fewer than 10 models." in ran.err

    def test_without_a_line_there_is_no_column_for_it(self, regrade: Regrade) -> None:
        ran = regrade("shift", "main", "new", "--policy", "single", "--without", "mid")
        assert ran.rows[1] == "rank model main 95 % new 95 % change 95 % rank"
        assert "note: The line is undefined" in ran.err

    def test_the_same_as_json_and_csv(self, regrade: Regrade) -> None:
        found = regrade("shift", "main", "new", "--policy", "single", "--model", "low", "--model", "mid", "--json").json
        assert [row["model"] for row in found["models"]] == ["mid", "low"]
        assert (found["line"], found["only_from"], found["to_labels"]) == (None, [], "original-new@1")
        ran = regrade("shift", "main", "new", "--policy", "single", "--csv")
        rows = list(csv.DictReader(io.StringIO(ran.out)))
        assert [(row["model"], row["from_accuracy"], row["to_rank"]) for row in rows] == [
            ("top", "0.9", "2"),
            ("mid", "0.7", "1"),
            ("low", "0.5", "3"),
        ]
        assert "choose one" in regrade("shift", "main", "new", "--csv", "--json", code=2).err

    def test_the_chart_is_a_file(self, regrade: Regrade) -> None:
        ran = regrade("shift", "main", "new", "--chart", "chart.svg", "--json")
        assert "chart: chart.svg" in ran.err
        assert "accuracy on new" in Path("chart.svg").read_text(encoding="utf-8")
        assert "a chart's file" in regrade("shift", "main", "new", "--chart", "chart.bmp", code=1).err


@pytest.mark.shared_data
@pytest.mark.slow
def test_imagenet_and_imagenet_v2(regrade: Regrade, shared_data: Path) -> None:
    """The 67 models on both benchmarks, held against the tables that came with the data, and scipy.

    The published predictions of fv_16k on ImageNetV2 are in another order than its images: they agree with those of
    fv_64k on 3 % of them, those of fv_4k on 38 %.
    """
    v2 = shared_data / "imagenet_v2"
    classes, items = (shared_data / "imagenet" / name for name in ("classes.csv", "val_labels.csv"))
    regrade("init", "bench", "--classes", classes, "--items", items)
    at = ("--workspace", "bench")
    regrade(*at, "items", "add", "v2", "--items", v2 / "matched_frequency_rows.csv", "--id", "image")
    regrade(*at, "predictions", "import", *sorted((shared_data / "predictions_val" / "top5").glob("*.npy")))
    names = v2 / "matched_frequency_models.csv"
    top1 = v2 / "matched_frequency_top1.npy"
    regrade(*at, "predictions", "import", top1, "--columns", names, "--split", "v2")

    with names.open(newline="") as file:
        after = {row["model"]: float(row["top1_accuracy"]) for row in csv.DictReader(file)}
    with (shared_data / "predictions_val" / "models.csv").open(newline="") as file:
        before = {row["model"]: float(row["top1_accuracy_vs_val_labels"]) for row in csv.DictReader(file)}
    graded = regrade(*at, "grade", "--split", "v2", "--policy", "single", "--json").json
    assert {row["model"]: row["item_accuracy"] for row in graded} == pytest.approx(after, abs=1e-9)

    shift = regrade(*at, "shift", "main", "v2", "--policy", "single", "--json").json
    found = {row["model"]: row for row in shift["models"]}
    assert {model: row["from_accuracy"] for model, row in found.items()} == pytest.approx(before, abs=1e-9)
    assert {model: row["to_accuracy"] for model, row in found.items()} == pytest.approx(after, abs=1e-9)
    assert shift["mean_change"] == pytest.approx(np.mean([after[model] - before[model] for model in before]))
    assert shift["notes"][0].startswith("fv_16k lies far from the line of the others")
    assert "Without, the slope is 0.951 and the intercept -0.315" in shift["notes"][0]

    rest = sorted(before.keys() - {"fv_16k"})
    expected = linregress(*(norm.ppf([of[model] for model in rest]) for of in (before, after)))
    ran = regrade(*at, "shift", "main", "v2", "--policy", "single", "--without", "fv_16k", "--json").json
    line = ran["line"]
    assert (line["slope"], line["intercept"]) == pytest.approx((expected.slope, expected.intercept), abs=1e-9)
    assert line["r_squared"] == pytest.approx(expected.rvalue**2, abs=1e-9)
    assert line["n_models"] == 66
    assert ran["notes"] == []
    # Recht et al. 2019 say of the models of their time: 11 to 14 points, and better models fall less.
    falls = {row["model"]: row["change"] for row in ran["models"] if not row["model"].startswith("fv_")}
    assert all(-0.14 < fall < -0.10 for fall in falls.values())
    assert falls["pnasnet_large_tf"] > falls["alexnet"]
