"""Whole processes on the real labels and predictions of ImageNet, where `REGRADE_SHARED_DATA` names their folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from bench_measure import Line, aim_at, time_in_turns
from bench_processes import REGRADE, measure, run

N_IMPORTS = 3
_IMPORTS = "import numpy, polars"


def measure_real(folder: Path) -> list[Line]:
    """A workspace with two label sets and 70 models from nothing, and the grade of them all; no lines without data."""
    place = os.environ.get("REGRADE_SHARED_DATA")
    if not place:
        return []
    workspace = folder / "real"
    commands = list(list_imports(Path(place), workspace))
    times = time_in_turns(
        {"imports": partial(run_all, commands, workspace), "python": partial(run_python, len(commands))}, N_IMPORTS
    )
    line = Line(
        f"ImageNet: init and {len(commands) - 1} imports, 70 models",
        times["imports"],
        f"python: {_IMPORTS}, {len(commands)} times",
        times["python"],
        N_IMPORTS,
    )
    grade = (*REGRADE, "--workspace", str(workspace), "grade", "--labels", "multilabel", "--json")
    return [
        aim_at(line, seconds=15),
        aim_at(measure("ImageNet: regrade grade --json, 70 models", grade, _IMPORTS), seconds=2, peak_mb=400),
    ]


def list_imports(data: Path, workspace: Path) -> Iterator[tuple[str, ...]]:
    """What makes the workspace, one command a process."""
    imagenet, models = data / "imagenet", data / "predictions_val"
    inside = (*REGRADE, "--workspace", str(workspace))
    files = {"classes": "classes.csv", "items": "val_labels.csv", "hierarchy": "wordnet_hypernyms.csv"}
    options = (text for name, file in files.items() for text in (f"--{name}", str(imagenet / file)))
    yield (*REGRADE, "init", str(workspace), *options)
    yield (*inside, "labels", "import", "multilabel", str(imagenet / "multilabel_v3.csv"))
    yield (*inside, "labels", "import", "real", str(imagenet / "real.json"))
    yield (*inside, "predictions", "import", "vit3b", str(imagenet / "vit3b_mistakes.json"))
    tables = [*sorted((models / "top5").glob("*.npy")), *sorted(models.glob("imagenetx_*.csv"))]
    yield (*inside, "predictions", "import", *map(str, tables))


def run_all(commands: Sequence[tuple[str, ...]], workspace: Path) -> None:
    shutil.rmtree(workspace, ignore_errors=True)
    for command in commands:
        run(*command)


def run_python(n_times: int) -> None:
    for _ in range(n_times):
        run(REGRADE[0], "-c", _IMPORTS)
