"""Opening datasets: saved ones, Parquet, folders of images, and what is refused."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import datasets
import pytest

from regrade.errors import InputError
from regrade.formats import DatasetSource
from regrade.formats.huggingface.opening import open_dataset
from tests.formats.huggingface.conftest import Make, encode


@pytest.fixture
def saved(make: Make) -> datasets.Dataset:
    return datasets.load_from_disk(str(make("image", "label").content))


def columns_of(source: DatasetSource) -> list[str]:
    with open_dataset(source) as opened:
        return list(opened.data.features)


def test_a_saved_dataset_a_parquet_file_and_one_in_memory_are_the_same(saved: datasets.Dataset, tmp_path: Path) -> None:
    saved.to_parquet(str(tmp_path / "one.parquet"))
    (tmp_path / "shards").mkdir()
    saved.to_parquet(str(tmp_path / "shards" / "train-00000-of-00001.parquet"))
    for content in (tmp_path / "one.parquet", str(tmp_path / "shards"), saved):
        with open_dataset(DatasetSource(content=content)) as opened:
            assert opened.data.features == saved.features
            assert len(opened.data) == 6
            assert opened.folder is None


def test_a_folder_of_images_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "1.png").write_bytes(encode(1))
    with open_dataset(DatasetSource(content=tmp_path)) as opened:
        assert (len(opened.data), opened.folder) == (1, tmp_path)


def test_one_of_several_splits_is_named(saved: datasets.Dataset, tmp_path: Path) -> None:
    both = datasets.DatasetDict(train=saved, test=saved.select([0]))
    both.save_to_disk(str(tmp_path / "both"))
    for content in (both, tmp_path / "both"):
        with open_dataset(DatasetSource(content=content, split="test")) as opened:
            assert len(opened.data) == 1
    with pytest.raises(InputError, match=r"got none named, and it has 2\. Name one with --dataset-split: train, test"):
        columns_of(DatasetSource(content=both))
    with pytest.raises(InputError, match=r"one of the dataset's splits; got val\."):
        columns_of(DatasetSource(content=both, split="val"))
    assert columns_of(DatasetSource(content=datasets.DatasetDict(only=saved))) == ["image", "label"]
    with pytest.raises(InputError, match="a dataset with splits; got one without"):
        columns_of(DatasetSource(content=saved, split="train"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (3, "expected a datasets.Dataset; got a value of type int"),
        (datasets.Dataset.from_dict({"label": []}), "dataset: expected at least one row; got none"),
        (
            datasets.Dataset.from_dict({"label": [1]}).to_iterable_dataset(),
            "expected a datasets.Dataset; got a value of type IterableDataset",
        ),
    ],
    ids=["number", "empty", "stream"],
)
def test_what_is_no_dataset_is_refused(content: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        columns_of(DatasetSource(content=content))


def test_a_damaged_dataset_is_said_in_words(make: Make, tmp_path: Path) -> None:
    folder = Path(str(make("label").content))
    (folder / "state.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="a dataset that the library `datasets` can load; got JSONDecodeError"):
        columns_of(DatasetSource(content=folder))
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"damaged\.parquet: expected a dataset that the library"):
        columns_of(DatasetSource(content=tmp_path / "damaged.parquet"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: expected a dataset that the library"):
        columns_of(DatasetSource(content=tmp_path / "empty"))


def test_a_name_on_the_hub_needs_a_word_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(InputError, match=r"got no such file or folder\. If it is a name on the Hugging Face Hub, add"):
        columns_of(DatasetSource(content="someone/something"))


def test_nothing_is_asked_of_the_network_for_a_folder(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make("image", "label")
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "1.png").write_bytes(encode(1))

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert columns_of(made) == ["image", "label"]
    assert columns_of(DatasetSource(content=tmp_path / "cat")) == ["image"]


def test_the_library_is_left_as_it_was(make: Make) -> None:
    offline, silent = datasets.config.HF_HUB_OFFLINE, datasets.are_progress_bars_disabled()
    with open_dataset(make("label")):
        assert datasets.config.HF_HUB_OFFLINE
        assert datasets.are_progress_bars_disabled()
    assert (datasets.config.HF_HUB_OFFLINE, datasets.are_progress_bars_disabled()) == (offline, silent)
