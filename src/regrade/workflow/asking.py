"""Asking the panel: questions with their place in the order of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from regrade.panel import group_classes, place_in_groups
from regrade.records.labels import Verdict
from regrade.records.panel import Origin, Pass
from regrade.store import Transaction, questions
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.shuffle import shuffle_keys
from regrade.workflow.workspace import Workspace

_FEW = 50
"""Up to so many items are looked at one by one; of more, the questions of the whole split are read at once."""


def ask(
    ws: Workspace,
    tx: Transaction,
    split: str,
    items: Sequence[int] | npt.NDArray[np.integer],
    classes: Sequence[int] | npt.NDArray[np.integer],
    *,
    pass_: Pass,
    origin: Origin,
    at: datetime,
) -> int:
    """Ask about (item, class) pairs; those asked about already stay as they are. Gives how many are new."""
    where = np.asarray(items, dtype=np.int32)
    n_new = questions.save_questions(
        tx,
        split,
        where,
        np.asarray(classes, dtype=np.int32),
        pass_=pass_,
        origin=origin,
        shuffles=shuffle_keys(ws, split)[where],
        at=at,
    )
    if n_new and ws.protocol_in(tx).order == "groups":
        _place_in_groups(ws, tx, split, np.unique(where))
    return n_new


def place_anew(ws: Workspace, tx: Transaction, split: str) -> None:
    """Bring all questions of a split into the order that the protocol says."""
    items = questions.load_pairs(tx, split, Pass.VERDICT).distinct_items
    if ws.protocol_in(tx).order == "groups":
        _place_in_groups(ws, tx, split, items)
    else:
        questions.save_places(tx, split, items, shuffle_keys(ws, split)[items])


def _place_in_groups(ws: Workspace, tx: Transaction, split: str, items: npt.NDArray[np.int32]) -> None:
    """Place items by all that is asked about on them in the first pass, and all that is accepted now."""
    asked_items, asked_classes = _load_asked(tx, split, items)
    labels = load_labels(ws, labels_of_split(ws, split))
    accepted = (labels.pair_codes != Verdict.WRONG.code) & np.isin(labels.pair_items, items)
    places = place_in_groups(
        np.concatenate([asked_items, labels.pair_items[accepted]]),
        np.concatenate([asked_classes, labels.pair_classes[accepted]]),
        groups=ws.kept(("groups",), lambda: group_classes(ws.classes, ws.hierarchy)),
        within=shuffle_keys(ws, split),
        seed=int.from_bytes(ws.store.secret()[16:24], "big"),
    )
    questions.save_places(tx, split, items, places[items])


def _load_asked(
    tx: Transaction, split: str, items: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    if len(items) > _FEW:
        pairs = questions.load_pairs(tx, split, Pass.VERDICT)
        wanted = np.isin(pairs.items, items)
        return pairs.items[wanted], pairs.classes[wanted]
    rows = [row for item in items.tolist() for row in questions.list_item_questions(tx, split, item, Pass.VERDICT)]
    return np.array([row.item for row in rows], np.int32), np.array([row.class_id for row in rows], np.int32)
