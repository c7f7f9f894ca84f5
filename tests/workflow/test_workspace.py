"""Workspaces named by text, and made of dataframes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regrade.errors import InputError, NotFoundError
from regrade.workflow.labels import list_labels
from regrade.workflow.workspace import find_workspace, init_workspace, open_workspace

CLASSES = pd.DataFrame({"class_id": [0, 1], "key": ["a", "b"], "name": ["first", "second"]})
ITEMS = pd.DataFrame({"id": ["x", "y", "z"], "label": [0, 1, 1]})


def test_a_workspace_is_made_of_dataframes_and_opened_by_text(tmp_path: Path) -> None:
    report = init_workspace(str(tmp_path / "made"), classes=CLASSES, items=ITEMS)
    assert (report.folder, report.n_classes, report.n_items, report.labels) == (tmp_path / "made", 2, 3, "original@1")
    with open_workspace(str(tmp_path / "made")) as ws:
        assert ws.folder == tmp_path / "made"
        assert ws.classes.names == ("first", "second")
        assert ws.split().labels.tolist() == [0, 1, 1]
        assert [row.version.ref for row in list_labels(ws)] == ["original@1"]


def test_a_workspace_is_made_of_files_named_by_text(benchmark: Path, tmp_path: Path) -> None:
    classes, items, media = (str(benchmark / name) for name in ("classes.csv", "items.csv", "media"))
    report = init_workspace(str(tmp_path / "made"), classes=classes, items=items, media=media)
    assert (report.n_classes, report.n_items, report.n_media) == (4, 8, 8)


def test_a_workspace_is_found_from_text(tmp_path: Path) -> None:
    init_workspace(tmp_path, classes=CLASSES, items=ITEMS)
    (tmp_path / "below").mkdir()
    assert find_workspace(str(tmp_path / "below")) == tmp_path
    with pytest.raises(NotFoundError, match=r"holds no regrade\.toml"):
        open_workspace(str(tmp_path / "below"))


@pytest.mark.parametrize("n_reviewers", [0, 101, 1.5, "2"])
def test_reviewers_are_a_whole_number(tmp_path: Path, n_reviewers: Any) -> None:
    with pytest.raises(InputError, match=f"1 to 100 reviewers per item; got {n_reviewers!r}"):
        init_workspace(tmp_path, classes=CLASSES, items=ITEMS, n_reviewers=n_reviewers)
