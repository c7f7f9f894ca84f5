"""What a server prepares before it is asked."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np

from regrade.workflow.cases import make_cases
from regrade.workflow.decoders import DECODERS
from regrade.workflow.guide import N_AT_ONCE, list_candidates
from regrade.workflow.media import item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.sketches import find_lookalikes
from regrade.workflow.warm import warm_up
from regrade.workflow.workspace import Workspace, open_workspace
from tests.workflow.test_sketches import FILES, open_photos


def ask(ws: Workspace, folder: Path) -> None:
    """One model, wrong on the last item alone: the panel is asked about it, and all others may stand as examples."""
    np.save(folder / "m.npy", np.array([0] * (len(FILES) - 1) + [1]))
    import_predictions(ws, [("m", folder / "m.npy")])
    make_cases(ws)


def test_examples_need_no_file_any_more(tmp_path: Path) -> None:
    with open_photos(tmp_path, n_classes=2) as ws:
        ask(ws, tmp_path)
        warm_up(ws, rest=lambda _: False)
        shutil.rmtree(tmp_path / "media")
        alike = find_lookalikes(ws, "main", 0, range(len(FILES) - 1))
    assert {FILES[item] for item in alike} == {"photo.jpg", "same.jpg", "again.jpg", "as.png"}


def test_what_is_shown_first_is_small_already(tmp_path: Path) -> None:
    with open_photos(tmp_path, n_classes=2) as ws:
        ask(ws, tmp_path)
        (items,) = list_candidates(ws, "main").values()
        warm_up(ws, rest=lambda _: False)
        kept = {path.name for path in (ws.folder / "cache" / "thumb").rglob("*") if path.is_file()}
        assert kept == {item_token(ws, "main", item) for item in items[:N_AT_ONCE]}


def test_the_next_server_looks_at_nothing_again(tmp_path: Path) -> None:
    with open_photos(tmp_path, n_classes=2) as ws:
        ask(ws, tmp_path)
        warm_up(ws, rest=lambda _: False)
    DECODERS.close()
    with open_workspace(tmp_path / "bench") as ws:
        (tmp_path / "media" / "broken.jpg").unlink()  # what cannot be read is tried each time
        warm_up(ws, rest=lambda _: False)
    assert DECODERS.pids() == ()


def test_it_stops_when_told(tmp_path: Path) -> None:
    with open_photos(tmp_path, n_classes=2) as ws:
        ask(ws, tmp_path)
        calls = itertools.count(1)
        warm_up(ws, rest=lambda _: next(calls) == 4)  # after the gallery, a card, photo.jpg and same.jpg
        shutil.rmtree(tmp_path / "media")
        alike = find_lookalikes(ws, "main", 0, range(len(FILES) - 1))
    assert {FILES[item] for item in alike} == {"photo.jpg", "same.jpg"}


def test_where_the_panel_is_asked_nothing_nothing_is_looked_at(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        warm_up(ws, rest=lambda _: False)
        shutil.rmtree(tmp_path / "media")
        assert find_lookalikes(ws, "main", 0, [1, 2]) == frozenset()
