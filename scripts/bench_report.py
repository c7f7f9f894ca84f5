"""Show what was measured: as tables on the screen and in docs/speed.md, and as bench/latest.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bench_measure import N_RUNS, Line, show_ratio, show_time
from bench_server import Served

PROJECT = Path(__file__).resolve().parent.parent
LATEST, PAGE = PROJECT / "bench" / "latest.json", PROJECT / "docs" / "speed.md"
BEGIN, END = "<!-- Written by scripts/bench --write: -->", "<!-- End of what is written. -->"
MET = {True: "met", False: "NOT MET", None: ""}
Table = list[tuple[str, ...]]


def print_report(lines: Sequence[Line], served: Served) -> None:
    """Print both tables."""
    for table in (tabulate_lines(lines), tabulate_served(served)):
        widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
        for row in table:
            cells = (
                cell.ljust(width) if is_word(table, column) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            print("  ".join(cells).rstrip())
        print()
    print(f"Times are medians of {N_RUNS} runs taken in turns. A ratio below 1 is faster than what it is held against.")


def write_report(lines: Sequence[Line], served: Served) -> None:
    """Write both files."""
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_text(json.dumps(report(lines, served), indent=2) + "\n", encoding="utf-8")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    tables = "\n\n".join(map(as_markdown, (tabulate_lines(lines), tabulate_served(served))))
    where = f"Python {platform.python_version()}, NumPy {np.__version__}, {count_cores()} cores"
    PAGE.write_text(
        f"{head}{BEGIN}\n\n{where}, {datetime.now(UTC):%Y-%m-%d}.\n\n{tables}\n\n{END}{rest.partition(END)[2]}",
        encoding="utf-8",
    )


def report(lines: Sequence[Line], served: Served) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.machine(),
        "n_cores": count_cores(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "lines": [{**asdict(line), "ratio": line.ratio} for line in lines],
        "served": [{**asdict(row), "is_met": row.is_met} for row in (*served.waits, *served.amounts)],
    }


def count_cores() -> int | None:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def tabulate_lines(lines: Sequence[Line]) -> Table:
    rows: Table = [("work", "time", "against", "time", "ratio", "memory", "aim", "")]
    for line in lines:
        times = show_time(line.seconds), show_time(line.against_seconds)
        memory = "" if line.peak_mb is None else f"{line.peak_mb:.0f} MB"
        rows.append(
            (line.work, times[0], line.against, times[1], show_ratio(line.ratio), memory, line.aim, MET[line.is_met])
        )
    return rows


def tabulate_served(served: Served) -> Table:
    rows: Table = [("served on loopback", "n", "median", "p95", "longest", "aim", "")]
    for wait in served.waits:
        times = (f"{seconds * 1e3:.1f} ms" for seconds in (wait.median, wait.p95, wait.longest))
        aim = f"p95 at most {wait.aim * 1e3:.0f} ms" if wait.aim else ""
        rows.append((wait.what, f"{wait.n:,}", *times, aim, MET[wait.is_met]))
    for row in served.amounts:
        aim = "" if row.aim is None else f"at most {row.aim:g} {row.unit}".rstrip()
        number = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.3g}"
        rows.append((row.what, "", f"{number} {row.unit}".rstrip(), "", "", aim, MET[row.is_met]))
    return rows


def as_markdown(table: Table) -> str:
    rule = ["---" if is_word(table, column) else "---:" for column in range(len(table[0]))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (table[0], rule, *table[1:]))


def is_word(table: Table, column: int) -> bool:
    """Whether a column holds words, which stand on the left, and no numbers."""
    return table[0][column] in {"work", "against", "aim", "served on loopback", ""}
