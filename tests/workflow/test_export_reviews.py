"""What a panel hands on: everything, in the order in which it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.exchange import EntryKind
from regrade.records.panel import DecisionMethod, Origin, Pass
from regrade.records.users import Role, User
from regrade.workflow.export_reviews import export_reviews, load_record
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.propose import propose_class
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.workflow.conftest import asked_on, new_key
from tests.workflow.elsewhere import ODD_NOTE, fresh_workspace, judge_all, record_of, stands


def test_the_record_tells_the_panel_s_work_in_order(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    judge_all(ws, people)
    publish_labels(ws, by="root", reason="first round")
    entries = load_record(ws)
    times = [entry.created_at for entry in entries if entry.created_at is not None]
    assert len(times) == len(entries)
    assert times == sorted(times)
    flag = next(entry for entry in entries if entry.problematic and entry.kind is EntryKind.REVIEW)
    assert (flag.author, flag.class_id, flag.note, flag.seconds, flag.protocol) == ("ada", None, ODD_NOTE, 0.1, 1)
    # ada's first answer, which she undid, holds two or three classes of one item
    undone = [entry for entry in entries if entry.withdrawn_at is not None]
    assert {(entry.author, entry.note, entry.seconds) for entry in undone} == {("ada", "a slip", None)}
    assert len({entry.submission for entry in undone}) == 1
    added = [entry for entry in entries if entry.added]
    assert [(entry.item, entry.class_id, entry.origin) for entry in added] == [(0, 3, Origin.ADDED)]
    decided = [entry for entry in entries if entry.kind is EntryKind.DECISION]
    assert {(row.method, row.published_in) for row in decided if row.pass_ is Pass.VERDICT} == {
        (DecisionMethod.CONSENSUS, "original@2"),
        (DecisionMethod.ADJUDICATION, "original@2"),
    }


def test_a_part_may_be_written(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    judge_all(ws, people)
    whole = export_reviews(ws, tmp_path / "whole.csv")
    said = export_reviews(ws, tmp_path / "said.csv", only_reviews=True)
    ada = export_reviews(ws, tmp_path / "ada.csv", reviewers=["ADA"])
    bo = export_reviews(ws, tmp_path / "bo.csv", reviewers=["bo"])
    assert (said.n_reviews, said.n_decisions) == (whole.n_reviews, 0)
    assert (ada.n_decisions, ada.n_reviews + bo.n_reviews) == (0, whole.n_reviews)
    assert whole.n_decisions > 0
    with pytest.raises(NotFoundError, match="There is no user zoe"):
        export_reviews(ws, tmp_path / "zoe.csv", reviewers=["zoe"])
    assert not (tmp_path / "zoe.csv").exists()


def test_before_anything_was_reviewed_there_is_nothing_to_write(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a review; got none\. Nothing has been reviewed"):
        export_reviews(ws, tmp_path / "r.csv")
    with pytest.raises(NotFoundError, match="There is no split other"):
        export_reviews(ws, tmp_path / "r.csv", split="other")


def test_a_file_that_cannot_be_written_is_named(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    judge_all(ws, people)
    with pytest.raises(InputError, match=r"none/r\.csv: expected a file that can be written"):
        export_reviews(ws, tmp_path / "none" / "r.csv")


def test_proposals_go_along(ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path) -> None:
    pat = add_person(ws, "pat", [Role.PROPOSER])
    propose_class(ws, pat, "img_5.png", 0, "=a ring", key=new_key())
    judge_all(ws, people)  # what was proposed is asked too: both say wrong
    written = export_reviews(ws, tmp_path / "r.csv")
    assert written.n_proposals == 1
    with fresh_workspace(benchmark, tmp_path / "fresh") as other:
        report = import_reviews(other, tmp_path / "r.csv")
        assert (report.n_new_proposals, report.new_people) == (1, ("pat", "ada", "bo", "jude"))
        assert asked_on(other, 5)[0].origin is Origin.PROPOSED
        assert stands(other) == stands(ws)
        assert record_of(other) == record_of(ws)
        assert import_reviews(other, tmp_path / "r.csv").n_new_proposals == 0


def test_a_proposal_alone_is_a_case_elsewhere(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    pat = add_person(ws, "pat", [Role.PROPOSER])
    propose_class(ws, pat, "img_5.png", 0, "a ring", key=new_key())
    export_reviews(ws, tmp_path / "r.jsonl")
    with fresh_workspace(benchmark, tmp_path / "fresh", predicted=False) as other:
        assert import_reviews(other, tmp_path / "r.jsonl").n_cases == 1
        assert asked_on(other, 5)[0] == asked_on(ws, 5)[0]
