"""Dataframes in place of files: whatever hands its rows on through the Arrow PyCapsule interface.

polars, pandas, pyarrow, DuckDB and others do so by a method `__arrow_c_stream__`; no library is needed to read it here.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import polars as pl

from regrade.errors import InputError
from regrade.formats.places import Place
from regrade.formats.sources import Container, Source
from regrade.formats.tables import Table


@runtime_checkable
class ArrowTable(Protocol):
    """A dataframe of any library that speaks the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule that streams the rows."""


class FrameSource(Source):
    """A dataframe, read as a table is: with its own types, as from Parquet."""

    def __init__(self, frame: ArrowTable, name: str) -> None:
        """Take the rows.

        Args:
            frame: The dataframe; it may be a stream that can be read only once.
            name: What messages call it.

        Raises:
            InputError: It is no dataframe, or it cannot hand its rows on.
        """
        self.path = Path(name)
        self.place = Place(name)
        self._frame = _import_frame(frame, self.place)

    @cached_property
    def container(self) -> Container:
        """A dataframe."""
        return "frame"

    @cached_property
    def table(self) -> Table:
        """The rows; categories become text."""
        kinds = (pl.Categorical, pl.Enum)
        categories = [name for name, dtype in self._frame.schema.items() if isinstance(dtype, kinds)]
        return Table(self._frame.with_columns(pl.col(categories).cast(pl.String)), self.place, typed=False)


def open_source(content: Path | ArrowTable, name: str) -> Source:
    """A file, or a dataframe that messages call by `name`.

    Raises:
        InputError: It is neither, or cannot be read.
    """
    return Source(content) if isinstance(content, Path) else FrameSource(content, name)


def _import_frame(frame: ArrowTable, place: Place) -> pl.DataFrame:
    if not isinstance(frame, ArrowTable):
        raise place.file_error(
            "a file or a dataframe",
            got=f"a value of type {type(frame).__name__}",
            remedy="Hand over a path or a dataframe.",
        )
    try:
        return pl.DataFrame(_Capsule(frame))
    except (ImportError, TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise _unreadable(place, error) from error


class _Capsule:
    """Nothing but the interface, so that polars takes no other way for the libraries that it knows."""

    def __init__(self, frame: ArrowTable) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _unreadable(place: Place, error: Exception) -> InputError:
    got = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")
    return place.file_error(
        "a dataframe whose columns Arrow can hand on",
        got=got,
        remedy="Convert columns of objects; pandas needs pyarrow for it.",
    )
