"""Classes that are accepted for one another, from CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.item_ids import refuse_repeated
from regrade.formats.sources import Source
from regrade.records.classes import ClassList, Equivalences

DESCRIPTION = "CSV: label, accepts (class ids or keys); one directed pair a row"


def read_equivalences(path: Path, *, classes: ClassList) -> Equivalences:
    """Directed pairs of classes: where `label` is accepted, `accepts` is accepted too.

    Args:
        path: CSV with the columns `label` and `accepts` (class ids or keys), each pair once.
        classes: The classes of the benchmark.

    Raises:
        InputError: A cell names no class, a pair comes twice, or a class stands for itself.
    """
    table = Source(path).csv
    table.require("label", "accepts")
    lookup = ClassLookup(classes)
    labels = read_class_column(table, "label", lookup)
    accepted = read_class_column(table, "accepts", lookup)
    same = np.flatnonzero(labels == accepted)
    if len(same):
        raise table.place.error(
            "two different classes", got=f"{labels[same[0]]} twice", rows=same, remedy="Delete the row."
        )
    texts = [f"{label} -> {other}" for label, other in zip(labels, accepted, strict=True)]
    refuse_repeated(texts, labels.astype(np.int64) * len(classes) + accepted, table.place, expected="each pair once")
    return Equivalences(labels, accepted)
