"""Stored models looked at more closely: by class, by group of classes, by more of their ranks, by their confidence."""

from __future__ import annotations

from collections.abc import Sequence

from regrade.formats import FilePath
from regrade.grading import AnswerKey, breakdowns, calibration, rankings
from regrade.grading.metrics.reliability import N_BINS
from regrade.records.grades import ClassGrade, GroupBy, GroupGrade, Policy, RankGrade, UnclearRule
from regrade.records.metrics import Calibration
from regrade.workflow.grade import key_or_choice
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def grade_classes(
    ws: Workspace,
    key: AnswerKey | None = None,
    models: Sequence[str] | None = None,
    *,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
) -> tuple[ClassGrade, ...]:
    """Grade models on the items of each original class.

    Args:
        ws: The workspace.
        key: What they are graded by (`choose_key`), in place of what follows from `labels` on; default: made of it.
        models: Names; default: all that have predictions on the key's split.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to the labels first.

    Returns:
        One grade a model and class, models in the order named (by name, if none was named), classes in their order.

    Raises:
        InputError: The label set is of another split, or a key and what it is made of are given.
        NotFoundError: An unknown label set or model.
    """
    key = key_or_choice(ws, key, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
    predictions = load_predictions(ws, models, key.split, scores=False)
    return tuple(row for model in predictions for row in breakdowns.grade_by_class(model, key, ws.classes))


def grade_groups(
    ws: Workspace,
    key: AnswerKey | None = None,
    models: Sequence[str] | None = None,
    *,
    group_by: GroupBy = "original",
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
) -> tuple[GroupGrade, ...]:
    """Grade models on the items of each group of classes.

    Args:
        ws: The workspace.
        key: What they are graded by (`choose_key`), in place of what follows from `labels` on; default: made of it.
        models: Names; default: all that have predictions on the key's split.
        group_by: Whether an item counts for the group of its original label, or for every group that one of its
            accepted classes is in.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to the labels first.

    Returns:
        One grade a model and group, models in the order named (by name, if none was named), groups in the order in
        which the classes name them.

    Raises:
        InputError: No class has a group, the label set is of another split, or a key and what it is made of are given.
        NotFoundError: An unknown label set or model.
    """
    key = key_or_choice(ws, key, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
    predictions = load_predictions(ws, models, key.split, scores=False)
    return tuple(
        row for model in predictions for row in breakdowns.grade_by_group(model, key, ws.classes, group_by=group_by)
    )


def grade_ranks(
    ws: Workspace,
    key: AnswerKey | None = None,
    models: Sequence[str] | None = None,
    *,
    top_k: int | None = None,
    variable: bool = False,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
) -> tuple[RankGrade, ...]:
    """Grade models by more of their ranks than the first.

    Args:
        ws: The workspace.
        key: What they are graded by (`choose_key`), in place of what follows from `labels` on; default: made of it.
        models: Names; default: all that have predictions on the key's split.
        top_k: How many ranks top-k looks at; None: it is not asked for.
        variable: Whether variable top-k is asked for: as many ranks as an item has accepted classes.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to the labels first.

    Returns:
        One grade a model, in the order named (by name, if none was named).

    Raises:
        InputError: The label set is of another split, or a key and what it is made of are given.
        NotFoundError: An unknown label set or model.
    """
    key = key_or_choice(ws, key, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
    predictions = load_predictions(ws, models, key.split, scores=False)
    return tuple(rankings.grade_ranks(model, key, top_k=top_k, variable=variable) for model in predictions)


def calibrate_models(
    ws: Workspace,
    key: AnswerKey | None = None,
    models: Sequence[str] | None = None,
    *,
    n_bins: int = N_BINS,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
) -> tuple[Calibration, ...]:
    """Hold models' confidence against what is right.

    Args:
        ws: The workspace.
        key: What is right (`choose_key`), in place of what follows from `labels` on; default: made of it.
        models: Names; default: all that have predictions on the key's split.
        n_bins: Bins of equal mass of the reliability curve and the calibration error, >= 1.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to the labels first.

    Returns:
        One record a model, in the order named (by name, if none was named); a model without scores has figures None.

    Raises:
        InputError: The label set is of another split, or a key and what it is made of are given.
        NotFoundError: An unknown label set or model.
    """
    key = key_or_choice(ws, key, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
    predictions = load_predictions(ws, models, key.split)
    return tuple(calibration.calibrate(model, key, n_bins=n_bins) for model in predictions)
