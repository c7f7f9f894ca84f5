"""Proposals: kept as they were made, with where their question stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Origin, Pass, Proposal, QuestionStatus
from regrade.store import Store, proposals, questions


def proposal(at: datetime, item: int = 3, class_id: int = 7, *, proposer: str = "ann", id_: int = 0) -> Proposal:
    return Proposal(id_, proposer, "main", item, class_id, "a ring", "key@1", at)


def test_a_proposal_comes_back(store: Store, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        proposals.save_proposal(tx, proposal(at))
        proposals.save_proposal(tx, proposal(later, 3, 8, proposer="BOB"))
        proposals.save_proposal(tx, proposal(at, 4, 7))
    with store.read() as tx:
        assert proposals.list_item_proposals(tx, "main", 3) == (
            proposal(at, id_=1),
            proposal(later, 3, 8, proposer="bob", id_=2),
        )
        assert proposals.list_item_proposals(tx, "main", 5) == ()


def test_a_user_follows_the_newest_and_how_many_are_undecided(
    store: Store, at: datetime, ask: Callable[..., int]
) -> None:
    with store.write() as tx:
        for item in (3, 4, 5, 6):
            proposals.save_proposal(tx, proposal(at, item))
        proposals.save_proposal(tx, proposal(at, 9, proposer="bob"))
        ask(tx, (3, 7), (4, 7), (5, 7), (6, 7), (9, 7), (3, 8), origin=Origin.PROPOSED)
        ask(tx, (3, 7), pass_=Pass.KIND)  # the second pass of a class counts for nothing here
        ids = {
            row.item: row.id
            for row in questions.list_questions(tx, split="main", pass_=Pass.VERDICT)
            if row.class_id == 7
        }
        questions.save_status(tx, [ids[4]], QuestionStatus.DISPUTED)
        questions.save_status(tx, [ids[5]], QuestionStatus.DECIDED)
        questions.save_status(tx, [ids[6]], QuestionStatus.CLOSED)
        found = proposals.list_user_proposals(tx, "ann", limit=3)
        assert [(row.proposal.item, row.status) for row in found] == [(6, "closed"), (5, "decided"), (4, "disputed")]
        assert len(proposals.list_user_proposals(tx, "ann", limit=9)) == 4
        assert [proposals.count_undecided(tx, name) for name in ("ann", "bob", "cyd")] == [2, 1, 0]


def test_a_class_is_proposed_for_an_item_once(store: Store, at: datetime) -> None:
    with store.write() as tx:
        proposals.save_proposal(tx, proposal(at))
        with pytest.raises(ConflictError, match="was proposed for this item before"):
            proposals.save_proposal(tx, proposal(at, proposer="bob"))


def test_what_is_unknown_is_not_found(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for changed, words in (
            (replace(proposal(at), proposer="eve"), "no user eve"),
            (replace(proposal(at), split="train"), "no split train"),
            (replace(proposal(at), labels="key@9"), "no label set key@9"),
        ):
            with pytest.raises(NotFoundError, match=words):
                proposals.save_proposal(tx, changed)
        with pytest.raises(NotFoundError, match="no user eve"):
            proposals.count_undecided(tx, "eve")
