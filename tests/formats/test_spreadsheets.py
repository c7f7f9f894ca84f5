"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.formats.spreadsheets import guard_formula


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_no_cell_starts_with_a_sign_that_a_spreadsheet_runs(sign: str) -> None:
    assert guard_formula(f"{sign}1") == f"'{sign}1"


@given(st.text())
def test_one_apostrophe_off_gives_the_old_text_back(text: str) -> None:
    page = io.StringIO()
    csv.writer(page).writerow([guard_formula(text), "end"])
    cell, _ = next(csv.reader(io.StringIO(page.getvalue(), newline="")))
    assert cell.removeprefix("'") == text
