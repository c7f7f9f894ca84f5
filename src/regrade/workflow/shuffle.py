"""The random order of work."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.workflow.workspace import Workspace


def shuffle_keys(ws: Workspace, split: str) -> npt.NDArray[np.int64]:
    """(n_items,) the random place of every item in the order of work: the same for all questions of an item."""
    return ws.kept(("shuffle", split), lambda: _make_shuffle_keys(ws, split))


def _make_shuffle_keys(ws: Workspace, split: str) -> npt.NDArray[np.int64]:
    seed = int.from_bytes(ws.store.secret()[:16], "big")
    rng = np.random.Generator(np.random.Philox(key=[seed >> 64, seed & (2**64 - 1)]))
    return rng.integers(0, 2**62, size=len(ws.split(split)), dtype=np.int64)
