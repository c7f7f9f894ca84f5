"""Filters of mistakes that name what is not there: they would leave nothing, which reads like good news."""

from __future__ import annotations

from regrade.errors import InputError
from regrade.workflow.mistake_filters import MistakeFilters
from regrade.workflow.mistakes import MistakesPage, search_mistakes
from regrade.workflow.predictions import choose_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

_MANY = 30
"""More groups than this are not all listed in a message."""


def search_known(ws: Workspace, filters: MistakeFilters, *, split: str = MAIN_SPLIT) -> MistakesPage:
    """The mistakes that the filters leave, as `search_mistakes` finds them.

    Raises:
        InputError: A filter names a class, group, category or severity that there is not.
        NotFoundError: It names a model without predictions on the split.
    """
    if filters.model is not None:
        choose_predictions(ws, [filters.model], split)
    for class_id, where in ((filters.class_id, "--class"), (filters.predicted, "--predicted")):
        if class_id is not None and class_id >= len(ws.classes):
            raise InputError(f"a class id from 0 to {len(ws.classes) - 1}", got=str(class_id), where=where)
    taxonomy = ws.settings.taxonomy
    _check("group", filters.group, sorted({name for name in ws.classes.groups if name}))
    _check("category", filters.category, [row.key for row in taxonomy.categories])
    _check("severity", filters.severity, [row.key for row in taxonomy.severities])
    return search_mistakes(ws, filters, split=split)


def _check(what: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise InputError(
            f"a {what} that there is",
            got=repr(value[:100]),
            where=f"--{what}",
            remedy=f"There are: {_list(known)}." if known else f"The classes file names no {what}.",
        )


def _list(known: list[str]) -> str:
    more = f" and {len(known) - _MANY:,} more" if len(known) > _MANY else ""
    return ", ".join(known[:_MANY]) + more
