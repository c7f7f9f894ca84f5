"""Whole processes of the command line: against importing what they cannot do without."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from bench_made import N_CLASSES, Made
from bench_measure import Line, aim_at, time_in_turns

from regrade.records.labels import VERDICTS

REGRADE = (sys.executable, "-m", "regrade")
N_MODELS = 70
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure_processes(made: Made, folder: Path, sizes: Sequence[int]) -> list[Line]:
    """`regrade --help`, and `regrade grade --json` of workspaces with the models that stand in the folder."""
    lines = [aim_at(measure("regrade --help", (*REGRADE, "--help"), "import typer"), seconds=0.4)]
    for n_models in sizes:
        workspace = make_workspace(made, folder, n_models)
        grade = (*REGRADE, "--workspace", str(workspace), "grade", "--labels", "made", "--json")
        n_graded = len(json.loads(run(*grade)))
        if n_graded != n_models:
            raise SystemExit(f"`regrade grade` gave {n_graded} models of {n_models}.")
        line = measure(f"regrade grade --json, {n_models:,} models", grade, "import numpy, polars")
        lines.append(aim_at(line, seconds=1.5, peak_mb=400) if n_models == N_MODELS else line)
    return lines


def measure(work: str, command: Sequence[str], imports: str) -> Line:
    """Hold a process against a Python that only imports."""
    times = time_in_turns({work: partial(run, *command), imports: partial(run, sys.executable, "-c", imports)})
    return Line(work, times[work], f"python: {imports}", times[imports], peak_mb=peak_memory(*command))


def peak_memory(*command: str) -> float:
    """Most memory that a process holds while it runs, in megabytes; pages of mapped files count too."""
    # A small process starts it: what a process held before it became another one counts as well.
    kilobytes = int(run(sys.executable, "-c", _PEAK, *command))
    return kilobytes / (1 << 10 if sys.platform == "linux" else 1 << 20)


def make_workspace(made: Made, folder: Path, n_models: int) -> Path:
    """Write the benchmark as files and import them."""
    ids = made.split.ids
    classes = ((class_id, f"c{class_id}", f"class {class_id}") for class_id in range(N_CLASSES))
    write_csv(folder / "classes.csv", ("class_id", "key", "name"), classes)
    write_csv(folder / "items.csv", ("id", "label"), zip(ids, made.split.labels.tolist(), strict=True))
    header = ("id", "original_label", "correct", "unclear", "wrong", "problematic")
    write_csv(folder / "labels.csv", header, label_rows(made))
    workspace = folder / f"workspace{n_models}"
    inside = (*REGRADE, "--workspace", str(workspace))
    run(
        *REGRADE, "init", str(workspace), "--classes", str(folder / "classes.csv"), "--items", str(folder / "items.csv")
    )
    run(*inside, "labels", "import", "made", str(folder / "labels.csv"))
    run(*inside, "predictions", "import", *(str(folder / f"model{model}.npy") for model in range(n_models)))
    return workspace


def label_rows(made: Made) -> Iterable[tuple[object, ...]]:
    labels = made.labels
    for item, original, problematic in zip(labels.items, labels.original, labels.problematic, strict=True):
        pairs = labels.pairs_of(item)
        lists: dict[str, list[str]] = {str(verdict): [] for verdict in VERDICTS}
        for class_id, code in zip(labels.pair_classes[pairs].tolist(), labels.pair_codes[pairs].tolist(), strict=True):
            lists[str(VERDICTS[code])].append(str(class_id))
        cells = (";".join(lists[name]) for name in ("correct", "unclear", "wrong"))
        yield (made.split.ids[item], original, *cells, int(problematic))


def write_csv(file: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:6])} ... failed: {done.stderr}")
    return done.stdout
