"""Names that callers give: one, or several."""

from __future__ import annotations

from collections.abc import Iterable

from regrade.errors import InputError


def list_names(names: Iterable[str], where: str) -> tuple[str, ...]:
    """The names in their order; a lone text is one name, not its letters.

    Args:
        names: What the caller gave.
        where: Name of the argument.

    Raises:
        InputError: They are no names, or one is no text.
    """
    given: object = names
    listed = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    for name in listed:
        if not isinstance(name, str):
            raise InputError("names as text", got=f"a value of type {type(name).__name__}", where=where)
    return listed
