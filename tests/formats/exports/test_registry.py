"""Choosing the format to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.formats import choose_export, describe_exports
from regrade.formats.exports import Document
from regrade.formats.exports.registry import register_export

NAMES = ["card", "croissant", "csv", "human-accuracy", "parquet", "real", "single-label"]


def test_every_format_is_described_in_one_line_in_order() -> None:
    assert list(describe_exports()) == NAMES
    assert all(text and "\n" not in text for text in describe_exports().values())


@pytest.mark.parametrize(
    ("file", "name"), [("x.csv", "csv"), ("x.y.parquet", "parquet"), ("CARD.md", "card")], ids=["csv", "parquet", "md"]
)
def test_the_name_of_the_file_tells_the_format(file: str, name: str) -> None:
    assert choose_export(Path("folder.md") / file).name == name


@pytest.mark.parametrize("file", ["x.json", "x", "csv", "x.CSV"])
def test_a_name_that_tells_nothing_asks_for_the_format(file: str) -> None:
    with pytest.raises(
        InputError, match=rf"ends in one of \.csv, \.md, \.parquet.*; got {file}\. Name one with --format"
    ):
        choose_export(Path(file))


@pytest.mark.parametrize("name", [*NAMES, "real-json", "human-accuracy-json"])
def test_a_named_format_is_taken_at_its_word(name: str) -> None:
    assert choose_export(Path("x.txt"), name).name == name.removesuffix("-json")


def test_an_unknown_format_lists_the_valid_ones() -> None:
    with pytest.raises(
        InputError, match=r"--format: expected a format .*; got xml\. There are: card, croissant, csv, "
    ):
        choose_export(Path("x.csv"), "xml")


def test_only_the_card_tells_the_review() -> None:
    assert [name for name in NAMES if choose_export(Path("x"), name).tells_review] == ["card"]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="export format csv is registered twice"):
        register_export("csv", "again")(lambda _: Document(b""))
