"""Grade a file or an array of logits without storing it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy.typing as npt

from regrade.formats import FilePath, as_path
from regrade.formats.predictions.score_blocks import check_scores, open_scores, work_through
from regrade.grading.logits import LogitSheet
from regrade.records.grades import Grade, Policy, UnclearRule
from regrade.workflow.grade import choose_key
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def grade_logits(
    ws: Workspace,
    file: FilePath | npt.NDArray[Any],
    *,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    model: str | None = None,
) -> Grade:
    """Grade one model from its scores of all classes; the file is read once, and nothing of it is stored.

    Args:
        ws: The workspace.
        file: An .npy file, or an .npz file with one array, or a NumPy array: float (n, C), rows in the order of the
            split.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        model: Name of the model; default: the file's, without its ending, or `array`.

    Returns:
        What importing the file and grading it gives. Ties go to the lowest class index and are counted.

    Raises:
        InputError: The file is damaged, of another shape, or has a row that is not finite or the same for every class;
            or the label set is of another split.
        NotFoundError: An unknown label set or split.
    """
    content = as_path(file)
    array = open_scores(content, split=ws.split(split), classes=ws.classes)
    sheet = LogitSheet(choose_key(ws, labels=labels, policy=policy, unclear=unclear, split=split))
    work_through(array, partial(sheet.add, overwrite=True))
    if sheet.has_bad_rows:
        check_scores(array)
    return sheet.grade(model or (content.stem if isinstance(content, Path) else "array"))
