"""Columns as arrays."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from regrade.store import Store
from regrade.store.columns import NO_VERDICT, as_columns, code_of, flag_of


def test_rows_become_columns() -> None:
    assert as_columns([(1, 2), (3, 4), (5, 6)], n_columns=2).tolist() == [[1, 3, 5], [2, 4, 6]]
    assert as_columns([], n_columns=3).shape == (3, 0)


@pytest.mark.parametrize(("word", "code"), [("wrong", 0), ("unclear", 1), ("correct", 2), (None, NO_VERDICT)])
def test_verdicts_become_codes(store: Store, word: str | None, code: int) -> None:
    with store.read() as tx:
        assert tx.execute(select(code_of(literal(word)))).scalar_one() == code


def test_conditions_become_numbers(store: Store) -> None:
    with store.read() as tx:
        assert tx.execute(select(flag_of(literal(1) == 1), flag_of(literal(1) == 2))).one() == (1, 0)
