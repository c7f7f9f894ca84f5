"""Strict JSON and JSON Lines: no key twice, no NaN, no nesting without end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn

import polars as pl

from regrade.formats.places import Place, show
from regrade.formats.tables import Table

_REMEDY = "Write it with a JSON library, each key once and no NaN or Infinity."
_DTYPES: dict[type, type[pl.DataType]] = {str: pl.String, int: pl.Int64, float: pl.Float64}


class _NotStrictError(ValueError):
    """JSON that Python would read, but that says something twice or says no number."""


def parse_json(text: bytes, where: str) -> object:
    """The content of a JSON file.

    Args:
        text: UTF-8 without byte order mark.
        where: The file, for messages.

    Raises:
        InputError: No JSON, or a repeated key, NaN or Infinity, a number too long, or nesting too deep to follow.
    """
    try:
        return _DECODER.decode(text.decode())
    except json.JSONDecodeError as error:
        line = Place(where, first_row=1)
        got = f"{error.msg} in column {error.colno}"
        raise line.error("JSON", got=got, rows=[error.lineno - 1], remedy=_REMEDY) from error
    except (ValueError, RecursionError) as error:
        raise Place(where).file_error("strict JSON", got=_describe(error), remedy=_REMEDY) from error


def parse_json_lines(text: bytes, where: str) -> Table:
    """The rows of a JSON Lines file: one object a line.

    Columns are the keys of any row; a row without a key has null there. A column of text, of floats or of 64-bit
    integers becomes one of that type; any other (mixed types, nested values, longer integers) keeps its Python values.

    Raises:
        InputError: A line is no strict JSON object; the message names it.
    """
    place = Place(where, first_row=1)
    rows = [_parse_line(line, number, place) for number, line in enumerate(text.rstrip().split(b"\n"))]
    names = dict.fromkeys(name for row in rows for name in row)
    frame = pl.DataFrame([_column(name, [row.get(name) for row in rows]) for name in names])
    return Table(frame, place, typed=True)


def _parse_line(line: bytes, number: int, place: Place) -> dict[str, object]:
    try:
        row = _DECODER.decode(line.decode())
    except (ValueError, RecursionError) as error:
        raise place.error("one JSON object a line", got=_describe(error), rows=[number], remedy=_REMEDY) from error
    if not isinstance(row, dict):
        raise place.error("one JSON object a line", got=show(row), rows=[number], remedy=_REMEDY)
    return row


def _column(name: str, values: Sequence[object]) -> pl.Series:
    types = {type(value) for value in values} - {type(None)}
    dtype = _DTYPES.get(types.pop(), pl.Object) if len(types) == 1 else pl.Object
    try:
        return pl.Series(name, values, dtype=dtype)
    except (TypeError, UnicodeEncodeError):  # an integer beyond 64 bits, or text with half a character
        return pl.Series(name, values, dtype=pl.Object)


def _describe(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "lists or objects nested too deep"
    if isinstance(error, UnicodeDecodeError):
        return f"the byte 0x{error.object[error.start]:02x}, which is no UTF-8"
    return str(error) if isinstance(error, _NotStrictError | json.JSONDecodeError) else "a number too long to be read"


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _NotStrictError(f"the key {show(next(key for key in keys if keys.count(key) > 1))} twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _NotStrictError(f"{name}, which is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_constant=_no_constant)
