"""Predictions: import, list, load."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from regrade import formats
from regrade.errors import InputError, NotFoundError
from regrade.formats import ArrowTable, FilePath, as_path
from regrade.grading import find_mistakes, prepare_key
from regrade.panel import merge_cases, new_pairs
from regrade.records.choices import check_choice
from regrade.records.panel import Pass
from regrade.records.predictions import PredictionKind, Predictions, StoredPredictions
from regrade.store import journal, predictions, questions
from regrade.workflow.clock import now
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.named import list_names
from regrade.workflow.row_order import check_order
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

Content: TypeAlias = ArrowTable | npt.NDArray[Any]
"""What holds predictions in place of a file: a dataframe, or an array."""
_MANY = 20
"""More models than this are not listed in a message."""


@dataclass(frozen=True, slots=True)
class PredictionsReport:
    """What an import of one model's predictions stored."""

    stored: StoredPredictions
    created: bool
    """False: the same content was there already."""
    n_new_cases: int | None
    """(item, class) pairs that nobody has judged or asked about and that this model alone would add to the cases; None
    where the split has no label set yet."""
    warnings: tuple[str, ...] = ()
    """What a person should look at: predictions that may stand in another order than the items."""


def import_predictions(
    ws: Workspace,
    files: Sequence[tuple[str, FilePath | Content]],
    *,
    split: str = MAIN_SPLIT,
    kind: PredictionKind = "model",
    allow_missing: bool = False,
    format: str | None = None,
    columns: FilePath | None = None,
    by: str = "local",
) -> tuple[PredictionsReport, ...]:
    """Read prediction files and store them: all, or none if one of them is not what it must be.

    Args:
        ws: The workspace.
        files: Model name and file of each, or in place of a file any dataframe that speaks the Arrow PyCapsule
            interface (polars, pandas, ...), or a NumPy array as an .npy file holds it: floats (n, C) of scores,
            integers (n, k) of ranks or (n,) of top-1 classes, rows in the order of the items. With `columns` the names
            come from that file and the given one is a prefix.
        split: The split that they are for.
        kind: `human` for a labeler's answers (they may cover part of the items).
        allow_missing: Accept items without a prediction; they are counted.
        format: Name of the format; default: told by content.
        columns: CSV that names the models of a table with one column a model.
        by: Who does it, for the journal.

    Raises:
        ConflictError: A model's name stands for other predictions.
        InputError: A file is not what it must be, `kind` is neither, or two files give one name.
    """
    check_choice(kind, get_args(PredictionKind), "kind")
    read_file = partial(
        formats.read_predictions,
        split=ws.split(split),
        classes=ws.classes,
        kind=kind,
        allow_missing=allow_missing,
        format=format,
        columns=as_path(columns),
    )
    read = [
        (row, _name_source(content))
        for name, content in map(_read_pair, files)
        for row in read_file(content, model=name)
    ]
    names = [row.model for row, _ in read]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(
            "one file a model",
            got=f"the name {doubled[0]} more than once",
            remedy="Name each: `regrade predictions import MODEL FILE`.",
        )
    return store_predictions(ws, read, split=split, by=by)


def store_predictions(
    ws: Workspace,
    rows: Sequence[tuple[Predictions, str]],
    *,
    split: str,
    by: str,
    facts: Mapping[str, object] | None = None,
    probabilities: str | None = None,
) -> tuple[PredictionsReport, ...]:
    """Store predictions that have been read or made: all, or none.

    Args:
        ws: The workspace.
        rows: The predictions, and the name of what each came from.
        split: The split that they are for.
        by: Who does it, for the journal.
        facts: More for the journal.
        probabilities: Digest of the probabilities of all classes, which belong to each of the rows.

    Raises:
        ConflictError: A model's name stands for other predictions.
    """
    n_new = _count_new_cases(ws, split, [row for row, _ in rows])
    reports: list[PredictionsReport] = []
    with ws.store.write() as tx:
        at = now()
        for (row, source), count in zip(rows, n_new, strict=True):
            stored, created = predictions.save_predictions(tx, ws.store.arrays, row, source=source, at=at)
            is_news = created or (probabilities is not None and stored.probabilities_digest is None)
            if probabilities is not None:
                stored = predictions.save_probabilities(tx, stored, probabilities)
            if is_news:
                own = {"model": stored.model, "split": split, "digest": stored.digest}
                journal.save_line(tx, actor=by, action="predictions.import", facts={**own, **(facts or {})}, at=at)
            reports.append(PredictionsReport(stored, created, count, check_order(ws, split, row)))
    return tuple(reports)


def load_probabilities(ws: Workspace, model: str, split: str = MAIN_SPLIT) -> npt.NDArray[np.float32] | None:
    """(n, C) probabilities of all classes for the items of the split, memory-mapped; a missing item's row is NaN.

    Returns:
        The array; None where the model has predictions without it (only a run with `probabilities` keeps it).

    Raises:
        NotFoundError: The model has no predictions on the split.
    """
    (stored,) = choose_predictions(ws, [model], split)
    return predictions.load_probabilities(ws.store.arrays, stored)


def _read_pair(pair: tuple[str, FilePath | Content]) -> tuple[str, Path | Content]:
    """A model's name and what its predictions are in; the caller may be anybody's notebook."""
    given: object = pair
    if isinstance(given, tuple | list) and len(given) == 2 and isinstance(given[0], str):
        name, content = pair
        return name, as_path(content)
    raise InputError(
        "pairs of a model's name and its file, dataframe or array",
        got=f"a value of type {type(given).__name__}",
        where="files",
        remedy='Hand over a list: [("resnet50", "resnet50.npy")].',
    )


def _name_source(content: Path | Content) -> str:
    if isinstance(content, Path):
        return content.name
    return "array" if isinstance(content, np.ndarray) else "dataframe"


def _count_new_cases(ws: Workspace, split: str, rows: Sequence[Predictions]) -> list[int | None]:
    try:
        version = labels_of_split(ws, split)
    except NotFoundError:
        return [None] * len(rows)
    labels = load_labels(ws, version)
    key = prepare_key(labels, ws.split(split), ref=version.ref)
    with ws.store.read() as tx:
        known = questions.load_pairs(tx, split, Pass.VERDICT)
    return [
        len(new_pairs(merge_cases([find_mistakes(row, key)], labels), known.items, known.classes).items) for row in rows
    ]


def list_predictions(ws: Workspace, split: str = MAIN_SPLIT) -> tuple[StoredPredictions, ...]:
    """What is stored for a split, by model name."""
    ws.split(split)
    with ws.store.read() as tx:
        return predictions.list_predictions(tx, split)


def choose_predictions(
    ws: Workspace, models: Sequence[str] | None = None, split: str = MAIN_SPLIT
) -> tuple[StoredPredictions, ...]:
    """The stored predictions of the named models, in the order named; None: all. A lone text is one name.

    Raises:
        NotFoundError: A model has no predictions; the message lists those that have.
    """
    stored = list_predictions(ws, split)
    if models is None:
        return stored
    names, by_name = list_names(models, "models"), {row.model: row for row in stored}
    for name in names:
        if name not in by_name:
            raise NotFoundError(f"No predictions of {name} on the split {split}.", remedy=_suggest(name, list(by_name)))
    return tuple(by_name[name] for name in dict.fromkeys(names))


def _suggest(name: str, known: Sequence[str]) -> str:
    """What to do about a model that is not there: the names there are, or of many the nearest."""
    if len(known) <= _MANY:
        return f"There are: {', '.join(known) or 'none yet; import some with `regrade predictions import`'}."
    near = difflib.get_close_matches(name, known, n=3)
    alike = f"Alike are {', '.join(near)}; " if near else ""
    return f"{alike}`regrade predictions list --split SPLIT` lists all {len(known):,}."


def load_predictions(
    ws: Workspace, models: Sequence[str] | None = None, split: str = MAIN_SPLIT, *, scores: bool = True
) -> Iterator[Predictions]:
    """The predictions themselves, one model after the other, memory-mapped."""
    for stored in choose_predictions(ws, models, split):
        yield predictions.load_predictions(ws.store.arrays, stored, scores=scores)
