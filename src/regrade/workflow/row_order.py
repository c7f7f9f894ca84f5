"""What to say of predictions that may stand in another order than the items."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.errors import NotFoundError
from regrade.labelsets import ChanceAgreement, find_chance_agreement
from regrade.records.items import NO_LABEL
from regrade.records.predictions import Predictions
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.workspace import Workspace


def check_order(ws: Workspace, split: str, row: Predictions) -> tuple[str, ...]:
    """A warning where a model agrees with the original labels no more than chance would, else nothing.

    Human labelers and sources that name only mistakes are left out: they may be about few or only hard items.
    """
    if row.kind == "human" or row.only_mistakes:
        return ()
    found = find_chance_agreement(_original_labels(ws, split), row.classes[:, 0], row.n_classes)
    if found is None:
        return ()
    return (_describe(row.model, found),)


def _describe(model: str, found: ChanceAgreement) -> str:
    return (
        f"{model} agrees with the original labels on {found.n_agree:,} of {found.n_items:,} items, and in any other"
        f" order it would on about {found.expected:,.0f}: are its rows in the order of the items (`regrade items list`)"
        ", and its classes numbered as in the classes file?"
    )


def _original_labels(ws: Workspace, split: str) -> npt.NDArray[np.int32]:
    """(n,) the items' own labels, else the original labels of the split's label set; NO_LABEL where neither has one."""
    items = ws.split(split)
    if (items.labels != NO_LABEL).any():
        return items.labels
    labels = np.full(len(items), NO_LABEL, np.int32)
    try:
        key = load_labels(ws, labels_of_split(ws, split))
    except NotFoundError:
        return labels
    labels[key.items] = key.original
    return labels
