"""Compare models on two splits: grade both, put the grades side by side, draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from regrade.errors import InputError
from regrade.grading import describe_shift
from regrade.records.grades import Policy, UnclearRule
from regrade.records.shifts import Shift
from regrade.report import draw_shift, render_chart
from regrade.workflow.files import save_file
from regrade.workflow.grade import choose_key, grade_by_key
from regrade.workflow.named import list_names
from regrade.workflow.predictions import choose_predictions, list_predictions
from regrade.workflow.workspace import ORIGINAL, Workspace


def compare_splits(
    ws: Workspace,
    from_split: str,
    to_split: str,
    *,
    from_labels: str | None = None,
    to_labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    models: Sequence[str] | None = None,
    without: Sequence[str] = (),
) -> Shift:
    """Compare the accuracy of models on one split with that on another.

    Args:
        ws: The workspace.
        from_split: The split that the models are known by.
        to_split: The other one; it shares no item with the first.
        from_labels: `NAME@N` or `NAME` for the first split; default: the newest version of its labels.
        to_labels: The same for the other.
        policy: How to grade on both.
        unclear: Whether a class marked unclear is accepted.
        models: Names; default: all that have predictions on both splits.
        without: Names of models to leave out.

    Raises:
        InputError: Both are one split, a label set is of another split, or no model has predictions on both.
        NotFoundError: An unknown split, label set or model.
    """
    if from_split == to_split:
        raise InputError("two splits", got=f"{from_split} twice", remedy="Name a second split: `regrade items add`.")
    sides = {
        split: choose_key(ws, labels=labels, policy=policy, unclear=unclear, split=split)
        for split, labels in ((from_split, from_labels), (to_split, to_labels))
    }
    without = list_names(without, "without")
    choose_predictions(ws, without, from_split)  # a name that nobody has is an error
    stored = {split: list_predictions(ws, split) for split in sides}
    kinds = {row.model: row.kind for rows in stored.values() for row in rows}
    shared = {row.model for row in stored[from_split]} & {row.model for row in stored[to_split]}
    models = None if models is None else list_names(models, "models")
    if not (shared if models is None else set(models)) - set(without):
        raise InputError(
            f"a model with predictions on both {from_split} and {to_split}",
            got="none",
            remedy="Import them under one name: `regrade predictions import --split SPLIT`.",
        )
    before, after = (
        [grade for grade in grade_by_key(ws, key, models) if grade.model not in without] for key in sides.values()
    )
    shift = describe_shift(before, after, kinds, splits=(from_split, to_split))
    return replace(shift, notes=(*_notes(shift), *shift.notes))


def save_shift_chart(shift: Shift, file: Path) -> None:
    """Write the chart of a comparison, whole or not at all; a file of that name is replaced.

    Raises:
        InputError: The name has no ending of a chart, or the file cannot be written.
    """
    save_file(file, render_chart(draw_shift(shift), file, title=f"{shift.from_split} and {shift.to_split}"))


def _notes(shift: Shift) -> tuple[str, ...]:
    """Says so where one side accepts what reviewers found and the other only what the items came with."""
    plain = [labels.split("@")[0] in (ORIGINAL, f"{ORIGINAL}-{split}") for split, labels in _sides(shift)]
    if shift.policy == "single" or plain[0] == plain[1]:
        return ()
    note = (
        f"{shift.from_labels} and {shift.to_labels} do not accept alike: one side was reviewed, the other holds the"
        " items' own labels. The policy single compares like with like."
    )
    return (note,)


def _sides(shift: Shift) -> tuple[tuple[str, str], tuple[str, str]]:
    return (shift.from_split, shift.from_labels), (shift.to_split, shift.to_labels)
