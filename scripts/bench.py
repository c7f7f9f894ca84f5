"""Measure speed as ratios to floors and peers taken in the same run, print a table, and write it down if asked."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench_browser import measure_browser
from bench_grading import measure_grading
from bench_logits import measure_logits
from bench_made import make_benchmark
from bench_models import measure_models
from bench_panel import measure_panel
from bench_processes import N_MODELS, measure_processes
from bench_real import measure_real
from bench_report import print_report, write_report
from bench_server import measure_server

N_MODELS_LONG = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--long", action="store_true", help=f"also with {N_MODELS_LONG:,} models stored, and 10,000 in a file"
    )
    parser.add_argument("--write", action="store_true", help="write bench/latest.json, and the tables of docs/speed.md")
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
    print_report(lines, served)
    if options.write:
        write_report(lines, served)


if __name__ == "__main__":
    main()
