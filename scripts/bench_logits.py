"""One model's scores of all classes, from the file to its grade: against reading the file once, and against a loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench_grading import READ, Tables, check_figures, figures, make_tables, read, summarize
from bench_made import N_CLASSES, N_ITEMS, Made, make_scores
from bench_measure import Line, aim_at, time_in_turns

from regrade.formats.predictions.score_blocks import open_scores, work_through
from regrade.grading import AnswerKey, LogitSheet, prepare_key
from regrade.records.classes import ClassList
from regrade.records.grades import Grade


def measure_logits(made: Made, folder: Path) -> list[Line]:
    """Top-1, top-5, both means with intervals, mistakes by what is known of them, and checks of every row."""
    file = folder / "scores.npy"
    np.save(file, make_scores(made, 0))
    key, tables = prepare_key(made.labels, made.split, ref="made@1"), make_tables(made)
    check_figures(figures(grade_file(made, file, key)), grade_in_a_loop(file, tables))
    buffer = memoryview(bytearray(file.stat().st_size))
    times = time_in_turns(
        {
            "grade": lambda: grade_file(made, file, key),
            READ: lambda: read([file], buffer),
            "loop": lambda: grade_in_a_loop(file, tables),
        }
    )
    work = f"1 model x {N_ITEMS:,} x {N_CLASSES:,} scores"
    lines = [
        aim_at(Line(work, times["grade"], READ, times[READ]), ratio=1.3),
        aim_at(Line(work, times["grade"], "a loop over the examples", times["loop"]), ratio=1 / 20),
    ]
    file.unlink()
    return lines


def grade_file(made: Made, file: Path, key: AnswerKey) -> Grade:
    keys = tuple(map(str, range(N_CLASSES)))
    sheet = LogitSheet(key)
    work_through(open_scores(file, split=made.split, classes=ClassList(keys, keys, keys, keys)), sheet.add)
    if sheet.has_bad_rows:
        raise SystemExit("A row of the made scores is not finite or all the same.")
    return sheet.grade("made")


def grade_in_a_loop(file: Path, tables: Tables) -> list[float]:
    """What a script does: one row after the other, its classes sorted by score."""
    rows = []
    for row, label in zip(np.load(file), tables.labels, strict=True):
        first = np.argsort(row)[::-1][:5].tolist()
        rows.append((first[0], first[0] == label, label in first))
    return summarize(rows, tables)
