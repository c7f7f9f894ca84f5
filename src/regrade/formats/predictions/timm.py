"""What timm's inference.py writes: `filename`, and of each rank `index`, `label`, and `prob` or `logit`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from regrade.formats.class_cells import UNKNOWN, ClassLookup, read_class_column
from regrade.formats.item_ids import find_items, read_ids
from regrade.formats.places import list_some
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions, check_ranks
from regrade.formats.predictions.ranking import rank_scores
from regrade.formats.predictions.registry import PREDICTION_FORMATS, PredictionRequest
from regrade.formats.predictions.score_cells import check_falling, read_scores
from regrade.formats.predictions.score_rows import LoadedScores
from regrade.formats.predictions.timm_table import FILENAME, looks_like_timm, ranked_columns, read_timm_table
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.classes import ClassList
from regrade.records.predictions import Predictions, ScoreKind


@PREDICTION_FORMATS.register(
    "timm",
    "CSV, JSON or Parquet of timm's inference.py: filename, then index, label, prob or logit (of one or more ranks)",
    matches=looks_like_timm,
)
def read_timm(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The ranks as the file gives them, by index or else by label; outputs of all classes are ranked here."""
    table = read_timm_table(source)
    items = find_items(read_ids(table, FILENAME), request.split, table.place, unique=True)
    classes = _read_classes(table, request.classes)
    scores, kind = _read_outputs(table)
    if classes is None:
        rows = _rank_outputs(table, scores, kind, request.classes)
        return (assemble_predictions(replace(rows, items=items), request, table.place),)
    check_ranks(classes, table.place, remedy="Name each class once.")
    if scores is not None:
        _check_shape(table, scores, classes.shape[1])
        check_falling(scores, table.place)
    return (assemble_predictions(RankedRows(items, classes, scores, kind), request, table.place),)


def _read_classes(table: Table, classes: ClassList) -> npt.NDArray[np.int32] | None:
    """(r, k) class ids, by index where there is one; labels that are keys of other classes are an error."""
    by_id = ClassLookup(classes)
    indices = [read_class_column(table, column, by_id) for column in ranked_columns(table, "index")]
    labels = ranked_columns(table, "label")
    if not indices:
        by_name = ClassLookup(classes, names=True)
        return np.stack([read_class_column(table, column, by_name) for column in labels], axis=1) if labels else None
    for class_ids, column in zip(indices, labels, strict=False):
        _check_agree(table, class_ids, column, classes)
    return np.stack(indices, axis=1)


def _check_agree(table: Table, class_ids: npt.NDArray[np.int32], column: str, classes: ClassList) -> None:
    """Where a label is the key of a class, it must be that of the index: so another order of the classes shows."""
    lookup = ClassLookup(classes)
    texts = table.frame[column]
    by_text = {text: lookup.find_key(text) for text in texts.unique() if isinstance(text, str)}
    named = np.fromiter((by_text.get(text, UNKNOWN) for text in texts), np.int32, len(texts))
    bad = np.flatnonzero((named != UNKNOWN) & (named != class_ids))
    if len(bad):
        index, label = int(class_ids[bad[0]]), int(named[bad[0]])
        raise table.place.error(
            f"one class in index and {column}",
            got=f"{index} ({classes.keys[index]}) and {label} ({classes.keys[label]})",
            rows=bad,
            remedy="Check that the model counts classes from 0 in the order of the classes file.",
        )


def _read_outputs(table: Table) -> tuple[npt.NDArray[np.float64] | None, ScoreKind]:
    """(r, k) probabilities or logits of the ranks, or of all classes; None where the file has none."""
    kinds: dict[str, ScoreKind] = {"prob": "probability", "logit": "score"}
    found = [field for field in kinds if ranked_columns(table, field)]
    if len(found) != 1:
        if found:
            raise table.place.file_error("prob or logit", got="both", remedy="Leave one of them out.")
        return None, "none"
    (field,) = found
    columns = ranked_columns(table, field)
    for column in columns:
        table.require_filled(column)
    scores = [read_scores(table, column, probability=field == "prob") for column in columns]
    return np.stack(scores, axis=1), kinds[field]


def _rank_outputs(
    table: Table, outputs: npt.NDArray[np.float64] | None, kind: ScoreKind, classes: ClassList
) -> RankedRows:
    """Ranks from the outputs of all classes (`--topk 0`)."""
    if outputs is None or outputs.shape[1] != len(classes):
        n_outputs = 0 if outputs is None else outputs.shape[1]
        raise table.place.file_error(
            f"an index or a label of each rank, or the outputs of all {len(classes)} classes",
            got=f"{n_outputs} outputs without either (columns {list_some(table.columns)})",
            remedy="Run timm's inference.py with --include-index.",
        )
    rows = rank_scores(LoadedScores(outputs, table.place), soften=kind == "score")
    return replace(rows, score_kind="probability")


def _check_shape(table: Table, scores: npt.NDArray[np.float64], n_ranks: int) -> None:
    if scores.shape[1] != n_ranks:
        raise table.place.file_error(
            f"{n_ranks} outputs beside {n_ranks} classes",
            got=f"{scores.shape[1]} outputs",
            remedy="Run timm's inference.py again.",
        )
