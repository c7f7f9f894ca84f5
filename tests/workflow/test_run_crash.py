"""A run that is killed (SIGKILL) goes on where it was: a real child process, a real estimator, scanned digits."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from regrade.workflow.predictions import list_predictions
from regrade.workflow.workspace import init_workspace, open_workspace

N_ITEMS = 50
BATCH = 4

# Trained on digits that are not among the items. What it sees is noted before it answers, a line an image.
MODEL = """
    import hashlib, os, time
    from pathlib import Path
    import numpy as np
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    LOG = Path(__file__).with_name("seen.txt")

    class Noted(LogisticRegression):
        def predict_proba(self, features):
            with LOG.open("a") as log:
                log.writelines(hashlib.sha256(row.tobytes()).hexdigest() + "\\n" for row in features)
                log.flush()
                os.fsync(log.fileno())
            time.sleep(0.03)
            return super().predict_proba(features)

    pixels, labels = load_digits(return_X_y=True)
    model = Noted(max_iter=200).fit(pixels[100:500] / 16, labels[100:500])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of fifty scanned digits, and the model beside it."""
    scans, labels = load_digits(return_X_y=True)
    (tmp_path / "bench").mkdir()
    media = tmp_path / "bench" / "media"
    media.mkdir()
    for at in range(N_ITEMS):
        Image.fromarray(np.rint(scans[at].reshape(8, 8) * (255 / 16)).astype(np.uint8)).save(media / f"{at:02d}.png")
    (tmp_path / "classes.csv").write_text("class_id,key,name\n" + "".join(f"{at},{at},{at}\n" for at in range(10)))
    rows = "".join(f"{at:02d}.png,{labels[at]}\n" for at in range(N_ITEMS))
    (tmp_path / "items.csv").write_text(f"file,class_id\n{rows}")
    init_workspace(tmp_path / "bench", classes=tmp_path / "classes.csv", items=tmp_path / "items.csv", media=media)
    (tmp_path / "model.py").write_text(dedent(MODEL), encoding="utf-8")
    return tmp_path


def start(folder: Path, workspace: str) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    adapter = ["sklearn", "digits", str(folder / "model.py") + ":model", "--set", "size=8", "--set", "channels=1"]
    command = ["--workspace", str(folder / workspace), "predictions", "run", *adapter, "--batch-size", str(BATCH)]
    return subprocess.Popen(
        [sys.executable, "-m", "regrade", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def seen(folder: Path) -> list[str]:
    log = folder / "seen.txt"
    return log.read_text().splitlines() if log.exists() else []


def kill_after(process: subprocess.Popen[bytes], folder: Path, n_images: int) -> None:
    """Kill the process when its model has seen this many images."""
    deadline = time.monotonic() + 120
    while len(seen(folder)) < n_images:
        assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.slow
def test_a_killed_run_computes_no_image_twice_but_those_of_the_batch_under_way(folder: Path) -> None:
    shutil.copytree(folder / "bench", folder / "undisturbed")
    kills = (9, 31)  # in the third batch, then in a later one
    for n_images in kills:
        kill_after(start(folder, "bench"), folder, n_images)
        with open_workspace(folder / "bench") as ws:
            assert list_predictions(ws) == ()
    last = start(folder, "bench")
    said = last.communicate(timeout=120)[1].decode()
    assert last.returncode == 0, said
    counts = Counter(seen(folder))
    assert len(counts) == N_ITEMS
    n_again = sum(counts.values()) - N_ITEMS
    assert n_again <= len(kills) * BATCH
    assert max(counts.values()) <= 1 + len(kills)

    undisturbed = start(folder, "undisturbed")
    assert undisturbed.communicate(timeout=120)[1] is not None
    assert undisturbed.returncode == 0
    digests = []
    for name in ("bench", "undisturbed"):
        with open_workspace(folder / name) as ws:
            (row,) = list_predictions(ws)
            digests.append((row.digest, row.scores_digest, row.n_missing))
        assert list((folder / name).glob("runs/*/parts/*")) == []
    assert digests[0] == digests[1]
