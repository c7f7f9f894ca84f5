"""Prepare what the first visitors of a server would wait for: it would all be made anyway, when it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain

from regrade.errors import RegradeError
from regrade.workflow.asked import load_asked_items
from regrade.workflow.guide import N_AT_ONCE, class_card, list_candidates
from regrade.workflow.media import MediaError, item_token, render_media
from regrade.workflow.mistake_filters import MistakeFilters
from regrade.workflow.mistakes import search_mistakes
from regrade.workflow.sketches import keep_looks, look_beforehand
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def warm_up(ws: Workspace, *, rest: Callable[[float], bool], split: str = MAIN_SPLIT) -> None:
    """Prepare the gallery of mistakes and the class guide; nothing where the panel is asked about nothing.

    The images that may stand as examples are looked at, a millisecond each, those that are shown first are made small,
    five milliseconds each, and then the items that the panel is asked about are looked at, to tell copies of them. What
    is kept from an earlier time is not done again. After each piece it rests for as long as it worked.

    Args:
        ws: The workspace.
        rest: Waits for so many seconds, or less, and tells whether to stop: a `threading.Event`'s `wait`.
        split: The split.
    """
    try:
        if load_asked_items(ws, split).n_items == 0:
            return
        for work in _list_work(ws, split):
            start = time.perf_counter()
            work()
            if rest(time.perf_counter() - start):
                break
        keep_looks(ws, split)
    except RegradeError:
        return  # whoever asks for it is told


def _list_work(ws: Workspace, split: str) -> Iterator[Callable[[], object]]:
    """One piece after the other, what most would wait for first."""
    yield lambda: search_mistakes(ws, MistakeFilters())
    yield lambda: class_card(ws, 0, split=split)  # with what classes are taken for each other
    candidates = list_candidates(ws, split).values()
    for item in chain.from_iterable(candidates):
        yield partial(look_beforehand, ws, split, item)
    for item in chain.from_iterable(items[:N_AT_ONCE] for items in candidates):
        yield partial(_make_small, ws, split, item)
    for item in load_asked_items(ws, split).mask.nonzero()[0].tolist():
        yield partial(look_beforehand, ws, split, item)


def _make_small(ws: Workspace, split: str, item: int) -> None:
    with suppress(MediaError):  # one that cannot be read is shown as such
        render_media(ws, item_token(ws, split, item), size="thumb")
