"""One model by more of its ranks than the first: top-k, and variable top-k."""

from __future__ import annotations

from regrade.grading.keys import AnswerKey
from regrade.grading.marking import check_predictions
from regrade.grading.metrics.variable_top_k import variable_top_k_accuracy
from regrade.grading.ranks import ONLY_MISTAKES, score_top_k
from regrade.records.grades import RankGrade
from regrade.records.metrics import Figure
from regrade.records.predictions import Predictions


def grade_ranks(
    predictions: Predictions, key: AnswerKey, *, top_k: int | None = None, variable: bool = False
) -> RankGrade:
    """Grade one model by its first ranks.

    Args:
        predictions: One model's predictions for the key's split.
        key: The labels and the policy. Top-k is against the original label, whatever the policy, over all items that
            have one; variable top-k is over the items that the policy grades, against the classes that it accepts.
        top_k: How many ranks top-k looks at, >= 1; all classes where there are fewer. None: it is not asked for.
        variable: Whether variable top-k is asked for.

    Returns:
        The shares, 0 worst and 1 best; what was not asked for is None, what is undefined too, with its reason in
        `notes`: too few ranks, no item that counts, or a source that names only mistakes.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    check_predictions(predictions, key)
    figures: dict[str, Figure] = {}
    if top_k is not None:
        figures["top_k_accuracy"] = score_top_k(predictions, key, top_k)
    if variable:
        figures["variable_top_k_accuracy"] = _variable_top_k(predictions, key)
    nothing = Figure(None, 0)
    of_k, of_variable = (figures.get(name, nothing) for name in ("top_k_accuracy", "variable_top_k_accuracy"))
    known = not predictions.only_mistakes
    return RankGrade(
        model=predictions.model,
        top_k=top_k,
        top_k_accuracy=of_k.value,
        n_top_k=of_k.n if known and top_k is not None else None,
        variable_top_k=variable,
        variable_top_k_accuracy=of_variable.value,
        n_variable_top_k=of_variable.n if known and variable else None,
        notes=tuple(f"{name} is undefined: {figure.why}." for name, figure in figures.items() if figure.why),
    )


def _variable_top_k(predictions: Predictions, key: AnswerKey) -> Figure:
    if predictions.only_mistakes:
        return Figure(None, 0, ONLY_MISTAKES)
    return variable_top_k_accuracy(predictions.classes[key.items], *key.accepted_pairs())
