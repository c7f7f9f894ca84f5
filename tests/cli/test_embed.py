"""`regrade embed`, on images that differ by their grey."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import CLASSES, Regrade

# The vector of an image is (its grey / 60, 1); a black one's is zero where the model is `dark`.
MODEL = """
    import numpy as np

    class Embedder:
        def transform(self, features):
            return np.stack([features[:, 0] * 255 / 60, np.ones(len(features))], axis=1)

    class Dark(Embedder):
        def transform(self, features):
            return features[:, :1]

    class Stopped(Embedder):
        def transform(self, features):
            if len(features) > 1:
                raise KeyboardInterrupt
            return super().transform(features)

    net, dark, stopped = Embedder(), Dark(), Stopped()
"""
RUN = ("embed", "run", "sklearn", "net", "model.py:net", "--set", "size=2")


@pytest.fixture(autouse=True)
def _bench(regrade: Regrade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace with four images; the test stands beside its files."""
    (tmp_path / "photos").mkdir()
    for at in range(4):
        Image.fromarray(np.full((8, 8, 3), at * 60, np.uint8)).save(tmp_path / "photos" / f"{at}.png")
    (tmp_path / "classes.csv").write_text(CLASSES, encoding="utf-8")
    (tmp_path / "items.csv").write_text("file,label\n0.png,0\n1.png,1\n2.png,2\n3.png,0\n", encoding="utf-8")
    (tmp_path / "model.py").write_text(dedent(MODEL), encoding="utf-8")
    np.save(tmp_path / "net.npy", np.array([[0, 1], [1, 1], [2, 1], [np.nan, np.nan]]))
    regrade("init", "bench", "--classes", "classes.csv", "--items", "items.csv", "--media", "photos")
    monkeypatch.setenv("REGRADE_WORKSPACE", str(tmp_path / "bench"))


def test_a_file_is_imported_once_and_listed(regrade: Regrade) -> None:
    columns = "name split dimensions stored missing"
    assert regrade("embed", "import", "net", "net.npy").rows == [columns, "net main 2 yes 1"]
    assert regrade("embed", "import", "net", "net.npy").rows == [columns, "net main 2 there already 1"]
    (listed,) = regrade("embed", "list", "--json").json
    assert (listed["name"], listed["split"], listed["n_dimensions"], listed["source"]) == ("net", "main", 2, "net.npy")
    table = regrade("embed", "list").rows
    assert table[0] == "name split dimensions missing from stored"
    assert table[1].startswith("net main 2 1 net.npy 20")


def test_no_embeddings_yet(regrade: Regrade) -> None:
    assert "No embeddings yet" in regrade("embed", "list").err


def test_an_import_as_json(regrade: Regrade) -> None:
    report = regrade("embed", "import", "net", "net.npy", "--format", "vectors", "--json").json
    assert (report["created"], report["stored"]["n_missing"]) == (True, 1)


def test_what_is_no_embedding_is_refused_in_words(regrade: Regrade, tmp_path: Path) -> None:
    np.save(tmp_path / "few.npy", np.ones((3, 2)))
    said = regrade("embed", "import", "net", "few.npy", code=1).err
    assert "expected 4 rows, a vector for each item of the split main; got float64 (3, 2)" in said


def test_a_run_is_a_row_of_results_and_talk(regrade: Regrade) -> None:
    ran = regrade(*RUN)
    assert ran.rows == ["name split dimensions stored computed missing", "net main 2 yes 4 0"]
    assert "net: 4 of 4 images" in ran.err
    assert "images: RGB, resized" in ran.err
    again = regrade(*RUN, "--json").json
    assert (again["created"], again["n_computed"], again["missing"]) == (False, 0, [])


def test_images_without_a_vector_are_counted_and_named(regrade: Regrade, tmp_path: Path) -> None:
    (tmp_path / "photos" / "2.png").write_bytes(b"damaged")
    dark = ("embed", "run", "sklearn", "dark", "model.py:dark", "--set", "size=2")
    assert "2.png" in regrade(*dark, code=1).err
    ran = regrade(*dark, "--skip-damaged")
    assert "warning: 2 images without a vector (damaged, or zero): 0.png, 2.png" in ran.err
    assert ran.rows[1] == "dark main 1 yes 3 2"


def test_stopped_by_the_keyboard_it_says_how_to_go_on(regrade: Regrade) -> None:
    ran = regrade("embed", "run", "sklearn", "net", "model.py:stopped", "--set", "size=2", code=130)
    assert "Stopped. The same command goes on where this one was." in ran.err


def test_an_adapter_must_run_embedders(regrade: Regrade) -> None:
    said = regrade("embed", "run", "sklearn", "net", "model.py:np", "--set", "size=2", code=1).err
    assert "expected a fitted transformer, with a method transform" in said
