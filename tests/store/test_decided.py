"""Decisions as arrays: only those in force."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass
from regrade.store import Store, decided, decisions

CONSENSUS, ADJUDICATION, REOPENED = DecisionMethod.CONSENSUS, DecisionMethod.ADJUDICATION, DecisionMethod.REOPENED


def test_the_newest_of_each_counts_and_what_is_reopened_does_not(store: Store, at: datetime) -> None:
    with store.write() as tx:
        save = partial(
            decisions.save_decision,
            tx,
            split="main",
            category=None,
            severity=None,
            author="x",
            reason="",
            base="key@1",
            at=at,
        )
        save(item=5, class_id=2, pass_=Pass.VERDICT, verdict=Verdict.WRONG, method=CONSENSUS)
        save(item=5, class_id=2, pass_=Pass.VERDICT, verdict=Verdict.CORRECT, method=ADJUDICATION)
        save(item=5, class_id=3, pass_=Pass.VERDICT, verdict=Verdict.WRONG, method=CONSENSUS)
        save(item=6, class_id=1, pass_=Pass.VERDICT, verdict=Verdict.WRONG, method=CONSENSUS)
        save(item=6, class_id=1, pass_=Pass.VERDICT, verdict=None, method=REOPENED)
        save(item=7, class_id=None, pass_=Pass.VERDICT, verdict=None, method=ADJUDICATION)
        save(item=8, class_id=None, pass_=Pass.VERDICT, verdict=None, method=ADJUDICATION, usable=True)
        newest = decided.load_newest_decision(tx)
    with store.read() as tx:
        rows = decided.load_decided(tx, "main")
        kinds = decided.load_decided_kinds(tx, "main")
    found = zip(rows.items, rows.classes, rows.verdicts, rows.usable, rows.adjudicated, strict=True)
    assert sorted(tuple(map(int, row)) for row in found) == [
        (5, 2, 2, 0, 1),
        (5, 3, 0, 0, 0),
        (7, -1, -1, 0, 1),
        (8, -1, -1, 1, 1),
    ]
    assert newest == 7
    assert len(kinds.items) == 0


def test_kinds(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for category, method in (("fine-grained", CONSENSUS), ("spurious correlation", ADJUDICATION)):
            decisions.save_decision(
                tx,
                split="main",
                item=5,
                class_id=2,
                pass_=Pass.KIND,
                verdict=None,
                category=category,
                severity="minor",
                method=method,
                author="x",
                reason="",
                base="key@1",
                at=at,
            )
        kinds = decided.load_decided_kinds(tx, "main")
        rows = decided.load_decided(tx, "main")
    assert (kinds.items.tolist(), kinds.classes.tolist()) == ([5], [2])
    assert (kinds.categories, kinds.severities) == (("spurious correlation",), ("minor",))
    assert kinds.adjudicated.tolist() == [True]
    assert len(rows.items) == 0


def test_nothing_is_decided(store: Store) -> None:
    with store.read() as tx:
        assert decided.load_newest_decision(tx) == 0
        assert len(decided.load_decided(tx, "main").items) == 0
