"""Run an embedder over a split's images and keep its vectors; an interrupted run goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from regrade.errors import ConflictError, InputError
from regrade.formats import FilePath
from regrade.models import Embedder, find_adapter
from regrade.neighbors import measure_lengths
from regrade.records.embeddings import StoredEmbeddings
from regrade.workflow.embeddings import EmbeddingsReport, list_embeddings, load_measured, store_vectors
from regrade.workflow.run_outputs import Columns, Progress, RunOutputs, RunRequest, open_outputs
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """What a run of an embedder gave."""

    stored: StoredEmbeddings
    created: bool
    """False: the same run was finished before."""
    n_computed: int
    """Images that the embedder has seen now; the others were done before an interruption."""
    missing: tuple[str, ...]
    """Ids of the items without a vector: their image cannot be read, or their vector is zero and points nowhere."""
    preparation: str
    """What was done to each image before the embedder saw it."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """What is to be kept of a run, and under which name."""

    embeddings: str
    images: str
    """A digest of size and time of the images' files."""


def run_embedder(
    ws: Workspace,
    adapter: str,
    name: str,
    source: FilePath,
    *,
    options: Mapping[str, str] | None = None,
    split: str = MAIN_SPLIT,
    batch_size: int = 64,
    skip_damaged: bool = False,
    progress: Progress = lambda _done, _total: None,
    by: str = "local",
) -> EmbedReport:
    """Run an embedder over all images of a split and store its vectors.

    The vectors of every batch are kept in the workspace until the run is finished: the same call after an interruption
    computes only what is missing. An image whose vector is zero has no direction, and is left out.

    Args:
        ws: The workspace.
        adapter: What runs it: `onnx`, `sklearn`, `torch`, or another package's.
        name: Name of the embedder in the workspace, the same for all splits.
        source: Where it is: a file, or MODULE:NAME.
        options: Options of the adapter, as text.
        split: The split.
        batch_size: Images that it sees at once, >= 1.
        skip_damaged: An image that cannot be read is left out and counted, in place of an error.
        progress: Told how far it is.
        by: Who does it, for the journal.

    Raises:
        ConflictError: The name stands for other embeddings of the split; nothing is run then.
        InputError: The embedder cannot be loaded, or does not give one vector an image; an image cannot be read; an
            option is not what it must be.
        StoreBusyError: Another process is at the same run.
    """
    request = RunRequest(adapter, str(source), options or {}, split, batch_size, skip_damaged)
    ws.split(split)
    embedder = find_adapter(adapter).open_embedder(request.source, request.options, ws.classes)
    columns = Columns(
        _measure_width(embedder, request), "dimension", (), "An embedder must give every image a vector of one length."
    )
    with open_outputs(ws, request, embedder, columns) as outputs:
        goal = _Goal(name, outputs.digest_images())
        report = _find_finished(outputs, goal)
        n_computed = 0
        if report is None:
            n_computed = outputs.compute(progress)
            report = _store(outputs, goal, by)
            outputs.run.save_finished(asdict(goal))
    missing = np.flatnonzero(np.isnan(load_measured(ws, report.stored).lengths))
    ids = ws.split(split).ids
    return EmbedReport(
        report.stored, report.created, n_computed, tuple(ids[item] for item in missing), embedder.preparation
    )


def _measure_width(embedder: Embedder, request: RunRequest) -> int:
    """Number of dimensions, as a blank image tells."""
    blank = Image.new("RGB", (64, 64), (128, 128, 128))
    outputs = np.asarray(embedder.predict([embedder.prepare(blank)]))
    if outputs.ndim != 2 or outputs.shape[0] != 1 or outputs.shape[1] < 1:
        raise InputError(
            "an embedder that gives one vector an image",
            got=f"{outputs.dtype} {outputs.shape} for one image",
            where=request.source,
            remedy="Name another output, or let a function of yours pool and flatten what it gives.",
        )
    return int(outputs.shape[1])


def _find_finished(outputs: RunOutputs, goal: _Goal) -> EmbeddingsReport | None:
    """What the same run stored, if it was finished before; None if there is something to do.

    Raises:
        ConflictError: The name stands for what another run or file gave.
    """
    split = outputs.request.split
    known = {(row.name, row.split): row for row in list_embeddings(outputs.ws)}
    stored = known.get((goal.embeddings, split))
    if stored is None:
        return None
    if outputs.run.load_finished() == asdict(goal):
        return EmbeddingsReport(stored, created=False)
    if outputs.is_computed:  # it may have been ended when all was stored but this said: storing it again will tell
        return None
    raise ConflictError(
        f"{goal.embeddings} has other embeddings of the split {split}.", remedy="Give this run another name."
    )


def _store(outputs: RunOutputs, goal: _Goal, by: str) -> EmbeddingsReport:
    """Store what the parts hold."""
    request, found = outputs.request, len(outputs.seen)

    def rows() -> Iterator[npt.NDArray[np.float32]]:
        nonlocal found
        for part in outputs.parts():
            flat = np.isnan(measure_lengths(part)) & ~np.isnan(part[:, 0])
            found -= int(np.count_nonzero(flat))
            yield np.where(flat[:, np.newaxis], np.float32(np.nan), part)
        if not found:
            raise InputError("a vector with a direction for one image at least", got="none", where=request.source)

    return store_vectors(
        outputs.ws,
        goal.embeddings,
        rows(),
        split=request.split,
        n_dimensions=outputs.columns.count,
        source=request.name,
        by=by,
        facts=outputs.facts,
    )
