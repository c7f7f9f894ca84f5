"""The formats of label files, and reading one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from regrade.formats.frames import ArrowTable, open_source
from regrade.formats.labels.assembly import ReadLabels
from regrade.formats.registry import Registry
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split

LabelReader = Callable[[Source, Split, ClassList], ReadLabels]

LABEL_FORMATS: Registry[LabelReader] = Registry("labels")


def read_labels(
    content: Path | ArrowTable,
    *,
    split: Split,
    classes: ClassList,
    format: str | None = None,
) -> ReadLabels:
    """The content of a label set, from a file or dataframe in any of the formats of labels.

    Args:
        content: The file; or a dataframe with the columns of the format parquet.
        split: The split that it is for; the file may cover part of it.
        classes: The classes of the benchmark.
        format: Name of the format; default: told by content.

    Returns:
        The label set, and what its import had to settle. An original label comes from the file, else from the split.

    Raises:
        InputError: The file is damaged or of no known format; an item or class is unknown; an item comes twice; file
            and split name different original labels.
    """
    source = open_source(content, "dataframe of labels")
    read = LABEL_FORMATS.find(format) if format else LABEL_FORMATS.detect(source)
    return read(source, split, classes)
