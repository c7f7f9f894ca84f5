"""Proposals: a blind case for the panel, and plain words for who sent it in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest

from regrade.errors import ConflictError, InputError, NotFoundError, PermissionDeniedError
from regrade.panel import ProposalState
from regrade.records.labels import Verdict
from regrade.records.panel import Origin, Pass
from regrade.records.users import Role, User
from regrade.workflow import propose
from regrade.workflow.accounts import change_roles, disable_user
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import list_cases, make_cases
from regrade.workflow.disputes import load_dispute
from regrade.workflow.item import load_item
from regrade.workflow.labels import use_labels
from regrade.workflow.media import item_token
from regrade.workflow.propose import ProposalView, find_proposed_item, list_proposals, propose_class
from regrade.workflow.publish import publish_labels
from regrade.workflow.receipts import Receipt
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace
from tests.people import add_person
from tests.workflow.conftest import (
    LABELS,
    asked_on,
    decided,
    flag,
    give,
    item_of,
    new_key,
    predict,
    send,
    set_protocol,
    undo,
    verdicts,
    write_labels,
)

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG


@pytest.fixture
def pat(ws: Workspace, people: dict[str, User]) -> User:
    """Somebody from outside."""
    return add_person(ws, "pat", [Role.PROPOSER])


def send_in(ws: Workspace, user: User, item: int, class_id: int, reason: str = "a bun, if you look closely") -> Receipt:
    """Propose a class for an item under a new key."""
    return propose_class(ws, user, f"img_{item}.png", class_id, reason, key=new_key())


def newest(ws: Workspace, user: User) -> ProposalView:
    """The user's last proposal."""
    return list_proposals(ws, user)[0]


def test_a_proposal_is_asked_blind_decided_and_published(ws: Workspace, people: dict[str, User], pat: User) -> None:
    """Item 4 has label 2; no model is wrong about it, so nobody was asked."""
    send_in(ws, pat, 4, 3)
    assert newest(ws, pat).state is ProposalState.UNDECIDED
    for name in ("ada", "bo"):
        (screen,) = load_queue(ws, people[name], Pass.VERDICT).screens
        assert sorted(card.class_id for card in screen.cards) == [2, 3]
        assert "look closely" not in str(asdict(screen))
        assert "pat" not in str(asdict(screen))
        send(ws, people[name], screen, verdicts(screen, {2: WRONG, 3: CORRECT}))
    assert {class_id: row.verdict for (_, class_id), row in decided(ws).items()} == {2: WRONG, 3: CORRECT}
    assert (newest(ws, pat).state, newest(ws, pat).verdict, newest(ws, pat).published_in) == (
        ProposalState.DECIDED,
        "correct",
        None,
    )
    publish_labels(ws, by="root", reason="a proposal")
    assert newest(ws, pat).published_in == "original@2"
    assert asdict(newest(ws, pat)) | {"created_at": None, "media": None} == {
        "item_id": "img_4.png",
        "media": None,
        "class_id": 3,
        "class_key": "k3",
        "class_name": "bun",
        "reason": "a bun, if you look closely",
        "created_at": None,
        "state": "decided",
        "verdict": "correct",
        "published_in": "original@2",
    }


def test_who_finds_an_item_learns_nothing_of_it(ws: Workspace, pat: User) -> None:
    found = find_proposed_item(ws, pat, "img_0.png")
    assert (found.item_id, found.media) == ("img_0.png", item_token(ws, "main", 0))
    assert set(asdict(found)) == {"item_id", "media"}
    with pytest.raises(NotFoundError, match=r"There is no item 'img_8\.png'"):
        find_proposed_item(ws, pat, "img_8.png")


def test_differing_reviewers_are_not_told(ws: Workspace, people: dict[str, User], pat: User) -> None:
    send_in(ws, pat, 4, 3)
    give(ws, people["ada"], {2: CORRECT, 3: CORRECT})
    give(ws, people["bo"], {2: CORRECT, 3: WRONG})
    assert asked_on(ws, 4)[3].status == "disputed"
    assert (newest(ws, pat).state, newest(ws, pat).verdict) == (ProposalState.UNDECIDED, None)
    (disputed,) = [row for row in load_dispute(ws, item_token(ws, "main", 4), Pass.VERDICT).classes if row.disputed]
    assert (disputed.card.class_id, disputed.role, disputed.n_models) == (3, "proposed", 0)
    assert disputed.proposal is not None
    assert (disputed.proposal.proposer, disputed.proposal.reason) == ("pat", "a bun, if you look closely")
    adjudication = Adjudication({3: UNCLEAR}, reason="could be either")
    adjudicate(ws, people["jude"], item_token(ws, "main", 4), Pass.VERDICT, adjudication, key=new_key())
    assert (newest(ws, pat).state, newest(ws, pat).verdict) == (ProposalState.DECIDED, "unclear")


def test_an_item_found_problematic_closes_the_proposal(ws: Workspace, people: dict[str, User], pat: User) -> None:
    send_in(ws, pat, 4, 3)
    flag(ws, people["ada"])
    flag(ws, people["bo"])
    assert (newest(ws, pat).state, newest(ws, pat).verdict) == (ProposalState.CLOSED, None)
    with pytest.raises(ConflictError, match=r"img_4\.png has been found problematic: nothing more is asked of it\."):
        send_in(ws, pat, 4, 1)


def test_what_is_known_gets_a_clear_answer(ws: Workspace, people: dict[str, User], pat: User) -> None:
    make_cases(ws)
    with pytest.raises(ConflictError, match=r"bagel has been judged on img_0\.png already, by original@1 or by the"):
        send_in(ws, pat, 0, 0)
    with pytest.raises(ConflictError, match=r"asked already whether img_0\.png shows dough\. Nothing was changed\."):
        send_in(ws, pat, 0, 1)
    send_in(ws, pat, 4, 3)
    with pytest.raises(ConflictError, match=r"asked already whether img_4\.png shows bun"):
        send_in(ws, people["root"], 4, 3)
    give(ws, people["ada"], {2: CORRECT})
    assert list_proposals(ws, people["root"]) == ()


def test_what_the_panel_has_decided_is_judged(ws: Workspace, people: dict[str, User], pat: User) -> None:
    send_in(ws, pat, 4, 3)
    for name in ("ada", "bo"):
        give(ws, people[name], {2: CORRECT})
    with pytest.raises(ConflictError, match=r"bun has been judged on img_4\.png already"):
        send_in(ws, people["root"], 4, 3)


def test_an_item_that_nobody_is_graded_on(ws: Workspace, pat: User) -> None:
    write_labels(ws, "few", {0: "0,,,false"})
    use_labels(ws, "few")
    with pytest.raises(ConflictError, match=r"few@1 does not cover img_4\.png: no model is graded on it\."):
        send_in(ws, pat, 4, 3)


def test_a_blind_reviewer_cannot_tell_the_label_by_proposing(ws: Workspace, people: dict[str, User], pat: User) -> None:
    make_cases(ws)
    ada = change_roles(ws, "ada", [Role.REVIEWER, Role.PROPOSER])
    words = set()
    for class_id in (0, 1):  # the label, and a prediction
        with pytest.raises(
            ConflictError, match=r"has been judged on img_0\.png already, or the panel is being asked"
        ) as refused:
            send_in(ws, ada, 0, class_id)
        words.add(str(refused.value).replace(ws.classes.names[class_id], "it"))
    assert len(words) == 1
    set_protocol(ws, blind_model=False, blind_roles=False, blind_peers=False, blind_suggestions=False)
    with pytest.raises(ConflictError, match="is being asked already whether"):
        send_in(ws, ada, 0, 1)


def test_a_class_is_never_published_on_the_word_of_one(ws: Workspace, people: dict[str, User]) -> None:
    """With one reviewer an item, the proposer's own review goes to an adjudicator; somebody else's decides."""
    set_protocol(ws, n_reviewers=1)
    ada = change_roles(ws, "ada", [Role.REVIEWER, Role.PROPOSER])
    send_in(ws, ada, 4, 3)
    give(ws, ada, {2: CORRECT, 3: CORRECT})
    assert asked_on(ws, 4)[3] == ("disputed", Origin.PROPOSED)
    assert (4, 3) not in decided(ws)
    send_in(ws, ada, 5, 3)
    give(ws, people["bo"], {2: CORRECT, 3: CORRECT})
    assert decided(ws)[5, 3].author == "bo"


def test_a_proposal_that_a_model_predicts_keeps_its_rule(ws: Workspace, people: dict[str, User]) -> None:
    set_protocol(ws, n_reviewers=1)
    ada = change_roles(ws, "ada", [Role.REVIEWER, Role.PROPOSER])
    send_in(ws, ada, 4, 3)
    predict(ws, "gamma", {4: 3})
    assert asked_on(ws, 4)[3] == ("open", Origin.PREDICTION)
    give(ws, ada, {2: CORRECT, 3: CORRECT})
    assert asked_on(ws, 4)[3].status == "disputed"


def test_a_proposed_class_gets_no_category_unless_a_model_predicts_it(
    ws: Workspace, people: dict[str, User], pat: User
) -> None:
    send_in(ws, pat, 4, 3)
    for name in ("ada", "bo"):
        give(ws, people[name], {2: CORRECT})
    assert decided(ws)[4, 3].verdict is WRONG
    assert asked_on(ws, 4, Pass.KIND) == {}
    report = predict(ws, "gamma", {4: 3})
    assert report.n_new_cases == 0
    assert asked_on(ws, 4, Pass.KIND) == {3: ("open", Origin.PREDICTION)}


def test_who_may_see_everything_sees_who_proposed_a_class_and_why(ws: Workspace, pat: User) -> None:
    send_in(ws, pat, 4, 3)
    pairs = {row.named.class_id: row for row in load_item(ws, item_token(ws, "main", 4)).pairs}
    assert pairs[2].proposal is None
    proposal = pairs[3].proposal
    assert proposal is not None
    assert (proposal.proposer, proposal.reason, pairs[3].status) == ("pat", "a bun, if you look closely", "open")


def test_a_proposal_is_a_case(ws: Workspace, pat: User) -> None:
    send_in(ws, pat, 4, 3)
    (row,) = list_cases(ws)
    assert (row.item_id, row.class_name, row.origin, row.n_models) == ("img_4.png", "bun", "proposed", 0)
    assert predict(ws, "gamma", {4: 3}, dry_run=True).n_new_cases == 0


def test_a_class_that_its_reviewer_took_back_can_be_proposed(ws: Workspace, people: dict[str, User], pat: User) -> None:
    make_cases(ws)
    item = item_of(ws, load_queue(ws, people["ada"], Pass.VERDICT).screens[0])
    free = next(c for c in range(4) if c not in asked_on(ws, item))
    give(ws, people["ada"], {}, added={free: CORRECT})
    undo(ws, people["ada"])
    assert asked_on(ws, item)[free] == ("closed", Origin.ADDED)
    send_in(ws, pat, item, free)
    assert asked_on(ws, item)[free] == ("open", Origin.PROPOSED)


def test_a_class_that_rides_along_becomes_a_case(ws: Workspace, people: dict[str, User], pat: User) -> None:
    """Labels are in use now that do not judge it."""
    make_cases(ws)
    dealt = [item_of(ws, screen) for screen in load_queue(ws, people["ada"], Pass.VERDICT).screens]
    item = next(item for item in dealt if LABELS[item] != 3)  # two of the items 0, 3 and 7 are dealt
    label = LABELS[item]
    assert asked_on(ws, item)[label] == ("open", Origin.LABEL)
    write_labels(ws, "other", dict.fromkeys(range(8), "3,,,false"))
    use_labels(ws, "other")
    send_in(ws, pat, item, label)
    assert asked_on(ws, item)[label] == ("open", Origin.PROPOSED)


def test_the_same_sent_again_is_saved_once(ws: Workspace, pat: User) -> None:
    first = propose_class(ws, pat, "img_4.png", 3, "why", key="k")
    assert propose_class(ws, pat, "img_4.png", 3, "why", key="k") == first
    assert len(list_proposals(ws, pat)) == 1
    with pytest.raises(ConflictError, match="key"):
        propose_class(ws, pat, "img_4.png", 1, "why", key="k")


def test_of_two_who_propose_the_same_at_once_one_is_told(ws: Workspace, people: dict[str, User], pat: User) -> None:
    def attempt(user: User) -> bool:
        try:
            send_in(ws, user, 4, 3)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [pat, people["root"]])) == [False, True]


def test_nobody_floods_the_panel(ws: Workspace, pat: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propose, "MAX_UNDECIDED", 2)
    send_in(ws, pat, 4, 3)
    send_in(ws, pat, 5, 3)
    with pytest.raises(ConflictError, match="You have 2 proposals that the panel has yet to decide"):
        send_in(ws, pat, 6, 0)


@pytest.mark.parametrize(
    ("class_id", "reason", "words"),
    [
        (4, "why", r"a class id in 0\.\.3; got 4"),
        (-1, "why", r"a class id in 0\.\.3; got -1"),
        (3, "  \n", "a reason; got none"),
        (3, "x" * 2001, "at most 2,000 characters"),
        (3, "\0", "plain text"),
    ],
)
def test_what_cannot_be_kept_is_refused(ws: Workspace, pat: User, class_id: int, reason: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        send_in(ws, pat, 4, class_id, reason)
    assert list_proposals(ws, pat) == ()


def test_only_a_proposer_proposes(ws: Workspace, people: dict[str, User]) -> None:
    with pytest.raises(PermissionDeniedError, match="ada may not propose: expected the role admin or proposer"):
        send_in(ws, people["ada"], 4, 3)
    with pytest.raises(PermissionDeniedError, match="may not propose"):
        list_proposals(ws, people["jude"])
    with pytest.raises(PermissionDeniedError, match="may not propose"):
        find_proposed_item(ws, people["jude"], "img_4.png")


def test_one_sees_only_ones_own(ws: Workspace, people: dict[str, User], pat: User) -> None:
    send_in(ws, pat, 4, 3)
    assert list_proposals(ws, people["root"]) == ()
    disable_user(ws, "pat")
    assert asked_on(ws, 4)[3].status == "open"  # it stays
