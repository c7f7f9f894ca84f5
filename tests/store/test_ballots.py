"""Votes of adjudicators."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from regrade.errors import NotFoundError
from regrade.records.adjudication import BallotRow
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.store import Store, ballots


def test_votes_come_back_in_the_order_given(store: Store, at: datetime) -> None:
    first = BallotRow(0, "b1", "ann", "main", 3, 7, Pass.VERDICT, Verdict.WRONG, None, None, "r", "key@1", None, at)
    given = (
        first,
        replace(first, class_id=None, verdict=None, voter="bob", ballot="b2"),
        replace(first, pass_=Pass.KIND, verdict=None, category="fine-grained", severity="major", ballot="b3"),
        replace(first, item=4, ballot="b4"),
    )
    with store.write() as tx:
        ballots.save_ballot(tx, given)
        ballots.save_ballot(tx, ())
        with pytest.raises(NotFoundError, match="eve"):
            ballots.save_ballot(tx, [replace(first, voter="eve")])
    expected = tuple(replace(row, id=number) for number, row in enumerate(given, start=1))
    with store.read() as tx:
        assert ballots.list_ballots(tx, "main") == expected
        assert ballots.list_ballots(tx, "main", Pass.KIND) == expected[2:3]
        assert ballots.list_item_ballots(tx, "main", 3) == expected[:3]
        assert ballots.list_item_ballots(tx, "main", 3, Pass.VERDICT) == expected[:2]
        assert ballots.list_item_ballots(tx, "main", 5) == ()
