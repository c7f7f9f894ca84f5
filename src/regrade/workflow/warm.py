"""Prepare what the first visitors of a server would wait for: it would all be made anyway, when it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

from regrade.errors import RegradeError
from regrade.workflow.asked import load_asked_items
from regrade.workflow.guide import class_card, list_candidates
from regrade.workflow.mistake_filters import MistakeFilters
from regrade.workflow.mistakes import search_mistakes
from regrade.workflow.sketches import look_beforehand
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

_RESTS = 4
"""It rests so many times as long as it works: whoever is served meanwhile hardly notices."""


def warm_up(ws: Workspace, *, rest: Callable[[float], bool], split: str = MAIN_SPLIT) -> None:
    """Prepare the class guide's examples, then the mistakes; nothing where the panel is asked about nothing.

    Some thousand images are looked at, a millisecond each.

    Args:
        ws: The workspace.
        rest: Waits for so many seconds, or less, and tells whether to stop: a `threading.Event`'s `wait`.
        split: The split.
    """
    try:
        if load_asked_items(ws, split).n_items == 0:
            return
        class_card(ws, 0, split=split)  # with what classes are taken for each other
        for items in list_candidates(ws, split).values():
            for item in items:
                start = time.perf_counter()
                look_beforehand(ws, split, item)
                if rest(_RESTS * (time.perf_counter() - start)):
                    return
        search_mistakes(ws, MistakeFilters())
    except RegradeError:
        return  # whoever asks for it is told
