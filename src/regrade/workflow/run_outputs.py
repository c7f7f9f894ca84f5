"""A model over the images of a split: what it gives is computed batch by batch, kept as parts, read back as one table.

The outputs of every batch are kept in the workspace until the run is finished, so that an interrupted one goes on where
it was. What is made of them (predictions, embeddings) is not said here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.errors import ConflictError, InputError
from regrade.formats.places import Place
from regrade.models import Model
from regrade.records.items import Split
from regrade.store.runs import Run, open_run
from regrade.workflow.batches import Batch, cut_batches, read_ahead
from regrade.workflow.media import MediaError, load_image
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

Progress = Callable[[int, int], None]
"""Called with the number of images done and of all images, at the start and after every batch."""
_KEY_VERSION = 1
"""Part of every run's key: raised when the meaning of a part changes."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is to be run, over what, and how."""

    adapter: str
    source: str
    """Where the model is: a file, or MODULE:NAME."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Of the adapter, as text."""
    split: str = MAIN_SPLIT
    batch_size: int = 64
    """Images that the model sees at once."""
    skip_damaged: bool = False
    """An image that cannot be read is left out, in place of an error."""

    @property
    def name(self) -> str:
        """What the outputs came from, in a few words."""
        return f"{self.adapter} {Path(self.source).name}"


@dataclass(frozen=True, slots=True)
class Columns:
    """What a row of outputs must hold."""

    count: int
    each: str
    """What one column stands for, in a word."""
    names: tuple[str, ...]
    """What the columns stand for: outputs for others are not gone on with."""
    remedy: str
    """What to do about outputs that are not so."""


@contextmanager
def open_outputs(ws: Workspace, request: RunRequest, model: Model, columns: Columns) -> Iterator[RunOutputs]:
    """The outputs of a run; nobody else computes them within the block.

    Raises:
        InputError: The size of a batch is no such number.
        StoreBusyError: Another process is at the same run.
    """
    if request.batch_size < 1:
        raise InputError("a batch of one image or more", got=str(request.batch_size))
    items = ws.split(request.split)
    # What the outputs depend on, apart from the images' content: that is part of every batch's key.
    media = (items.ids, items.media, str(ws.media_root(request.split)))
    content = [_KEY_VERSION, request.adapter, model.identity, request.batch_size, media, columns.names]
    key = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
    with open_run(ws.folder, key) as run:
        yield RunOutputs(ws, request, model, columns, run, key)


@dataclass(frozen=True, eq=False)
class RunOutputs:
    """The outputs of one run, as far as they are computed; a part has NaN for an image that was left out."""

    ws: Workspace
    request: RunRequest
    model: Model
    columns: Columns
    run: Run
    key: str
    """Of the run."""

    @property
    def items(self) -> Split:
        """The items that the model runs over."""
        return self.ws.split(self.request.split)

    @property
    def facts(self) -> Mapping[str, object]:
        """What the journal keeps of the run."""
        return {"run": self.key, "preparation": self.model.preparation}

    def compute(self, progress: Progress) -> int:
        """Compute the parts that are missing; gives the number of images that the model has seen for it.

        Raises:
            InputError: An image cannot be read, or the model's outputs are not finite numbers, one a class.
        """
        missing = [batch for batch in self._batches() if self._load_part(batch) is None]
        n_done = len(self.items) - sum(len(batch.items) for batch in missing)
        n_computed = 0
        progress(n_done, len(self.items))
        for batch, prepared in read_ahead(missing, self._prepare):
            part = self._predict(batch, prepared)
            self.run.save_part(batch.number, batch.inputs, part)
            n_done += len(batch.items)
            n_computed += int(np.count_nonzero(~np.isnan(part[:, 0])))
            progress(n_done, len(self.items))
        return n_computed

    def parts(self) -> Iterator[npt.NDArray[np.float32]]:
        """(b, columns) outputs of every batch, in the order of the items.

        Raises:
            ConflictError: One is missing.
        """
        for batch in self._batches():
            part = self._load_part(batch)
            if part is None:
                raise ConflictError(
                    "The images or the run's parts were changed while it ran.", remedy="Run the same command again."
                )
            yield part

    @property
    def is_computed(self) -> bool:
        """Whether every part is there."""
        return all(self._load_part(batch) is not None for batch in self._batches())

    @cached_property
    def seen(self) -> npt.NDArray[np.int64]:
        """(r,) positions of the images that the model has seen, ascending.

        Raises:
            InputError: None could be read.
        """
        seen = np.flatnonzero(np.concatenate([~np.isnan(part[:, 0]) for part in self.parts()]))
        if not len(seen):
            raise InputError("at least one image that can be read", got="none", where=f"split {self.request.split}")
        return seen

    @property
    def shape(self) -> tuple[int, ...]:
        """(r, columns): without what was left out."""
        return len(self.seen), self.columns.count

    @cached_property
    def place(self) -> Place:
        """What messages call the rows: the ids of their items."""
        return Place("outputs of the model", keys=[self.items.ids[item] for item in self.seen])

    def chunks(self, n_rows: int, /) -> Iterator[npt.NDArray[np.float32]]:
        """The rows in order, `n_rows` or somewhat more at a time."""
        waiting: list[npt.NDArray[np.float32]] = []
        for part in self.parts():
            waiting.append(part[~np.isnan(part[:, 0])])
            if sum(map(len, waiting)) >= n_rows:
                yield np.concatenate(waiting)
                waiting = []
        if any(map(len, waiting)):
            yield np.concatenate(waiting)

    def digest_images(self) -> str:
        """A digest of size and time of the images' files: another one where a file was changed."""
        return hashlib.sha256("".join(batch.inputs for batch in self._batches()).encode()).hexdigest()

    def _batches(self) -> Iterator[Batch]:
        return cut_batches(self.items, self.ws.media_root(self.request.split), self.request.batch_size)

    def _load_part(self, batch: Batch) -> npt.NDArray[np.float32] | None:
        """The outputs of a batch, if they are there and are what this run would compute."""
        part = self.run.load_part(batch.number, batch.inputs)
        if part is None or part.shape != (len(batch.items), self.columns.count) or part.dtype != np.float32:
            return None
        return part if self.request.skip_damaged or not np.isnan(part).any() else None

    def _prepare(self, item: int) -> Any:
        """What the model takes of an item's image; None if it is left out."""
        try:
            image = load_image(self.ws, self.request.split, item)
        except MediaError:
            if self.request.skip_damaged:
                return None
            raise
        return self.model.prepare(image)

    def _predict(self, batch: Batch, prepared: Sequence[Any]) -> npt.NDArray[np.float32]:
        part = np.full((len(batch.items), self.columns.count), np.nan, np.float32)
        rows = [row for row, image in enumerate(prepared) if image is not None]
        if rows:
            outputs = np.asarray(self.model.predict([prepared[row] for row in rows]))
            self._check_shape(outputs, len(rows))
            with np.errstate(over="ignore"):
                part[rows] = outputs
            self._check_finite(part[rows], [batch.items[row] for row in rows])
        return part

    def _check_shape(self, outputs: npt.NDArray[Any], n_images: int) -> None:
        columns = self.columns
        if outputs.shape != (n_images, columns.count) or outputs.dtype.kind not in "fiu":
            raise InputError(
                f"outputs of shape ({n_images}, {columns.count}), a number for each image and {columns.each}",
                got=f"{outputs.dtype} {outputs.shape}",
                remedy=columns.remedy,
            )

    def _check_finite(self, outputs: npt.NDArray[np.float32], items: Sequence[int]) -> None:
        bad = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
        if len(bad):
            where = f"item {self.items.ids[items[int(bad[0])]]!r}"
            raise InputError("finite outputs of the model", got="NaN or infinity", where=where, n_more=len(bad) - 1)
