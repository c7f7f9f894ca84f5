"""What became of an item: shown when it is settled, to those who answered it, where the protocol allows it."""

from __future__ import annotations

import pytest

from regrade.errors import NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Purpose
from regrade.records.users import User
from regrade.store import decisions, reveals, reviews, screens
from regrade.workflow.cases import make_cases
from regrade.workflow.media import item_token
from regrade.workflow.outcomes import list_past, reveal_outcome
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import flag, give, give_kind, predict, set_protocol, undo

CORRECT, WRONG, UNCLEAR = Verdict.CORRECT, Verdict.WRONG, Verdict.UNCLEAR
NOTHING = "nothing to see of this item yet"


@pytest.fixture
def shown(ws: Workspace, people: dict[str, User]) -> str:
    """The protocol reveals; one case, dough on item 0, a bagel. The item's token."""
    set_protocol(ws, reveal=True)
    predict(ws, "gamma", {0: 1})
    return item_token(ws, "main", 0)


def test_without_leave_of_the_protocol_nothing_is_shown(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: CORRECT})
    with pytest.raises(NotFoundError, match="shows its reviewers no outcomes"):
        list_past(ws, people["ada"])
    with pytest.raises(NotFoundError, match="shows its reviewers no outcomes"):
        reveal_outcome(ws, people["ada"], item_token(ws, "main", 0))


def test_an_item_opens_once_the_panel_is_done_with_it(ws: Workspace, people: dict[str, User], shown: str) -> None:
    assert list_past(ws, people["ada"]) == ()
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    (row,) = list_past(ws, people["ada"])
    assert (row.token, row.settled, row.seen) == (shown, False, False)
    with pytest.raises(NotFoundError, match=NOTHING):
        reveal_outcome(ws, people["ada"], shown)
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT})
    assert list_past(ws, people["ada"])[0].settled
    outcome = reveal_outcome(ws, people["ada"], shown)
    assert list_past(ws, people["ada"])[0].seen
    assert not outcome.problematic
    # alpha says dough, beta pretzel, gamma dough; only dough is a case of gamma's, and the label rides along
    assert [(row.named.name, row.n_models) for row in outcome.classes] == [("dough", 2), ("bagel", 0)]
    assert [(row.reviewer, row.is_own, row.verdict) for row in outcome.classes[0].answers] == [
        ("ada", True, "correct"),
        ("bo", False, "correct"),
    ]
    assert [row.verdict for row in outcome.classes[0].decisions] == [CORRECT]
    assert [(row.model, row.choices[0].named.name) for row in outcome.rankings] == [
        ("alpha", "dough"),
        ("beta", "pretzel"),
        ("gamma", "dough"),
    ]


def test_nobody_else_is_shown_it(ws: Workspace, people: dict[str, User], shown: str) -> None:
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: CORRECT})
    with pytest.raises(NotFoundError, match=NOTHING):
        reveal_outcome(ws, people["root"], shown)


def test_a_second_pass_keeps_it_closed_until_its_end(ws: Workspace, people: dict[str, User], shown: str) -> None:
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: WRONG})
    with pytest.raises(NotFoundError, match=NOTHING):
        reveal_outcome(ws, people["ada"], shown)
    for name in ("ada", "bo"):
        give_kind(ws, people[name], "minor")
    outcome = reveal_outcome(ws, people["ada"], shown)
    assert [(row.pass_, row.severity) for row in outcome.classes[0].decisions] == [
        (Pass.VERDICT, None),
        (Pass.KIND, "minor"),
    ]


def test_a_problematic_item_is_shown_as_such(ws: Workspace, people: dict[str, User], shown: str) -> None:
    for name in ("ada", "bo"):
        flag(ws, people[name])
    outcome = reveal_outcome(ws, people["bo"], shown)
    assert outcome.problematic
    assert [(row.reviewer, row.is_own) for row in outcome.problematic_answers] == [("bo", True), ("ada", False)]


def test_undoing_after_a_look_is_marked_and_so_is_the_new_answer(
    ws: Workspace, people: dict[str, User], shown: str
) -> None:
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT})
    reveal_outcome(ws, people["bo"], shown)
    undo(ws, people["bo"])
    give(ws, people["bo"], {0: CORRECT, 1: UNCLEAR})
    with ws.store.read() as tx:
        rows = reviews.list_item_reviews(tx, "main", 0)
        seen = reveals.list_reveals(tx, "main", 0)
        current = decisions.list_current_decisions(tx, "main", item=0)
        marks = reviews.list_withdrawals(tx, "main", 0)
    assert [(row.reviewer, row.withdrawn, row.revealed) for row in rows] == [
        ("ada", False, False),
        ("ada", False, False),
        ("bo", True, False),
        ("bo", True, False),
        ("bo", False, True),
        ("bo", False, True),
    ]
    assert [(row.reviewer, row.pass_) for row in seen] == [("bo", Pass.VERDICT), ("bo", Pass.KIND)]
    assert [(mark.reviewer, mark.revealed) for mark in marks] == [("bo", True)]
    assert {row.class_id for row in current} == {0}  # dough is disputed now


def test_undoing_before_a_look_is_not_marked(ws: Workspace, people: dict[str, User], shown: str) -> None:
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    undo(ws, people["ada"])
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    with ws.store.read() as tx:
        rows = reviews.list_item_reviews(tx, "main", 0)
        marks = reviews.list_withdrawals(tx, "main", 0)
    assert not any(row.revealed for row in rows)
    assert [mark.revealed for mark in marks] == [False]


def test_who_is_at_the_item_again_is_not_shown_it(ws: Workspace, people: dict[str, User], shown: str) -> None:
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT, 1: CORRECT})
    predict(ws, "delta", {0: 2})
    load_queue(ws, people["ada"], Pass.VERDICT)
    assert [row.settled for row in list_past(ws, people["ada"])] == [False]
    with pytest.raises(NotFoundError, match=NOTHING):
        reveal_outcome(ws, people["ada"], shown)


def test_one_walks_from_outcome_to_outcome(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, reveal=True, n_reviewers=1)
    predict(ws, "gamma", {0: 1, 3: 2, 5: 3})
    for _ in range(3):
        give(ws, people["ada"], dict.fromkeys(range(4), CORRECT))
    newest, middle, oldest = (row.token for row in list_past(ws, people["ada"]))
    assert (reveal_outcome(ws, people["ada"], middle).newer, reveal_outcome(ws, people["ada"], middle).older) == (
        newest,
        oldest,
    )
    assert (reveal_outcome(ws, people["ada"], newest).newer, reveal_outcome(ws, people["ada"], oldest).older) == (
        None,
        None,
    )


def test_gold_is_looked_back_on_as_an_item_that_is_never_settled(ws: Workspace, people: dict[str, User]) -> None:
    """Were it left out, or settled at once whatever is said, its reviewer could tell it and answer once more."""
    set_protocol(ws, reveal=True, n_reviewers=1, gold_share=0.5)
    make_cases(ws)
    everything = dict.fromkeys(range(4), CORRECT)
    while load_queue(ws, people["ada"], Pass.VERDICT).screens:
        give(ws, people["ada"], everything)
    predict(ws, "gamma", {item: 0 for item in range(2, 7) if item != 3} | {1: 3})
    met: dict[str | None, Purpose] = {}
    while rows := load_queue(ws, people["bo"], Pass.VERDICT).screens:
        with ws.store.read() as tx:
            met[rows[0].media] = screens.load_screen(tx, rows[0].id).purpose
        give(ws, people["bo"], everything)
    past = list_past(ws, people["bo"])
    assert [row.token for row in past] == list(met)[::-1]
    assert {(met[row.token], row.settled) for row in past} == {(Purpose.GOLD, False), (Purpose.PANEL, True)}
    for token, purpose in met.items():
        if purpose is Purpose.GOLD:
            with pytest.raises(NotFoundError, match=NOTHING):
                reveal_outcome(ws, people["bo"], str(token))
