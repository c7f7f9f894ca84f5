"""Stored models looked at more closely: by class, by group of classes, by more of their ranks, by their confidence."""

from __future__ import annotations

from collections.abc import Sequence

from regrade.grading import AnswerKey, breakdowns, calibration, rankings
from regrade.grading.metrics.reliability import N_BINS
from regrade.records.grades import ClassGrade, GroupBy, GroupGrade, RankGrade
from regrade.records.metrics import Calibration
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import Workspace


def grade_classes(ws: Workspace, key: AnswerKey, models: Sequence[str] | None = None) -> tuple[ClassGrade, ...]:
    """Grade models on the items of each original class.

    Args:
        ws: The workspace.
        key: What they are graded by (`choose_key`).
        models: Names; default: all that have predictions on the key's split.

    Returns:
        One grade a model and class, models in the order named (by name, if none was named), classes in their order.

    Raises:
        NotFoundError: An unknown model.
    """
    predictions = load_predictions(ws, models, key.split, scores=False)
    return tuple(row for model in predictions for row in breakdowns.grade_by_class(model, key, ws.classes))


def grade_groups(
    ws: Workspace, key: AnswerKey, models: Sequence[str] | None = None, *, group_by: GroupBy = "original"
) -> tuple[GroupGrade, ...]:
    """Grade models on the items of each group of classes.

    Args:
        ws: The workspace.
        key: What they are graded by (`choose_key`).
        models: Names; default: all that have predictions on the key's split.
        group_by: Whether an item counts for the group of its original label, or for every group that one of its
            accepted classes is in.

    Returns:
        One grade a model and group, models in the order named (by name, if none was named), groups in the order in
        which the classes name them.

    Raises:
        InputError: No class has a group.
        NotFoundError: An unknown model.
    """
    predictions = load_predictions(ws, models, key.split, scores=False)
    return tuple(
        row for model in predictions for row in breakdowns.grade_by_group(model, key, ws.classes, group_by=group_by)
    )


def grade_ranks(
    ws: Workspace,
    key: AnswerKey,
    models: Sequence[str] | None = None,
    *,
    top_k: int | None = None,
    variable: bool = False,
) -> tuple[RankGrade, ...]:
    """Grade models by more of their ranks than the first.

    Args:
        ws: The workspace.
        key: What they are graded by (`choose_key`).
        models: Names; default: all that have predictions on the key's split.
        top_k: How many ranks top-k looks at; None: it is not asked for.
        variable: Whether variable top-k is asked for: as many ranks as an item has accepted classes.

    Returns:
        One grade a model, in the order named (by name, if none was named).

    Raises:
        NotFoundError: An unknown model.
    """
    predictions = load_predictions(ws, models, key.split, scores=False)
    return tuple(rankings.grade_ranks(model, key, top_k=top_k, variable=variable) for model in predictions)


def calibrate_models(
    ws: Workspace, key: AnswerKey, models: Sequence[str] | None = None, *, n_bins: int = N_BINS
) -> tuple[Calibration, ...]:
    """Hold models' confidence against what is right.

    Args:
        ws: The workspace.
        key: What is right (`choose_key`).
        models: Names; default: all that have predictions on the key's split.
        n_bins: Bins of equal mass of the reliability curve and the calibration error, >= 1.

    Returns:
        One record a model, in the order named (by name, if none was named); a model without scores has figures None.

    Raises:
        NotFoundError: An unknown model.
    """
    predictions = load_predictions(ws, models, key.split)
    return tuple(calibration.calibrate(model, key, n_bins=n_bins) for model in predictions)
