"""What a panel elsewhere said: taken over whole, once, and together with what was answered here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, DecisionMethod, Origin, Pass, Purpose, QuestionStatus
from regrade.records.users import User
from regrade.store import journal, reviews
from regrade.workflow.accounts import list_users
from regrade.workflow.cases import list_cases, make_cases
from regrade.workflow.disputes import list_disputes
from regrade.workflow.export_reviews import export_reviews
from regrade.workflow.grade import grade_models
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.publish import publish_labels
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import (
    Asked,
    answer_all,
    asked_on,
    decided,
    give,
    predict,
    set_protocol,
    undo,
    verdicts,
    write_labels,
)
from tests.workflow.elsewhere import fresh_workspace, judge_all, record_of, row_counts, stands

C, U, W = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
HEAD = "reviewer,submission,id,class_id,verdict,created_at\n"
NOON = "2026-03-01T12:00:00Z"


def write(folder: Path, *rows: str, head: str = HEAD, name: str = "r.csv") -> Path:
    path = folder / name
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_a_fresh_workspace_comes_to_the_same_end(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path, name: str
) -> None:
    judge_all(ws, people)
    file = tmp_path / f"panel.{name}"
    written = export_reviews(ws, file)
    before = stands(ws)
    publish_labels(ws, by="root", reason="first round")
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        report = import_reviews(other, file)
        assert (report.n_new_reviews, report.n_new_decisions) == (written.n_reviews, written.n_decisions)
        # the cases (0, 1), (0, 2), (3, 2), (7, 0), and (0, 3), which ada added; jude's word is a vote of his
        assert (report.n_cases, report.new_people, report.warnings) == (5, ("ada", "bo", "jude"), ())
        assert stands(other) == before
        assert record_of(other) == record_of(ws)
        counts = row_counts(other)
        again = import_reviews(other, file)
        assert (again.n_reviews, again.n_new_reviews, again.n_new_decisions, again.n_cases) == (
            report.n_reviews,
            0,
            0,
            0,
        )
        assert row_counts(other) == counts
        published = publish_labels(other, by="somebody", reason="taken over")
        assert published.version.ref == resolve_labels(ws).ref == "original@2"
        assert published.version.digest == resolve_labels(ws).digest
        assert grade_models(other) == grade_models(ws)
        # exported after it was published, the record says where each decision went, and is the same record
        export_reviews(ws, file)
        assert import_reviews(other, file).n_new_decisions == 0


def test_where_cases_are_made_already_they_stay_the_predictions_they_are(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    judge_all(ws, people)
    export_reviews(ws, tmp_path / "panel.csv")
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        make_cases(other)
        assert import_reviews(other, tmp_path / "panel.csv").n_cases == 1  # (0, 3), which was added
        assert stands(other) == stands(ws)
        assert make_cases(other).n_new_cases == 0


def test_without_the_decisions_the_protocol_here_decides(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    judge_all(ws, people)
    export_reviews(ws, tmp_path / "panel.csv", only_reviews=True)
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        report = import_reviews(other, tmp_path / "panel.csv")
        assert (report.n_decisions, report.n_votes) == (0, 0)
        # agreed: (0,0), (0,1) correct, (0,2) wrong, (3,1) correct; disputed: (0,3), (3,2), and item 7
        assert {pair: row.verdict for pair, row in decided(other).items()} == {
            (0, 0): C,
            (0, 1): C,
            (0, 2): W,
            (3, 1): C,
        }
        assert {row.method for row in decided(other).values()} == {DecisionMethod.CONSENSUS}
        assert [row.item_id for row in list_disputes(other)] == ["img_0.png", "img_3.png", "img_7.png", "img_0.png"]
        # the full record that comes later finds these decisions made, and keeps them
        export_reviews(ws, tmp_path / "whole.csv")
        whole = import_reviews(other, tmp_path / "whole.csv")
        assert (whole.n_new_reviews, whole.n_kept, whole.warnings) == (0, 4, ())
        assert {row.status for row in list_cases(other)} == {"decided", "closed"}


def test_one_reviewer_elsewhere_and_one_here_make_a_panel(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    make_cases(ws)
    file = write(
        tmp_path,
        *(
            f"eve,s{item},img_{item}.png,{class_id},{verdict},{NOON}"
            for item, class_id, verdict in (
                (0, 0, "correct"),
                (0, 1, "correct"),
                (0, 2, "wrong"),
                (3, 1, "correct"),
                (3, 2, "correct"),
            )
        ),
    )
    report = import_reviews(ws, file)
    assert (report.n_new_reviews, report.n_cases, report.new_people) == (5, 0, ("eve",))
    assert decided(ws) == {}
    assert asked_on(ws, 0)[1] == Asked(QuestionStatus.OPEN, Origin.PREDICTION)
    answer_all(ws, people["ada"], {0: {0: C, 1: C}, 3: {1: C}, 7: {3: C}})
    found = {pair: (row.verdict, row.author) for pair, row in decided(ws).items()}
    assert found == {
        (0, 0): (C, "ada, eve"),
        (0, 1): (C, "ada, eve"),
        (0, 2): (W, "ada, eve"),
        (3, 1): (C, "ada, eve"),
    }
    assert asked_on(ws, 3)[2].status is QuestionStatus.DISPUTED
    # eve holds a place at items 0 and 3: with two reviewers an item, bo is asked about item 7 only
    assert answer_all(ws, people["bo"], {7: {3: C}}) == 1


def test_answers_given_here_first_are_settled_with_those_that_come(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    make_cases(ws)
    answer_all(ws, people["ada"], {0: {0: C, 1: C}, 3: {1: C}, 7: {3: C}})
    import_reviews(ws, write(tmp_path, f"eve,s1,img_7.png,0,wrong,{NOON}", f"eve,s1,img_7.png,3,correct,{NOON}"))
    assert {pair: row.verdict for pair, row in decided(ws).items()} == {(7, 0): W, (7, 3): C}
    assert asked_on(ws, 7, Pass.KIND)[0].status is QuestionStatus.OPEN


def test_the_time_of_an_answer_counts_not_when_it_came(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    make_cases(ws)
    late, early = "2026-03-02T12:00:00Z", NOON
    import_reviews(ws, write(tmp_path, f"eve,s2,img_7.png,0,correct,{late}"))
    import_reviews(ws, write(tmp_path, f"eve,s1,img_7.png,0,wrong,{early}"))
    import_reviews(ws, write(tmp_path, f"fay,s3,img_7.png,0,correct,{early}"))
    assert decided(ws)[7, 0].verdict is C


@pytest.mark.parametrize("column", ["created_at", "withdrawn_at"])
def test_an_answer_out_of_time_to_come_is_refused_or_it_would_outdo_all_later_ones(
    ws: Workspace, tmp_path: Path, column: str
) -> None:
    times = {"created_at": NOON, "withdrawn_at": ""} | {column: "2999-01-01T00:00:00Z"}
    before = row_counts(ws)
    file = write(
        tmp_path,
        f"ada,s0,img_6.png,1,wrong,{NOON},",
        f"ada,s1,img_7.png,1,wrong,{times['created_at']},{times['withdrawn_at']}",
        head="reviewer,submission,id,class_id,verdict,created_at,withdrawn_at\n",
    )
    with pytest.raises(InputError, match=rf"r.csv, row 3: expected a time in {column} that is not to come; got 2999"):
        import_reviews(ws, file)
    assert row_counts(ws) == before


def test_a_clock_elsewhere_may_be_a_little_ahead(ws: Workspace, tmp_path: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=20)).isoformat()
    assert import_reviews(ws, write(tmp_path, f"ada,s0,img_6.png,1,wrong,{soon}")).n_new_reviews == 1


def test_a_problematic_item_elsewhere_holds_the_place_at_all_its_cases(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    make_cases(ws)
    head = "reviewer,id,class_id,verdict,problematic\n"
    import_reviews(ws, write(tmp_path, "eve,img_0.png,,,1", "fay,img_0.png,,,1", head=head))
    assert decided(ws)[0, None].author == "eve, fay"
    assert {row.status for row in asked_on(ws, 0).values()} == {QuestionStatus.CLOSED}
    import_reviews(ws, write(tmp_path, "eve,img_3.png,,,1", head=head))
    with ws.store.read() as tx:
        (row,) = reviews.list_item_reviews(tx, "main", 3)
    assert (row.reviewer, row.problematic, row.class_id) == ("eve", True, None)
    answer_all(ws, people["ada"], {3: {1: C}, 7: {3: C}})
    assert answer_all(ws, people["bo"], {7: {3: C}}) == 1


def test_most_call_an_item_problematic_whose_classes_are_all_decided(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    """Three of five: more than half, as if they had answered here."""
    set_protocol(ws, rule="majority")
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: C})
    assert {row.status for row in asked_on(ws, 0).values()} == {QuestionStatus.DECIDED}
    head = "reviewer,id,class_id,verdict,problematic\n"
    file = write(tmp_path, *(f"{name},img_0.png,,,1" for name in ("eve", "fay", "gus")), head=head)
    import_reviews(ws, file)
    flag = decided(ws)[0, None]
    assert flag.author == "eve, fay, gus"
    import_reviews(ws, file)
    assert decided(ws)[0, None] == flag


def test_an_answer_undone_elsewhere_is_undone_here_when_the_file_comes_again(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    make_cases(ws)
    give(ws, people["ada"], {})
    export_reviews(ws, tmp_path / "before.csv")
    undo(ws, people["ada"])
    export_reviews(ws, tmp_path / "after.csv")
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        n_said = import_reviews(other, tmp_path / "before.csv").n_new_reviews
        assert max(claims for *_, claims in stands(other).values()) == 1
        report = import_reviews(other, tmp_path / "after.csv")
        assert (report.n_new_reviews, report.n_undone) == (0, n_said)
        assert max(claims for *_, claims in stands(other).values()) == 0
        again = import_reviews(other, tmp_path / "before.csv")  # the old file brings nothing back
        assert (again.n_new_reviews, again.n_undone) == (0, 0)
        with other.store.read() as tx:
            assert all(row.withdrawn for row in reviews.list_reviews(tx, split="main"))


def test_gold_and_audit_are_kept_as_such_and_settle_nothing(ws: Workspace, tmp_path: Path) -> None:
    make_cases(ws)
    head = "reviewer,submission,id,class_id,verdict,purpose,seconds\n"
    rows = [f"{name},{name}-{word},img_3.png,2,wrong,{word},3" for name in ("eve", "fay") for word in ("gold", "audit")]
    report = import_reviews(ws, write(tmp_path, *rows, head=head))
    assert (report.n_new_reviews, report.n_cases) == (4, 0)
    assert decided(ws) == {}
    assert asked_on(ws, 3)[2].status is QuestionStatus.OPEN
    with ws.store.read() as tx:
        found = reviews.list_reviews(tx, split="main", purpose=None)
    assert {row.purpose for row in found} == {Purpose.GOLD, Purpose.AUDIT}
    assert {entry.purpose for entry in record_of(ws)} == {Purpose.GOLD, Purpose.AUDIT}
    assert {entry.seconds for entry in record_of(ws)} == {3.0}
    assert import_reviews(ws, tmp_path / "r.csv").n_new_reviews == 0


def test_a_question_decided_here_keeps_its_decision(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    judge_all(ws, people)
    export_reviews(ws, tmp_path / "panel.csv")
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        make_cases(other)
        head = "reviewer,id,class_id,verdict\n"
        import_reviews(other, write(tmp_path, "eve,img_0.png,2,correct", "fay,img_0.png,2,correct", head=head))
        report = import_reviews(other, tmp_path / "panel.csv")
        assert (report.n_kept, decided(other)[0, 2].verdict) == (1, C)
        assert report.warnings == ("Questions that were decided otherwise here, and keep their decision: 1.",)
        # what kind of mistake it is elsewhere is on record, and not in force
        assert asked_on(other, 0, Pass.KIND)[2].status is QuestionStatus.CLOSED
        assert [row.category for row in list_cases(other) if (row.item_id, row.class_id) == ("img_0.png", 2)] == [None]
        counts = row_counts(other)
        assert import_reviews(other, tmp_path / "panel.csv").n_new_decisions == 0
        assert row_counts(other) == counts


def test_labels_that_are_not_here_stand_for_the_newest_of_their_name(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    judge_all(ws, people)
    publish_labels(ws, by="root", reason="first round")
    write_labels(ws, "other", {5: "2,,,0"})
    head = "reviewer,id,class_id,verdict,labels\n"
    file = write(tmp_path, "eve,img_5.png,0,wrong,original@2", "fay,img_5.png,0,wrong,original@1", head=head)
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        report = import_reviews(other, file)
        assert report.warnings == ("Label set versions that are not here, replaced: original@2 (by original@1).",)
        assert {entry.labels for entry in record_of(other)} == {"original@1"}
        with pytest.raises(
            InputError, match=r"row 2: expected a label set of the split main \(original\); got 'mine@1'"
        ):
            import_reviews(other, write(tmp_path, "eve,img_6.png,0,wrong,mine@1", head=head))


def test_the_journal_tells_what_came(ws: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path, f"eve,s1,img_7.png,0,wrong,{NOON}")
    import_reviews(ws, file, actor="root")
    import_reviews(ws, file, actor="root")
    with ws.store.read() as tx:
        (line,) = journal.list_lines(tx, actions=["reviews.import"])
    assert (line.actor, line.facts) == (
        "root",
        {
            "file": "r.csv",
            "split": "main",
            "n_reviews": 1,
            "n_undone": 0,
            "n_proposals": 0,
            "n_votes": 0,
            "n_decisions": 0,
            "new_people": ["eve"],
        },
    )


def test_people_elsewhere_never_log_in_and_known_ones_are_found_however_spelled(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    import_reviews(ws, write(tmp_path, f"eve,s1,img_7.png,0,wrong,{NOON}", f"ADA,s2,img_7.png,0,wrong,{NOON}"))
    users = {user.name: user for user in list_users(ws)}
    assert (users["eve"].kind, users["eve"].roles) == ("external", frozenset())
    assert "ADA" not in users
    assert decided(ws)[7, 0].author == "ada, eve"


def test_the_local_user_elsewhere_is_the_local_user_here(ws: Workspace, tmp_path: Path) -> None:
    import_reviews(ws, write(tmp_path, f"local,s1,img_7.png,0,wrong,{NOON}"))
    (user,) = list_users(ws)
    assert (user.name, user.kind) == ("local", "local")
    assert user.roles


def test_who_the_file_means_can_be_said(ws: Workspace, tmp_path: Path) -> None:
    names = write(tmp_path, "local,Eve Berg", head="user,name\n", name="names.csv")
    file = write(tmp_path, f"local,s1,img_7.png,0,wrong,{NOON}")
    assert import_reviews(ws, file, reviewers=names).new_people == ("Eve Berg",)


def test_a_dataframe_is_a_file(ws: Workspace) -> None:
    frame = pl.DataFrame({"id": ["img_7.png"], "class_id": [0], "verdict": ["wrong"]})
    report = import_reviews(ws, frame, by="eve")
    assert (report.n_new_reviews, report.n_cases) == (1, 1)
    before = datetime.now(UTC)
    assert all(entry.created_at is not None and entry.created_at <= before for entry in record_of(ws))
    assert import_reviews(ws, frame, by="eve").n_new_reviews == 0  # the file tells no time: none is compared


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        pytest.param(
            ["eve,s1,img_7.png,0,wrong,", "eve,s0,img_6.png,0,correct,"],
            "row 3: expected the same answer as here, where eve has sent s0",
            id="another answer",
        ),
        pytest.param(
            ["eve,s1,img_7.png,0,wrong,", "fay,s0,img_6.png,0,wrong,"],
            "row 3: expected a submission of its own; got s0, by which eve has answered",
            id="another's name",
        ),
        pytest.param(
            ["eve,s1,img_7.png,0,wrong,", '"a\tb",s2,img_6.png,0,wrong,'],
            "row 3: expected a name of at most 200",
            id="name",
        ),
    ],
)
def test_one_bad_row_and_nothing_is_stored(ws: Workspace, tmp_path: Path, rows: list[str], match: str) -> None:
    import_reviews(ws, write(tmp_path, "eve,s0,img_6.png,0,wrong,"))
    counts = row_counts(ws)
    with pytest.raises(InputError, match=rf"r\.csv, {match}"):
        import_reviews(ws, write(tmp_path, *rows))
    assert row_counts(ws) == counts


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        pytest.param("odd,major,", "expected a category out of fine-grained, .*; got 'odd'", id="category"),
        pytest.param("fine-grained,awful,", "expected a severity out of major, .*; got 'awful'", id="severity"),
        pytest.param(
            f"fine-grained,major,{'x' * 10_001}", "expected a note of at most 10,000 characters; got 10,001", id="note"
        ),
    ],
)
def test_words_and_notes_are_those_of_the_workspace(ws: Workspace, tmp_path: Path, cells: str, match: str) -> None:
    head = "reviewer,id,class_id,verdict,category,severity,note\n"
    with pytest.raises(InputError, match=match):
        import_reviews(ws, write(tmp_path, f"eve,img_7.png,0,,{cells}", head=head))
    assert list_users(ws) == ()


def test_labels_ride_along_and_added_classes_are_told(ws: Workspace, tmp_path: Path) -> None:
    head = "reviewer,id,class_id,verdict,added\n"
    import_reviews(
        ws,
        write(tmp_path, "eve,img_7.png,3,correct,", "eve,img_7.png,0,wrong,", "eve,img_7.png,1,unclear,1", head=head),
    )
    assert {class_id: row.origin for class_id, row in asked_on(ws, 7).items()} == {
        3: Origin.LABEL,
        0: Origin.IMPORTED,
        1: Origin.ADDED,
    }


def test_published_labels_hold_what_came(ws: Workspace, tmp_path: Path) -> None:
    head = "reviewer,id,class_id,verdict\n"
    rows = [f"{name},img_7.png,0,unclear" for name in ("eve", "fay")]
    import_reviews(ws, write(tmp_path, *rows, head=head))
    publish_labels(ws, by="root", reason="from elsewhere")
    assert load_labels(ws, "original@2").verdict(7, 0) is U


def test_work_that_has_nothing_left_is_not_dealt(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    make_cases(ws)
    (screen, *_) = load_queue(ws, people["ada"], Pass.VERDICT).screens
    assert verdicts(screen, {}) != Answers()
    rows = [
        f"{name},img_{item}.png,{c},wrong" for name in ("eve", "fay") for item, c in ((0, 1), (0, 2), (3, 2), (7, 0))
    ]
    import_reviews(ws, write(tmp_path, *rows, head="reviewer,id,class_id,verdict\n"))
    assert load_queue(ws, people["ada"], Pass.VERDICT).screens == ()
    assert asked_on(ws, 7, Pass.KIND)[0] == Asked(QuestionStatus.OPEN, Origin.PREDICTION)


def test_json_lines_of_another_tool(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    row = {"reviewer": "eve", "id": "img_7.png", "class_key": "k0", "verdict": "wrong", "note": "x"}
    file.write_text(f"{json.dumps(row)}\n{json.dumps(row | {'reviewer': 'fay'})}\n")
    import_reviews(ws, file)
    assert replace(decided(ws)[7, 0], id=0).author == "eve, fay"


def test_a_submission_is_one_person_s(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    """Within a file as between the file and what is here, undone or not; spelled however."""
    both = write(tmp_path, f"eve,1,img_0.png,1,wrong,{NOON}", f"fay,1,img_3.png,2,wrong,{NOON}")
    with pytest.raises(InputError, match=r"row 3: expected a submission of its own; got 1, by which eve has answered"):
        import_reviews(ws, both)
    head = HEAD.replace("\n", ",withdrawn_at\n")
    import_reviews(ws, write(tmp_path, f"eve,1,img_0.png,1,wrong,{NOON},{NOON}", head=head))
    with pytest.raises(InputError, match=r"row 2: expected a submission of its own; got 1, by which eve has answered"):
        import_reviews(ws, write(tmp_path, f"fay,1,img_3.png,2,wrong,{NOON}"))
    report = import_reviews(ws, write(tmp_path, f"gus,2,img_0.png,1,wrong,{NOON}", f"GUS,2,img_0.png,2,wrong,{NOON}"))
    assert (report.n_new_reviews, report.new_people) == (2, ("gus",))
