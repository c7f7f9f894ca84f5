"""Words out of a fixed set."""

from __future__ import annotations

from collections.abc import Iterable

from regrade.errors import InputError


def check_choice(word: object, words: Iterable[str], where: str) -> None:
    """Check that a word is one of a fixed set: what a type checker would say before, callers hear here.

    Args:
        word: What the caller gave.
        words: The set.
        where: Name of the argument.

    Raises:
        InputError: It is none of them.
    """
    known = tuple(words)
    if word not in known:
        raise InputError(f"one of {', '.join(known)}", got=repr(word)[:100], where=where)
