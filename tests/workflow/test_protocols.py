"""Versions of the protocol: from the file, from an admin, and what follows."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import text

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Protocol, QuestionStatus
from regrade.records.users import User
from regrade.store import journal, protocols, settings
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.labels import resolve_labels
from regrade.workflow.media import item_token
from regrade.workflow.protocols import edit_protocol, is_in_use, list_versions, load_version
from regrade.workflow.publish import publish_labels
from regrade.workflow.review import load_queue
from regrade.workflow.settings import SETTINGS_FILE
from regrade.workflow.workspace import Workspace, open_workspace
from tests.workflow.conftest import answer_all, asked_on, decided, give, new_key, predict, set_protocol, undo

CORRECT, WRONG = Verdict.CORRECT, Verdict.WRONG
Folk = dict[str, User]


def numbers(ws: Workspace) -> list[int]:
    return [row.number for row in list_versions(ws)]


def lines_of(ws: Workspace, action: str) -> list[dict[str, object]]:
    with ws.store.read() as tx:
        return [line.facts for line in journal.list_lines(tx, actions=[action])]


def test_the_file_is_the_first_version(ws: Workspace) -> None:
    (version,) = list_versions(ws)
    assert (version.number, version.content, version.author) == (1, Protocol(), "regrade.toml")
    assert load_version(ws) == load_version(ws, 1) == version
    assert lines_of(ws, "protocol.take_over") == [{"protocol": 1, "reason": "as the workspace began"}]
    with pytest.raises(NotFoundError, match="no protocol 2"):
        load_version(ws, 2)


def test_what_changes_in_the_file_is_the_next_version(ws: Workspace) -> None:
    assert numbers(ws) == [1]
    set_protocol(ws, n_reviewers=3)
    assert ws.protocol.n_reviewers == 3  # it holds before anybody has taken it over
    assert numbers(ws) == [1, 2]
    assert list_versions(ws)[1].reason == "regrade.toml was edited"
    with open_workspace(ws.folder) as again:
        assert numbers(again) == [1, 2]


def test_a_process_that_read_the_file_earlier_does_not_bring_it_back(ws: Workspace) -> None:
    """A server runs while somebody edits the file and uses the command line: two processes, two readings of it."""
    assert numbers(ws) == [1]
    with open_workspace(ws.folder) as other:
        set_protocol(other, n_reviewers=3)
        assert numbers(other) == [1, 2]
        assert ws.settings.protocol.n_reviewers == 2
        assert numbers(ws) == [1, 2]
        assert ws.protocol.n_reviewers == 3
        assert numbers(other) == [1, 2]


def test_a_file_that_somebody_is_writing_changes_nothing(ws: Workspace) -> None:
    assert numbers(ws) == [1]
    with open_workspace(ws.folder) as other:
        set_protocol(other, n_reviewers=3)
        assert numbers(other) == [1, 2]
    (ws.folder / SETTINGS_FILE).write_text("[protocol]\nreviewers = ")
    assert ws.protocol.n_reviewers == 3


def test_an_admin_edits_in_place_until_somebody_answers(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    report = edit_protocol(ws, {"reviewers": 3, "blind_peers": False}, by="root")
    assert (report.version.number, report.is_new) == (1, False)
    assert report.changes == {"n_reviewers": (2, 3), "blind_peers": (True, False)}
    assert report.version.reason == "as the workspace began"
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    assert load_version(ws).first_review_at is not None
    with pytest.raises(InputError, match="a reason for the new version"):
        edit_protocol(ws, {"reviewers": 1}, by="root", reason=" ")
    report = edit_protocol(ws, {"reviewers": 1}, by="root", reason="two fell ill")
    assert (report.version.number, report.version.author, report.is_new) == (2, "root", True)
    assert report.version.reason == "two fell ill"
    assert load_version(ws, 1).content.n_reviewers == 3
    assert load_version(ws).content == Protocol(n_reviewers=1, blind_peers=False)
    assert [line["is_new"] for line in lines_of(ws, "protocol.edit")] == [False, True]


def test_showing_peers_after_gold_was_dealt_is_a_new_version(ws: Workspace, people: Folk) -> None:
    """What was dealt under the one before goes on hiding them: else gold could be told from it."""
    predict(ws, "gamma", {0: 1, 3: 2})
    give(ws, people["ada"], {0: CORRECT})
    edit_protocol(ws, {"gold_share": 0.5}, by="root", reason="to measure")
    shown = {"gold_share": 0, "blind_peers": False}
    load_queue(ws, people["bo"], Pass.VERDICT)
    with pytest.raises(InputError, match="a reason for the new version"):
        edit_protocol(ws, shown, by="root")
    assert edit_protocol(ws, shown, by="root", reason="we want to see").version.number == 3


def test_an_answer_that_was_undone_was_given_under_it(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT})
    undo(ws, people["ada"])
    assert edit_protocol(ws, {"rule": "majority"}, by="root", reason="r").is_new


def test_an_edit_outlives_the_file_until_the_file_changes(ws: Workspace) -> None:
    edit_protocol(ws, {"reviewers": 5}, by="root")
    with open_workspace(ws.folder) as again:
        assert again.protocol.n_reviewers == 5
        set_protocol(again, rule="majority")
        # The file says all that it says: 2 reviewers too.
        assert again.protocol == Protocol(rule="majority")
        assert numbers(again) == [1, 2]


def test_the_same_again_is_no_change(ws: Workspace) -> None:
    before = load_version(ws)
    report = edit_protocol(ws, {"reviewers": 2, "rule": "unanimous"}, by="root", reason="r")
    assert (report.version, report.changes, report.is_new) == (before, {}, False)
    set_protocol(ws, n_reviewers=4)
    edit_protocol(ws, {"reviewers": 2}, by="root", reason="r")
    assert lines_of(ws, "protocol.edit") == [
        {"protocol": 2, "changes": {"n_reviewers": [4, 2]}, "is_new": False, "reason": "r"}
    ]


@pytest.mark.parametrize("values", [{"reviewers": 0}, {"blind": True}, {"gold_share": 0.9}])
def test_what_cannot_be_changes_nothing(ws: Workspace, values: dict[str, object]) -> None:
    before = load_version(ws)
    with pytest.raises(InputError, match=re.escape(f"protocol.{next(iter(values))}")):
        edit_protocol(ws, values, by="root")
    assert list_versions(ws) == (before,)


def test_a_form_for_another_version_changes_nothing(ws: Workspace) -> None:
    assert numbers(ws) == [1]
    set_protocol(ws, n_reviewers=3)
    with pytest.raises(ConflictError, match=r"Protocol 2 was made while you edited protocol 1"):
        edit_protocol(ws, {"reviewers": 1}, by="root", expected=1)
    assert load_version(ws).content.n_reviewers == 3
    assert edit_protocol(ws, {"reviewers": 1}, by="root", expected=2).version.number == 2


def test_a_reason_has_an_end(ws: Workspace) -> None:
    with pytest.raises(InputError, match="at most 10,000 characters"):
        edit_protocol(ws, {"reviewers": 1}, by="root", reason="x" * 10_001)


def test_an_edit_settles_at_once_what_it_can(ws: Workspace, people: Folk) -> None:
    edit_protocol(ws, {"reviewers": 3}, by="root")
    predict(ws, "gamma", {0: 1})
    for name, verdict in (("ada", WRONG), ("bo", CORRECT), ("root", CORRECT)):
        give(ws, people[name], {0: CORRECT, 1: verdict})
    assert asked_on(ws, 0)[1].status is QuestionStatus.DISPUTED
    edit_protocol(ws, {"rule": "majority"}, by="root", reason="r")
    assert decided(ws)[0, 1].verdict is CORRECT
    (line,) = lines_of(ws, "protocol.apply")
    assert line == {"protocol": 2, "changes": {"rule": ["unanimous", "majority"]}}


def test_a_screen_remembers_its_version_and_the_published_labels_name_all(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    edit_protocol(ws, {"blind_roles": False}, by="root", reason="show them")
    load_queue(ws, people["bo"], Pass.VERDICT)
    with ws.store.read() as tx:
        dealt = tx.execute(text("SELECT u.name, s.protocol FROM screens s JOIN users u ON u.id = s.reviewer")).all()
    # ada was dealt both items under the first version
    assert sorted(tuple(row) for row in dealt) == [("ada", 1), ("ada", 1), ("bo", 2), ("bo", 2)]
    answer_all(ws, people["bo"], {0: {0: CORRECT, 1: CORRECT}, 3: {1: CORRECT}})
    answer_all(ws, people["ada"], {0: {0: CORRECT, 1: CORRECT}, 3: {1: CORRECT}})
    edit_protocol(ws, {"reveal": True}, by="root", reason="nobody answered under it")
    publish_labels(ws, by="root", reason="r")
    (line,) = lines_of(ws, "labels.publish")
    assert line["protocols"] == [1, 2]
    assert line["protocol"]["reveal"] is True  # type: ignore[index] # the content as it was then
    assert resolve_labels(ws).ref == "original@2"


def test_a_workspace_from_before_there_were_versions(ws: Workspace, people: Folk) -> None:
    """It kept "2 unanimous" as what was applied, and has answers: the first version stays as it is."""
    make_cases(ws)
    give(ws, people["ada"], {})
    with ws.store.write() as tx:
        tx.execute(text("UPDATE screens SET protocol = NULL"))
        tx.execute(text("DELETE FROM protocols"))
        tx.execute(text("DELETE FROM settings WHERE name LIKE 'protocol%'"))
        settings.save_setting(tx, "protocol applied", "2 unanimous")
    assert load_version(ws).first_review_at is not None
    load_queue(ws, people["ada"], Pass.VERDICT)
    assert edit_protocol(ws, {"rule": "majority"}, by="root", reason="r").version.number == 2
    (line,) = lines_of(ws, "protocol.apply")
    assert line == {"protocol": 2, "changes": {"rule": ["unanimous", "majority"]}}


def test_a_protocol_of_an_older_program_lacks_what_it_did_not_know(ws: Workspace) -> None:
    """A field that comes with a newer program takes its default, and is no change of the file."""
    assert numbers(ws) == [1]
    with ws.store.write() as tx:
        tx.execute(text("UPDATE protocols SET content = :old"), {"old": json.dumps({"n_reviewers": 2})})
        for name in ("protocol of the file", "protocol applied"):
            settings.save_setting(tx, name, json.dumps({"n_reviewers": 2}))
    assert load_version(ws).content == Protocol()
    assert numbers(ws) == [1]
    with ws.store.read() as tx:
        assert protocols.load_newest(tx) is not None


def test_votes_and_decisions_are_made_under_a_version_too(ws: Workspace, people: Folk) -> None:
    """Reviewed under 1, voted on under 2, decided by the votes that are in under 3."""
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: WRONG})
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT})
    edit_protocol(ws, {"adjudication": "vote", "adjudicators": 3}, by="root", reason="three")
    report = edit_protocol(ws, {"adjudicators": 5}, by="root", reason="five")
    assert (report.version.number, report.is_new) == (2, False)
    assert not is_in_use(ws, report.version)
    token = item_token(ws, "main", 0)
    adjudicate(ws, people["jude"], token, Pass.VERDICT, Adjudication({1: WRONG}, reason="baked"), key=new_key())
    assert is_in_use(ws, load_version(ws))
    with pytest.raises(InputError, match="a reason for the new version"):
        edit_protocol(ws, {"adjudication": "single"}, by="root")
    assert edit_protocol(ws, {"adjudication": "single"}, by="root", reason="in a hurry").version.number == 3
    publish_labels(ws, by="root", reason="r")
    (line,) = lines_of(ws, "labels.publish")
    # 1: the label's own class was settled by the reviewers; 3: the vote became a decision
    assert line["protocols"] == [1, 3]
