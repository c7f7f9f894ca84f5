"""The registry of formats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.formats.registry import Registry
from regrade.formats.sources import Source

Reader = Callable[[Source], str]


def make_registry() -> Registry[Reader]:
    """Three formats; each fits a text that holds its first letter, and reads as its name."""
    registry: Registry[Reader] = Registry("colors")
    for name in ("red", "blue", "crimson"):
        registry.register(name, f"the {name} ones", matches=partial(holds_letter, name[0]))(partial(say, name))
    return registry


def holds_letter(letter: str, source: Source) -> bool:
    return letter in source.text.decode()


def say(name: str, source: Source) -> str:
    return name


def test_names_are_sorted() -> None:
    assert list(make_registry().describe().items()) == [
        ("blue", "the blue ones"),
        ("crimson", "the crimson ones"),
        ("red", "the red ones"),
    ]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match=r"colors format red is registered twice"):
        make_registry().register("red", "again", matches=lambda _: True)


def test_an_unknown_name_lists_the_valid_ones() -> None:
    with pytest.raises(
        InputError, match=r"--format: expected a format of colors; got pink\. There are: blue, crimson, red"
    ):
        make_registry().find("pink")


def test_the_one_format_that_fits_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("r\n")
    source = Source(path)
    assert make_registry().detect(source)(source) == "red"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("z\n", "fits none of them .csv with the columns z..*: blue, crimson, red.$", id="none"),
        pytest.param("bc\n", "fits several of them .*: blue, crimson.$", id="several"),
    ],
)
def test_content_that_fits_none_or_several_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        make_registry().detect(Source(path))
