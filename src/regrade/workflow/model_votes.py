"""Which models predict which class of an item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from regrade.records.predictions import NO_CLASS
from regrade.workflow.predictions import load_predictions
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
    for row in load_predictions(ws, None, split):
        scores = row.scores if row.score_kind == "probability" or not only_probabilities else None
        for item, votes in found.items():
            class_id = int(row.classes[item, 0])
            if class_id != NO_CLASS:
                score = float(scores[item, 0]) if scores is not None else None
                votes.setdefault(class_id, []).append(ModelVote(row.model, score))
    return {
        item: {class_id: tuple(sorted(rows, key=_surest)) for class_id, rows in votes.items()}
        for item, votes in found.items()
    }


def _surest(vote: ModelVote) -> tuple[float, str]:
    return (-(vote.confidence or 0), vote.model)
