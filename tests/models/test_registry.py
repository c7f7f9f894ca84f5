"""The adapters: regrade's own, and those of other packages by entry point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.models import Adapter, Embedder, ModelRequest, adapter, embeds, find_adapter, list_adapters
from regrade.records.classes import ClassList


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages that give the adapters `outside`, `broken`, `twice` (two of them) and `onnx`."""
    (tmp_path / "their_adapter.py").write_text(
        "from regrade.models import Adapter\n"
        "THEIRS = Adapter('outside', 'theirs', {'depth': 'how deep'}, lambda request: request)\n"
        "NOTHING = 3\n"
    )
    points = {
        "one": "outside = their_adapter:THEIRS\nbroken = their_adapter:NOTHING\ntwice = their_adapter:THEIRS\n",
        "two": "twice = their_adapter:NOTHING\nonnx = their_adapter:THEIRS\n",
    }
    for name, text in points.items():
        folder = tmp_path / f"their_{name}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: their-{name}\nVersion: 1\n")
        (folder / "entry_points.txt").write_text(f"[regrade.adapters]\n{text}")
    monkeypatch.syspath_prepend(tmp_path)


def test_the_adapters_are_listed_by_name() -> None:
    assert [found.name for found in list_adapters()] == ["onnx", "sklearn", "torch"]
    assert all(found.description and "\n" not in found.description for found in list_adapters())
    assert all(help_text for found in list_adapters() for help_text in found.options.values())
    assert all(list(found.options) == sorted(found.options) for found in list_adapters())


def test_one_is_found_by_name() -> None:
    assert find_adapter("sklearn").name == "sklearn"


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="the adapter onnx is registered twice"):
        adapter("onnx", "again", options={})


def test_an_unknown_name_lists_the_valid_ones(install: None) -> None:
    words = "expected the name of an adapter; got onyx. There are: broken, onnx, outside, sklearn, torch, twice."
    with pytest.raises(InputError, match=words):
        find_adapter("onyx")


def test_another_package_gives_one(install: None, classes: ClassList) -> None:
    found = find_adapter("outside")
    assert isinstance(found, Adapter)
    request: object = found("file", {"depth": "3"}, classes)
    assert isinstance(request, ModelRequest)
    assert (request.source, request.options.text("depth"), request.classes) == ("file", "3", classes)


def test_what_is_no_adapter_is_refused(install: None) -> None:
    with pytest.raises(InputError, match=r"their_adapter:NOTHING: expected an Adapter behind .* broken; got int"):
        find_adapter("broken")


@pytest.mark.parametrize("name", ["twice", "onnx"])
def test_a_name_that_several_give_is_refused(install: None, name: str) -> None:
    with pytest.raises(InputError, match=rf"expected one adapter {name}; got several: their_adapter:\w+"):
        find_adapter(name)


def test_an_adapter_that_runs_no_embedders_says_so(install: None, classes: ClassList) -> None:
    with pytest.raises(InputError, match="an adapter that runs embedders; got outside, which runs classifiers only"):
        find_adapter("outside").open_embedder("file", {}, classes)


def test_an_embedder_gets_the_same_request(classes: ClassList) -> None:
    def load(request: ModelRequest) -> Embedder:
        return Embedder(
            lambda image: image, lambda _: np.ones((1, 2)), (request.source, request.options.identity()[0]), ""
        )

    found = Adapter("theirs", "theirs", {"depth": "how deep"}, lambda _: pytest.fail("no classifier"), load)
    assert found.open_embedder("file", {"depth": "3"}, classes).identity == ("file", "depth=3")
    with pytest.raises(InputError, match="an option of the adapter theirs; got width"):
        found.open_embedder("file", {"width": "3"}, classes)


@pytest.mark.parametrize("name", ["onnx", "absent"])
def test_an_adapter_that_is_there_gets_one_way_to_run_embedders(name: str) -> None:
    with pytest.raises(ValueError, match=f"the adapter {name} is not there, or runs embedders already"):
        embeds(name)


def test_an_unknown_option_lists_the_valid_ones(classes: ClassList) -> None:
    words = "--set: expected an option of the adapter sklearn; got sise. There are: channels, crop, .*, size, std"
    with pytest.raises(InputError, match=words):
        find_adapter("sklearn")("a.py:b", {"size": "8", "sise": "8"}, classes)
