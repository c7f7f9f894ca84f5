"""Grading in one process: against reading the arrays once, and against a loop over the examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench_made import N_CLASSES, N_ITEMS, N_RANKS, Made, make_ranks
from bench_measure import Line, time_in_turns

from regrade.grading import AnswerKey, grade, grade_all, prepare_key
from regrade.records.grades import Grade
from regrade.records.predictions import Predictions

READ = "reading the arrays once (floor)"


class Tables(NamedTuple):
    """What the loop looks things up in."""

    labels: list[int]
    verdicts: dict[int, dict[int, int]]
    graded: set[int]


def measure_grading(made: Made, folder: Path, sizes: Sequence[int]) -> list[Line]:
    """One model and many: top-1, top-5, both means with intervals, and the mistakes by what is known of them."""
    files = [folder / f"model{model}.npy" for model in range(max(sizes))]
    for model, file in enumerate(files):
        np.save(file, make_ranks(made, model))
    key = prepare_key(made.labels, made.split, ref="made@1")
    tables = make_tables(made)
    check_figures(figures(grade(load(files[0]), key)), grade_in_a_loop(load(files[0]), tables))
    buffer = memoryview(bytearray(files[0].stat().st_size))
    times = time_in_turns(
        {
            "grade": lambda: grade(load(files[0]), key),
            READ: lambda: read(files[:1], buffer),
            "loop": lambda: grade_in_a_loop(load(files[0]), tables),
        }
    )
    work = f"1 model x {N_ITEMS:,} x top-{N_RANKS}"
    lines = [
        Line(work, times["grade"], READ, times[READ]),
        Line(work, times["grade"], "a loop over the examples", times["loop"]),
    ]
    for n_models in sizes:
        lines += measure_many(files[:n_models], key, buffer, times["loop"])
    return lines


def measure_many(files: Sequence[Path], key: AnswerKey, buffer: memoryview, loop_seconds: float) -> list[Line]:
    times = time_in_turns({"grade": lambda: list(grade_all(map(load, files), key)), READ: lambda: read(files, buffer)})
    work = f"{len(files):,} models x {N_ITEMS:,} x top-{N_RANKS}"
    return [
        Line(work, times["grade"], READ, times[READ]),
        Line(work, times["grade"], f"that loop: 1 model, times {len(files):,}", loop_seconds * len(files)),
    ]


def load(file: Path) -> Predictions:
    return Predictions(file.stem, "main", "model", N_CLASSES, np.load(file), None, "none")


def read(files: Sequence[Path], buffer: memoryview) -> None:
    for file in files:
        with file.open("rb", buffering=0) as source:
            source.readinto(buffer)


def check_figures(ours: Iterator[float], looped: list[float]) -> None:
    """The loop must do the same work, or the comparison is worth nothing."""
    graded = list(ours)
    if not np.allclose(graded, looped, rtol=1e-12):
        raise SystemExit(f"The loop gives {looped}, grading {graded}.")


def figures(graded: Grade) -> Iterator[float]:
    for name in ("top1_accuracy", "top5_accuracy", "multilabel_accuracy", "item_accuracy"):
        yield getattr(graded, name)
    yield from (graded.n_judged_wrong, graded.n_unreviewed)


def grade_in_a_loop(predictions: Predictions, tables: Tables) -> list[float]:
    """What a script does: dictionaries, and one example after the other. The dictionaries are made beforehand."""
    ranked = zip(predictions.classes.tolist(), tables.labels, strict=True)
    return summarize([(ranks[0], ranks[0] == label, label in ranks) for ranks, label in ranked], tables)


def summarize(rows: Sequence[tuple[int, bool, bool]], tables: Tables) -> list[float]:
    """The figures of items whose top class is known, and whether the label is at rank 1 and among the first five."""
    labels, verdicts, graded = tables
    n_judged_wrong = n_unreviewed = 0
    shares: dict[int, list[bool]] = defaultdict(list)
    for item, (top, _, _) in enumerate(rows):
        if item in graded:
            code = verdicts[item].get(top)
            shares[labels[item]].append(code is not None and code > 0)
            n_judged_wrong += code == 0
            n_unreviewed += code is None
    class_mean = sum(sum(share) / len(share) for share in shares.values()) / len(shares)
    item_mean = 1 - (n_judged_wrong + n_unreviewed) / len(graded)
    n_top1, n_top5 = (sum(row[place] for row in rows) for place in (1, 2))
    return [n_top1 / N_ITEMS, n_top5 / N_ITEMS, class_mean, item_mean, n_judged_wrong, n_unreviewed]


def make_tables(made: Made) -> Tables:
    """Labels, verdicts and graded items as a script would hold them."""
    verdicts: dict[int, dict[int, int]] = defaultdict(dict)
    pairs = (made.labels.pair_items, made.labels.pair_classes, made.labels.pair_codes)
    for item, class_id, code in zip(*(array.tolist() for array in pairs), strict=True):
        verdicts[item][class_id] = code
    graded = set(made.labels.items[~made.labels.problematic].tolist())
    return Tables(made.split.labels.tolist(), verdicts, graded)
