"""The JSON of expert-reviewed mistakes that google-research/imagenet-mistakes released.

`{file: {"top_prediction": class, "failure category": ..., "failure severity": ...}}`. It is read as predictions (which
items a model got wrong, and with which class) and as judgements (what kind of mistake each is).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.formats.class_cells import ClassLookup
from regrade.formats.item_ids import find_items, refuse_repeated_texts
from regrade.formats.normalization import normalize
from regrade.formats.places import Place, show
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split

PREDICTION_KEY = "top_prediction"
CATEGORY_KEY = "failure category"
SEVERITY_KEY = "failure severity"


@dataclass(frozen=True, slots=True, eq=False)
class ReviewedMistakes:
    """The mistakes of one model, in the order of the file."""

    items: npt.NDArray[np.int32]
    """(m,) positions in the split."""
    classes: npt.NDArray[np.int32]
    """(m,) predicted class ids."""
    entries: tuple[Mapping[str, object], ...]
    """(m,) everything that the file says of each."""
    place: Place


def looks_like_mistakes(source: Source) -> bool:
    """Whether a file is such a JSON: an object of objects that hold `top_prediction`."""
    document = source.document if source.container == "json" else None
    first = next(iter(document.values()), None) if isinstance(document, dict) else None
    return isinstance(first, dict) and PREDICTION_KEY in first


def read_mistakes(source: Source, split: Split, classes: ClassList) -> ReviewedMistakes:
    """The mistakes that the file lists.

    Raises:
        InputError: Another layout, an unknown item or class, or an item twice.
    """
    document = source.document
    if not isinstance(document, dict) or not document:
        raise source.place.file_error(
            f'a JSON object {{file: {{"{PREDICTION_KEY}": class, ...}}}}',
            got=show(document),
            remedy="Name another file, or another --format.",
        )
    place = Place(source.place.where, keys=list(document))
    bad = [
        row for row, entry in enumerate(document.values()) if not isinstance(entry, dict) or PREDICTION_KEY not in entry
    ]
    if bad:
        got = show(document[place.keys[bad[0]]]) if place.keys else ""
        raise place.error(f'an object with "{PREDICTION_KEY}"', got=got, rows=bad, remedy="Add it.")
    ids = [normalize(name) for name in document]
    refuse_repeated_texts(ids, place, expected="each item once (after Unicode normalization)")
    entries = tuple(document.values())
    predicted = [entry[PREDICTION_KEY] for entry in entries]
    return ReviewedMistakes(
        items=find_items(ids, split, place, unique=True),
        classes=ClassLookup(classes).find_values(predicted, place),
        entries=entries,
        place=place,
    )
