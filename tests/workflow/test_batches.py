"""Batches: cut in order, known by their files, read ahead by threads."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from regrade.records.items import Split
from regrade.workflow.batches import Batch, cut_batches, read_ahead


def make_split(*media: str) -> Split:
    ids = tuple(f"item {at}" for at in range(len(media)))
    return Split("main", ids, np.full(len(media), -1, np.int32), media)


def test_all_items_are_cut_in_order(tmp_path: Path) -> None:
    batches = list(cut_batches(make_split(*"abcdefg"), tmp_path, 3))
    assert [(batch.number, list(batch.items)) for batch in batches] == [(0, [0, 1, 2]), (1, [3, 4, 5]), (2, [6])]


def test_a_batch_is_known_by_its_files_alone(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / name).write_bytes(b"12")
    split = make_split("a", "b", "c", "d", "", "absent")

    def inputs() -> list[str]:
        return [batch.inputs for batch in cut_batches(split, tmp_path, 2)]

    before = inputs()
    assert inputs() == before
    (tmp_path / "c").write_bytes(b"123")
    grown = inputs()
    assert [one == other for one, other in zip(before, grown, strict=True)] == [True, False, True]
    os.utime(tmp_path / "a", ns=(1, 1))
    touched = inputs()
    assert [one == other for one, other in zip(grown, touched, strict=True)] == [False, True, True]
    (tmp_path / "absent").write_bytes(b"")
    assert [one == other for one, other in zip(touched, inputs(), strict=True)] == [True, True, False]


def make_batches(n_batches: int, size: int = 2) -> list[Batch]:
    return [Batch(at, range(at * size, (at + 1) * size), "") for at in range(n_batches)]


def test_each_batch_comes_with_its_items_in_order() -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.02 if item % 2 == 0 else 0)
        return item * 10

    found = list(read_ahead(make_batches(3), slow_first))
    assert [(batch.number, prepared) for batch, prepared in found] == [(0, [0, 10]), (1, [20, 30]), (2, [40, 50])]
    assert list(read_ahead([], slow_first)) == []


def test_the_next_batch_is_prepared_while_one_is_used_and_no_more() -> None:
    prepared: set[int] = set()
    second = threading.Event()

    def note(item: int) -> int:
        prepared.add(item)
        if item == 3:
            second.set()
        return item

    reading = read_ahead(make_batches(10), note)
    next(reading)
    assert second.wait(5)
    time.sleep(0.05)
    assert prepared == {0, 1, 2, 3}
    reading.close()


def test_an_error_comes_when_the_turn_of_its_batch_has_come() -> None:
    def fail(item: int) -> int:
        if item == 2:
            raise ValueError("item 2")
        return item

    reading = read_ahead(make_batches(5), fail)
    assert next(reading)[0].number == 0
    with pytest.raises(ValueError, match="item 2"):
        next(reading)
