"""Cells that a spreadsheet would run as a formula."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.formats.formulas import guard, is_risky, unguard


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_would_be_run_is_told_and_guarded(text: str) -> None:
    assert is_risky(["plain", text])
    assert guard([text]) == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "plain", "a=1", "'tis", "\N{MINUS SIGN}1"])
def test_other_text_is_harmless(text: str) -> None:
    assert not is_risky([text])


@settings(deadline=None)
@given(texts=st.lists(st.text(alphabet="='a+", max_size=4)))
def test_every_text_comes_back(texts: list[str]) -> None:
    guarded = guard(texts)
    assert unguard(guarded) == texts
    assert not is_risky(guarded)
