"""Strict JSON."""

from __future__ import annotations

import json
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats.json_text import parse_json, parse_json_lines

BAD = [
    pytest.param('{"a": 1, "a": 2}', "the key 'a' twice in one object", id="duplicate key"),
    pytest.param('[{"b": {"a": 1, "a": 1}}]', "the key 'a' twice in one object", id="nested duplicate key"),
    pytest.param("[NaN]", "NaN, which is no JSON number", id="NaN"),
    pytest.param("[-Infinity]", "-Infinity, which is no JSON number", id="infinity"),
    pytest.param("[" * 10_000 + "]" * 10_000, "lists or objects nested too deep", id="10,000 levels"),
    pytest.param('{"a":' * 10_000 + "1" + "}" * 10_000, "lists or objects nested too deep", id="10,000 objects"),
    pytest.param("[" + "1" * 5000 + "]", "a number too long to be read", id="long number"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_json_that_says_something_odd_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"f.json: expected strict JSON; got {message}"):
        parse_json(text.encode(), "f.json")


def test_bytes_that_are_no_text_are_named() -> None:
    with pytest.raises(InputError, match=r"f.json: expected strict JSON; got the byte 0xff, which is no UTF-8"):
        parse_json(b'["\xff\xfe"]', "f.json")


def test_broken_json_names_its_line() -> None:
    with pytest.raises(InputError, match=r"f.json, row 2: expected JSON; got Expecting value in column 3"):
        parse_json(b'{"a":\n  }', "f.json")


@pytest.mark.parametrize(("text", "message"), BAD)
def test_json_lines_refuse_the_same_and_name_the_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"f.jsonl, row 2: expected one JSON object a line; got {message}"):
        parse_json_lines(f'{{"id": "a"}}\n{text}\n'.encode(), "f.jsonl")


@pytest.mark.parametrize("line", ["[1]", "1", "", "{"])
def test_a_line_must_be_an_object(line: str) -> None:
    with pytest.raises(InputError, match=r"f.jsonl, row 2: expected one JSON object a line"):
        parse_json_lines(f'{{"id": "a"}}\n{line}\n{{"id": "b"}}'.encode(), "f.jsonl")


def test_columns_keep_their_types() -> None:
    lines = [
        {"text": "a", "int": 1, "float": 1.0, "mixed": "x", "big": 2**63, "flag": True},
        {"int": -1, "float": 0.5, "mixed": 1, "big": 1, "flag": False},
    ]
    table = parse_json_lines("\n".join(map(json.dumps, lines)).encode(), "f.jsonl")
    assert table.frame.schema == {
        "text": pl.String,
        "int": pl.Int64,
        "float": pl.Float64,
        "mixed": pl.Object,
        "big": pl.Object,
        "flag": pl.Object,
    }
    assert table.frame["text"].to_list() == ["a", None]
    assert table.frame["float"].to_list() == [1.0, 0.5]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None, max_examples=60)
@given(value=values)
def test_what_the_json_module_writes_is_read_back(value: object) -> None:
    assert parse_json(json.dumps(value).encode(), "f.json") == value


@settings(deadline=None, max_examples=60)
@given(text=st.text(st.sampled_from('{}[]",:01ae-N \n\\'), min_size=1, max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_json, parse_json_lines):
        with suppress(InputError):
            read(text.encode(), "f.json")


def test_text_with_half_a_character_keeps_its_python_value() -> None:
    table = parse_json_lines(b'{"a": "\\ud800"}\n{"a": "b"}\n', "f.jsonl")
    assert table.frame["a"].to_list() == ["\ud800", "b"]
