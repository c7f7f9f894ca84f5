"""A running server on loopback: how long reviewers wait, whether an acknowledged answer is lost, and its memory."""

from __future__ import annotations

import json
import math
import os
import secrets
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from bench_made import N_CLASSES, Made, make_ranks
from bench_processes import REGRADE, label_rows, run, write_csv
from PIL import Image

from regrade.records.users import Role
from regrade.store import reviews
from regrade.workflow.accounts import add_user
from regrade.workflow.cases import make_cases
from regrade.workflow.workspace import open_workspace

N_REVIEWERS, N_MODELS, N_IMAGES, SECONDS = 10, 70, 400, 45
IDLE, PATIENCE = 0.05, 600
"""A server that takes less than this share of a core has prepared what it can; seconds that it may take for that."""
N_REVIEWED = 11_000
"""So many items have labels here: the models' mistakes on them make some 20,000 cases."""
N_COMMITS, PAGE = 200, bytes(4096)


@dataclass(frozen=True)
class Wait:
    """How long one kind of request took, with what it should not exceed."""

    what: str
    n: int
    median: float
    p95: float
    longest: float
    aim: float | None
    """Seconds that the 95th percentile should not exceed."""

    @property
    def is_met(self) -> bool | None:
        return None if self.aim is None else self.p95 <= self.aim


@dataclass(frozen=True)
class Amount:
    """A number with what it should not exceed."""

    what: str
    value: float
    unit: str
    aim: float | None = None

    @property
    def is_met(self) -> bool | None:
        return None if self.aim is None else self.value <= self.aim


@dataclass(frozen=True)
class Served:
    """What was measured of one server."""

    waits: tuple[Wait, ...]
    amounts: tuple[Amount, ...]


AIMS = {"next item": 0.05, "saving a review": 0.05, "gallery page": 0.15}


def measure_server(made: Made, folder: Path) -> Served:
    """10 reviewers who answer as the page's script does, then the gallery, of 70 models and some 20,000 cases."""
    workspace, password = folder / "served", secrets.token_urlsafe(16)
    n_cases = make_served(made, folder, workspace)
    names = [f"reviewer{number}" for number in range(N_REVIEWERS)]
    with open_workspace(workspace) as ws:
        for name in names:
            add_user(ws, name, password, [Role.REVIEWER])
        add_user(ws, "admin", password, [Role.ADMIN])
    commit = measure_commits(workspace)
    with serve(workspace) as (url, pid):
        prepared = wait_until_idle(pid)
        given = {"url": url, "password": password, "reviewers": names, "admin": "admin", "seconds": SECONDS}
        clients = Path(__file__).with_name("bench_clients.py")
        seen = json.loads(run(sys.executable, str(clients), json.dumps(given)))
        peak = peak_of(pid)
    amounts = (
        Amount("cases", n_cases, ""),
        Amount("a new server prepares examples beforehand", prepared, "s"),
        Amount("a commit of this disk (4 kB, synced), median", commit * 1e3, "ms"),
        Amount("reviews acknowledged", len(seen["acknowledged"]), ""),
        Amount("reviews lost", count_lost(workspace, seen["acknowledged"]), "", 0),
        Amount("errors", len(seen["errors"]), "", 0),
        Amount("first load of the review page, without images", seen["first_load"] / 1e3, "kB", 150),
        Amount("most memory of the server", peak, "MB", 400),
    )
    return Served(tuple(wait_of(what, seconds) for what, seconds in seen["seconds"].items()), amounts)


def wait_of(what: str, seconds: list[float]) -> Wait:
    percentile = float(np.quantile(seconds, 0.95, method="higher"))
    return Wait(what, len(seconds), statistics.median(seconds), percentile, max(seconds), AIMS.get(what))


def make_served(made: Made, folder: Path, workspace: Path) -> int:
    """A workspace with pictures, 70 models and their open cases; returns how many."""
    media = folder / "media"
    media.mkdir()
    rng = np.random.default_rng(6)
    for number in range(N_IMAGES):
        pixels = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((400, 300), Image.Resampling.BICUBIC).save(media / f"{number}.jpg")
    classes = ((class_id, f"c{class_id}", f"class {class_id}") for class_id in range(N_CLASSES))
    write_csv(folder / "classes.csv", ("class_id", "key", "name"), classes)
    ids, labels = made.split.ids, made.split.labels.tolist()
    items = ((ids[item], f"{item % N_IMAGES}.jpg", labels[item]) for item in range(len(ids)))
    write_csv(folder / "pictures.csv", ("id", "path", "label"), items)
    header = ("id", "original_label", "correct", "unclear", "wrong", "problematic")
    write_csv(folder / "reviewed.csv", header, islice(label_rows(made), N_REVIEWED))
    inside = (*REGRADE, "--workspace", str(workspace))
    options = ("--classes", str(folder / "classes.csv"), "--items", str(folder / "pictures.csv"), "--media", str(media))
    run(*REGRADE, "init", str(workspace), *options)
    run(*inside, "labels", "import", "made", str(folder / "reviewed.csv"))
    for model in range(N_MODELS):
        np.save(folder / f"model{model}.npy", make_ranks(made, model))
    run(*inside, "predictions", "import", *(str(folder / f"model{model}.npy") for model in range(N_MODELS)))
    with open_workspace(workspace) as ws:
        return make_cases(ws).n_cases


@contextmanager
def serve(workspace: Path) -> Iterator[tuple[str, int]]:
    """A server process on a free port: its address and its id."""
    command = (*REGRADE, "--workspace", str(workspace), "serve", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield read_address(process), process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def wait_until_idle(pid: int) -> float:
    """Seconds until the server has prepared what the first visitors would wait for; it can be used meanwhile."""
    start, used = time.monotonic(), math.inf
    while used > IDLE and time.monotonic() - start < PATIENCE:
        before = cpu_seconds(pid)
        time.sleep(2)
        used = (cpu_seconds(pid) - before) / 2
    return time.monotonic() - start


def cpu_seconds(pid: int) -> float:
    """What a process has taken of the processors so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_address(process: subprocess.Popen[str]) -> str:
    """From the line by which the server tells where it listens."""
    for line in process.stdout or ():
        if "http://" in line:
            return "http://" + line.partition("http://")[2].split("/")[0]
    raise SystemExit("The server ended before it listened.")


def measure_commits(folder: Path) -> float:
    """Median seconds that the disk takes to keep a page for good: no answer can be acknowledged faster."""
    seconds = []
    file = os.open(folder / "commits", os.O_CREAT | os.O_WRONLY)
    sync = getattr(os, "fdatasync", os.fsync)
    try:
        for _ in range(N_COMMITS):
            start = time.perf_counter()
            os.write(file, PAGE)
            sync(file)
            seconds.append(time.perf_counter() - start)
    finally:
        os.close(file)
        (folder / "commits").unlink()
    return statistics.median(seconds)


def peak_of(pid: int) -> float:
    """Most memory that a running process ever held, in megabytes; NaN where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def count_lost(workspace: Path, acknowledged: list[str]) -> int:
    """Answers that the server said it had saved, and that are not there."""
    with open_workspace(workspace) as ws, ws.store.read() as tx:
        kept = {row.submission for row in reviews.list_reviews(tx, split="main")}
    return len(set(acknowledged) - kept)
