"""The line of a version's parents."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.store import labelsets
from regrade.workflow.derive import apply_equivalences
from regrade.workflow.lineage import list_line, list_versions_between
from regrade.workflow.workspace import Workspace


@pytest.fixture
def grown(ws: Workspace, tmp_path: Path) -> Workspace:
    """original@1 -> original@2 -> original@3, and side@1 made from original@1."""
    for at, row in enumerate(("0,1", "1,2")):
        (tmp_path / f"same{at}.csv").write_text(f"label,accepts\n{row}\n")
        apply_equivalences(ws, "original", tmp_path / f"same{at}.csv")
    apply_equivalences(ws, "original@1", tmp_path / "same1.csv", new_name="side")
    return ws


def test_a_line_runs_down_to_the_first(grown: Workspace) -> None:
    with grown.store.read() as tx:
        lines = {
            ref: [row.ref for row in list_line(tx, labelsets.load_version(tx, ref))] for ref in ("original@3", "side@1")
        }
    assert lines == {"original@3": ["original@3", "original@2", "original@1"], "side@1": ["side@1", "original@1"]}


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        pytest.param("original@1", "original@3", ["original@2", "original@3"], id="onward"),
        pytest.param("original@2", "original@3", ["original@3"], id="one-step"),
        pytest.param("original@3", "original@1", [], id="backward"),
        pytest.param("original@3", "original@3", [], id="itself"),
        pytest.param("side@1", "original@2", ["original@2"], id="from-a-side-line"),
        pytest.param("original@3", "side@1", ["side@1"], id="to-a-side-line"),
    ],
)
def test_the_versions_that_lead_to_one_and_not_to_the_other(
    grown: Workspace, before: str, after: str, between: list[str]
) -> None:
    with grown.store.read() as tx:
        versions = [labelsets.load_version(tx, ref) for ref in (before, after)]
        assert [row.ref for row in list_versions_between(tx, *versions)] == between
