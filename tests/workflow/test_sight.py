"""What a reviewer sees beside the classes: each blind switched off shows its own, and nothing of the other three."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Protocol, Purpose
from regrade.records.users import Role, User
from regrade.store import protocols, screens
from regrade.workflow.cases import make_cases
from regrade.workflow.model_votes import ModelVote
from regrade.workflow.predictions import import_predictions
from regrade.workflow.propose import propose_class
from regrade.workflow.protocols import edit_protocol, load_version
from regrade.workflow.review import ReviewScreen, load_queue
from regrade.workflow.sight import ClassSight, PeerAnswer
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.workflow.conftest import (
    flag,
    give,
    give_kind,
    item_of,
    new_key,
    pass_a_day,
    predict,
    send,
    set_protocol,
    verdicts,
)

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
Folk = dict[str, User]
ALPHA, BETA = ModelVote("alpha", None), ModelVote("beta", None)
SEEN: dict[str, dict[str, list[Any]]] = {
    # Item 0 by class 0..3: its label, alpha's class, beta's class, and the one that is proposed.
    "blind_roles": {"role": ["label", "predicted", "predicted", "neither"]},
    "blind_model": {"models": [(), (ALPHA,), (BETA,), ()]},
    "blind_peers": {"peers": [(PeerAnswer("bo", verdict, "", ""),) for verdict in ("correct", "unclear", "wrong")]},
    "blind_suggestions": {"suggestions": [(), (), (), ("look at the crust",)]},
}


def screen_of(ws: Workspace, user: User, item: int = 0) -> ReviewScreen:
    """The reviewer's screen of an item, of all that are dealt."""
    return next(row for row in load_queue(ws, user, Pass.VERDICT).screens if item_of(ws, row) == item)


def seen_on(ws: Workspace, user: User, item: int = 0) -> dict[int, ClassSight]:
    """What is shown beside the classes of an item, by class."""
    screen = screen_of(ws, user, item)
    assert screen.sight is not None
    assert [row.class_id for row in screen.sight.classes] == [card.class_id for card in screen.cards]
    return {row.class_id: row for row in screen.sight.classes}


@pytest.fixture
def busy(ws: Workspace, people: Folk) -> None:
    """Four cases; bo has judged classes 0, 1 and 2 of item 0; then somebody from outside proposed class 3 for it."""
    make_cases(ws)
    given = {0: CORRECT, 1: UNCLEAR, 2: WRONG}
    screen = screen_of(ws, people["bo"])
    send(ws, people["bo"], screen, verdicts(screen, given))
    pat = add_person(ws, "pat", [Role.PROPOSER])
    propose_class(ws, pat, "img_0.png", 3, "look at the crust", key=new_key())


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("blind", SEEN)
def test_one_blind_that_is_off_shows_its_own_and_nothing_of_the_others(ws: Workspace, people: Folk, blind: str) -> None:
    set_protocol(ws, **{blind: False})
    seen = seen_on(ws, people["ada"])
    ((field, expected),) = SEEN[blind].items()
    if field == "peers":
        expected = [*expected, ()]  # bo was not asked about what was proposed later
    assert [getattr(seen[class_id], field) for class_id in range(4)] == expected
    for other in {"role", "models", "peers", "suggestions"} - {field}:
        assert {getattr(row, other) for row in seen.values()} == {None}, other
    sight = screen_of(ws, people["ada"]).sight
    assert sight is not None
    assert sight.n_models == (2 if field == "models" else None)
    assert "pat" not in repr(sight)


@pytest.mark.usefixtures("busy")
def test_with_all_blinds_on_there_is_nothing_to_see(ws: Workspace, people: Folk) -> None:
    assert screen_of(ws, people["ada"]).sight is None


def test_only_a_probability_is_shown_as_one(ws: Workspace, people: Folk) -> None:
    set_protocol(ws, blind_model=False)
    logits = np.zeros((8, 4), np.float32)
    logits[np.arange(8), [1, 0, 1, 1, 2, 2, 3, 3]] = np.log(7)  # of item 0: class 1; softmax: 7 / (7 + 3) = 0.7
    np.save(ws.folder / "gamma.npy", logits)
    import_predictions(ws, [("gamma", ws.folder / "gamma.npy")])
    make_cases(ws)
    surest, other = seen_on(ws, people["ada"])[1].models or ()
    assert surest.model == "gamma"
    assert surest.confidence == pytest.approx(0.7)
    assert other == ALPHA


def test_peers_are_others_and_only_what_still_counts(ws: Workspace, people: Folk) -> None:
    set_protocol(ws, blind_peers=False, n_reviewers=3)
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT})
    flag(ws, people["bo"])
    seen = seen_on(ws, people["root"])
    expected = {
        class_id: [("ada", verdict), ("bo", "problematic")] for class_id, verdict in ((0, "correct"), (1, "wrong"))
    }
    assert {key: [(row.reviewer, row.verdict) for row in seen[key].peers or ()] for key in seen} == expected


def test_the_second_pass_shows_models_and_what_kind_others_said(ws: Workspace, people: Folk) -> None:
    set_protocol(ws, blind_model=False, blind_peers=False, blind_roles=False)
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: CORRECT})
    give_kind(ws, people["ada"], "minor")
    (screen,) = load_queue(ws, people["bo"], Pass.KIND).screens
    assert screen.sight is not None
    (row,) = screen.sight.classes
    assert row.peers == (PeerAnswer("ada", "", "fine-grained", "minor"),)
    assert [vote.model for vote in row.models or ()] == ["alpha", "gamma"]
    assert row.role is None  # the page of this pass tells it by itself


def test_gold_shows_no_answers_whatever_the_protocol_says(ws: Workspace, people: Folk) -> None:
    """One that says so is refused when it is made."""
    make_cases(ws)
    both = Protocol(n_reviewers=1, blind_peers=False, blind_roles=False, gold_share=0.5)
    at = load_version(ws).created_at
    with ws.store.write() as tx:
        protocols.save_protocol(tx, both, author="root", reason="r", at=at)
    while load_queue(ws, people["ada"], Pass.VERDICT).screens:
        give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    predict(ws, "gamma", {item: 0 for item in range(2, 7) if item != 3} | {1: 3})
    purposes = set()
    while rows := load_queue(ws, people["bo"], Pass.VERDICT).screens:
        with ws.store.read() as tx:
            purpose = screens.load_screen(tx, rows[0].id).purpose
        purposes.add(purpose)
        assert rows[0].sight is not None
        assert {(row.role is None, row.peers) for row in rows[0].sight.classes} == {(False, ())}
        give(ws, people["bo"], {})
    assert purposes == {Purpose.GOLD, Purpose.PANEL}  # and ada has answered all of the gold


def test_a_screen_shows_no_more_than_the_version_it_was_dealt_under(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    give(ws, people["ada"], {})
    assert screen_of(ws, people["bo"], 0).sight is None
    report = edit_protocol(ws, {"blind_roles": False}, by="root", reason="we want to see")
    assert report.is_new
    assert screen_of(ws, people["bo"], 0).sight is None
    pass_a_day(ws)
    assert screen_of(ws, people["root"], 0).sight is not None  # dealt under the new one


def test_a_later_screen_of_an_item_does_not_tell_what_an_earlier_one_hid(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    give(ws, people["ada"], {})
    earlier = screen_of(ws, people["bo"], 0)
    edit_protocol(ws, {"blind_roles": False}, by="root", reason="we want to see")
    predict(ws, "delta", {0: 2, 4: 3})  # one more class for item 0, which comes back
    shown = {row.id: row for row in load_queue(ws, people["bo"], Pass.VERDICT).screens}
    later = [row for row in shown.values() if item_of(ws, row) == 0 and row.id != earlier.id]
    assert [sorted(card.class_id for card in row.cards) for row in later] == [[0, 1, 2]]
    assert [row.sight for row in later] == [None]
    send(ws, people["bo"], earlier, verdicts(earlier, {}))
    assert screen_of(ws, people["bo"], 0).sight is None  # the answer can still be undone, and given anew
    assert screen_of(ws, people["bo"], 4).sight is not None  # new to bo


def test_a_blind_that_is_switched_on_holds_at_once_and_the_record_stays_true(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1})
    edit_protocol(ws, {"blind_roles": False}, by="root")
    assert screen_of(ws, people["ada"]).sight is not None
    report = edit_protocol(ws, {"blind_roles": True}, by="root", reason="back to blind")
    assert (report.version.number, report.is_new) == (2, True)  # ada has seen the roles under 1
    screen = screen_of(ws, people["ada"])
    assert screen.sight is None
    give(ws, people["ada"], {})
    with ws.store.read() as tx:
        assert screens.load_screen(tx, screen.id).protocol == 1
    assert load_version(ws, 1).content.blind_roles is False
    assert load_version(ws, 1).first_review_at is not None


def test_what_is_answered_while_results_are_open_claims_no_blindness(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    give(ws, people["ada"], {})
    screen = screen_of(ws, people["bo"])
    edit_protocol(ws, dict.fromkeys(("blind_model", "blind_roles", "blind_peers"), False), by="root", reason="look")
    edit_protocol(ws, {"blind_suggestions": False}, by="root", reason="at everything")
    send(ws, people["bo"], screen, verdicts(screen, {}))
    with ws.store.read() as tx:
        assert screens.load_screen(tx, screen.id).protocol == 2  # bo's was dealt under 1, and 2 was changed in place
    assert load_version(ws, 2).first_review_at is not None


def test_what_is_answered_while_one_blind_is_on_goes_by_the_version_it_was_dealt_under(
    ws: Workspace, people: Folk
) -> None:
    predict(ws, "gamma", {0: 1, 3: 2})
    give(ws, people["ada"], {})
    screen = screen_of(ws, people["bo"])
    edit_protocol(ws, dict.fromkeys(("blind_model", "blind_roles", "blind_peers"), False), by="root", reason="look")
    send(ws, people["bo"], screen, verdicts(screen, {}))
    with ws.store.read() as tx:
        assert screens.load_screen(tx, screen.id).protocol == 1
