"""The commands on the real labels and predictions give the published figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Regrade

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

# model: top-1, ReaL, class mean and item mean under multilabel, mistakes among 18,692, of these never reviewed.
# ViT-3B: the released review of its 378 mistakes; the others: the same predictions graded by independent code.
GOLDEN = {
    "pnasnet_large_tf": (0.82858, 0.87704, 0.918578, 0.919217, 1510, None),
    "resnet50": (0.76130, 0.82958, 0.850796, 0.852825, 2751, 54),
    "imagenetx_ResNet50": (0.76130, 0.82958, 0.850796, 0.852825, 2751, 54),
    "imagenetx_ViT": (0.78006, 0.83987, 0.867670, 0.869730, 2435, 735),
    "vgg16": (0.71592, 0.79040, 0.804173, 0.805853, 3629, None),
    "alexnet": (0.56518, 0.63061, 0.642800, 0.646212, 6613, None),
}


def _init(regrade: Regrade, folder: Path, data: Path) -> None:
    files = {"classes": "classes.csv", "items": "val_labels.csv", "hierarchy": "wordnet_hypernyms.csv"}
    options = [text for name, file in files.items() for text in (f"--{name}", str(data / "imagenet" / file))]
    made = regrade("init", folder, *options, "--json").json
    assert (made["n_classes"], made["n_items"], made["n_labeled"]) == (1000, 50000, 50000)


def _top5(data: Path) -> list[Path]:
    files = sorted((data / "predictions_val" / "top5").glob("*.npy"))
    assert len(files) == 67
    return files


def test_the_figures_of_all_seventy_models(regrade: Regrade, shared_data: Path, tmp_path: Path) -> None:
    _init(regrade, tmp_path / "W", shared_data)
    at = ("--workspace", tmp_path / "W")
    labels = regrade(
        "labels", "import", "multilabel", shared_data / "imagenet" / "multilabel_v3.csv", *at, "--json"
    ).json
    assert (labels["n_items"], labels["n_problematic"]) == (20000, 1308)
    regrade("labels", "import", "real", shared_data / "imagenet" / "real.json", *at)
    regrade("predictions", "import", "vit3b", shared_data / "imagenet" / "vit3b_mistakes.json", *at)
    assert len(regrade("predictions", "import", *_top5(shared_data), *at, "--json").json) == 67
    folder = shared_data / "predictions_val"
    regrade("predictions", "import", folder / "imagenetx_ResNet50.csv", folder / "imagenetx_ViT.csv", *at)
    grades = {row["model"]: row for row in regrade("grade", *at, "--json").json}
    real = {row["model"]: row for row in regrade("grade", "--labels", "real", "--policy", "real", *at, "--json").json}
    assert len(grades) == 70
    for model, (top1, real_accuracy, by_class, by_item, n_mistakes, n_unreviewed) in GOLDEN.items():
        row = grades[model]
        assert row["labels"] == "multilabel@1"
        assert (row["n_items"], row["n_graded"], row["n_problematic"]) == (50000, 18692, 1308)
        assert row["top1_accuracy"] == pytest.approx(top1, abs=1e-6)
        assert row["multilabel_accuracy"] == pytest.approx(by_class, abs=1e-6)
        assert row["item_accuracy"] == pytest.approx(by_item, abs=1e-6)
        assert row["n_mistakes"] == n_mistakes
        assert row["n_unreviewed"] == n_unreviewed or n_unreviewed is None
        assert real[model]["item_accuracy"] == pytest.approx(real_accuracy, abs=5e-6)
    assert real["resnet50"]["item_accuracy"] == pytest.approx(38855 / 46837, abs=1e-12)
    vit = grades["vit3b"]
    assert vit["multilabel_accuracy"] == pytest.approx(0.9791488, abs=1e-7)
    assert vit["item_accuracy"] == pytest.approx(0.9797774, abs=1e-7)
    assert (vit["n_mistakes"], vit["n_judged_wrong"], vit["n_unreviewed"]) == (378, 378, 0)
    assert vit["top1_accuracy"] is vit["top5_accuracy"] is None
    assert vit["notes"]


def test_the_cases_of_the_67_models_and_of_one_more(regrade: Regrade, shared_data: Path, tmp_path: Path) -> None:
    _init(regrade, tmp_path / "W", shared_data)
    at = ("--workspace", tmp_path / "W")
    regrade("labels", "import", "multilabel", shared_data / "imagenet" / "multilabel_v3.csv", *at)
    regrade("predictions", "import", *_top5(shared_data), *at)
    report = regrade("cases", "make", *at, "--json").json
    assert (report["n_cases"], report["n_items"]) == (20198, 11209)
    assert (report["n_new_cases"], report["n_new_items"]) == (20198, 11209)
    assert len(report["models"]) == 67

    # The panel's own review comes in and is published; then the ViT's mistakes are new only where nobody was asked.
    judged = shared_data / "imagenet" / "vit3b_mistakes.json"
    assert regrade("reviews", "import", judged, "--by", "panel", *at, "--json").json["n_judgements"] == 378
    preview = regrade("labels", "publish", "--dry-run", *at, "--json").json
    if preview["can_publish"]:
        regrade("labels", "publish", "--reason", "the panel's review", *at)
    known = {(row["item_id"], row["class_id"]) for row in regrade("cases", "list", *at, "--json").json}
    imported = regrade(
        "predictions", "import", shared_data / "predictions_val" / "imagenetx_ViT.csv", *at, "--json"
    ).json[0]
    assert 0 < imported["n_new_cases"] < 735
    after = regrade("cases", "make", *at, "--json").json
    assert after["n_new_cases"] == imported["n_new_cases"]
    new = {(row["item_id"], row["class_id"]) for row in regrade("cases", "list", *at, "--json").json} - known
    assert len(new) == imported["n_new_cases"]
