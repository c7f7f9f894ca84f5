"""Ids, keys and names in one form: Unicode NFC, no control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from regrade.formats.places import Place, show

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def normalize(text: str) -> str:
    """Text in Unicode NFC, the form in which ids, keys and names are kept and compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def refuse_control_characters(texts: Sequence[str], place: Place) -> None:
    """Check that no text holds a control character or half a character (a lone surrogate).

    Args:
        texts: (r,) one a row.
        place: Where they stand.

    Raises:
        InputError: One does.
    """
    bad = [row for row, text in enumerate(texts) if _CONTROL.search(text)]
    if bad:
        raise place.error("a name without control characters", got=show(texts[bad[0]]), rows=bad, remedy="Rename it.")
