"""Text that people type into fields."""

from __future__ import annotations


def clean_text(text: str) -> str:
    r"""A note or a reason as it is kept: one kind of line break, no blanks around it.

    >>> clean_text(" one\r\ntwo ")
    'one\ntwo'
    """
    return text.replace("\r\n", "\n").strip()
