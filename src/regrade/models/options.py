"""The options of an adapter: text that becomes numbers and names."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from regrade.errors import InputError


class Options:
    """Options as they were given, by name; what is not given takes the default that the adapter names."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = dict(given)

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def identity(self) -> tuple[str, ...]:
        """All that was given, in the order of the names."""
        return tuple(f"{name}={value}" for name, value in sorted(self._given.items()))

    def text(self, name: str, default: str | None = None) -> str | None:
        """An option as it was given."""
        return self._given.get(name, default)

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """One of a few words.

        Raises:
            InputError: It is none of them.
        """
        value = self._given.get(name, default)
        if value not in choices:
            raise _wrong(name, f"one of {', '.join(choices)}", value)
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """A number from `low` to `high`.

        Raises:
            InputError: It is none.
        """
        return self.numbers(name, (default,), low=low, high=high)[0]

    def numbers(self, name: str, default: tuple[float, ...], *, low: float, high: float) -> tuple[float, ...]:
        """As many numbers as the default has, joined by commas, each from `low` to `high`.

        Raises:
            InputError: They are not.
        """
        if name not in self._given:
            return default
        text = self._given[name]
        try:
            values = tuple(float(part) for part in text.split(","))
        except ValueError:
            values = ()
        if len(values) != len(default) or not all(math.isfinite(value) and low <= value <= high for value in values):
            count = "a number" if len(default) == 1 else f"{len(default)} numbers, joined by commas, each"
            raise _wrong(name, f"{count} from {low:g} to {high:g}", text)
        return values

    def size(self, name: str, default: tuple[int, int] | None) -> tuple[int, int] | None:
        """Height and width in pixels: `224`, or `224x320`.

        Raises:
            InputError: It is no such size, or larger than 8192.
        """
        if name not in self._given:
            return default
        text = self._given[name]
        found = re.fullmatch(r"(\d{1,4})(?:x(\d{1,4}))?", text, re.ASCII)
        height, width = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not (1 <= height <= 8192 and 1 <= width <= 8192):
            raise _wrong(name, "a size in pixels, as 224 or 224x320 (height x width)", text)
        return height, width


def _wrong(name: str, expected: str, got: str) -> InputError:
    return InputError(expected, got=repr(got), where=f"--set {name}")
