"""Words out of a fixed set: every public function refuses others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import regrade
from regrade.errors import InputError
from regrade.records.choices import check_choice
from regrade.records.panel import Pass


def test_members_of_an_enum_and_their_words_are_known() -> None:
    check_choice(Pass.KIND, Pass, "pass_")
    check_choice("kind", Pass, "pass_")
    with pytest.raises(InputError, match="pass_: expected one of verdict, kind; got 'third'"):
        check_choice("third", Pass, "pass_")


CALLS: dict[str, Callable[[regrade.Workspace, Any], object]] = {
    "unclear": lambda ws, word: regrade.grade_models(ws, unclear=word),
    "policy": lambda ws, word: regrade.grade_models(ws, policy=word),
    "kind": lambda ws, word: regrade.import_predictions(ws, [("m", np.zeros(2, int))], kind=word),
    "how": lambda ws, word: regrade.combine_versions(ws, "x", ["original", "original2"], how=word),
    "group_by": lambda ws, word: regrade.grade_groups(ws, group_by=word),
    "status": lambda ws, word: regrade.list_cases(ws, status=word),
    "pass_": lambda ws, word: regrade.export_questionnaire(ws, ws.folder / "q.csv", pass_=word),
    "sort": lambda ws, word: regrade.search_mistakes(ws, regrade.MistakeFilters(sort=word)),
    "filters": regrade.search_mistakes,
}


@pytest.mark.parametrize("argument", CALLS)
def test_another_word_is_refused(argument: str, tmp_path: Path) -> None:
    classes = pd.DataFrame({"class_id": [0, 1], "key": ["a", "b"], "name": ["A", "B"], "group": ["g", "h"]})
    regrade.init_workspace(tmp_path, classes=classes, items=pd.DataFrame({"id": ["x", "y"], "label": [0, 1]}))
    with regrade.open_workspace(tmp_path) as ws:
        regrade.import_predictions(ws, [("top", np.array([0, 0]))])
        labels = pd.DataFrame({"id": ["x"], "correct": ["1"], "unclear": [""], "wrong": [""], "problematic": [0]})
        regrade.import_labels(ws, "original2", labels)
        with pytest.raises(InputError, match=f"^{argument}: expected "):
            CALLS[argument](ws, "anything")
