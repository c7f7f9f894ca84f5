"""ReaL's JSON: one list of accepted class ids an item, in item order."""

from __future__ import annotations

import json

import numpy as np

from regrade.formats.exports.losses import count_lost, count_lost_originals
from regrade.formats.exports.registry import Document, register_export
from regrade.records.labels import Verdict
from regrade.records.provenance import LabelSheet


@register_export("real", "ReaL's JSON: for each item of the split the accepted classes, nothing else")
def write_real(sheet: LabelSheet) -> Document:
    """The accepted classes of every item of the split, ascending; an item that is not covered has an empty list.

    It holds no verdict `wrong` and no problematic item, and `unclear` is read again as `correct`: so the policy `real`
    grades by it as by the label set, `multilabel` does not. All that is lost is counted.

    Source: the format of Beyer et al. 2020, "Are we done with ImageNet?" (arXiv 2006.07159).
    """
    labels, n_items = sheet.labels, len(sheet.split)
    accepted = labels.pair_codes != Verdict.WRONG.code
    ends = np.cumsum(np.bincount(labels.pair_items[accepted], minlength=n_items))
    lists = np.split(labels.pair_classes[accepted], ends[:-1])
    verdicts = np.bincount(labels.pair_codes, minlength=3)
    warnings = (
        *count_lost(int(verdicts[Verdict.WRONG.code]), "verdicts `wrong`", "never judged"),
        *count_lost(int(verdicts[Verdict.UNCLEAR.code]), "verdicts `unclear`", "`correct`"),
        *count_lost(int(labels.problematic.sum()), "problematic items", "usable ones"),
        *count_lost(n_items - len(labels.items), "items that are not covered", "covered ones without a verdict"),
        *count_lost_originals(sheet),
    )
    return Document(json.dumps([row.tolist() for row in lists]).encode(), warnings)
