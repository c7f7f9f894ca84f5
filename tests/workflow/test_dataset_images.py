"""Datasets become splits with their images: written once, whole, and gone again where the split is refused."""

from __future__ import annotations

import io
from pathlib import Path

import datasets
import pytest
from PIL import Image

from regrade.errors import ConflictError, InputError
from regrade.formats import DatasetSource
from regrade.workflow.labels import import_labels, load_labels
from regrade.workflow.media import load_image
from regrade.workflow.workspace import Workspace, add_split, init_workspace, open_workspace

NAMES = ["cat", "dog"]


def dataset(*reds: int, bad: bool = False) -> DatasetSource:
    cells = []
    for red in reds:
        data = io.BytesIO()
        Image.new("RGB", (4, 4), (red, 0, 0)).save(data, "PNG")
        cells.append({"bytes": data.getvalue(), "path": None})
    if bad:
        cells[-1]["bytes"] = b"no image"
    columns = {"image": cells, "label": [at % 2 for at in range(len(reds))]}
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=NAMES)})
    return DatasetSource(content=datasets.Dataset.from_dict(columns, features=features))


def folders(workspace: Path) -> list[str]:
    return sorted(path.name for path in (workspace / "media").glob("*"))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    init_workspace(tmp_path / "bench", dataset=dataset(10, 20, 30))
    return tmp_path / "bench"


def test_classes_items_and_images_come_from_the_dataset(made: Path) -> None:
    with open_workspace(made) as ws:
        assert ws.classes.keys == ("cat", "dog")
        assert (ws.split().ids, ws.split().labels.tolist()) == (("0", "1", "2"), [0, 1, 0])
        assert [load_image(ws, "main", item).getpixel((0, 0)) for item in range(3)] == [
            (at, 0, 0) for at in (10, 20, 30)
        ]
        assert load_labels(ws, "original").accepted_classes(1) == (1,)


def test_the_same_dataset_again_is_no_change(made: Path) -> None:
    before = folders(made)
    with open_workspace(made) as ws:
        assert add_split(ws, "main", dataset=dataset(10, 20, 30)).n_media == 3
        assert folders(made) == before
        assert add_split(ws, "second", dataset=dataset(10, 20, 30)).n_media == 3
        assert folders(made) == before


def test_other_images_under_the_same_name_are_a_conflict_and_leave_nothing(made: Path) -> None:
    before = folders(made)
    with open_workspace(made) as ws, pytest.raises(ConflictError, match="The split main has its media in media/"):
        add_split(ws, "main", dataset=dataset(10, 20, 31))
    assert folders(made) == before
    with open_workspace(made) as ws, pytest.raises(ConflictError, match="The split main holds other items"):
        add_split(ws, "main", dataset=dataset(10, 20))
    assert folders(made) == before


def test_a_dataset_with_a_bad_row_leaves_nothing(made: Path, tmp_path: Path) -> None:
    with open_workspace(made) as ws, pytest.raises(InputError, match="row index 1: expected raster images"):
        add_split(ws, "second", dataset=dataset(1, 2, bad=True))
    assert len(folders(made)) == 1
    with pytest.raises(InputError, match="row index 1: expected raster images"):
        init_workspace(tmp_path / "other", dataset=dataset(1, 2, bad=True))
    assert not (tmp_path / "other").exists()


def test_a_folder_of_images_is_not_copied(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / "photos" / name).mkdir(parents=True)
        Image.new("RGB", (4, 4), (9, 0, 0)).save(tmp_path / "photos" / name / "1.png")
    init_workspace(tmp_path / "bench", dataset=DatasetSource(content=tmp_path / "photos"))
    assert not (tmp_path / "bench" / "media").exists()
    with open_workspace(tmp_path / "bench") as ws:
        assert ws.media_root("main") == tmp_path / "photos"
        assert load_image(ws, "main", 0).getpixel((0, 0)) == (9, 0, 0)


def test_labels_come_from_a_dataset(made: Path) -> None:
    with open_workspace(made) as ws:
        report = import_labels(ws, "again", dataset(10, 20, 30))
        assert (report.version.ref, report.version.reason, report.n_items) == ("again@1", "imported from dataset", 3)
        assert load_labels(ws, "again").accepted_classes(1) == (1,)


def test_without_classes_there_is_nothing_to_start_from(tmp_path: Path, ws: Workspace) -> None:
    with pytest.raises(InputError, match="expected one folder for each class; got no folder in it"):
        init_workspace(tmp_path / "other", images=tmp_path)
    with pytest.raises(InputError, match="got 2 of them"):
        add_split(ws, "second", images=tmp_path, dataset=dataset(1))
