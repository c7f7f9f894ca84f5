"""What a model gave for the images of a split: computed batch by batch, kept as parts, read back as one table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.errors import ConflictError, InputError
from regrade.formats.places import Place
from regrade.models import Classifier
from regrade.records.items import Split
from regrade.store.runs import Run
from regrade.workflow.batches import Batch, cut_batches, read_ahead
from regrade.workflow.media import MediaError, load_image
from regrade.workflow.workspace import Workspace

Progress = Callable[[int, int], None]
"""Called with the number of images done and of all images, at the start and after every batch."""


@dataclass(frozen=True, eq=False)
class RunOutputs:
    """The outputs of one run, as far as they are computed; a part has NaN for an image that was left out."""

    ws: Workspace
    split: str
    classifier: Classifier
    run: Run
    batch_size: int
    skip_damaged: bool
    """An image that cannot be read is left out, in place of an error."""

    @property
    def items(self) -> Split:
        """The items that the model runs over."""
        return self.ws.split(self.split)

    @property
    def n_classes(self) -> int:
        """Number of classes C."""
        return len(self.ws.classes)

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
        """(b, C) outputs of every batch, in the order of the items.

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

    @cached_property
    def seen(self) -> npt.NDArray[np.int64]:
        """(r,) positions of the images that the model has seen, ascending."""
        return np.flatnonzero(np.concatenate([~np.isnan(part[:, 0]) for part in self.parts()]))

    @property
    def shape(self) -> tuple[int, ...]:
        """(r, C): without what was left out."""
        return len(self.seen), self.n_classes

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
        return cut_batches(self.items, self.ws.media_root(self.split), self.batch_size)

    def _load_part(self, batch: Batch) -> npt.NDArray[np.float32] | None:
        """The outputs of a batch, if they are there and are what this run would compute."""
        part = self.run.load_part(batch.number, batch.inputs)
        if part is None or part.shape != (len(batch.items), self.n_classes) or part.dtype != np.float32:
            return None
        return part if self.skip_damaged or not np.isnan(part).any() else None

    def _prepare(self, item: int) -> Any:
        """What the model takes of an item's image; None if it is left out."""
        try:
            image = load_image(self.ws, self.split, item)
        except MediaError:
            if self.skip_damaged:
                return None
            raise
        return self.classifier.prepare(image)

    def _predict(self, batch: Batch, prepared: Sequence[Any]) -> npt.NDArray[np.float32]:
        part = np.full((len(batch.items), self.n_classes), np.nan, np.float32)
        rows = [row for row, image in enumerate(prepared) if image is not None]
        if rows:
            outputs = np.asarray(self.classifier.predict([prepared[row] for row in rows]))
            self._check_shape(outputs, len(rows))
            with np.errstate(over="ignore"):
                part[rows] = outputs
            self._check_finite(part[rows], [batch.items[row] for row in rows])
        return part

    def _check_shape(self, outputs: npt.NDArray[Any], n_images: int) -> None:
        if outputs.shape != (n_images, self.n_classes) or outputs.dtype.kind not in "fiu":
            raise InputError(
                f"outputs of shape ({n_images}, {self.n_classes}), a number for each image and class",
                got=f"{outputs.dtype} {outputs.shape}",
                remedy="The model must know the benchmark's classes, in the order of the classes file.",
            )

    def _check_finite(self, outputs: npt.NDArray[np.float32], items: Sequence[int]) -> None:
        bad = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
        if len(bad):
            where = f"item {self.items.ids[items[int(bad[0])]]!r}"
            raise InputError("finite outputs of the model", got="NaN or infinity", where=where, n_more=len(bad) - 1)
