"""Which label set is used where none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.labels import import_labels, resolve_labels, use_labels
from regrade.workflow.publish import publish_labels
from regrade.workflow.review import answer_screen, load_queue, undo_last
from regrade.workflow.workspace import Workspace, add_split, init_workspace, open_workspace
from tests.workflow.conftest import answer_all, verdicts

TRUTH = {0: {0: Verdict.CORRECT, 1: Verdict.CORRECT}, 3: {1: Verdict.CORRECT}, 7: {3: Verdict.CORRECT}}
"""(0, 1) is correct; what else the models predicted is wrong."""


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A label file."""
    path = tmp_path / "other.csv"
    path.write_text("id,correct,unclear,wrong,problematic\nimg_0.png,0,1,,0\n")
    return path


def test_the_first_name_imported_becomes_the_default(ws: Workspace, other: Path) -> None:
    report = import_labels(ws, "o2", other)
    assert (report.default_before, report.default, resolve_labels(ws).ref) == ("original", "o2", "o2@1")
    again = import_labels(ws, "o2", other)
    assert (again.created, again.default_before, again.default) == (False, "o2", "o2")


def test_the_second_does_not(ws: Workspace, other: Path) -> None:
    import_labels(ws, "o2", other)
    report = import_labels(ws, "o3", other)
    assert (report.default_before, report.default) == ("o2", "o2")


def test_labels_of_another_split_do_not(ws: Workspace, other: Path, benchmark: Path) -> None:
    add_split(ws, "second", items=benchmark / "items.csv")
    assert import_labels(ws, "o2", other, split="second").default == "original"


def test_once_the_panel_has_published_nothing_becomes_the_default_by_itself(
    ws: Workspace, people: dict[str, User], other: Path
) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH)
    publish_labels(ws, by="root", reason="first round")
    report = import_labels(ws, "o2", other)
    assert (report.created, report.default, resolve_labels(ws).ref) == (True, "original", "original@2")
    use_labels(ws, "o2")
    assert resolve_labels(ws).ref == "o2@1"


def test_an_answer_is_enough_even_one_that_was_undone(ws: Workspace, people: dict[str, User], other: Path) -> None:
    make_cases(ws)
    screen = load_queue(ws, people["ada"], Pass.VERDICT).screens[0]
    answer_screen(ws, people["ada"], screen.id, verdicts(screen, {}), key="first")
    undo_last(ws, people["ada"], Pass.VERDICT, key="undo")
    assert import_labels(ws, "o2", other).default == "original"


def test_without_original_labels_the_first_import_is_the_default(tmp_path: Path, benchmark: Path, other: Path) -> None:
    (benchmark / "bare.csv").write_text("id\nimg_0.png\n")
    init_workspace(tmp_path / "bare", classes=benchmark / "classes.csv", items=benchmark / "bare.csv")
    with open_workspace(tmp_path / "bare") as bare:
        assert import_labels(bare, "o2", other).default == "o2"
