"""The top-1 classes of very many models in one memory-mapped file: all class means, and again after a publication."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench_grading import READ, Tables, make_tables, read
from bench_made import N_ITEMS, Made, make_benchmark, make_top1
from bench_measure import Line, aim_at, time_in_turns
from bench_processes import peak_memory

from regrade.grading import AnswerKey, class_means, item_means, mean_accuracies, prepare_key, retally, tally
from regrade.records.labels import LabelSet, Verdict

N_MODELS, N_MODELS_LONG, N_CHANGED, N_CHUNK = 1_000, 10_000, 500, 500
HEADER = 128
"""Bytes before the array in an .npy file of this kind."""


def measure_models(made: Made, folder: Path, *, long: bool) -> list[Line]:
    """All class means of 1,000 models, the same after 500 items have changed, and with `long` of 10,000 models."""
    file, key, tables = folder / "top1.npy", prepare_key(made.labels, made.split, ref="made@1"), make_tables(made)
    np.save(file, np.stack([make_top1(made, model) for model in range(N_MODELS)]))
    check_loop(file, key, tables)
    buffer = memoryview(bytearray(file.stat().st_size))
    times = time_in_turns(
        {
            "means": lambda: mean_accuracies(map_file(file), key),
            READ: lambda: read([file], buffer),
            "loop": lambda: class_mean_in_a_loop(map_file(file)[0], tables),
        }
    )
    work = f"{N_MODELS:,} models x {N_ITEMS:,} top-1, class means"
    of_loop = f"a loop: 1 model, times {N_MODELS:,}"
    lines = [
        aim_at(Line(work, times["means"], READ, times[READ]), ratio=3),
        aim_at(Line(work, times["means"], of_loop, times["loop"] * N_MODELS), ratio=1 / 300),
        measure_change(made, file, key),
    ]
    if long:
        lines += measure_very_many(folder, file, times["means"])
    file.unlink()
    return lines


def measure_change(made: Made, file: Path, key: AnswerKey) -> Line:
    """After a publication: the counts and both means of all models again, by looking at the changed items alone.

    Who holds the counts of before holds the file mapped as well.
    """
    changed, labels = change_items(made.labels)
    top1, after = map_file(file), prepare_key(labels, made.split, ref="made@2")
    before = tally(top1, key)

    def again() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        old, new = (
            prepare_key(content, made.split, ref="made", only=changed, slice_name="changed")
            for content in (made.labels, labels)
        )
        counts = retally(before, top1[:, changed], changed, old=old, new=new).right
        return class_means(counts), item_means(counts)

    def everything() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        counts = tally(top1, after).right
        return class_means(counts), item_means(counts)

    if not np.array_equal(again(), everything()):
        raise SystemExit("What was counted again is not what counting everything gives.")
    times = time_in_turns({"again": again, "everything": everything})
    work = f"{N_MODELS:,} models after {N_CHANGED} items changed"
    return aim_at(Line(work, times["again"], "counting everything", times["everything"]), seconds=0.05)


def change_items(labels: LabelSet) -> tuple[npt.NDArray[np.int32], LabelSet]:
    """Another version, in which the wrong classes of some items are correct and the correct ones wrong."""
    chosen = np.random.default_rng(5).choice(labels.items[~labels.problematic], N_CHANGED, replace=False)
    changed = np.sort(chosen).astype(np.int32)
    swapped = np.where(labels.pair_codes == Verdict.UNCLEAR.code, labels.pair_codes, 2 - labels.pair_codes)
    codes = np.where(np.isin(labels.pair_items, changed), swapped, labels.pair_codes).astype(np.int8)
    return changed, replace(labels, pair_codes=codes)


def measure_very_many(folder: Path, file: Path, seconds: float) -> list[Line]:
    """10,000 models in a process of its own, a chunk of them mapped at a time: by model, and against reading them."""
    large = folder / "large.npy"
    part = np.load(file)
    written = np.lib.format.open_memmap(large, mode="w+", dtype=np.int16, shape=(N_MODELS_LONG, N_ITEMS))
    for start in range(0, N_MODELS_LONG, N_MODELS):
        written[start : start + N_MODELS] = part
    written.flush()
    command = (sys.executable, __file__, str(large))
    done = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(6)][1:]
    taken, reading = (statistics.median(row[name] for row in done) for name in ("means", "reading"))
    work, peak = f"{N_MODELS_LONG:,} models x {N_ITEMS:,} top-1, class means", peak_memory(*command)
    fewer = f"{N_MODELS:,} models, times {N_MODELS_LONG // N_MODELS}"
    large.unlink()
    return [
        aim_at(Line(work, taken, fewer, seconds * N_MODELS_LONG / N_MODELS, n_runs=5), ratio=1.2),
        aim_at(Line(work, taken, READ, reading, n_runs=5, peak_mb=peak), ratio=3, peak_mb=500),
    ]


def chunks(file: Path) -> Iterator[npt.NDArray[np.int16]]:
    """Some models at a time, each chunk mapped on its own, so that the pages of the last one are given back."""
    shape = np.load(file, mmap_mode="r").shape
    for start in range(0, shape[0], N_CHUNK):
        n_models = min(N_CHUNK, shape[0] - start)
        offset = HEADER + start * shape[1] * 2
        yield np.memmap(file, np.int16, mode="r", offset=offset, shape=(n_models, shape[1]))


def map_file(file: Path) -> npt.NDArray[np.int16]:
    mapped: npt.NDArray[np.int16] = np.load(file, mmap_mode="r")
    return mapped


def check_loop(file: Path, key: AnswerKey, tables: Tables) -> None:
    """The loop must do the same work, or the comparison is worth nothing."""
    top1 = map_file(file)[:3]
    looped = [class_mean_in_a_loop(row, tables) for row in top1]
    if not np.allclose(mean_accuracies(top1, key).class_means, looped, rtol=1e-12):
        raise SystemExit("The loop gives other class means.")


def class_mean_in_a_loop(top1: npt.NDArray[np.int16], tables: Tables) -> float:
    """What a script does: dictionaries, and one example after the other."""
    labels, verdicts, graded = tables
    shares: dict[int, list[bool]] = defaultdict(list)
    for item in range(N_ITEMS):
        if item in graded:
            shares[labels[item]].append(verdicts[item].get(int(top1[item]), 0) > 0)
    return sum(sum(share) / len(share) for share in shares.values()) / len(shares)


def main(file: Path) -> None:
    """The process that `measure_very_many` starts."""
    made = make_benchmark()
    key = prepare_key(made.labels, made.split, ref="made@1")
    start = time.perf_counter()
    buffer = bytearray(N_CHUNK * N_ITEMS * 2)
    with file.open("rb", buffering=0) as source:
        while source.readinto(buffer):
            pass
    reading = time.perf_counter() - start
    start = time.perf_counter()
    means = np.concatenate([mean_accuracies(chunk, key).class_means for chunk in chunks(file)])
    seconds = {"means": time.perf_counter() - start, "reading": reading}
    print(json.dumps({**seconds, "n_models": len(means)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
