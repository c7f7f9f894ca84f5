"""Whether what a person typed can be kept: not too long, and text that any database and file can hold."""

from __future__ import annotations

from regrade.errors import InputError


def check_text(text: str, what: str, *, n_most: int, n_least: int = 0) -> None:
    """Raise unless the text can be kept.

    Args:
        text: What came.
        what: What it is, with its article: `a note`.
        n_most: Most characters.
        n_least: Fewest characters, 0 or 1.

    Raises:
        InputError: It is missing, too long, or holds a NUL or half a character.
    """
    if len(text) < n_least:
        raise InputError(what, got="none", remedy="Say it in a few words.")
    if len(text) > n_most:
        raise InputError(f"{what} of at most {n_most:,} characters", got=f"{len(text):,}", remedy="Shorten it.")
    # Half a surrogate pair is a str in Python and no text that any database or file can hold.
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        raise InputError(f"{what} of plain text", got="one with a NUL or half a character", remedy="Type it again.")
