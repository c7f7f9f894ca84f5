"""Embeddings: what is stored, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.store import journal
from regrade.workflow.doctor import examine_workspace
from regrade.workflow.embeddings import import_embeddings, list_embeddings, load_measured
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import N_ITEMS

VECTORS = np.stack([np.arange(N_ITEMS) + 1.0, np.full(N_ITEMS, 2.0)], axis=1)


def test_a_file_is_stored_under_the_embedders_name(ws: Workspace, tmp_path: Path) -> None:
    np.save(tmp_path / "net.npy", VECTORS)
    report = import_embeddings(ws, "net", tmp_path / "net.npy", by="ann")
    stored = report.stored
    assert report.created
    assert (stored.name, stored.split, stored.n_dimensions, stored.n_missing, stored.source) == (
        *("net", "main", 2, 0, "net.npy"),
    )
    assert list_embeddings(ws) == (stored,)
    with ws.store.read() as tx:
        line = journal.list_lines(tx)[-1]
    assert (line.actor, line.action, line.facts) == (
        "ann",
        "embeddings.import",
        {"embeddings": "net", "split": "main", "digest": stored.digest},
    )
    assert examine_workspace(ws).damage == ()


def test_the_same_content_again_is_no_change_in_whatever_form(ws: Workspace) -> None:
    first = import_embeddings(ws, "net", VECTORS)
    frame = pl.DataFrame({"id": [f"img_{item}.png" for item in range(N_ITEMS)], "v": VECTORS.tolist()})
    again = import_embeddings(ws, "net", frame[::-1])
    assert (again.stored, again.created) == (first.stored, False)
    assert (first.stored.source, import_embeddings(ws, "other", frame).stored.source) == ("array", "dataframe")
    with pytest.raises(ConflictError, match="net has other embeddings of the split main"):
        import_embeddings(ws, "net", VECTORS + 1)


def test_what_is_no_embedding_leaves_nothing_behind(ws: Workspace) -> None:
    before = sorted(path.name for path in (ws.folder / "arrays").iterdir())
    with pytest.raises(InputError, match=r"row index 3: .*of length 0"):
        import_embeddings(ws, "net", VECTORS * (np.arange(N_ITEMS) != 3)[:, np.newaxis])
    assert list_embeddings(ws) == ()
    assert sorted(path.name for path in (ws.folder / "arrays").iterdir()) == before
    with pytest.raises(NotFoundError, match="no split absent"):
        import_embeddings(ws, "net", VECTORS, split="absent")


def test_vectors_are_read_with_their_lengths(ws: Workspace) -> None:
    vectors = VECTORS.copy()
    vectors[2] = np.nan
    measured = load_measured(ws, import_embeddings(ws, "net", vectors).stored)
    assert isinstance(measured.vectors, np.memmap)
    np.testing.assert_array_equal(measured.vectors, vectors)
    # (1, 2) is sqrt(5) long, (2, 2) sqrt(8)
    np.testing.assert_allclose(measured.lengths[:3], [5**0.5, 8**0.5, np.nan])
