"""The classes of a benchmark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ClassList:
    """The classes of a benchmark, index 0..C-1 in order. Names need not be unique; keys are."""

    keys: tuple[str, ...]
    """Unique key of each class (a WordNet id, say)."""
    names: tuple[str, ...]
    """Name shown to people; may repeat."""
    definitions: tuple[str, ...]
    """One-sentence definition; empty where there is none."""
    groups: tuple[str, ...]
    """Group of each class; empty where there is none."""
    titles: tuple[str, ...] = field(init=False)
    """What tells a class from the others on a page: its name, and its key where another has that name too.

    >>> ClassList(("n1", "n2", "n3"), ("crane", "crane", "egret"), ("", "", ""), ("", "", "")).titles
    ('crane (n1)', 'crane (n2)', 'egret')
    """

    def __post_init__(self) -> None:
        """Tell classes apart that have one name."""
        counts = Counter(self.names)
        rows = zip(self.names, self.keys, strict=True)
        titles = tuple(f"{name} ({key})" if counts[name] > 1 else name for name, key in rows)
        object.__setattr__(self, "titles", titles)

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A graph of hypernyms above the classes: edges from child key to parent key. A node may have several parents."""

    children: tuple[str, ...]
    """Child key of each edge."""
    parents: tuple[str, ...]
    """Parent key of each edge."""
    names: dict[str, str]
    """Name of each node for which the file gave one."""


@dataclass(frozen=True, slots=True, eq=False)
class Equivalences:
    """Directed pairs of classes: where `labels[i]` is accepted, `accepted[i]` is accepted too."""

    labels: npt.NDArray[np.int32]
    """(e,) class ids."""
    accepted: npt.NDArray[np.int32]
    """(e,) class ids."""
