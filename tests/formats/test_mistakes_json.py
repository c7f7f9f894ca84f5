"""The layout that predictions and judgements share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from regrade.errors import InputError
from regrade.formats.mistakes_json import looks_like_mistakes, read_mistakes
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from tests.formats.conftest import Write


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        pytest.param('{"a": {"top_prediction": 1}}', True, id="mistakes"),
        pytest.param('{"a": {}}', False, id="other objects"),
        pytest.param('{"a": 1}', False, id="no objects"),
        pytest.param("{}", False, id="empty"),
        pytest.param("[]", False, id="list"),
        pytest.param("id\na\n", False, id="csv"),
    ],
)
def test_the_layout_is_told_by_its_first_entry(write: Write, text: str, fits: bool) -> None:
    assert looks_like_mistakes(Source(write("m.json", text))) is fits


def test_rows_are_positions_and_class_ids(write: Write, split: Split, classes: ClassList) -> None:
    document = {"c": {"top_prediction": 3, "more": [1]}, "a": {"top_prediction": "n2"}}
    mistakes = read_mistakes(Source(write("m.json", json.dumps(document))), split, classes)
    assert (mistakes.items.tolist(), mistakes.classes.tolist()) == ([2, 0], [3, 1])
    assert mistakes.entries[0]["more"] == [1]


def test_an_item_in_two_unicode_forms_is_refused(write: Write, split: Split, classes: ClassList) -> None:
    document = {"\u00e9": {"top_prediction": 0}, "e\u0301": {"top_prediction": 0}}
    with pytest.raises(InputError, match=r"expected each item once .after Unicode normalization.; got 'é' again"):
        read_mistakes(Source(write("m.json", json.dumps(document))), split, classes)
