"""What a person typed."""

from __future__ import annotations

import pytest

from regrade.errors import InputError
from regrade.panel import check_text


def test_plain_text_of_any_language_passes() -> None:
    check_text("", "a note", n_most=5)
    check_text("ναί\n\t", "a reason", n_least=1, n_most=5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected a reason; got none"),
        ("x" * 1001, "expected a reason of at most 1,000 characters; got 1,001"),
        ("a\0b", "expected a reason of plain text; got one with a NUL"),
        ("\ud83d", "expected a reason of plain text; got one with a NUL or half a character"),
    ],
    ids=["empty", "long", "nul", "half"],
)
def test_what_cannot_be_kept_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_text(text, "a reason", n_least=1, n_most=1000)
