"""One model's scores of all classes, from the file to its grade: against reading the file once, and two scripts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench_grading import READ, Tables, check_figures, figures, make_tables, read, summarize
from bench_made import N_CLASSES, N_ITEMS, Made, make_scores
from bench_measure import N_SHORT_RUNS, Line, aim_at, time_in_turns

from regrade.formats.predictions.score_blocks import open_scores, work_through
from regrade.grading import AnswerKey, LogitSheet, prepare_key
from regrade.records.classes import ClassList
from regrade.records.grades import Grade


def measure_logits(made: Made, folder: Path) -> list[Line]:
    """Top-1, top-5, both means with intervals, mistakes by what is known of them, and checks of every row."""
    file = folder / "scores.npy"
    np.save(file, make_scores(made, 0))
    key, tables = prepare_key(made.labels, made.split, ref="made@1"), make_tables(made)
    table = tabulate(made)
    check_figures(graded_figures(grade_file(made, file, key)), grade_in_a_loop(file, tables))
    check_figures(graded_figures(grade_file(made, file, key)), grade_in_whole_arrays(file, table, tables))
    buffer = memoryview(bytearray(file.stat().st_size))
    ours = {"grade": lambda: grade_file(made, file, key)}
    near = time_in_turns({**ours, READ: lambda: read([file], buffer)}, N_SHORT_RUNS)
    far = time_in_turns(
        {
            **ours,
            "arrays": lambda: grade_in_whole_arrays(file, table, tables),
            "loop": lambda: grade_in_a_loop(file, tables),
        }
    )
    work = f"1 model x {N_ITEMS:,} x {N_CLASSES:,} scores"
    lines = [
        aim_at(Line(work, near["grade"], READ, near[READ], N_SHORT_RUNS), ratio=1.3),
        Line(work, far["grade"], "NumPy, whole arrays", far["arrays"]),
        aim_at(Line(work, far["grade"], "a loop over the examples", far["loop"]), ratio=1 / 20),
    ]
    file.unlink()
    return lines


def grade_file(made: Made, file: Path, key: AnswerKey) -> Grade:
    keys = tuple(map(str, range(N_CLASSES)))
    array, sheet = open_scores(file, split=made.split, classes=ClassList(keys, keys, keys, keys)), LogitSheet(key)
    work_through(array, partial(sheet.add, overwrite=True))
    if sheet.has_bad_rows:
        raise SystemExit("A row of the made scores is not finite or all the same.")
    return sheet.grade("made")


def graded_figures(graded: Grade) -> Iterator[float]:
    yield from figures(graded)
    yield graded.n_ties


def grade_in_a_loop(file: Path, tables: Tables) -> list[float]:
    """What a script does that keeps the same promises: no row with NaN, ties counted, the lowest of equal classes."""
    rows, n_ties = [], 0
    for row, label in zip(np.load(file), tables.labels, strict=True):
        if not np.isfinite(row).all():
            raise SystemExit("A row is not finite.")
        first = np.argsort(-row, kind="stable")[:5].tolist()
        n_ties += row[first[0]] == row[first[1]]
        rows.append((first[0], first[0] == label, label in first))
    return [*summarize(rows, tables), n_ties]


def grade_in_whole_arrays(file: Path, table: npt.NDArray[np.int8], tables: Tables) -> list[float]:
    """What a script does that knows NumPy: no loop, each step over everything; it leaves ties as they come."""
    scores, labels = np.load(file), np.array(tables.labels)
    if not np.isfinite(scores).all():
        raise SystemExit("A row is not finite.")
    top1, top5 = scores.argmax(axis=1), np.argpartition(scores, -5, axis=1)[:, -5:]
    n_ties = np.count_nonzero(np.count_nonzero(scores == scores.max(axis=1, keepdims=True), axis=1) > 1)
    graded = np.array(sorted(tables.graded))
    codes, classes = table[graded, top1[graded]], labels[graded]
    n_of_class = np.bincount(classes, minlength=N_CLASSES)
    n_right = np.bincount(classes, codes > 0, minlength=N_CLASSES)
    return [
        np.mean(top1 == labels),
        np.mean((top5 == labels[:, None]).any(axis=1)),
        np.mean(n_right[n_of_class > 0] / n_of_class[n_of_class > 0]),
        np.mean(codes > 0),
        np.count_nonzero(codes == 0),
        np.count_nonzero(codes < 0),
        n_ties,
    ]


def tabulate(made: Made) -> npt.NDArray[np.int8]:
    """(n, C) verdict codes, -1 where nobody judged."""
    table = np.full((N_ITEMS, N_CLASSES), -1, np.int8)
    table[made.labels.pair_items, made.labels.pair_classes] = made.labels.pair_codes
    return table
