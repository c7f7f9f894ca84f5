"""NumPy arrays in place of files: what an .npy file of the same content is."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.formats.arrays import HeldArray, hold_array
from regrade.formats.frames import ArrowTable, open_source
from regrade.formats.places import Place
from regrade.formats.sources import Container, Source


class ArraySource(Source):
    """An array in memory, read as an .npy file is."""

    def __init__(self, values: npt.NDArray[Any], name: str) -> None:
        """Take the array; it is not copied.

        Args:
            values: The array.
            name: What messages call it.

        Raises:
            InputError: It holds no numbers, or has not 1 or 2 dimensions.
        """
        self.path = Path(name)
        self.place = Place(name)
        self._held = hold_array(values, self.place)

    @cached_property
    def container(self) -> Container:
        """As of a file with one array."""
        return "npy"

    @cached_property
    def array(self) -> HeldArray:
        """The array."""
        return self._held


def open_content(content: Path | ArrowTable | npt.NDArray[Any], name: str) -> Source:
    """A file, a dataframe or an array, of which messages say whose it is by `name`.

    Raises:
        InputError: It is none of them, or cannot be read.
    """
    if isinstance(content, np.ndarray):
        return ArraySource(content, f"array of {name}")
    if not isinstance(content, Path | ArrowTable):
        raise Place(name).file_error(
            "a file, a dataframe or a NumPy array",
            got=f"a value of type {type(content).__name__}",
            remedy="Hand over a path, a dataframe, or numpy.array(...) of scores, ranks or top-1 classes.",
        )
    return open_source(content, f"dataframe of {name}")
