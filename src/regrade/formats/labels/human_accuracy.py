"""The human_accuracy JSON behind TensorFlow Datasets' imagenet2012_multilabel.

Of its members these are read: `initial_annots`, `{image: {"correct": [...], "unclear": [...], "wrong": [...]}}` with
WordNet ids, lists may be missing; `problematic_images`, an object or list of image names; `imagenet_m`, a list of image
names. The file holds images of ImageNet's validation set, named ILSVRC2012_val_*, and of ImageNetV2 side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.formats.class_cells import ClassLookup
from regrade.formats.item_ids import find_items, refuse_repeated_texts
from regrade.formats.labels.assembly import FileVerdicts, ReadLabels, assemble_labels
from regrade.formats.labels.registry import LABEL_FORMATS
from regrade.formats.normalization import normalize
from regrade.formats.places import Place, show
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import Verdict

_ANNOTATIONS, _PROBLEMATIC, _MAJOR = "initial_annots", "problematic_images", "imagenet_m"
_VALIDATION = "ILSVRC2012_val_"


@LABEL_FORMATS.register(
    "human-accuracy",
    f"JSON of imagenet2012_multilabel: {_ANNOTATIONS}, {_PROBLEMATIC}, {_MAJOR}; classes by key",
    matches=lambda source: (
        source.container == "json" and isinstance(source.document, dict) and _ANNOTATIONS in source.document
    ),
)
def read_human_accuracy(source: Source, split: Split, classes: ClassList) -> ReadLabels:
    """Multi-labels of the images in `initial_annots` that are of the split's benchmark; others are left out, counted.

    Original labels come from the split. `imagenet_m` is no label: a warning says how many images it names.

    Source: Shankar et al. 2020 (ICML); version 3.0.0 as corrected by Vasudevan et al. 2022.
    """
    members = _read_members(source)
    names = select_benchmark(members.annotations, split)
    place = Place(source.place.where, keys=names)
    if not names:
        raise source.place.file_error(
            f"images of the split {split.name} in {_ANNOTATIONS}", got="none", remedy="Name another split with --split."
        )
    ids = [normalize(name) for name in names]
    refuse_repeated_texts(ids, place, expected="each item once (after Unicode normalization)")
    rows, class_keys, codes = _read_verdicts([members.annotations[name] for name in names], place)
    verdicts = FileVerdicts(
        items=find_items(ids, split, place, unique=True),
        original=np.full(len(names), NO_LABEL, np.int32),
        problematic=np.array([name in members.problematic for name in names], np.bool_),
        pair_rows=rows,
        pair_classes=ClassLookup(classes).find_values(class_keys, place, rows=rows),
        pair_codes=codes,
        place=place,
        notes=_note(members, len(names)),
    )
    return assemble_labels(verdicts, split, classes)


def select_benchmark(names: Iterable[str], split: Split) -> list[str]:
    """The images of the split's own benchmark: of ImageNet's validation set if the split has some, else the others."""
    of_validation = any(item_id.startswith(_VALIDATION) for item_id in split.ids)
    return [name for name in names if name.startswith(_VALIDATION) == of_validation]


@dataclass(frozen=True, slots=True)
class _Members:
    annotations: Mapping[str, object]
    problematic: frozenset[str]
    major: Sequence[object]


def _read_members(source: Source) -> _Members:
    document = source.document
    found = document if isinstance(document, dict) else {}
    annotations, problematic, major = (found.get(name) for name in (_ANNOTATIONS, _PROBLEMATIC, _MAJOR))
    if not isinstance(annotations, dict) or not isinstance(problematic, dict | list) or not isinstance(major, list):
        raise source.place.file_error(
            f"a JSON object with {_ANNOTATIONS} (an object), {_PROBLEMATIC} (an object or list) and {_MAJOR} (a list)",
            got=", ".join(f"{name}: {type(value).__name__}" for name, value in found.items()) or show(document),
            remedy="Use the file as it was released.",
        )
    return _Members(annotations, frozenset(name for name in problematic if isinstance(name, str)), major)


def _read_verdicts(
    entries: Sequence[object], place: Place
) -> tuple[npt.NDArray[np.int64], list[object], npt.NDArray[np.int8]]:
    """Row, class key and verdict code of every class in the lists."""
    rows: list[int] = []
    keys: list[object] = []
    codes: list[int] = []
    for row, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise place.error("an object of lists", got=show(entry), rows=[row], remedy="Correct it.")
        for verdict in Verdict:
            values = entry.get(verdict.value, [])
            if not isinstance(values, list):
                raise place.error(f"a list of classes in {verdict}", got=show(values), rows=[row], remedy="Correct it.")
            rows.extend([row] * len(values))
            keys.extend(values)
            codes.extend([verdict.code] * len(values))
    return np.array(rows, np.int64), keys, np.array(codes, np.int8)


def _note(members: _Members, n_read: int) -> tuple[str, ...]:
    notes = []
    if n_read < len(members.annotations):
        notes.append(f"{len(members.annotations) - n_read:,} images of another benchmark were left out.")
    n_unannotated = len(members.problematic - set(members.annotations))
    if n_unannotated:
        notes.append(f"{n_unannotated:,} problematic images have no annotations and were left out.")
    if members.major:
        notes.append(f"{_MAJOR} names {len(members.major):,} images: that is a slice and no label, so it was not read.")
    return tuple(notes)
