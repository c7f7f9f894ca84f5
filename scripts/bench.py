"""Measure speed as ratios to floors and peers taken in the same run, print a table, and write it down if asked."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bench_browser import measure_browser
from bench_grading import measure_grading
from bench_logits import measure_logits
from bench_made import make_benchmark
from bench_measure import N_RUNS, Line, show_ratio, show_time
from bench_models import measure_models
from bench_panel import measure_panel
from bench_processes import N_MODELS, measure_processes
from bench_real import measure_real
from bench_server import Served, measure_server, print_served

LATEST = Path(__file__).resolve().parent.parent / "bench" / "latest.json"
N_MODELS_LONG = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--long", action="store_true", help=f"also with {N_MODELS_LONG:,} models stored, and 10,000 in a file"
    )
    parser.add_argument("--write", action="store_true", help="write bench/latest.json")
    options = parser.parse_args()
    sizes = (N_MODELS, N_MODELS_LONG) if options.long else (N_MODELS,)
    with tempfile.TemporaryDirectory(prefix="regrade-bench-") as folder:
        made = make_benchmark()
        lines = [
            *measure_logits(made, Path(folder)),
            *measure_models(made, Path(folder), long=options.long),
            *measure_grading(made, Path(folder), sizes),
            *measure_processes(made, Path(folder), sizes),
            *measure_real(Path(folder)),
            *measure_browser(Path(folder)),
            *measure_panel(Path(folder)),
        ]
        served = measure_server(made, Path(folder))
    print_table(lines)
    print()
    print_served(served)
    if options.write:
        LATEST.parent.mkdir(exist_ok=True)
        LATEST.write_text(json.dumps(report(lines, served), indent=2) + "\n", encoding="utf-8")


def report(lines: list[Line], served: Served) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.machine(),
        "n_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "lines": [{**asdict(line), "ratio": line.ratio} for line in lines],
        "served": [{**asdict(row), "is_met": row.is_met} for row in (*served.waits, *served.amounts)],
    }


def print_table(lines: list[Line]) -> None:
    rows = [("work", "time", "against", "time", "ratio", "memory", "aim", "")]
    for line in lines:
        times = show_time(line.seconds), show_time(line.against_seconds)
        memory = "" if line.peak_mb is None else f"{line.peak_mb:.0f} MB"
        met = {True: "met", False: "NOT MET", None: ""}[line.is_met]
        rows.append((line.work, times[0], line.against, times[1], show_ratio(line.ratio), memory, line.aim, met))
    widths = [max(len(row[column]) for row in rows) for column in range(8)]
    for row in rows:
        cells = (
            cell.rjust(width) if column in {1, 3, 4, 5} else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
    print(
        f"\nTimes are medians of {N_RUNS} runs taken in turns. A ratio below 1 is faster than what it is held against."
    )


if __name__ == "__main__":
    main()
