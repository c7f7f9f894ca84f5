"""Equivalent classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_equivalences
from regrade.records.classes import ClassList

if TYPE_CHECKING:
    from tests.formats.conftest import Write


def test_ids_and_keys_are_read(write: Write, classes: ClassList) -> None:
    pairs = read_equivalences(write("e.csv", "label,accepts\nn1,1\n1,n1\n2,3\n"), classes=classes)
    assert pairs.labels.tolist() == [0, 1, 2]
    assert pairs.accepted.tolist() == [1, 0, 3]
    assert pairs.labels.dtype == pairs.accepted.dtype == np.int32


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param("0,1\nn1,n2\n", "row 3: expected each pair once; got '0 -> 1' again", id="pair twice"),
        pytest.param("0,1\nn3,2\n", "row 3: expected two different classes; got 2 twice", id="itself"),
        pytest.param("0,1\n4,2\n", r"row 3: expected a class id 0\.\.3 or a class key; got '4'", id="C"),
        pytest.param("0,1\ncrane,2\n", "row 3: .* got 'crane', which is the name of class 0, 1", id="name"),
        pytest.param("0,\n", "row 2: expected a value in the column accepts; got an empty cell", id="empty"),
        pytest.param("", "expected at least one row below the header", id="header only"),
    ],
)
def test_bad_pairs_are_refused(write: Write, classes: ClassList, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=f"e.csv.*{message}"):
        read_equivalences(write("e.csv", f"label,accepts\n{rows}"), classes=classes)


def test_a_missing_column_is_named(write: Write, classes: ClassList) -> None:
    with pytest.raises(
        InputError, match=r"expected the columns label, accepts; got the columns label, x\. Add the column accepts"
    ):
        read_equivalences(write("e.csv", "label,x\n0,1\n"), classes=classes)
