"""Grade stored models under a version of the labels and a policy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.formats import FilePath
from regrade.grading import (
    AnswerKey,
    GradedModel,
    KeyChange,
    accept_equivalences,
    grade_again,
    grade_all,
    grade_whole,
    prepare_key,
)
from regrade.labelsets import find_changed_items
from regrade.records.grades import Grade, Policy, UnclearRule
from regrade.records.labels import LabelSet, LabelSetVersion
from regrade.workflow.labels import labels_of_split, load_labels, resolve_labels
from regrade.workflow.predictions import list_predictions, load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def grade_models(
    ws: Workspace,
    *,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    models: Sequence[str] | None = None,
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
    key: AnswerKey | None = None,
) -> tuple[Grade, ...]:
    """Grade models; nothing is stored, since a grade is a pure function of predictions, labels and policy.

    Args:
        ws: The workspace.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        models: Names; default: all that have predictions on the split.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to the labels first.
        key: What they are graded by (`choose_key`), in place of all of these but `models`; default: made of them.

    Returns:
        One grade a model, in the order named (by name, if none was named).

    Raises:
        InputError: The label set is of another split, or a key and what it is made of are given.
        NotFoundError: An unknown label set or model.
    """
    key = key_or_choice(ws, key, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
    return grade_by_key(ws, key, models)


def grade_by_key(ws: Workspace, key: AnswerKey, models: Sequence[str] | None = None) -> tuple[Grade, ...]:
    """Grade models by a key that is prepared (`choose_key`); the same as `grade_models` otherwise.

    Raises:
        NotFoundError: An unknown model.
    """
    return tuple(grade_all(load_predictions(ws, models, key.split, scores=False), key))


def choose_key(
    ws: Workspace,
    *,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
) -> AnswerKey:
    """Prepare what any number of models are graded by.

    Args:
        ws: The workspace.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to the labels first.

    Raises:
        InputError: The label set is of another split.
        NotFoundError: An unknown label set.
    """
    version = choose_version(ws, labels, split)
    if equivalences is None:
        return answer_key(ws, version, policy=policy, unclear=unclear)
    content = read_content(ws, version, equivalences)
    return prepare_key(content, ws.split(split), ref=version.ref, policy=policy, unclear=unclear)


def key_or_choice(
    ws: Workspace,
    key: AnswerKey | None,
    *,
    labels: str | None,
    policy: Policy,
    unclear: UnclearRule,
    split: str,
    equivalences: FilePath | None,
) -> AnswerKey:
    """The key that the caller has prepared, or without one what `choose_key` makes of the rest.

    Args:
        ws: The workspace.
        key: A prepared key; then nothing else may be chosen.
        labels: As in `choose_key`, and so are the others.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        equivalences: CSV of classes that mean the same.

    Raises:
        InputError: Both are given, or the key is none.
    """
    if key is None:
        return choose_key(ws, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
    if not isinstance(key, AnswerKey):
        raise InputError(
            "a prepared key, or none",
            got=f"a value of type {type(key).__name__}",
            where="key",
            remedy="Name models with models=, and labels with labels=.",
        )
    if (labels, policy, unclear, split, equivalences) != (None, "multilabel", "accept", MAIN_SPLIT, None):
        raise InputError(
            "a prepared key, or what it is made of", got="both", where="key", remedy="Leave one of them out."
        )
    return key


def choose_version(ws: Workspace, labels: str | None, split: str) -> LabelSetVersion:
    """The version to grade a split by: the one named, else the newest of the split's labels.

    Raises:
        InputError: It is of another split.
        NotFoundError: There is none.
    """
    version = resolve_labels(ws, labels) if labels else labels_of_split(ws, split)
    if version.split != split:
        raise InputError(
            f"labels of the split {split}", got=f"{version.ref}, of the split {version.split}", remedy="Add --split."
        )
    return version


def read_content(ws: Workspace, version: LabelSetVersion, equivalences: FilePath | None) -> LabelSet:
    """The content of a version, with the classes of a file accepted for one another if there is one."""
    content = load_labels(ws, version)
    if equivalences is None:
        return content
    return accept_equivalences(content, formats.read_equivalences(Path(equivalences), classes=ws.classes))


def answer_key(
    ws: Workspace, version: LabelSetVersion, *, policy: Policy = "multilabel", unclear: UnclearRule = "accept"
) -> AnswerKey:
    """What grading needs of a version, made once a version and policy."""
    return ws.kept(
        ("key", version.ref, policy, unclear),
        lambda: prepare_key(
            load_labels(ws, version), ws.split(version.split), ref=version.ref, policy=policy, unclear=unclear
        ),
    )


def grade_version(ws: Workspace, version: LabelSetVersion) -> tuple[Grade, ...]:
    """All models under one version and the default policy, kept: the pages ask for it often.

    Where the grades by the version that it was made from are kept, only the changed items are looked at.
    """
    digests = tuple((row.model, row.digest) for row in list_predictions(ws, version.split))
    graded = ws.kept(_slot(version.ref), lambda: _grade_version(ws, version, digests), version=digests)
    return tuple(row.grade for row in graded)


def _slot(ref: str) -> tuple[str, str]:
    return "grades", ref


def _grade_version(
    ws: Workspace, version: LabelSetVersion, digests: tuple[tuple[str, str], ...]
) -> tuple[GradedModel, ...]:
    predictions = load_predictions(ws, [model for model, _ in digests], version.split, scores=False)
    if version.parent is not None:
        known: tuple[GradedModel, ...] | None = ws.peek(_slot(version.parent), version=digests)
        if known is not None:
            change = _key_change(ws, resolve_labels(ws, version.parent), version)
            return tuple(grade_again(predictions, known, change))
    return tuple(grade_whole(predictions, answer_key(ws, version)))


def _key_change(ws: Workspace, old: LabelSetVersion, new: LabelSetVersion) -> KeyChange:
    contents = [load_labels(ws, version) for version in (old, new)]
    changed = find_changed_items(*contents)
    of_old, of_new = (
        prepare_key(content, ws.split(new.split), ref=new.ref, only=changed, slice_name="changed items")
        for content in contents
    )
    return KeyChange(changed, of_old, of_new, before=answer_key(ws, old), after=answer_key(ws, new))
