"""The class guide: name, definition and example images of a class, and the search for a class by name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.store import questions
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import tokens_of
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

N_EXAMPLES = 24


@dataclass(frozen=True, slots=True)
class ClassCard:
    """What a reviewer is told about a class. Says nothing about the item that it is asked of."""

    class_id: int
    key: str
    name: str
    definition: str
    examples: tuple[str, ...]
    """Media tokens of other items of this class that the panel is not asked about."""


def class_card(ws: Workspace, class_id: int, *, split: str = MAIN_SPLIT) -> ClassCard:
    """The guide to one class. Examples never come from items with a case: that would give their label away."""
    return ClassCard(
        class_id=class_id,
        key=ws.classes.keys[class_id],
        name=ws.classes.names[class_id],
        definition=ws.classes.definitions[class_id],
        examples=tokens_of(ws, split, [int(item) for item in _example_items(ws, split).get(class_id, ())]),
    )


def search_classes(ws: Workspace, text: str, *, limit: int = 20) -> tuple[ClassCard, ...]:
    """Classes whose name holds the text (case, accents, width do not matter) or whose key is it; best match first."""
    wanted = _folded(text)
    found = [
        (not name.startswith(wanted), len(name), class_id)
        for class_id, (name, key) in enumerate(_folded_names(ws))
        if wanted and (wanted in name or wanted == key)
    ]
    return tuple(
        ClassCard(class_id, ws.classes.keys[class_id], ws.classes.names[class_id], ws.classes.definitions[class_id], ())
        for _, _, class_id in sorted(found)[:limit]
    )


def _example_items(ws: Workspace, split: str) -> dict[int, npt.NDArray[np.int64]]:
    """Up to N_EXAMPLES items a class, made anew when questions or labels have been added."""
    version = labels_of_split(ws, split)
    with ws.store.read() as tx:
        newest = questions.load_newest_id(tx, split)
    return ws.kept(("examples", split), lambda: _pick_examples(ws, split, version.ref), version=(version.ref, newest))


def _pick_examples(ws: Workspace, split: str, ref: str) -> dict[int, npt.NDArray[np.int64]]:
    with ws.store.read() as tx:
        asked = questions.load_pairs(tx, split, Pass.VERDICT).distinct_items
    items, labels = ws.split(split), load_labels(ws, ref)
    usable = (items.labels >= 0) & np.array([bool(path) for path in items.media], dtype=np.bool_)
    usable[asked] = False
    usable[labels.items[labels.problematic]] = False
    # Where the labels say that an item does not show its original class, it is no example of it.
    accepted = labels.pair_codes != Verdict.WRONG.code
    known_to_show = np.zeros(len(items), dtype=np.bool_)
    known_to_show[labels.pair_items[accepted & (items.labels[labels.pair_items] == labels.pair_classes)]] = True
    usable[labels.items] &= known_to_show[labels.items]
    chosen = np.flatnonzero(usable)
    order = chosen[np.argsort(items.labels[chosen], kind="stable")]
    classes, starts = np.unique(items.labels[order], return_index=True)
    stops = [*starts[1:], len(order)]
    rows = zip(classes.tolist(), starts.tolist(), stops, strict=False)  # no usable item: one stop, and no class
    return {class_id: order[start : min(start + N_EXAMPLES, stop)] for class_id, start, stop in rows}


def _folded_names(ws: Workspace) -> list[tuple[str, str]]:
    return ws.kept(("folded names",), lambda: _fold_names(ws))


def _fold_names(ws: Workspace) -> list[tuple[str, str]]:
    pairs = zip(ws.classes.names, ws.classes.keys, strict=True)
    return [(_folded(name), _folded(class_key)) for name, class_key in pairs]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
