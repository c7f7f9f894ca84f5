"""A panel that votes and reopens decisions, handed on: what waits there waits here, and comes to the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from regrade.records.exchange import PanelEntry
from regrade.records.grades import Grade
from regrade.records.labels import Verdict
from regrade.records.panel import KindAnswer, Pass, QuestionStatus
from regrade.records.users import Role, User
from regrade.store import ballots
from regrade.workflow.accounts import list_users
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import list_cases, make_cases
from regrade.workflow.disputes import REOPENED, list_disputes, load_dispute, load_votes
from regrade.workflow.export_reviews import export_reviews
from regrade.workflow.grade import grade_models
from regrade.workflow.import_reviews import ReviewsReport, import_reviews
from regrade.workflow.labels import resolve_labels
from regrade.workflow.media import item_token
from regrade.workflow.publish import publish_labels
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.workflow.conftest import asked_on, decided, give_kind, new_key, set_protocol
from tests.workflow.elsewhere import fresh_workspace, judge_first_pass, record_of, row_counts, stands

C, U, W = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
JUDGES = ("jude", "kim", "lou")
Folk = dict[str, User]


@pytest.fixture
def folk(ws: Workspace, people: Folk) -> Folk:
    """Three adjudicators vote beside ada and bo."""
    return people | join(ws)


@pytest.fixture
def other(benchmark: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace with the same adjudicators."""
    with fresh_workspace(benchmark, tmp_path / "fresh") as fresh:
        make_cases(fresh)
        join(fresh)
        yield fresh


def join(ws: Workspace) -> Folk:
    set_protocol(ws, adjudication="vote", n_adjudicators=3)
    known = {user.name: user for user in list_users(ws)}
    for name in JUDGES:
        known[name] = known.get(name) or add_person(ws, name, [Role.ADJUDICATOR])
    return known


def vote(ws: Workspace, name: str, item: int, said: dict[int, Verdict] | None) -> None:
    """An adjudicator's verdicts; None: the item is problematic."""
    word = Adjudication(said or {}, problematic=said is None, reason=f"{name} looked")
    adjudicate(ws, join(ws)[name], item_token(ws, "main", item), Pass.VERDICT, word, key=new_key())


def vote_kind(ws: Workspace, name: str, item: int, severity: str) -> None:
    word = Adjudication({}, kinds=(KindAnswer(2, "fine-grained", severity),), reason=f"{name} looked")
    adjudicate(ws, join(ws)[name], item_token(ws, "main", item), Pass.KIND, word, key=new_key())


def take_back(ws: Workspace, item: int, class_id: int | None, pass_: Pass = Pass.VERDICT) -> None:
    user, token = join(ws)["jude"], item_token(ws, "main", item)
    reopen(ws, user, SeenDecision(token, pass_, class_id), reason="look again", key=new_key())


def judge(ws: Workspace, folk: Folk) -> None:
    """Both passes: item 7 is problematic by two votes, (3, 2) wrong by two of three, its kind by two votes."""
    make_cases(ws)
    for name in ("ada", "bo"):
        judge_first_pass(ws, folk[name])
    for name in ("jude", "kim"):
        vote(ws, name, 7, None)
    for name, said in (("jude", W), ("kim", C), ("lou", W)):
        vote(ws, name, 3, {2: said})
    for name, severity in (("ada", "major"), ("bo", "minor")):
        while load_queue(ws, folk[name], Pass.KIND).screens:
            give_kind(ws, folk[name], severity)
    for name in ("jude", "kim"):
        vote_kind(ws, name, 3, "minor")


def look_again(ws: Workspace) -> None:
    """Reopened: that (0, 1) is correct, that item 7 is problematic, and what kind of mistake (3, 2) is.

    jude has voted on what waits of items 0 and 7; of item 0 he names a class that nobody has asked about, 3.
    """
    take_back(ws, 0, 1)
    take_back(ws, 7, None)
    take_back(ws, 3, 2, Pass.KIND)
    vote(ws, "jude", 0, {1: W, 3: W})
    vote(ws, "jude", 7, {0: U, 3: C})
    vote_kind(ws, "jude", 3, "major")


def settle(ws: Workspace) -> None:
    """The second vote on everything: (0, 1) wrong after all, item 7 usable, (3, 2) a major mistake."""
    vote(ws, "kim", 0, {1: W, 3: W})
    vote(ws, "kim", 7, {0: U, 3: C})
    vote_kind(ws, "kim", 3, "major")


class Waiting(NamedTuple):
    """One dispute as adjudicators see it."""

    item_id: str
    pass_: Pass
    reason: str
    classes: tuple[str, ...]
    n_votes: int
    own: dict[int, str]
    reopened: list[tuple[str, str, str]]


def waits(ws: Workspace) -> list[Waiting]:
    """All that waits for adjudicators, as jude sees it."""
    jude = join(ws)["jude"]
    found = []
    for row in list_disputes(ws, user=jude):
        dispute = load_dispute(ws, row.token, row.pass_, user=jude)
        own = {shown.card.class_id: shown.own for shown in dispute.classes}
        back = [(note.class_name, note.author, note.reason) for note in dispute.reopened]
        found.append(Waiting(row.item_id, row.pass_, row.reason, row.class_names, row.poll.n_votes, own, back))
    return found


def votes(ws: Workspace) -> list[tuple[str, int, int | None, Pass, str]]:
    """Those that count."""
    with ws.store.read() as tx:
        places = {(row.item, row.pass_) for row in ballots.list_ballots(tx, "main")}
        rows = [row for place in sorted(places) for row in load_votes(tx, "main", *place)]
    return [(row.voter, row.item, row.class_id, row.pass_, f"{row.verdict} {row.severity}") for row in rows]


def end(ws: Workspace) -> tuple[str, tuple[Grade, ...]]:
    """Digest of the newest labels, and the grades by them, whatever their version is called."""
    return resolve_labels(ws).digest, tuple(replace(grade, labels="") for grade in grade_models(ws))


def hand_on(ws: Workspace, other: Workspace, folder: Path) -> ReviewsReport:
    """Export from the one, and import into the other: twice, the second time in vain."""
    export_reviews(ws, folder / "panel.csv")
    report = import_reviews(other, folder / "panel.csv")
    counts = row_counts(other)
    again = import_reviews(other, folder / "panel.csv")
    assert (again.n_new_reviews, again.n_new_votes, again.n_new_decisions, again.n_undone) == (0, 0, 0, 0)
    assert row_counts(other) == counts
    return report


def check_same(ws: Workspace, other: Workspace) -> None:
    assert stands(other) == stands(ws)
    assert list_cases(other) == list_cases(ws)
    assert waits(other) == waits(ws)
    assert votes(other) == votes(ws)
    # What was shown of labels that were published there is here the version that stands for them.
    assert _without_labels(record_of(other)) == _without_labels(record_of(ws))


def _without_labels(entries: Iterable[PanelEntry]) -> list[PanelEntry]:
    return [replace(entry, labels=None) for entry in entries]


@pytest.mark.parametrize("is_published", [False, True], ids=["before", "after"])
def test_what_was_reopened_waits_and_comes_to_the_same(
    ws: Workspace, folk: Folk, other: Workspace, tmp_path: Path, is_published: bool
) -> None:
    """Reopened before or after it was published; handed on while it waits, and once more when it is decided."""
    judge(ws, folk)
    if is_published:
        publish_labels(ws, by="root", reason="first round")
    look_again(ws)
    # (0, 3), which ada added, was disputed before; (7, 0) and (7, 3) wait with their item.
    assert [(row.item_id, row.classes, row.n_votes) for row in waits(ws)] == [
        ("img_0.png", ("dough", "bun"), 1),
        ("img_7.png", ("bagel", "bun"), 1),
        ("img_3.png", ("pretzel",), 1),
    ]
    report = hand_on(ws, other, tmp_path)
    assert report.n_cases == 1  # (0, 3): the models' cases were there
    # Both (0, 1) and item 7 stand in the other workspace's labels as they were published there.
    assert [row for row in report.warnings if "reopened" in row] == (
        ["Decisions that were published there and reopened since, and that no labels here carry: 2."]
        if is_published
        else []
    )
    check_same(ws, other)
    for found in (ws, other):
        settle(found)
    assert [decided(found)[0, 1].verdict for found in (ws, other)] == [W, W]
    assert all(decided(found)[7, None].usable for found in (ws, other))
    assert waits(other) == waits(ws)
    for found in (ws, other):
        publish_labels(found, by="root", reason="second round")
    assert end(other) == end(ws)


def test_what_was_decided_anew_is_taken_over_so(ws: Workspace, folk: Folk, other: Workspace, tmp_path: Path) -> None:
    judge(ws, folk)
    hand_on(ws, other, tmp_path)
    publish_labels(ws, by="root", reason="first round")
    look_again(ws)
    hand_on(ws, other, tmp_path)
    check_same(ws, other)
    settle(ws)
    publish_labels(ws, by="root", reason="second round")
    hand_on(ws, other, tmp_path)
    check_same(ws, other)
    publish_labels(other, by="root", reason="both rounds")
    assert end(other) == end(ws)


def test_a_class_that_only_a_vote_names_is_no_case(ws: Workspace, folk: Folk, other: Workspace, tmp_path: Path) -> None:
    judge(ws, folk)
    take_back(ws, 3, 2)
    vote(ws, "jude", 3, {2: W, 0: C})
    hand_on(ws, other, tmp_path)
    assert 0 not in asked_on(other, 3)
    vote(other, "kim", 3, {2: W, 0: C})
    assert decided(other)[3, 0].author == "jude, kim"


def test_whether_an_item_is_usable_may_be_all_that_waits(
    ws: Workspace, folk: Folk, other: Workspace, tmp_path: Path
) -> None:
    judge(ws, folk)
    take_back(ws, 7, None)
    for name in ("jude", "kim"):
        vote(ws, name, 7, {0: U, 3: C})
    take_back(ws, 7, None)  # that it is usable: its classes stay decided
    vote(ws, "jude", 7, {})
    hand_on(ws, other, tmp_path)
    assert waits(other)[-1] == Waiting(
        "img_7.png", Pass.VERDICT, REOPENED, (), 1, {0: "", 3: ""}, [("", "jude", "look again")]
    )
    check_same(ws, other)
    vote(other, "kim", 7, {})
    assert (decided(other)[7, None].usable, decided(other)[7, None].author) == (True, "jude, kim")


def test_what_was_said_before_a_reopening_counts_no_more_wherever_it_comes_from(
    ws: Workspace, folk: Folk, tmp_path: Path
) -> None:
    """eve called item 7 problematic long before that was taken back; her word comes in only now."""
    judge(ws, folk)
    take_back(ws, 7, None)
    file = tmp_path / "eve.csv"
    file.write_text("reviewer,id,class_id,problematic,created_at\neve,img_7.png,,1,2020-03-01T12:00:00Z\n")
    import_reviews(ws, file)
    assert (7, None) not in decided(ws)
    assert {row.status for row in asked_on(ws, 7).values()} == {QuestionStatus.DISPUTED}
