"""The human_accuracy JSON behind TensorFlow Datasets' imagenet2012_multilabel, with classes by key."""

from __future__ import annotations

import json

from regrade.errors import InputError
from regrade.formats.exports.losses import count_lost, count_lost_originals
from regrade.formats.exports.registry import Document, register_export
from regrade.formats.labels.human_accuracy import select_benchmark
from regrade.records.labels import VERDICTS
from regrade.records.provenance import LabelSheet


@register_export("human-accuracy", "the human_accuracy JSON of imagenet2012_multilabel, classes by key")
def write_human_accuracy(sheet: LabelSheet) -> Document:
    """Members `initial_annots`, `problematic_images` and an empty `imagenet_m`, which is a slice and no label.

    It holds no original labels: those of the items are read again with it. In a split that has both images of
    ImageNet's validation set and others, the others are left out, since a reader takes them for another benchmark's.

    Source: Shankar et al. 2020 (ICML); version 3.0.0 by Vasudevan et al. 2022.

    Raises:
        InputError: No image is left, and no reader takes a file without any.
    """
    labels, keys = sheet.labels, sheet.classes.keys
    ids = [sheet.split.ids[item] for item in labels.items.tolist()]
    kept = set(select_benchmark(ids, sheet.split))
    if not kept:
        raise InputError(
            "a label set that covers an image of the split's benchmark", got=f"{sheet.version.ref}, which covers none"
        )
    annotations: dict[str, dict[str, list[str]]] = {item_id: {} for item_id in ids}
    for item, class_id, code in zip(
        labels.pair_items.tolist(), labels.pair_classes.tolist(), labels.pair_codes.tolist(), strict=True
    ):
        annotations[sheet.split.ids[item]].setdefault(str(VERDICTS[code]), []).append(keys[class_id])
    document = {
        "initial_annots": {item_id: annotations[item_id] for item_id in ids if item_id in kept},
        "problematic_images": {
            item_id: {} for item_id, flag in zip(ids, labels.problematic, strict=True) if flag and item_id in kept
        },
        "imagenet_m": [],
    }
    warnings = (
        *count_lost(len(ids) - len(kept), "items of another benchmark than ImageNet's validation set", "left out"),
        *count_lost_originals(sheet),
    )
    return Document(json.dumps(document, indent=1, ensure_ascii=False).encode(), warnings)
