"""The formats that label sets are written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regrade.errors import InputError
from regrade.records.provenance import LabelSheet


@dataclass(frozen=True, slots=True)
class Document:
    """What a writer makes of a label set."""

    content: bytes
    warnings: tuple[str, ...] = ()
    """What the format cannot hold of this label set, or what it lacks, in words.

    Where a format can be read again and there is no warning, reading it gives the same label set.
    """
    companions: tuple[tuple[str, bytes], ...] = ()
    """Files that belong beside it: name and content."""


Writer = Callable[[LabelSheet], Document]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format of label files to write."""

    name: str
    description: str
    """One line: what the file holds."""
    suffix: str | None
    """Files whose names end so are of this format unless another is named; None: it must be named."""
    tells_review: bool
    """It says how the labels were reviewed: it needs `history` and `models` of the sheet."""
    write: Writer
    """Makes the content; saving it is left to the caller. Raises InputError if the format can hold nothing of it."""


_FORMATS: dict[str, ExportFormat] = {}


def register_export(
    name: str, description: str, *, suffix: str | None = None, tells_review: bool = False
) -> Callable[[Writer], Writer]:
    """Decorate a writer to make it the format `name`.

    Raises:
        ValueError: The name is taken.
    """
    if name in _FORMATS:
        raise ValueError(f"the export format {name} is registered twice")

    def keep(write: Writer) -> Writer:
        _FORMATS[name] = ExportFormat(name, description, suffix, tells_review, write)
        return write

    return keep


def describe_exports() -> dict[str, str]:
    """Description of each format, by sorted name."""
    return {name: _FORMATS[name].description for name in sorted(_FORMATS)}


def choose_export(path: Path, name: str | None = None) -> ExportFormat:
    """The named format (`real-json` and `human-accuracy-json` stand for `real` and `human-accuracy`), or the suffix's.

    Raises:
        InputError: There is no such format, or the file's name does not tell it; the message lists those there are.
    """
    listed = f"There are: {', '.join(sorted(_FORMATS))}."
    if name is not None:
        found = _FORMATS.get(name.removesuffix("-json"))
        if found is None:
            raise InputError("a format to write labels in", got=name, remedy=listed, where="--format")
        return found
    for export in _FORMATS.values():
        if export.suffix is not None and path.name.endswith(export.suffix):
            return export
    endings = ", ".join(sorted(export.suffix for export in _FORMATS.values() if export.suffix))
    raise InputError(
        f"a file name that ends in one of {endings}, or the name of a format",
        got=path.name,
        remedy=f"Name one with --format. {listed}",
    )
