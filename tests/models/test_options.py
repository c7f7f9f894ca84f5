"""Options of adapters: text that becomes numbers and names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from regrade.errors import InputError
from regrade.models.options import Options


def test_what_is_not_given_takes_the_default() -> None:
    options = Options({})
    assert options.text("a") is None
    assert options.choice("a", "x", ("x", "y")) == "x"
    assert options.number("a", 0.5, low=0, high=1) == 0.5
    assert options.numbers("a", (1.0, 2.0), low=0, high=9) == (1.0, 2.0)
    assert options.size("a", None) is None
    assert options.size("a", (3, 4)) == (3, 4)
    assert "a" not in options


def test_what_is_given_is_read() -> None:
    options = Options({"n": "0.25", "list": "1,-2.5, 3e0", "side": "224", "sides": "32x48", "word": "y"})
    assert options.number("n", 1.0, low=0, high=1) == 0.25
    assert options.numbers("list", (0.0, 0.0, 0.0), low=-9, high=9) == (1.0, -2.5, 3.0)
    assert (options.size("side", None), options.size("sides", None)) == ((224, 224), (32, 48))
    assert options.choice("word", "x", ("x", "y")) == "y"
    assert "n" in options


def test_identity_is_all_that_was_given_in_order() -> None:
    assert Options({"b": "2", "a": "1"}).identity() == ("a=1", "b=2")


@pytest.mark.parametrize(
    ("text", "read", "message"),
    [
        ("z", lambda options: options.choice("o", "x", ("x", "y")), "expected one of x, y; got 'z'"),
        ("z", lambda options: options.number("o", 1.0, low=0, high=1), "expected a number from 0 to 1; got 'z'"),
        ("1.5", lambda options: options.number("o", 1.0, low=0, high=1), "got '1.5'"),
        ("nan", lambda options: options.number("o", 1.0, low=0, high=1), "got 'nan'"),
        (
            "1,2",
            lambda options: options.numbers("o", (1.0,) * 3, low=0, high=9),
            "expected 3 numbers, joined by commas",
        ),
        ("0", lambda options: options.size("o", None), "expected a size in pixels"),
        ("8193", lambda options: options.size("o", None), "expected a size in pixels"),
        ("8x", lambda options: options.size("o", None), "expected a size in pixels"),
        ("²", lambda options: options.size("o", None), "expected a size in pixels"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text: str, read: Callable[[Options], Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^--set o: .*{message}"):
        read(Options({"o": text}))
