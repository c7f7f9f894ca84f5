"""The adapters by name, and what each of them gives: a classifier, or an embedder, that is ready to run.

A package of its own adds an adapter by an entry point of the group `regrade.adapters` that names an `Adapter`:

    [project.entry-points."regrade.adapters"]
    mine = "my_package.adapter:MINE"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from regrade.errors import InputError
from regrade.models.options import Options
from regrade.records.classes import ClassList
from regrade.records.predictions import ScoreKind

ENTRY_POINTS = "regrade.adapters"


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What the caller says of a model."""

    source: str
    """Where the model is: a file, or MODULE:NAME."""
    options: Options
    classes: ClassList
    """The classes of the benchmark; the outputs must be in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network, or another program, that is ready to run."""

    prepare: Callable[[Image.Image], Any]
    """An image in RGB, of any size, to what the model takes of it; several threads call it at once."""
    predict: Callable[[Sequence[Any]], npt.NDArray[np.floating]]
    """One or more prepared images to a row of outputs each."""
    identity: tuple[str, ...]
    """What the outputs depend on beside the images: weights, code, options, versions of libraries."""
    preparation: str
    """What `prepare` does, in words."""


@dataclass(frozen=True, slots=True, eq=False)
class Embedder(Model):
    """Gives (b, d) vectors, of which the direction tells what is alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Classifier(Model):
    """Gives (b, C) logits, probabilities or scores."""

    score_kind: ScoreKind = "probability"
    """`probability`: the outputs are logits or probabilities; `score`: neither (distances, say)."""


Load = Callable[[ModelRequest], Classifier]
LoadEmbedder = Callable[[ModelRequest], Embedder]


@dataclass(frozen=True, slots=True)
class Adapter:
    """One way to run a classifier and, if it knows how, an embedder."""

    name: str
    description: str
    """One line: what it runs, and what the source names."""
    options: Mapping[str, str]
    """What each option is for, by name."""
    load: Load
    load_embedder: LoadEmbedder | None = None

    def __call__(self, source: str, options: Mapping[str, str], classes: ClassList) -> Classifier:
        """A classifier that is ready to run.

        Args:
            source: Where the model is.
            options: The options as given; all of them are text.
            classes: The classes of the benchmark.

        Raises:
            InputError: An option is unknown or has a bad value, or the model cannot be loaded.
        """
        return self.load(self._request(source, options, classes))

    def open_embedder(self, source: str, options: Mapping[str, str], classes: ClassList) -> Embedder:
        """An embedder that is ready to run; the arguments are those of a classifier.

        Raises:
            InputError: The adapter runs none, an option is unknown or has a bad value, or it cannot be loaded.
        """
        if self.load_embedder is None:
            raise InputError("an adapter that runs embedders", got=f"{self.name}, which runs classifiers only")
        return self.load_embedder(self._request(source, options, classes))

    def _request(self, source: str, options: Mapping[str, str], classes: ClassList) -> ModelRequest:
        unknown = sorted(set(options) - set(self.options))
        if unknown:
            raise InputError(
                f"an option of the adapter {self.name}",
                got=unknown[0],
                remedy=f"There are: {', '.join(sorted(self.options))}.",
                where="--set",
            )
        return ModelRequest(source, Options(options), classes)


_ADAPTERS: dict[str, Adapter] = {}


def adapter(name: str, description: str, *, options: Mapping[str, str]) -> Callable[[Load], Load]:
    """Decorate a function that loads a model to make it the adapter `name`.

    Raises:
        ValueError: The name is taken.
    """
    if name in _ADAPTERS:
        raise ValueError(f"the adapter {name} is registered twice")

    def keep(load: Load) -> Load:
        _ADAPTERS[name] = Adapter(name, description, MappingProxyType(dict(sorted(options.items()))), load)
        return load

    return keep


def embeds(name: str) -> Callable[[LoadEmbedder], LoadEmbedder]:
    """Decorate a function that loads an embedder to make it what the adapter `name` runs embedders by.

    Raises:
        ValueError: It has one, or there is no such adapter.
    """
    known = _ADAPTERS.get(name)
    if known is None or known.load_embedder is not None:
        raise ValueError(f"the adapter {name} is not there, or runs embedders already")

    def keep(load: LoadEmbedder) -> LoadEmbedder:
        _ADAPTERS[name] = replace(known, load_embedder=load)
        return load

    return keep


def list_adapters() -> tuple[Adapter, ...]:
    """The adapters that regrade itself has, by name."""
    return tuple(_ADAPTERS[name] for name in sorted(_ADAPTERS))


def find_adapter(name: str) -> Adapter:
    """An adapter by name, regrade's own or another package's.

    Raises:
        InputError: There is none, or several packages give it; the message lists those there are.
    """
    outside = entry_points(group=ENTRY_POINTS)
    found = [point for point in outside if point.name == name]
    if len(found) + (name in _ADAPTERS) > 1:
        raise InputError(
            f"one adapter {name}",
            got=f"several: {', '.join(sorted(point.value for point in found))}",
            remedy="Uninstall the packages that you do not need.",
        )
    if name in _ADAPTERS:
        return _ADAPTERS[name]
    if not found:
        known = sorted({*_ADAPTERS, *outside.names})
        raise InputError("the name of an adapter", got=name, remedy=f"There are: {', '.join(known)}.")
    loaded = found[0].load()
    if not isinstance(loaded, Adapter):
        raise InputError(f"an Adapter behind the entry point {name}", got=type(loaded).__name__, where=found[0].value)
    return loaded
