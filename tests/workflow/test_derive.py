"""Label sets made from others."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import ConflictError, InputError
from regrade.records.labels import Verdict
from regrade.store import journal
from regrade.workflow.derive import apply_equivalences, combine_versions
from regrade.workflow.grade import grade_models
from regrade.workflow.labels import import_labels, list_labels, load_labels, resolve_labels
from regrade.workflow.workspace import Workspace, add_split

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG


@pytest.fixture
def other(ws: Workspace, tmp_path: Path) -> Workspace:
    """The workspace with `other@1`: it covers items 0 and 1, rejects their label, and finds item 1 problematic."""
    path = tmp_path / "other.csv"
    path.write_text("id,correct,unclear,wrong,problematic\nimg_0.png,1,,0,0\nimg_1.png,2,3,0,1\n")
    import_labels(ws, "other", path)
    return ws


@pytest.fixture
def same(tmp_path: Path) -> Path:
    path = tmp_path / "same.csv"
    path.write_text("label,accepts\nk0,k1\n")
    return path


def facts_of(ws: Workspace, action: str) -> list[dict[str, object]]:
    with ws.store.read() as tx:
        return [line.facts for line in journal.list_lines(tx, actions=[action])]


def test_the_report_counts_and_the_version_keeps_what_was_settled(other: Workspace) -> None:
    report = combine_versions(other, "both", ["original", "other"], how="union", reason=" two teams ", by="ann")
    assert (report.version.ref, report.created, report.sources) == ("both@1", True, ("original@1", "other@1"))
    # 8 labels and 3 other verdicts; (0, 0) and (1, 0) are judged differently, item 1 is problematic in one
    assert (report.n_items, report.n_verdicts, report.n_problematic) == (8, 11, 1)
    assert (report.n_verdicts_differing, report.n_flags_differing, report.n_originals_differing) == (2, 1, 0)
    version = resolve_labels(other, "both")
    assert (version.parent, version.author) == ("original@1", "ann")
    assert version.reason == "union of original@1, other@1: two teams"
    assert version.warnings == (
        "2 (item, class) pairs are judged differently: correct counts before unclear before wrong.",
        "1 items are problematic in one and not in another: they are problematic here.",
    )
    assert load_labels(other, "both@1").verdict(0, 0) is CORRECT
    (facts,) = facts_of(other, "labels.combine")
    assert (facts["labels"], facts["sources"], facts["how"]) == ("both@1", ["original@1", "other@1"], "union")


def test_prefer_takes_the_first_ones_word(other: Workspace) -> None:
    combine_versions(other, "ours", ["original", "other"], how="prefer")
    combine_versions(other, "theirs", ["other", "original"], how="prefer")
    ours, theirs = load_labels(other, "ours"), load_labels(other, "theirs")
    assert [row.verdict(0, 0) for row in (ours, theirs)] == [CORRECT, WRONG]
    assert [row.is_problematic(1) for row in (ours, theirs)] == [False, True]
    assert [row.verdict(1, 3) for row in (ours, theirs)] == [UNCLEAR, UNCLEAR]
    assert "the first label set that judges the pair counts." in resolve_labels(other, "ours").warnings[0]
    assert "the first label set that covers the item counts." in resolve_labels(other, "ours").warnings[1]


def test_items_without_a_label_of_their_own_can_have_two(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("id\nx\n")
    add_split(ws, "bare", items=tmp_path / "bare.csv")
    for name, label in (("one", 0), ("two", 1)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"id,original_label,correct,unclear,wrong,problematic\nx,{label},{label},,,0\n")
        import_labels(ws, name, path, split="bare")
    report = combine_versions(ws, "both", ["one", "two"], how="union")
    assert report.n_originals_differing == 1
    assert report.version.warnings == (
        "1 items have different original labels: the first label set that has one counts.",
    )


def test_the_same_again_is_no_change_and_another_content_a_conflict(other: Workspace) -> None:
    combine_versions(other, "both", ["original", "other"], how="union")
    again = combine_versions(other, "both", ["other", "original"], how="union")
    assert (again.created, again.version.ref) == (False, "both@1")
    with pytest.raises(ConflictError, match="label set both holds other content"):
        combine_versions(other, "both", ["original", "other"], how="prefer")
    assert len(facts_of(other, "labels.combine")) == 1


def test_what_cannot_be_combined_is_refused(other: Workspace, benchmark: Path) -> None:
    with pytest.raises(InputError, match="different label sets; got original@1, original@1"):
        combine_versions(other, "both", ["original", "original@1"], how="union")
    with pytest.raises(InputError, match="a new name for the combined label set; got other"):
        combine_versions(other, "other", ["original", "other"], how="union")
    add_split(other, "second", items=benchmark / "items.csv")
    with pytest.raises(InputError, match="split main with 4 classes; got one of split second"):
        combine_versions(other, "both", ["original", "original-second"], how="union")
    assert [row.version.ref for row in list_labels(other)] == ["original@1", "original-second@1", "other@1"]


def test_equivalences_become_the_next_version(ws: Workspace, same: Path) -> None:
    report = apply_equivalences(ws, "original", same, reason="alike", by="ann")
    assert (report.version.ref, report.version.parent, report.created) == ("original@2", "original@1", True)
    assert report.version.reason == "classes that mean the same, by same.csv: alike"
    # items 0 and 1 are of class 0
    assert (report.n_pairs, report.n_added, report.n_raised, report.n_items) == (1, 2, 0, 2)
    assert [load_labels(ws, "original").verdict(item, 1) for item in (0, 1, 4)] == [CORRECT, CORRECT, None]
    (facts,) = facts_of(ws, "labels.equivalences")
    assert (facts["sources"], facts["file"], facts["n_pairs"]) == (["original@1"], "same.csv", 1)
    # alpha says 1 on item 0: the same grade as with the file at hand
    assert grade_models(ws)[0].n_mistakes == grade_models(ws, labels="original@1", equivalences=same)[0].n_mistakes == 1


def test_a_wrong_verdict_is_raised_and_counted(other: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_text("label,accepts\nk1,k0\n")
    report = apply_equivalences(other, "other", path)
    assert (report.n_added, report.n_raised) == (0, 1)
    assert load_labels(other, "other@2").verdict(0, 0) is CORRECT


def test_nothing_to_change_makes_no_version(ws: Workspace, same: Path) -> None:
    apply_equivalences(ws, "original", same)
    report = apply_equivalences(ws, "original", same)
    assert (report.version.ref, report.created, report.n_items) == ("original@2", False, 0)


def test_a_name_of_its_own(ws: Workspace, same: Path) -> None:
    report = apply_equivalences(ws, "original@1", same, new_name="wide")
    assert (report.version.ref, report.version.parent) == ("wide@1", "original@1")
    assert resolve_labels(ws).ref == "original@1"
    assert not apply_equivalences(ws, "original", same, new_name="wide").created


def test_an_older_version_has_no_second_successor(ws: Workspace, same: Path) -> None:
    with pytest.raises(InputError, match=r"the name of a label set; got original@1.*--as"):
        apply_equivalences(ws, "original@1", same)
    apply_equivalences(ws, "original", same)
    with pytest.raises(ConflictError, match="original@1 is not the newest version of original"):
        apply_equivalences(ws, "original@1", same, new_name="original")
