"""One form for ids, keys and names."""

from __future__ import annotations

import pytest

from regrade.errors import InputError
from regrade.formats.normalization import normalize, refuse_control_characters
from regrade.formats.places import Place


def test_two_forms_of_one_name_become_one() -> None:
    assert normalize("cafe\u0301") == normalize("caf\u00e9") == "caf\u00e9"
    assert normalize("plain") == "plain"


@pytest.mark.parametrize("text", ["a\nb", "a\x00", "\x1b[0m", "a\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"f.csv, row 3: expected a name without control characters; got 'a?\\"):
        refuse_control_characters(["fine", text], Place("f.csv", first_row=2))


def test_other_characters_are_fine() -> None:
    refuse_control_characters(["naïve café", "日本語", "a/b c.jpg"], Place("f.csv"))
