"""Prepare what the first visitors of a server would wait for: it would all be made anyway, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from regrade.errors import RegradeError
from regrade.workflow.asked import load_asked_items
from regrade.workflow.guide import list_candidates
from regrade.workflow.mistakes import MistakeFilters, search_mistakes
from regrade.workflow.sketches import look_beforehand
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def warm_up(ws: Workspace, *, is_over: Callable[[], bool], split: str = MAIN_SPLIT) -> None:
    """Prepare the class guide's examples, then the mistakes; nothing where the panel is asked about nothing.

    Some thousand images are looked at, half a millisecond each.

    Args:
        ws: The workspace.
        is_over: Asked again and again whether to stop.
        split: The split.
    """
    try:
        if load_asked_items(ws, split).n_items == 0:
            return
        for items in list_candidates(ws, split).values():
            for item in items:
                if is_over():
                    return
                look_beforehand(ws, split, item)
        search_mistakes(ws, MistakeFilters())
    except RegradeError:
        return  # whoever asks for it is told
