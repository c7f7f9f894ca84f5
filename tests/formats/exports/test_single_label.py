"""Label sets as one label an item."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.formats import read_items
from regrade.formats.exports.single_label import write_single_label
from regrade.records.items import NO_LABEL
from tests.formats.exports.conftest import Rows, SheetOf


def lines(content: bytes) -> list[str]:
    return content.decode().splitlines()


def test_the_original_label_stays_while_it_is_accepted(sheet_of: SheetOf) -> None:
    # a keeps 0 beside 3, though it is only unclear; b has lost 1, and 2 alone is accepted; c never had a label
    rows: Rows = [
        (0, 0, {0: "unclear", 3: "correct"}, False),
        (1, 1, {1: "wrong", 2: "correct"}, False),
        (2, NO_LABEL, {3: "unclear"}, False),
    ]
    sheet = sheet_of(rows)
    document = write_single_label(sheet)
    keys, names = sheet.classes.keys, sheet.classes.names
    assert lines(document.content)[0] == "id,label,class_id,name"
    assert lines(document.content)[1:] == [
        f"{item},{keys[class_id]},{class_id},{names[class_id]}" for item, class_id in (("a", 0), ("b", 2), ("c", 3))
    ]
    assert document.warnings == ()


def test_what_has_no_single_label_is_left_out_and_counted(sheet_of: SheetOf) -> None:
    several: Rows = [(0, 0, {0: "correct"}, False), (1, 1, {1: "wrong", 2: "correct", 3: "correct"}, False)]
    document = write_single_label(sheet_of(several))
    assert [line.split(",")[0] for line in lines(document.content)[1:]] == ["a"]
    assert document.warnings == (
        "left out: 1 item, with several accepted classes and not the original.",
        "left out: 1 item, not covered.",
    )
    none: Rows = [(0, 0, {0: "correct"}, False), (1, 1, {1: "wrong"}, False), (2, 2, {2: "correct"}, True)]
    assert write_single_label(sheet_of(none)).warnings == (
        "left out: 1 item, problematic.",
        "left out: 1 item, without an accepted class.",
    )


def test_nothing_left_is_refused(sheet_of: SheetOf) -> None:
    with pytest.raises(InputError, match=r"an item of one label; got reviewed@2, which has none"):
        write_single_label(sheet_of([(0, 0, {0: "wrong"}, False)]))
    with pytest.raises(InputError, match="which has none"):
        write_single_label(sheet_of([]))


def test_it_is_read_as_items(sheet_of: SheetOf, tmp_path: Path) -> None:
    rows: Rows = [(0, 0, {0: "correct"}, False), (1, 1, {1: "wrong", 2: "correct"}, False)]
    sheet = sheet_of(rows)
    path = tmp_path / "items.csv"
    path.write_bytes(write_single_label(sheet).content)
    read = read_items(path, split="again", classes=sheet.classes).split
    assert (read.ids, read.labels.tolist()) == (("a", "b"), [0, 2])
