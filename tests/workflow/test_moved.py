"""What moved from one version to another, worked by hand on the small benchmark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.grade import grade_models
from regrade.workflow.labels import import_labels
from regrade.workflow.moved import MovedReport, Moves, grade_against
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import answer_all

HEADER = "id,correct,unclear,wrong,problematic\n"
# original@1 accepts 0 0 1 1 2 2 3 3; alpha says 1 0 1 2 2 2 3 3 and beta 2 0 1 2 2 2 3 0.
# Here item 0 accepts 1 too (alpha becomes right), item 3 is problematic (both had it wrong), item 5 rejects 2 (both
# become wrong), item 6 is not covered any more (both had it right), item 7 has 0 judged wrong (beta stays wrong).
OTHER = HEADER + "".join(
    f"img_{item}.png,{rest}\n"
    for item, rest in enumerate(["0;1,,,0", "0,,,0", "1,,,0", "1,,,1", "2,,,0", "1,,2,0", "", "3,,0,0"])
    if rest
)


def moves_of(report: MovedReport) -> dict[str, Moves]:
    return {row.grade.model: row.moves for row in report.models}


@pytest.fixture
def other(ws: Workspace, tmp_path: Path) -> Workspace:
    """The workspace with the label set `other`, and gamma beside alpha and beta: right everywhere but on item 2."""
    (tmp_path / "other.csv").write_text(OTHER)
    import_labels(ws, "other", tmp_path / "other.csv")
    np.save(tmp_path / "gamma.npy", np.array((0, 0, 3, 1, 2, 2, 3, 3)))
    import_predictions(ws, [("gamma", tmp_path / "gamma.npy")])
    return ws


def test_models_and_items_that_moved(other: Workspace) -> None:
    report = grade_against(other, labels="other@1", against="original@1")
    assert moves_of(report) == {
        "alpha": Moves(n_became_right=1, n_became_wrong=1, n_mistakes_dropped=1, n_mistakes_added=0),
        "beta": Moves(n_became_right=0, n_became_wrong=1, n_mistakes_dropped=1, n_mistakes_added=0),
        "gamma": Moves(n_became_right=0, n_became_wrong=1, n_mistakes_dropped=0, n_mistakes_added=0),
    }
    # Changed: 0 (class 1), 3 (flag), 5 (classes 1 and 2), 6 (coverage), 7 (class 0); of these 6 and 7 moved nobody.
    assert (report.n_changed_items, report.n_moved_items) == (5, 3)
    assert [(row.item_id, row.moves) for row in report.items] == [
        ("img_5.png", Moves(0, 3, 0, 0)),
        ("img_3.png", Moves(0, 0, 2, 0)),
        ("img_0.png", Moves(1, 0, 0, 0)),
    ]
    changes = [[(row.class_name, row.before, row.after, row.by) for row in item.changes] for item in report.items]
    assert changes == [
        [("dough", "never judged", "correct", "local"), ("pretzel", "correct", "wrong", "local")],
        [("", "usable", "problematic", "local")],
        [("dough", "never judged", "correct", "local")],
    ]


def test_grades_and_ranks_under_both(other: Workspace) -> None:
    report = grade_against(other, labels="other", against="original")
    assert tuple(row.grade for row in report.models) == grade_models(other, labels="other@1")
    assert tuple(row.against for row in report.models) == grade_models(other, labels="original@1")
    # original: alpha 1/2 1/2 1 1 -> 0.75; beta 1/2 1/2 1 1/2 -> 0.625; gamma 1 1/2 1 1 -> 0.875
    # other:    items 0 1 2 4 5 7 of classes 0 0 1 2 2 3; all but alpha 1, all wrong on 5:
    #           alpha 1 1 1/2 1 -> 0.875; beta 1/2 1 1/2 0 -> 0.5; gamma 1 0 1/2 1 -> 0.625
    ranks = {row.grade.model: (row.rank, row.rank_against) for row in report.models}
    assert ranks == {"alpha": (1, 2), "beta": (3, 3), "gamma": (2, 1)}


def test_the_moves_add_up_either_way_under_every_policy(other: Workspace) -> None:
    for policy in ("multilabel", "real", "single"):
        for pair in (("other", "original"), ("original", "other")):
            report = grade_against(other, labels=pair[0], against=pair[1], policy=policy)
            for row in report.models:
                moves = row.moves
                assert row.grade.n_mistakes == (
                    row.against.n_mistakes
                    - moves.n_became_right
                    - moves.n_mistakes_dropped
                    + moves.n_became_wrong
                    + moves.n_mistakes_added
                )
    # backwards, item 3 is graded only by the newer one, where alpha and beta get it wrong
    assert moves_of(grade_against(other, labels="original", against="other"))["alpha"] == Moves(1, 1, 0, 1)


def test_an_item_that_only_one_covers_can_move_models_without_a_changed_verdict(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "part.csv").write_text(HEADER + "img_0.png,0,,,0\n")
    (tmp_path / "more.csv").write_text(HEADER + "img_0.png,0,,,0\nimg_3.png,,,,0\n")
    for name in ("part", "more"):
        import_labels(ws, name, tmp_path / f"{name}.csv")
    report = grade_against(ws, labels="more", against="part")
    (item,) = report.items
    assert (item.item_id, item.changes, item.moves) == ("img_3.png", (), Moves(0, 0, 0, 2))


def test_only_the_items_asked_for_are_described(other: Workspace) -> None:
    report = grade_against(other, labels="other", against="original", n_items=1)
    assert [row.item_id for row in report.items] == ["img_5.png"]
    assert report.n_moved_items == 3


def test_models_can_be_chosen_and_ranks_are_among_them(other: Workspace) -> None:
    report = grade_against(other, labels="other", against="original", models=["beta", "alpha"])
    assert [(row.grade.model, row.rank, row.rank_against) for row in report.models] == [("beta", 2, 2), ("alpha", 1, 1)]
    # items 3 and 5 moved both; the first of them in the split comes first
    assert [row.item_id for row in report.items] == ["img_3.png", "img_5.png", "img_0.png"]


def test_classes_that_mean_the_same_count_on_both_sides(other: Workspace, tmp_path: Path) -> None:
    (tmp_path / "same.csv").write_text("label,accepts\n0,1\n")
    # with class 1 accepted wherever 0 is, alpha is right on item 0 under both
    report = grade_against(other, labels="other", against="original", equivalences=tmp_path / "same.csv")
    assert moves_of(report)["alpha"] == Moves(0, 1, 1, 0)


def test_a_version_against_itself_moves_nothing(ws: Workspace) -> None:
    report = grade_against(ws, against="original@1")
    assert set(moves_of(report).values()) == {Moves(0, 0, 0, 0)}
    assert (report.n_changed_items, report.items) == (0, ())
    assert [row.rank for row in report.models] == [row.rank_against for row in report.models] == [1, 2]


def test_after_a_publication_the_items_name_who_decided(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(
            ws,
            people[name],
            {0: {0: Verdict.CORRECT, 1: Verdict.CORRECT}, 3: {1: Verdict.CORRECT}, 7: {3: Verdict.CORRECT}},
        )
    publish_labels(ws, by="root", reason="first round")
    report = grade_against(ws, against="original@1")
    (item,) = report.items
    # only (0, 1) was no mistake: alpha's; (0, 2), (3, 2) and (7, 0) are judged wrong now, as they were graded
    assert (item.item_id, item.moves) == ("img_0.png", Moves(1, 0, 0, 0))
    assert {(row.class_name, row.by, row.method, row.made_in) for row in item.changes} == {
        ("dough", "ada, bo", "consensus", "original@2"),
        ("pretzel", "ada, bo", "consensus", "original@2"),
    }
    assert report.n_changed_items == 3


def test_human_labelers_have_no_rank(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "ann.csv").write_text("file_name,predicted_class\nimg_0.png,0\nimg_3.png,1\n")
    import_predictions(ws, [("ann", tmp_path / "ann.csv")], kind="human")
    report = grade_against(ws, against="original@1")
    ranks = {row.grade.model: row.rank for row in report.models}
    assert ranks == {"alpha": 1, "ann": None, "beta": 2}
    (ann,) = [row for row in report.models if row.grade.model == "ann"]
    assert "rank is undefined: a human labeler answers other items than the models." in ann.notes


def test_notes_of_the_older_grade_name_it(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text(HEADER + "img_0.png,0,,,1\n")
    import_labels(ws, "none", tmp_path / "none.csv")
    report = grade_against(ws, labels="original", against="none")
    assert report.models[0].rank_against is None
    assert "none@1: item_accuracy is undefined: no item is graded." in report.models[0].notes


def test_what_cannot_be_compared_is_refused(ws: Workspace, benchmark: Path) -> None:
    add_split(ws, "second", items=benchmark / "items.csv")
    with pytest.raises(InputError, match="labels of the split main; got original-second@1, of the split second"):
        grade_against(ws, against="original-second")
    with pytest.raises(NotFoundError, match="no label set original@9"):
        grade_against(ws, against="original@9")
