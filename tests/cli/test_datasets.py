"""Datasets on the command line: as a workspace, as a split, and as labels."""

from __future__ import annotations

import io
from pathlib import Path

import datasets
import pytest
from PIL import Image

from tests.cli.conftest import CLASSES, Regrade

NAMES = ["bagel", "dough", "pretzel", "plate"]


@pytest.fixture(autouse=True)
def _saved(regrade: Regrade) -> None:
    """`photos`: three images, each with a label, a list of labels, and an id; `two`: the same with two splits."""
    cells = []
    for red in range(3):
        data = io.BytesIO()
        Image.new("RGB", (4, 4), (red, 0, 0)).save(data, "PNG")
        cells.append({"bytes": data.getvalue(), "path": None})
    label = datasets.ClassLabel(names=NAMES)
    features = datasets.Features(
        {"photo": datasets.Image(), "label": label, "every": datasets.List(label), "key": datasets.Value("string")}
    )
    columns = {"photo": cells, "label": [0, 1, 3], "every": [[0, 1], [1], []], "key": ["a", "b", "c"]}
    photos = datasets.Dataset.from_dict(columns, features=features)
    photos.save_to_disk("photos")
    photos.to_parquet("photos.parquet")
    datasets.DatasetDict(train=photos, test=photos.select([0])).save_to_disk("two")
    Path("classes.csv").write_text(CLASSES, encoding="utf-8")


def test_a_workspace_is_made_of_a_dataset_alone(regrade: Regrade) -> None:
    ran = regrade("init", "bench", "--dataset", "photos", "--label", "label")
    assert ran.rows == ["bench: 4 classes, 3 items (3 with a label, 3 with a media file)", "labels: original@1"]
    shown = regrade("labels", "show", "original", "--workspace", "bench", "--json").json
    assert shown is not None


def test_a_split_and_labels_are_added_from_datasets(regrade: Regrade) -> None:
    columns = ("--label", "label", "--id", "key")
    regrade("init", "bench", "--classes", "classes.csv", "--dataset", "photos.parquet", *columns)
    at = ("--workspace", "bench")
    options = ("--dataset-split", "test", "--image", "photo")
    ran = regrade(*at, "items", "add", "second", "--dataset", "two", *columns, *options)
    assert ran.rows == ["second: 1 item (1 with a label, 1 with a media file)"]
    ran = regrade(*at, "labels", "import", "lists", "photos", "--label", "every", "--id", "key")
    assert ran.rows == ["lists@1: imported: 2 items (0 problematic), 3 verdicts"]
    assert "1 of 3 rows have no label and are not covered" in ran.err
    file = ("photos.parquet", "--format", "huggingface")
    assert regrade(*at, "labels", "import", "single", *file, *columns).rows[0].startswith("single@1: imported: 3 items")


def test_classes_of_other_names_go_by_number_where_that_is_said(regrade: Regrade) -> None:
    Path("other.csv").write_text("class_id,key,name\n0,w,w\n1,x,x\n2,y,y\n3,z,z\n", encoding="utf-8")
    start = ("init", "bench", "--classes", "other.csv", "--dataset", "photos", "--label", "label")
    assert "add --class-numbers" in regrade(*start, code=1).err
    assert "(3 with a label" in regrade(*start, "--class-numbers").out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--dataset", "photos"), 1, "Name one with --label COLUMN"),
        (("--dataset", "two", "--label", "label"), 1, "Name one with --dataset-split: train, test"),
        (("--dataset", "someone/else"), 1, "add --download"),
        (("--images", "photos", "--image", "photo"), 2, "expected --dataset beside it"),
        (("--images", "photos", "--download"), 2, "expected --dataset beside it"),
        (("--images", "photos"), 1, "expected one folder for each class; got no folder in it"),
    ],
)
def test_what_does_not_fit_is_refused(regrade: Regrade, arguments: tuple[str, ...], code: int, message: str) -> None:
    assert message in regrade("init", "bench", *arguments, code=code).err
    assert not Path("bench").exists()


def test_details_of_a_dataset_need_one(regrade: Regrade) -> None:
    regrade("init", "bench", "--dataset", "photos", "--label", "label")
    start = ("--workspace", "bench", "labels", "import", "x", "classes.csv")
    assert "expected a dataset beside it" in regrade(*start, "--id", "key", code=2).err
    assert "expected a dataset beside it" in regrade(*start, "--label", "label", code=2).err
