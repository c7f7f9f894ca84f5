"""The class guide: what a reviewer is told about a class, and the search for a class by name.

Nothing in it may tell what the item is labeled or predicted as. So examples and confusions come only from items that
the panel is not asked about, and all classes of a screen have as many of both as the poorest of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from regrade.panel import Confusions, Kinship, count_confusions
from regrade.records.labels import LabelSet, LabelSetVersion, Verdict
from regrade.store import Transaction, guide, predictions
from regrade.workflow.asked import AskedItems, load_asked_items, read_asked_items
from regrade.workflow.labels import labels_in, labels_of_split, load_labels
from regrade.workflow.media import tokens_of
from regrade.workflow.predictions import load_predictions
from regrade.workflow.sketches import find_lookalikes
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

N_EXAMPLES = 16
N_AT_ONCE = 8
"""So many examples are fetched with the page; the others once somebody walks along them."""
N_SPARE = 4
"""More candidates than examples: one that looks like the item is left out and leaves no gap."""
N_NEIGHBORS = 4


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A class that another is easily taken for."""

    class_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ClassCard:
    """What a reviewer is told about a class. Says nothing about the item that it is asked of."""

    class_id: int
    key: str
    name: str
    definition: str
    examples: tuple[str, ...] = ()
    """Media tokens of other items of this class that the panel is not asked about."""
    text: str = ""
    """What the panel has written down about telling it from others."""
    neighbors: tuple[Neighbor, ...] = ()
    """What it is most easily taken for: by the models on items that the panel is not asked about, then by kinship."""


def class_card(ws: Workspace, class_id: int, *, split: str = MAIN_SPLIT, item: int | None = None) -> ClassCard:
    """The guide to one class; `item` is the one that it is shown beside."""
    return class_cards(ws, [class_id], split=split, item=item)[0]


def class_cards(
    ws: Workspace, class_ids: Sequence[int], *, split: str = MAIN_SPLIT, item: int | None = None
) -> tuple[ClassCard, ...]:
    """The guide to several classes.

    Args:
        ws: The workspace.
        class_ids: Which, in the order of the cards.
        split: Where the examples come from.
        item: The item that the cards stand beside: examples that look like it are left out.
    """
    with ws.store.read() as tx:
        return list_cards(ws, tx, class_ids, split=split, item=item)


def list_cards(
    ws: Workspace, tx: Transaction, class_ids: Sequence[int], *, split: str, item: int | None
) -> tuple[ClassCard, ...]:
    """The same, within a transaction."""
    if not class_ids:
        return ()
    asked, version = read_asked_items(ws, tx, split), labels_in(tx, split)
    candidates = _candidates(ws, split, version, asked)
    confusions = _confusions(ws, split, version, asked, newest=predictions.load_newest_id(tx, split))
    texts = guide.load_guide_texts(tx, class_ids)
    return tuple(
        ClassCard(
            class_id=class_id,
            key=ws.classes.keys[class_id],
            name=ws.classes.titles[class_id],
            definition=ws.classes.definitions[class_id],
            examples=_examples(ws, split, candidates.get(class_id, ()), item),
            text=texts[class_id].text if class_id in texts else "",
            neighbors=_neighbors(ws, class_id, confusions),
        )
        for class_id in class_ids
    )


def list_candidates(ws: Workspace, split: str) -> dict[int, tuple[int, ...]]:
    """The items of each class that may stand as its examples: a few more than are shown."""
    return _candidates(ws, split, labels_of_split(ws, split), load_asked_items(ws, split))


def even_cards(cards: Sequence[ClassCard]) -> tuple[ClassCard, ...]:
    """As many examples and neighbors for every class as the poorest has.

    A class whose only images are the panel's own would otherwise be known by its lack of examples.
    """
    n_examples = min((len(card.examples) for card in cards), default=0)
    n_neighbors = min((len(card.neighbors) for card in cards), default=0)
    return tuple(
        replace(card, examples=card.examples[:n_examples], neighbors=card.neighbors[:n_neighbors]) for card in cards
    )


def search_classes(ws: Workspace, text: str, *, limit: int = 20) -> tuple[ClassCard, ...]:
    """Classes that hold all the words of a text, or whose key it is; case, accents and width do not matter.

    Names that begin with the text come first, then those with a word that does, then others that hold it, last those
    whose definition does; shorter names before longer ones.
    """
    words = _folded(text).split()
    found = []
    for class_id, (name, key, definition) in enumerate(_folded_classes(ws)):
        rank = _rank(words, name, key, definition)
        if rank is not None:
            found.append((rank, len(name), class_id))
    return tuple(
        ClassCard(class_id, ws.classes.keys[class_id], ws.classes.names[class_id], ws.classes.definitions[class_id])
        for _, _, class_id in sorted(found)[:limit]
    )


def _rank(words: Sequence[str], name: str, key: str, definition: str) -> int | None:
    """How well a class fits the words, 0 best; None: not at all."""
    if not words:
        return None
    if name.startswith(" ".join(words)) or key == " ".join(words):
        return 0
    if all(f" {word}" in f" {name}" for word in words):
        return 1
    if all(word in name for word in words):
        return 2
    return 3 if all(word in f"{name} {definition}" for word in words) else None


def _examples(ws: Workspace, split: str, candidates: Sequence[int], item: int | None) -> tuple[str, ...]:
    alike = find_lookalikes(ws, split, item, candidates) if item is not None else frozenset()
    chosen = [other for other in candidates if other not in alike]
    return tokens_of(ws, split, chosen[:N_EXAMPLES])


def _neighbors(ws: Workspace, class_id: int, confusions: Confusions) -> tuple[Neighbor, ...]:
    kin = ws.kept(("kinship",), lambda: Kinship(ws.classes, ws.hierarchy)).near(class_id, N_NEIGHBORS)
    found = [*dict.fromkeys((*confusions.of(class_id), *kin))]
    return tuple(Neighbor(other, ws.classes.titles[other]) for other in found[:N_NEIGHBORS])


def _candidates(ws: Workspace, split: str, version: LabelSetVersion, asked: AskedItems) -> dict[int, tuple[int, ...]]:
    """A few more than N_EXAMPLES items a class, made anew when more items are asked about or the labels change."""
    return ws.kept(
        ("examples", split), lambda: _pick_candidates(ws, split, version, asked), version=(version.ref, asked.n_items)
    )


def _pick_candidates(
    ws: Workspace, split: str, version: LabelSetVersion, asked: AskedItems
) -> dict[int, tuple[int, ...]]:
    items = ws.split(split)
    truth = _known_truth(items.labels, load_labels(ws, version), asked)
    chosen = np.flatnonzero((truth >= 0) & np.array([bool(path) for path in items.media], dtype=np.bool_))
    order = chosen[np.argsort(truth[chosen], kind="stable")]
    classes, starts = np.unique(truth[order], return_index=True)
    stops = [*starts[1:], len(order)]
    rows = zip(classes.tolist(), starts.tolist(), stops, strict=False)  # no usable item: one stop, and no class
    most = N_EXAMPLES + N_SPARE
    return {class_id: tuple(order[start : min(start + most, stop)].tolist()) for class_id, start, stop in rows}


def _confusions(ws: Workspace, split: str, version: LabelSetVersion, asked: AskedItems, *, newest: int) -> Confusions:
    return ws.kept(
        ("confusions", split),
        lambda: _count_confusions(ws, split, version, asked),
        version=(version.ref, asked.n_items, newest),
    )


def _count_confusions(ws: Workspace, split: str, version: LabelSetVersion, asked: AskedItems) -> Confusions:
    labels, n_classes = load_labels(ws, version), len(ws.classes)
    is_accepted = labels.pair_codes != Verdict.WRONG.code
    accepted = labels.pair_items[is_accepted].astype(np.int64) * n_classes + labels.pair_classes[is_accepted]
    rankings = (row.classes for row in load_predictions(ws, None, split, scores=False) if not row.only_mistakes)
    return count_confusions(rankings, _known_truth(ws.split(split).labels, labels, asked), accepted, n_classes)


def _known_truth(original: npt.NDArray[np.int32], labels: LabelSet, asked: AskedItems) -> npt.NDArray[np.int32]:
    """The class of each item that surely shows it and that the panel is not asked about; -1 for the others."""
    usable = (original >= 0) & ~asked.mask
    usable[labels.items[labels.problematic]] = False
    # Where the labels say that an item does not show its original class, it is no example of it.
    accepted = labels.pair_codes != Verdict.WRONG.code
    known_to_show = np.zeros(len(original), dtype=np.bool_)
    known_to_show[labels.pair_items[accepted & (original[labels.pair_items] == labels.pair_classes)]] = True
    usable[labels.items] &= known_to_show[labels.items]
    return np.where(usable, original, -1).astype(np.int32)


def _folded_classes(ws: Workspace) -> list[tuple[str, str, str]]:
    return ws.kept(("folded classes",), lambda: _fold_classes(ws))


def _fold_classes(ws: Workspace) -> list[tuple[str, str, str]]:
    rows = zip(ws.classes.names, ws.classes.keys, ws.classes.definitions, strict=True)
    return [(_folded(name), _folded(class_key), _folded(definition)) for name, class_key, definition in rows]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
