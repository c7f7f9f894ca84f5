"""Working through a file of scores: every row once, whatever the file's layout."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.formats.arrays import open_npy
from regrade.formats.predictions.score_blocks import check_scores, open_scores, read_blocks
from regrade.records.classes import ClassList
from regrade.records.items import Split

N_ITEMS, N_CLASSES = 200_000, 60
SPLIT = Split("main", tuple(map(str, range(N_ITEMS))), np.zeros(N_ITEMS, np.int32), ("",) * N_ITEMS)
KEYS = tuple(map(str, range(N_CLASSES)))
CLASSES = ClassList(KEYS, KEYS, KEYS, KEYS)
VALUES = np.random.default_rng(0).standard_normal((N_ITEMS, N_CLASSES)).astype(np.float32)


def collect(file: Path) -> tuple[npt.NDArray[np.float64], set[str]]:
    """All rows as they come, and of which types; each block is used up, whatever the file's layout."""
    values, types, n_seen = np.full((N_ITEMS, N_CLASSES), np.nan), set(), 0
    for block in read_blocks(open_scores(file, split=SPLIT, classes=CLASSES)):
        assert block.start == n_seen
        n_seen += len(block.values)
        values[block.start : n_seen] = block.values
        types.add(block.values.dtype.str)
        assert block.values.flags.carray
        block.values.fill(np.nan)
    assert n_seen == N_ITEMS
    return values, types


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
    """200,000 rows of 60 are 48 MB in single precision, 46 blocks in twelve parts, read into three buffers."""
    values = VALUES.astype(dtype)
    seen, types = collect(save(tmp_path, values))
    np.testing.assert_array_equal(seen, values)
    assert types == {np.dtype(native).newbyteorder("=").str}


@pytest.mark.parametrize("suffix", [".npz", "fortran.npy"])
def test_other_layouts_give_the_same(tmp_path: Path, suffix: str) -> None:
    values = np.asfortranarray(VALUES) if suffix.startswith("fortran") else VALUES
    seen, _ = collect(save(tmp_path, values, suffix))
    np.testing.assert_array_equal(seen, VALUES)


@pytest.mark.parametrize("n_rows", [0, 1, 4369, 4370, 17476, 17477, 52428, 52429])
def test_files_that_end_at_and_past_a_block_a_part_and_all_buffers(tmp_path: Path, n_rows: int) -> None:
    """A block has 2**20 // 240 = 4369 rows, a part four of them, and there are three buffers."""
    values = VALUES[:n_rows]
    np.save(tmp_path / "some.npy", values)
    blocks = [block.values.copy() for block in read_blocks(open_npy(tmp_path / "some.npy"))]
    np.testing.assert_array_equal(np.concatenate([values[:0], *blocks]), values)


def test_who_stops_early_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    blocks = read_blocks(open_scores(save(tmp_path, VALUES), split=SPLIT, classes=CLASSES))
    next(blocks)
    assert threading.active_count() == before + 1
    blocks.close()
    assert threading.active_count() == before


def test_a_file_that_was_cut_off_after_it_was_opened(tmp_path: Path) -> None:
    file = save(tmp_path, VALUES)
    array = open_scores(file, split=SPLIT, classes=CLASSES)
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - 4)
    # Eleven parts of 17,476 rows, and the last 7,764 rows of 240 bytes.
    with pytest.raises(InputError, match="expected 1,863,360 bytes from row 192,236 on; got fewer"):
        list(read_blocks(array))


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
