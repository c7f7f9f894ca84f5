"""Which models predict which class of an item."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from regrade.records.predictions import NO_CLASS, Predictions
from regrade.workflow.predictions import list_predictions, load_predictions
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ModelVote:
    """A model that predicts a class, and how sure it is."""

    model: str
    confidence: float | None


def list_model_votes(
    ws: Workspace, split: str, items: Collection[int], *, only_probabilities: bool = False
) -> Mapping[int, Mapping[int, tuple[ModelVote, ...]]]:
    """The models that predict each class of some items, by item and class, the surest first.

    Args:
        ws: The workspace.
        split: Of which the items are.
        items: Positions in it.
        only_probabilities: A score that is no probability is left out.
    """
    found: dict[int, dict[int, list[ModelVote]]] = {item: {} for item in items}
    at = list(found)
    for row in _keep_mapped(ws, split):
        scores = row.scores if row.score_kind == "probability" or not only_probabilities else None
        surest = [None] * len(at) if scores is None else scores[at, 0].tolist()
        for item, class_id, score in zip(at, row.classes[at, 0].tolist(), surest, strict=True):
            if class_id != NO_CLASS:
                confidence = None if score is None or math.isnan(score) else score
                found[item].setdefault(class_id, []).append(ModelVote(row.model, confidence))
    return {
        item: {class_id: tuple(sorted(rows, key=_surest)) for class_id, rows in votes.items()}
        for item, votes in found.items()
    }


def _keep_mapped(ws: Workspace, split: str) -> tuple[Predictions, ...]:
    """The predictions of all models, kept mapped: to open their files anew takes half a millisecond a model."""
    stored = tuple((row.model, row.digest, row.scores_digest) for row in list_predictions(ws, split))
    return ws.kept(("mapped predictions", split), lambda: tuple(load_predictions(ws, None, split)), version=stored)


def _surest(vote: ModelVote) -> tuple[float, str]:
    return (-(vote.confidence or 0), vote.model)
