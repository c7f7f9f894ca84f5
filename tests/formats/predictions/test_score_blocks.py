"""Working through a file of scores: every row once, whatever the file's layout."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.formats.arrays import open_npy
from regrade.formats.predictions.score_blocks import check_scores, open_scores, work_through
from regrade.records.classes import ClassList
from regrade.records.items import Split

N_ITEMS, N_CLASSES = 200_000, 60
SPLIT = Split("main", tuple(map(str, range(N_ITEMS))), np.zeros(N_ITEMS, np.int32), ("",) * N_ITEMS)
KEYS = tuple(map(str, range(N_CLASSES)))
CLASSES = ClassList(KEYS, KEYS, KEYS, KEYS)
VALUES = np.random.default_rng(0).standard_normal((N_ITEMS, N_CLASSES)).astype(np.float32)


class Collector:
    """Keeps what it is given, how often, and of which types; uses each part up, whatever the file's layout."""

    def __init__(self, n_items: int = N_ITEMS) -> None:
        self.values = np.full((n_items, N_CLASSES), np.nan)
        self.n_times = np.zeros(n_items, np.int64)
        self.types: set[str] = set()

    def __call__(self, start: int, values: npt.NDArray[np.floating]) -> None:
        self.values[start : start + len(values)] = values
        self.n_times[start : start + len(values)] += 1
        self.types.add(values.dtype.str)
        assert values.flags.carray
        values.fill(np.nan)


def save(folder: Path, values: npt.NDArray[np.floating], suffix: str = ".npy") -> Path:
    file = folder / f"scores{suffix}"
    if suffix == ".npz":
        np.savez(file, values)
    else:
        np.save(file, values)
    return file


@pytest.mark.parametrize(
    ("dtype", "native"),
    [("<f4", "<f4"), (">f4", "<f4"), ("<f8", "<f8"), (">f8", "<f8"), ("<f2", "<f4")],
)
def test_every_row_comes_once_as_native_floats(tmp_path: Path, dtype: str, native: str) -> None:
    """200,000 rows of 60 are 48 MB in single precision: six parts; of 8 bytes twelve."""
    values, seen = VALUES.astype(dtype), Collector()
    work_through(open_scores(save(tmp_path, values), split=SPLIT, classes=CLASSES), seen)
    assert set(seen.n_times.tolist()) == {1}
    np.testing.assert_array_equal(seen.values, values)
    assert seen.types == {np.dtype(native).newbyteorder("=").str}


@pytest.mark.parametrize("suffix", [".npz", "fortran.npy"])
def test_other_layouts_give_the_same(tmp_path: Path, suffix: str) -> None:
    seen = Collector()
    values = np.asfortranarray(VALUES) if suffix.startswith("fortran") else VALUES
    work_through(open_scores(save(tmp_path, values, suffix), split=SPLIT, classes=CLASSES), seen)
    assert set(seen.n_times.tolist()) == {1}
    np.testing.assert_array_equal(seen.values, VALUES)


@pytest.mark.parametrize("n_rows", [0, 1, 34_952, 34_953, 69_904, 69_905])
def test_files_that_end_at_and_past_a_part(tmp_path: Path, n_rows: int) -> None:
    """A part has 2**23 // 240 = 34,952 rows."""
    np.save(tmp_path / "some.npy", VALUES[:n_rows])
    seen = Collector(n_rows)
    work_through(open_npy(tmp_path / "some.npy"), seen)
    assert set(seen.n_times.tolist()) <= {1}
    np.testing.assert_array_equal(seen.values, VALUES[:n_rows])


def test_two_threads_at_most_and_what_one_raises_comes_out(tmp_path: Path) -> None:
    threads: set[int] = set()

    def work(start: int, values: npt.NDArray[np.floating]) -> None:
        threads.add(threading.get_ident())
        if start:
            raise ZeroDivisionError(len(values))

    with pytest.raises(ZeroDivisionError, match="34952"):  # any but the first part
        work_through(open_scores(save(tmp_path, VALUES), split=SPLIT, classes=CLASSES), work)
    assert 1 <= len(threads) <= 2
    assert threading.get_ident() not in threads


def test_a_file_that_was_cut_off_after_it_was_opened(tmp_path: Path) -> None:
    file = save(tmp_path, VALUES)
    array = open_scores(file, split=SPLIT, classes=CLASSES)
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - 4)
    # Five parts of 34,952 rows, and the last 25,240 rows of 240 bytes.
    with pytest.raises(InputError, match="expected 6,057,600 bytes from row 174,760 on; got fewer"):
        work_through(array, Collector())


def test_another_shape_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path, VALUES[:, 1:])
    with pytest.raises(InputError, match=r"expected a float array of shape \(200000, 60\); got float32 \(200000, 59\)"):
        open_scores(file, split=SPLIT, classes=CLASSES)


def test_bad_rows_are_named(tmp_path: Path) -> None:
    values = VALUES.copy()
    values[[7, 9], 3] = np.nan
    with pytest.raises(
        InputError, match=r"row index 7: expected finite numbers in every row; got NaN or infinity \(1 more"
    ):
        check_scores(open_scores(save(tmp_path, values), split=SPLIT, classes=CLASSES))
    check_scores(open_scores(save(tmp_path, VALUES), split=SPLIT, classes=CLASSES))
