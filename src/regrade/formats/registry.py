"""A registry of formats: by name, or told by a file's content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from regrade.errors import InputError
from regrade.formats.item_ids import ID_WORDS
from regrade.formats.sources import TABLES, Source

Reader = TypeVar("Reader", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Format(Generic[Reader]):
    """One file format of a kind."""

    name: str
    description: str
    """One line: what the file holds."""
    columns: str
    """The columns of a table of this format beside the ids, in words; empty where it is none."""
    matches: Callable[[Source], bool]
    """Whether the content looks like this format; never raises on odd content that another format may read."""
    read: Reader


class Registry(Generic[Reader]):
    """The formats of one kind of file, by sorted name.

    Attributes:
        kind: What the files hold, in words (`labels`, say).
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._formats: dict[str, Format[Reader]] = {}

    def register(
        self, name: str, description: str, *, matches: Callable[[Source], bool], columns: str = ""
    ) -> Callable[[Reader], Reader]:
        """Decorate a reader to make it the format `name`.

        Args:
            name: Its name.
            description: What the file holds, in one line.
            matches: Whether content looks like it.
            columns: The columns of a table of this format beside the ids, for the message that a table fits none.

        Raises:
            ValueError: The name is taken.
        """
        if name in self._formats:
            raise ValueError(f"the {self.kind} format {name} is registered twice")

        def keep(read: Reader) -> Reader:
            self._formats[name] = Format(name, description, columns, matches, read)
            self._formats = dict(sorted(self._formats.items()))
            return read

        return keep

    def describe(self) -> dict[str, str]:
        """Description of each format, by sorted name."""
        return {name: format_.description for name, format_ in self._formats.items()}

    def find(self, name: str) -> Reader:
        """The reader of a named format.

        Raises:
            InputError: There is no such format; the message lists those there are.
        """
        if name not in self._formats:
            raise InputError(
                f"a format of {self.kind}",
                got=name,
                remedy=f"There are: {', '.join(self._formats)}.",
                where="--format",
            )
        return self._formats[name].read

    def fits(self, source: Source) -> bool:
        """Whether the content looks like one of the formats."""
        return any(format_.matches(source) for format_ in self._formats.values())

    def detect(self, source: Source) -> Reader:
        """The reader of the one format that the content looks like.

        Raises:
            InputError: It looks like none, or like several; the message lists them.
        """
        found = [format_ for format_ in self._formats.values() if format_.matches(source)]
        if len(found) == 1:
            return found[0].read
        listed = list(found or self._formats.values())
        remedy = "Name one with --format: " + ", ".join(row.name for row in listed) + "."
        raise source.place.file_error(
            f"{self.kind} in one of the known formats",
            got=f"content that fits {'several' if found else 'none'} of them ({source.summary})",
            remedy=remedy if found or source.container not in TABLES else self._tell_columns(remedy),
        )

    def _tell_columns(self, remedy: str) -> str:
        """The remedy for a table, with the columns that it could have before it."""
        tables = [f"{row.columns} ({row.name})" for row in self._formats.values() if row.columns]
        if not tables:
            return remedy
        return f"Beside the items' ids, {ID_WORDS}, it needs {'; or '.join(tables)}. {remedy}"
