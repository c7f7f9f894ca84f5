"""Neighbors: the items whose embeddings lie nearest to an item's, with what they are labeled as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError, NotFoundError
from regrade.neighbors import NO_ITEM, Neighbors, find_nearest
from regrade.records.embeddings import StoredEmbeddings
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet
from regrade.workflow.asked import load_asked_items
from regrade.workflow.embeddings import list_embeddings, load_measured
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import item_token, media_token
from regrade.workflow.named import list_names
from regrade.workflow.named_classes import NamedClass, named_class
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

TRAIN_SPLIT = "train"
"""The split that pages take the neighbors from, if it is there."""
N_SHOWN = 10
"""Neighbors on a page."""
_N_KEPT = 1024
"""Items of which a server keeps what was found."""


@dataclass(frozen=True, slots=True)
class NearItem:
    """One of the items nearest to an item."""

    token: str
    media: str | None
    item_id: str
    classes: tuple[NamedClass, ...]
    """What its own labels accept; else its original label; empty where it has none."""
    similarity: float
    """Cosine, -1 to 1 (the same direction)."""
    accepted: bool | None
    """The labels of the item that it is near to accept one of its classes; None where that item is not labeled."""


@dataclass(frozen=True, slots=True)
class ItemNeighbors:
    """The nearest items to one item."""

    item_id: str
    neighbors: tuple[NearItem, ...]
    """Nearest first, of two that are equally near the first of the split; none where the item has no vector."""


@dataclass(frozen=True, slots=True)
class NeighborsReport:
    """The nearest items to some items."""

    embeddings: str
    """Name of the embedder."""
    split: str
    among: str
    """The split of the neighbors."""
    items: tuple[ItemNeighbors, ...]
    """As they were asked for."""


@dataclass(frozen=True, slots=True)
class NearestImages:
    """What a page shows beside an item."""

    embeddings: str
    """Name of the embedder."""
    among: str
    """The split of the images."""
    images: tuple[NearItem, ...]
    """One or more."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Embeddings of the items that are asked for, and of those that are searched in."""

    own: StoredEmbeddings
    other: StoredEmbeddings


def find_neighbors(
    ws: Workspace,
    items: Iterable[str],
    *,
    split: str = MAIN_SPLIT,
    among: str | None = None,
    embeddings: str | None = None,
    k: int = N_SHOWN,
) -> NeighborsReport:
    """The nearest items to some items, by the cosine of their embeddings.

    Args:
        ws: The workspace.
        items: Ids of the items; a lone text is one.
        split: Of which they are.
        among: The split that is searched in; the same one leaves each item itself out. Default: the only other split
            that has embeddings of one name with it.
        embeddings: Name of the embedder; default: the only one that both splits have.
        k: How many neighbors, 1 to 1000.

    Raises:
        InputError: An item or number is none, or several splits or embedders could be meant.
        NotFoundError: There are no such embeddings.
    """
    if not 1 <= k <= 1000:
        raise InputError("1 to 1000 neighbors", got=str(k))
    ids = list_names(items, "items")
    positions = _find_positions(ws, split, ids)
    pair = _choose_pair(ws, split, among, embeddings)
    found = _search(ws, pair, positions, k)
    return NeighborsReport(
        embeddings=pair.own.name,
        split=split,
        among=pair.other.split,
        items=tuple(map(ItemNeighbors, ids, _view(ws, pair, positions, found))),
    )


def nearest_images(ws: Workspace, split: str, item: int, *, for_reviewer: bool) -> NearestImages | None:
    """The nearest training images to an item, for a page: of the split `train`, or the only other one with embeddings.

    Of several embedders the one whose embeddings of that split came last. What was found is kept.

    Args:
        ws: The workspace.
        split: Of which the item is.
        item: Its position.
        for_reviewer: Leave out what the panel is asked about: nobody learns here how such an item is labeled.

    Returns:
        None where there are no embeddings, or none of this item.
    """
    pair = _choose_shown(ws, split)
    if pair is None:
        return None
    asked = load_asked_items(ws, pair.other.split) if for_reviewer else None
    hidden = asked.mask if asked is not None and asked.n_items else None
    found = ws.kept(
        ("nearest", split, str(item % _N_KEPT)),
        lambda: _search(ws, pair, [item], N_SHOWN, hidden=hidden),
        version=(item, pair, 0 if hidden is None or asked is None else asked.n_items),
    )
    (images,) = _view(ws, pair, [item], found)
    return NearestImages(pair.own.name, pair.other.split, images) if images else None


def _find_positions(ws: Workspace, split: str, ids: Sequence[str]) -> list[int]:
    known = ws.split(split).positions
    unknown = [item_id for item_id in ids if item_id not in known]
    if unknown:
        raise InputError(
            f"ids of items of the split {split}",
            got=repr(unknown[0]),
            n_more=len(unknown) - 1,
            remedy="`regrade items list` prints them.",
        )
    return [known[item_id] for item_id in ids]


def _choose_pair(ws: Workspace, split: str, among: str | None, name: str | None) -> _Pair:
    ws.split(split)
    if among is not None:
        ws.split(among)
    stored = list_embeddings(ws)
    own = {row.name: row for row in stored if row.split == split and name in (None, row.name)}
    pairs = [_Pair(own[row.name], row) for row in stored if row.name in own]
    pairs = [pair for pair in pairs if (pair.other.split == among if among else pair.other.split != split)]
    if not pairs:
        raise _nothing_to_search(stored, split, among, name)
    splits = sorted({pair.other.split for pair in pairs})
    if len(splits) > 1:
        raise InputError("one split to search in", got=", ".join(splits), remedy="Name one with --among.")
    if len(pairs) > 1:
        names = ", ".join(sorted(pair.own.name for pair in pairs))
        raise InputError("the embeddings of one embedder", got=names, remedy="Name one with --by.")
    return pairs[0]


def _nothing_to_search(
    stored: Sequence[StoredEmbeddings], split: str, among: str | None, name: str | None
) -> NotFoundError:
    where = f"and {among}" if among else "and another split"
    there = ", ".join(f"{row.name} of {row.split}" for row in stored) or "none yet"
    return NotFoundError(
        f"No embeddings{f' {name}' if name else ''} of the splits {split} {where} under one name.",
        remedy=f"There are: {there}. Store some with `regrade embed import` or `regrade embed run`.",
    )


def _choose_shown(ws: Workspace, split: str) -> _Pair | None:
    stored = list_embeddings(ws)
    own = {row.name: row for row in stored if row.split == split}
    pairs = [_Pair(own[row.name], row) for row in stored if row.name in own and row.split != split]
    splits = {pair.other.split for pair in pairs}
    among = TRAIN_SPLIT if TRAIN_SPLIT in splits else next(iter(splits), None)
    if among is None or (among != TRAIN_SPLIT and len(splits) > 1):
        return None
    return [pair for pair in pairs if pair.other.split == among][-1]


def _search(
    ws: Workspace, pair: _Pair, items: Sequence[int], k: int, *, hidden: npt.NDArray[np.bool_] | None = None
) -> Neighbors:
    own, other = load_measured(ws, pair.own), load_measured(ws, pair.other)
    at = np.array(items, np.int64)
    is_same = pair.own.split == pair.other.split
    return find_nearest(
        own.vectors[at],
        other.vectors,
        k=k,
        lengths=other.lengths if hidden is None else np.where(hidden, np.nan, other.lengths),
        own=at if is_same else None,
    )


@dataclass(frozen=True, slots=True)
class _Labeled:
    """A split with its labels, looked up once for all of its items."""

    split: Split
    labels: LabelSet | None
    """None where the split has none."""

    def accepted(self, item: int) -> tuple[int, ...] | None:
        """The classes that the labels accept on an item; None where they do not cover it."""
        if self.labels is None or self.labels.is_problematic(item) is None:
            return None
        return self.labels.accepted_classes(item)

    def classes(self, item: int) -> tuple[int, ...]:
        """The same; where there is none, the item's original label, if it has one."""
        original = int(self.split.labels[item])
        return self.accepted(item) or (() if original == NO_LABEL else (original,))


def _look_up(ws: Workspace, split: str) -> _Labeled:
    try:
        labels = load_labels(ws, labels_of_split(ws, split))
    except NotFoundError:
        labels = None
    return _Labeled(ws.split(split), labels)


def _view(ws: Workspace, pair: _Pair, items: Sequence[int], found: Neighbors) -> tuple[tuple[NearItem, ...], ...]:
    """What was found of each item."""
    own, other = _look_up(ws, pair.own.split), _look_up(ws, pair.other.split)
    return tuple(
        tuple(
            _view_item(ws, other, int(near), float(similarity), own.accepted(item))
            for near, similarity in zip(positions, similarities, strict=True)
            if near != NO_ITEM
        )
        for item, positions, similarities in zip(items, found.positions, found.similarities, strict=True)
    )


def _view_item(
    ws: Workspace, other: _Labeled, near: int, similarity: float, accepted: tuple[int, ...] | None
) -> NearItem:
    among, classes = other.split.name, other.classes(near)
    return NearItem(
        token=item_token(ws, among, near),
        media=media_token(ws, among, near),
        item_id=other.split.ids[near],
        classes=tuple(named_class(ws, class_id) for class_id in classes),
        similarity=similarity,
        accepted=None if accepted is None else not set(accepted).isdisjoint(classes),
    )
