"""Imports predictions, exports labels and makes checkpoints beside a server until it is killed."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from regrade.workflow.export import export_version
from regrade.workflow.predictions import import_predictions
from regrade.workflow.workspace import open_workspace

N_CLASSES = 10


def main(folder: Path, seed: int) -> None:
    for number in itertools.count():
        # Closing the last connection but the server's may make a checkpoint.
        with open_workspace(folder) as ws:
            model, rng = f"m{seed}x{number}", np.random.default_rng((seed, number))
            np.save(folder.parent / "top1.npy", rng.integers(0, N_CLASSES, len(ws.split())))
            import_predictions(ws, [(model, folder.parent / "top1.npy")])
            export_version(ws, "original@1", folder.parent / "labels.csv")
            print(model, flush=True)  # noqa: T201 - the parent process reads it
