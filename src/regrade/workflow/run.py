"""Run a model over a split's images and keep what it says as predictions; an interrupted run goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from regrade.errors import ConflictError, InputError
from regrade.formats import FilePath
from regrade.formats.predictions import MAX_RANKS, are_probabilities, rank_outputs, soften
from regrade.models import find_adapter
from regrade.records.predictions import StoredPredictions
from regrade.workflow.predictions import (
    PredictionsReport,
    list_predictions,
    load_predictions,
    store_predictions,
)
from regrade.workflow.run_outputs import Columns, Progress, RunOutputs, RunRequest, open_outputs
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run gave."""

    stored: StoredPredictions
    created: bool
    """False: the same run was finished before."""
    n_new_cases: int | None
    """As in an import (`PredictionsReport`)."""
    n_computed: int
    """Images that the model has seen now; the others were done before an interruption."""
    damaged: tuple[str, ...]
    """Ids of the items that were left out because their image cannot be read."""
    preparation: str
    """What was done to each image before the model saw it."""
    warnings: tuple[str, ...]
    """As in an import."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """What is to be kept of a run, and under which name."""

    model: str
    n_ranks: int
    probabilities: bool
    images: str
    """A digest of size and time of the images' files."""


def run_model(
    ws: Workspace,
    adapter: str,
    model: str,
    source: FilePath,
    *,
    options: Mapping[str, str] | None = None,
    split: str = MAIN_SPLIT,
    batch_size: int = 64,
    n_ranks: int = 5,
    probabilities: bool = False,
    skip_damaged: bool = False,
    progress: Progress = lambda _done, _total: None,
    by: str = "local",
) -> RunReport:
    """Run a classifier over all images of a split and import its predictions.

    The outputs of every batch are kept in the workspace until the run is finished: the same call after an interruption
    computes only what is missing. Images are read in RGB and not turned by their EXIF orientation.

    Args:
        ws: The workspace.
        adapter: What runs the model: `onnx`, `sklearn`, `torch`, or another package's.
        model: Name of the model in the workspace.
        source: Where the model is: a file, or MODULE:NAME.
        options: Options of the adapter, as text.
        split: The split.
        batch_size: Images that the model sees at once, >= 1.
        n_ranks: Best classes of each image that are kept, 1 to 10.
        probabilities: Keep the probabilities of all classes too (`load_probabilities`).
        skip_damaged: An image that cannot be read is left out and counted, in place of an error.
        progress: Told how far it is.
        by: Who does it, for the journal.

    Raises:
        ConflictError: The model has other predictions on the split; nothing is run then.
        InputError: The model cannot be loaded, or its outputs are not finite numbers, one a class; an image cannot be
            read; an option is not what it must be.
        StoreBusyError: Another process is at the same run.
    """
    if not 1 <= n_ranks <= MAX_RANKS:
        raise InputError(f"1 to {MAX_RANKS} ranks", got=str(n_ranks))
    request = RunRequest(adapter, str(source), options or {}, split, batch_size, skip_damaged)
    ws.split(split)
    classifier = find_adapter(adapter)(request.source, request.options, ws.classes)
    scores = classifier.score_kind
    if probabilities and scores != "probability":
        raise InputError(
            "a model that gives probabilities or logits", got="one that gives other scores", where=request.source
        )
    with open_outputs(ws, request, classifier, _class_columns(ws)) as outputs:
        goal = _Goal(model, n_ranks, probabilities, outputs.digest_images())
        stored = _find_finished(outputs, goal, by)
        n_computed = 0
        if stored is None:
            n_computed = outputs.compute(progress)
            stored = _store(outputs, goal, by, is_soft=scores == "probability")
            outputs.run.save_finished(asdict(goal))
    (predictions,) = load_predictions(ws, [model], split, scores=False)
    damaged = tuple(ws.split(split).ids[item] for item in np.flatnonzero(predictions.classes[:, 0] < 0))
    return RunReport(
        stored.stored,
        stored.created,
        stored.n_new_cases,
        n_computed,
        damaged,
        classifier.preparation,
        stored.warnings,
    )


def _class_columns(ws: Workspace) -> Columns:
    remedy = "The model must know the benchmark's classes, in the order of the classes file."
    return Columns(len(ws.classes), "class", ws.classes.keys, remedy)


def _find_finished(outputs: RunOutputs, goal: _Goal, by: str) -> PredictionsReport | None:
    """What the same run stored, if it was finished before; None if there is something to do.

    Raises:
        ConflictError: The model's name stands for the predictions of another run or file.
    """
    ws, split = outputs.ws, outputs.request.split
    if goal.model not in {row.model for row in list_predictions(ws, split)}:
        return None
    finished = outputs.run.load_finished() or {}
    if not finished and outputs.is_computed:  # ended when all was stored but this said: storing it again will tell
        return None
    if {**finished, "probabilities": goal.probabilities} != asdict(goal):
        raise ConflictError(
            f"{goal.model} has other predictions on the split {split}.", remedy="Give this run another model name."
        )
    (predictions,) = load_predictions(ws, [goal.model], split)
    (report,) = store_predictions(ws, [(predictions, outputs.request.name)], split=split, by=by)
    return None if goal.probabilities and report.stored.probabilities_digest is None else report


def _store(outputs: RunOutputs, goal: _Goal, by: str, *, is_soft: bool) -> PredictionsReport:
    """Import what the parts hold; `is_soft`: as probabilities, which logits are made to."""
    predictions = rank_outputs(
        outputs,
        outputs.seen,
        split=outputs.items,
        classes=outputs.ws.classes,
        model=goal.model,
        n_ranks=goal.n_ranks,
        soften=is_soft,
    )
    digest = _save_probabilities(outputs) if goal.probabilities else None
    rows = [(predictions, outputs.request.name)]
    split, facts = outputs.request.split, outputs.facts
    (report,) = store_predictions(outputs.ws, rows, split=split, by=by, facts=facts, probabilities=digest)
    return report


def _save_probabilities(outputs: RunOutputs) -> str:
    """Digest of the (n, C) probabilities of all items in order; NaN for an item that was left out."""
    as_they_are = are_probabilities(outputs)
    rows = (part if as_they_are else soften(part).astype(np.float32) for part in outputs.parts())
    shape = (len(outputs.items), outputs.columns.count)
    return outputs.ws.store.arrays.save_npy_rows(rows, shape=shape, dtype=np.float32)
