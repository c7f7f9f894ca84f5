"""What differs between two versions, item by item."""

from __future__ import annotations

from pathlib import Path

from regrade.records.labels import Verdict
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.label_diffs import diff_versions
from regrade.workflow.labels import import_labels
from regrade.workflow.named_classes import NamedClass
from regrade.workflow.publish import publish_labels
from regrade.workflow.relabeled import RelabeledItem, list_relabeled
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import answer_all

BAGEL, DOUGH, PRETZEL = (NamedClass(at, name) for at, name in enumerate(("bagel", "dough", "pretzel")))


def test_each_item_stands_there_once_with_what_it_accepts_and_who_decided(
    ws: Workspace, people: dict[str, User]
) -> None:
    make_cases(ws)
    # (0, dough) takes the place of the label, 3 is a pretzel beside its label; (0, pretzel) and (7, bagel) are wrong,
    # which moves no answer
    truth = {0: {1: Verdict.CORRECT}, 3: {1: Verdict.CORRECT, 2: Verdict.CORRECT}, 7: {3: Verdict.CORRECT}}
    for name in ("ada", "bo"):
        answer_all(ws, people[name], truth)
    publish_labels(ws, by="root", reason="first round")
    rows = list_relabeled(ws, diff_versions(ws, "original@1", "original@2"))
    fine = {"problematic_before": False, "problematic_after": False, "by": ("ada, bo",), "reasons": ()}
    assert rows == (
        RelabeledItem("img_0.png", BAGEL, (BAGEL,), (DOUGH,), **fine),  # type: ignore[arg-type]
        RelabeledItem("img_3.png", DOUGH, (DOUGH,), (DOUGH, PRETZEL), **fine),  # type: ignore[arg-type]
    )
    assert [row.label_accepted for row in rows] == [False, True]


def test_an_item_that_only_one_covers_has_no_flag_in_the_other(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "part.csv").write_text("id,correct,unclear,wrong,problematic\nimg_0.png,0,,,1\n")
    import_labels(ws, "part", tmp_path / "part.csv")
    first, second = list_relabeled(ws, diff_versions(ws, "original", "part"))[:2]
    assert (first.problematic_before, first.problematic_after, first.label) == (False, True, BAGEL)
    assert (second.problematic_before, second.problematic_after, second.label) == (False, None, BAGEL)
    assert (second.before, second.after, second.label_accepted) == ((BAGEL,), (), False)
    assert list_relabeled(ws, diff_versions(ws, "part", "part")) == ()
