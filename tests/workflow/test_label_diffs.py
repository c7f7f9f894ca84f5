"""What differs between versions, and who or what made each change."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.records.labels import Verdict
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.derive import apply_equivalences, combine_versions
from regrade.workflow.label_diffs import ChangeView, diff_versions
from regrade.workflow.labels import import_labels
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import answer_all

CORRECT, UNCLEAR = Verdict.CORRECT, Verdict.UNCLEAR
TRUTH = {0: {0: CORRECT, 1: CORRECT}, 3: {1: CORRECT}, 7: {0: UNCLEAR, 3: CORRECT}}
"""(0, 1) is correct, (0, 2) and (3, 2) are wrong, (7, 0) is unclear; the labels are right."""


@pytest.fixture
def published(ws: Workspace, people: dict[str, User]) -> Workspace:
    """original@2 carries the panel's decisions."""
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], TRUTH)
    publish_labels(ws, by="root", reason="first round")
    return ws


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def makers(changes: tuple[ChangeView, ...]) -> dict[tuple[str, str], tuple[str | None, str, str, str]]:
    return {(row.item_id, row.class_name): (row.made_in, row.by, row.method, row.reason) for row in changes}


def test_a_diff_over_several_versions_names_the_one_that_made_each_change(published: Workspace, tmp_path: Path) -> None:
    # class 2 is accepted wherever 1 is: that raises (0, 2) and (3, 2), and adds it on item 2, the other of class 1
    same = write(tmp_path, "same.csv", "label,accepts\n1,2\n")
    apply_equivalences(published, "original", same, reason="a knot is dough", by="jude")
    assert diff_versions(published, "original@1", "original@2").counts.n_items == 3
    diff = diff_versions(published, "original@1", "original@3")
    panel = ("original@2", "ada, bo", "consensus", "")
    equal = ("original@3", "jude", "derived", "classes that mean the same, by same.csv: a knot is dough")
    assert makers(diff.changes) == {
        ("img_0.png", "dough"): panel,
        ("img_0.png", "pretzel"): equal,
        ("img_2.png", "pretzel"): equal,
        ("img_3.png", "pretzel"): equal,
        ("img_7.png", "bagel"): panel,
    }
    assert (diff.counts.n_added, diff.counts.n_changed, diff.counts.n_items) == (5, 0, 4)
    assert [(row.class_id, row.class_key, row.class_name, row.n_added) for row in diff.classes] == [
        (0, "k0", "bagel", 1),
        (1, "k1", "dough", 1),
        (2, "k2", "pretzel", 3),
    ]


def test_backwards_no_version_made_the_changes(published: Workspace) -> None:
    diff = diff_versions(published, "original@2", "original@1")
    assert set(makers(diff.changes).values()) == {(None, "", "", "")}
    assert diff.counts.n_removed == 4


def test_an_import_made_all_that_differs_from_another_label_set(ws: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path, "other.csv", "id,correct,unclear,wrong,problematic\nimg_0.png,0,1,,1\n")
    import_labels(ws, "other", file, by="ann")
    changes = diff_versions(ws, "original", "other").changes
    assert set(makers(changes).values()) == {("other@1", "ann", "imported", "imported from other.csv")}
    # one flag, one verdict added, and the seven labels of the items that it does not cover
    assert len(changes) == 9


def test_what_differs_because_of_the_older_ones_own_line_has_no_maker(published: Workspace, tmp_path: Path) -> None:
    same = write(tmp_path, "same.csv", "label,accepts\n3,2\n")
    apply_equivalences(published, "original@1", same, new_name="side")
    # original@2 and side@1 both come from original@1: what original@2 says alone is taken back by nobody
    changes = makers(diff_versions(published, "original@2", "side").changes)
    assert changes["img_0.png", "dough"] == (None, "", "", "")
    assert changes["img_6.png", "pretzel"][:3] == ("side@1", "local", "derived")


def test_a_combined_label_set_made_what_differs_from_its_first_source(published: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path, "other.csv", "id,correct,unclear,wrong,problematic\nimg_5.png,2;0,,,0\n")
    import_labels(published, "other", file)
    combine_versions(published, "both", ["original@2", "other"], how="union", by="ann")
    changes = diff_versions(published, "original@2", "both").changes
    assert makers(changes) == {
        ("img_5.png", "bagel"): ("both@1", "ann", "derived", "union of original@2, other@1"),
    }


def test_versions_of_two_splits_are_not_compared(ws: Workspace, benchmark: Path) -> None:
    add_split(ws, "second", items=benchmark / "items.csv")
    with pytest.raises(InputError, match="two label sets of one split; got original@1 of main, original-second@1 of"):
        diff_versions(ws, "original", "original-second")
