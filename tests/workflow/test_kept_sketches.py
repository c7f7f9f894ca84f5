"""Sketches that a server finds again when it starts."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from regrade.workflow.decoders import DECODERS
from regrade.workflow.kept_sketches import KeptSketches
from regrade.workflow.media import sketch_image
from regrade.workflow.sketches import find_lookalikes, keep_looks
from regrade.workflow.workspace import Workspace, open_workspace
from tests.workflow.test_sketches import FILES, open_photos

ALIKE = {FILES.index(name) for name in ("photo.jpg", "same.jpg", "again.jpg", "as.png")}


def look_at_all(ws: Workspace) -> None:
    assert find_lookalikes(ws, "main", 0, range(len(FILES))) == ALIKE
    keep_looks(ws, "main")


def test_what_was_looked_at_needs_no_decoding_the_next_time(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        look_at_all(ws)
    DECODERS.close()
    with open_workspace(tmp_path / "bench") as ws:
        assert find_lookalikes(ws, "main", 0, sorted(ALIKE)) == ALIKE
    assert DECODERS.pids() == ()


def test_a_file_that_was_written_since_is_looked_at_again(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        look_at_all(ws)
    media = tmp_path / "media"
    (media / "same.jpg").write_bytes((media / "other.jpg").read_bytes())
    (media / "other.jpg").write_bytes((media / "photo.jpg").read_bytes())
    with open_workspace(tmp_path / "bench") as ws:
        now = (ALIKE - {FILES.index("same.jpg")}) | {FILES.index("other.jpg")}
        assert find_lookalikes(ws, "main", 0, range(len(FILES))) == now
        (media / "as.png").unlink()
    with open_workspace(tmp_path / "bench") as ws:
        assert KeptSketches(ws, "main").find(FILES.index("as.png")) is None


def test_what_was_kept_before_stays_beside_what_is_added(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        for item in (0, 1):  # each time only one of them is known
            fresh = KeptSketches(ws, "main")
            fresh.keep({item: sketch_image(ws, "main", item), 7: None})
        found = [KeptSketches(ws, "main").find(item) for item in (0, 1, 7)]
        for sketch, item in zip(found, (0, 1), strict=False):
            own = sketch_image(ws, "main", item)
            assert sketch is not None
            assert (sketch.size, sketch.stamp) == (own.size, own.stamp)
            assert sketch.grey is not None
            assert np.array_equal(sketch.grey, own.grey if own.grey is not None else 0)
        assert found[2] is None


def test_what_was_passed_over_for_its_size_is_not_kept(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        look_at_all(ws)  # beside the photo the smaller one is not decoded
        assert KeptSketches(ws, "main").find(FILES.index("smaller.jpg")) is None
        assert KeptSketches(ws, "main").find(FILES.index("flipped.jpg")) is not None


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "shape"])
def test_a_damaged_file_is_as_if_there_were_none(tmp_path: Path, damage: str) -> None:
    with open_photos(tmp_path) as ws:
        look_at_all(ws)
        (path,) = (ws.folder / "cache" / "sketches").iterdir()
        content = path.read_bytes()
        if damage == "shape":
            np.savez(path, items=np.arange(3), facts=np.zeros((3, 2)), greys=np.zeros((3, 8, 8), np.uint8))
        else:
            path.write_bytes({"empty": b"", "text": b"sketches", "cut": content[: len(content) // 2]}[damage])
        assert KeptSketches(ws, "main").find(0) is None
        look_at_all(ws)
        assert KeptSketches(ws, "main").find(0) is not None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_private(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        look_at_all(ws)
        (path,) = (ws.folder / "cache" / "sketches").iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
