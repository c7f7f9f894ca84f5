"""What can be done with label sets, on the real labels of ImageNet."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

EQUIVALENCES = Path(__file__).resolve().parents[2] / "examples" / "imagenet" / "equivalences.csv"
MODELS = ("pnasnet_large_tf", "resnet50", "alexnet")
LISTS = ("wrong", "unclear", "correct")
"""By verdict code; a class in several lists is read as the last of them."""

Verdicts = dict[tuple[int, int], int]


@pytest.fixture
def imagenet(regrade: Regrade, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with the multi-labels, the ReaL labels and three models."""
    data = shared_data / "imagenet"
    regrade("init", "W", "--classes", data / "classes.csv", "--items", data / "val_labels.csv")
    monkeypatch.setenv("REGRADE_WORKSPACE", "W")
    regrade("labels", "import", "multilabel", data / "multilabel_v3.csv")
    fetched = regrade("labels", "fetch", "imagenet-real", "real", "--from", data / "real.json", "--json").json
    assert (fetched["n_bytes"], fetched["labels"]["n_items"]) == (388_478, 50_000)
    files = [shared_data / "predictions_val" / "top5" / f"{model}.npy" for model in MODELS]
    regrade("predictions", "import", *files)
    return data


def read_multilabel(data: Path) -> tuple[Verdicts, set[int]]:
    """Verdict codes by (item, class) and the problematic items, read without regrade."""
    verdicts: Verdicts = {}
    problematic = set()
    with (data / "multilabel_v3.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            item = int(row["id"].split("_")[2].split(".")[0]) - 1
            for code, name in enumerate(LISTS):
                verdicts |= {(item, int(class_id)): code for class_id in row[name].split(";") if class_id}
            if row["problematic"] == "1":
                problematic.add(item)
    return verdicts, problematic


def read_real(data: Path) -> Verdicts:
    lists = json.loads((data / "real.json").read_text())
    return {(item, class_id): 2 for item, classes in enumerate(lists) for class_id in classes}


def test_both_label_sets_in_one(imagenet: Path, regrade: Regrade) -> None:
    ours, problematic = read_multilabel(imagenet)
    theirs = read_real(imagenet)
    differing = sum(ours[pair] != code for pair, code in theirs.items() if pair in ours)
    # ReaL's only verdict is the most favorable one, so under union it wins
    for how, combined in (("union", ours | theirs), ("prefer", theirs | ours)):
        made = regrade("labels", "combine", how, "multilabel", "real", "--how", how, "--json").json
        assert (made["n_items"], made["n_verdicts"]) == (50_000, len(combined))
        assert made["n_verdicts_differing"] == differing
        # ReaL has no problematic item, so each of the 1,308 is fine in one and not in the other
        assert made["n_problematic"] == made["n_flags_differing"] == len(problematic) == 1308
        shown = regrade("labels", "show", how, "--json").json
        counts = Counter(combined.values())
        assert [shown[f"n_{name}"] for name in LISTS] == [counts[code] for code in range(3)]


def test_classes_that_mean_the_same(imagenet: Path, regrade: Regrade) -> None:
    verdicts, _ = read_multilabel(imagenet)
    with (imagenet / "classes.csv").open(newline="") as file:
        ids = {row["wnid"]: int(row["class_id"]) for row in csv.DictReader(file)}
    with EQUIVALENCES.open(newline="") as file:
        pairs = [(ids[row["label"]], ids[row["accepts"]]) for row in csv.DictReader(file)]
    given: Verdicts = {}
    for label, accepts in pairs:
        for (item, class_id), code in verdicts.items():
            if class_id == label and code > verdicts.get((item, accepts), 0):
                given[item, accepts] = max(code, given.get((item, accepts), 0))
    made = regrade("labels", "equivalences", "multilabel", EQUIVALENCES, "--json").json
    assert made["n_pairs"] == len(pairs) == 29
    assert made["n_added"] == sum(pair not in verdicts for pair in given)
    assert made["n_raised"] == sum(pair in verdicts for pair in given)
    # nearly all of it was in the labels already
    assert (made["n_added"], made["n_raised"], made["n_items"]) == (13, 3, len({item for item, _ in given}))


def test_what_moved_from_the_original_labels(imagenet: Path, regrade: Regrade) -> None:
    rows = regrade("grade", "--labels", "multilabel", "--against", "original", "--json").json
    assert [row["model"] for row in rows] == sorted(MODELS)
    known = {"pnasnet_large_tf": (1510, 0.82858), "resnet50": (2751, 0.76130), "alexnet": (6613, 0.56518)}
    for row in rows:
        n_mistakes, top1 = known[row["model"]]
        assert row["n_mistakes"] == n_mistakes
        # original@1 accepts the original label alone, on all 50,000 items
        assert row["n_mistakes_against"] == round(50_000 * (1 - top1))
        assert row["n_mistakes"] == (
            row["n_mistakes_against"]
            - row["n_became_right"]
            - row["n_mistakes_dropped"]
            + row["n_became_wrong"]
            + row["n_mistakes_added"]
        )
        # 18,692 items are graded by both; on one of them alone the original label is unclear, and none rejects it
        assert (row["n_became_wrong"], row["n_mistakes_added"]) == (0, 0)
    assert [row["rank"] for row in rows] == [row["rank_against"] for row in rows] == [3, 1, 2]
