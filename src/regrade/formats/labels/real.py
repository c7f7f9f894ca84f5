"""ReaL labels: a JSON list of class-id lists, in item order."""

from __future__ import annotations

from itertools import chain

import numpy as np

from regrade.formats.class_cells import ClassLookup
from regrade.formats.labels.assembly import FileVerdicts, ReadLabels, assemble_labels
from regrade.formats.labels.registry import LABEL_FORMATS
from regrade.formats.places import show
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import Verdict


@LABEL_FORMATS.register(
    "real",
    "JSON list with one list of class ids an item, in item order",
    matches=lambda source: source.container == "json" and isinstance(source.document, list),
)
def read_real(source: Source, split: Split, classes: ClassList) -> ReadLabels:
    """ReaL's labels: every item is covered; a class in its list is correct, no other was judged.

    Original labels come from the split. An empty list covers its item without any verdict.

    Source: Beyer et al. 2020, "Are we done with ImageNet?" (arXiv 2006.07159).
    """
    lists = source.document
    if not isinstance(lists, list) or len(lists) != len(split):
        got = f"{len(lists):,} of them" if isinstance(lists, list) else show(lists)
        raise source.place.file_error(
            f"a JSON list of {len(split):,} lists, one for each item of the split {split.name}",
            got=got,
            remedy="Use the file of this split.",
        )
    bad = [row for row, values in enumerate(lists) if not isinstance(values, list)]
    if bad:
        raise source.place.error("a list of class ids", got=show(lists[bad[0]]), rows=bad, remedy="Write [] for none.")
    rows = np.repeat(np.arange(len(lists)), [len(values) for values in lists])
    class_ids = ClassLookup(classes).find_values(list(chain.from_iterable(lists)), source.place, rows=rows)
    verdicts = FileVerdicts(
        items=np.arange(len(lists), dtype=np.int32),
        original=np.full(len(lists), NO_LABEL, np.int32),
        problematic=np.zeros(len(lists), np.bool_),
        pair_rows=rows,
        pair_classes=class_ids,
        pair_codes=np.full(len(rows), Verdict.CORRECT.code, np.int8),
        place=source.place,
    )
    return assemble_labels(verdicts, split, classes)
