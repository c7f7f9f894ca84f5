"""Decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.labels import LabelSet, Verdict
from regrade.records.panel import Decision, DecisionMethod, Pass
from regrade.store import Store, Transaction, decisions, labelsets

Decide = Callable[..., Decision]
REOPENED = {"method": DecisionMethod.REOPENED, "verdict": None}


@pytest.fixture
def decide(at: datetime) -> Decide:
    def save(tx: Transaction, item: int, class_id: int | None, **fields: Any) -> Decision:
        values = {
            "pass_": Pass.VERDICT,
            "verdict": Verdict.WRONG,
            "category": None,
            "severity": None,
            "method": DecisionMethod.CONSENSUS,
            "author": "ann, bob",
            "reason": "",
            "base": "key@1",
        }
        return decisions.save_decision(tx, split="main", item=item, class_id=class_id, at=at, **(values | fields))

    return save


@pytest.fixture
def published(store: Store, labels: LabelSet, at: datetime) -> str:
    """A second version of the labels, to carry decisions."""
    with store.write() as tx:
        saved = labelsets.save_label_set(
            tx, store.arrays, labels, name="key", parent="key@1", author="a", reason="r", warnings=(), at=at
        )
    return saved.version.ref


def current(tx: Transaction, **filters: Any) -> list[int]:
    return [row.id for row in decisions.list_current_decisions(tx, "main", **filters)]


def test_a_decision_comes_back(store: Store, decide: Decide, at: datetime) -> None:
    with store.write() as tx:
        saved = decide(tx, 3, 7, reason="it is a bagel", method=DecisionMethod.ADJUDICATION, author="jude")
        kind = decide(tx, 3, 7, pass_=Pass.KIND, verdict=None, category="fine-grained", severity="major")
    assert saved == Decision(
        id=1,
        split="main",
        item=3,
        class_id=7,
        pass_=Pass.VERDICT,
        verdict=Verdict.WRONG,
        category=None,
        severity=None,
        method=DecisionMethod.ADJUDICATION,
        author="jude",
        reason="it is a bagel",
        base="key@1",
        created_at=at,
        published_in=None,
    )
    with store.read() as tx:
        assert decisions.list_current_decisions(tx, "main") == (saved, kind)


def test_the_newest_of_each_class_and_pass_counts(store: Store, decide: Decide) -> None:
    with store.write() as tx:
        decide(tx, 3, 7)
        decide(tx, 3, 8)
        decide(tx, 3, None, verdict=None)
        decide(tx, 3, 7, pass_=Pass.KIND, verdict=None, category="a", severity="b")
        decide(tx, 3, 7, verdict=Verdict.CORRECT)
        decide(tx, 3, None, verdict=None)
        decide(tx, 4, 7)
        assert current(tx) == [2, 4, 5, 6, 7]
        assert current(tx, item=3) == [2, 4, 5, 6]
        assert current(tx, pass_=Pass.KIND) == [4]
        assert current(tx, pass_=Pass.VERDICT, item=4) == [7]
        assert decisions.count_decisions(tx, "main") == 5
        assert decisions.count_decisions(tx, "main", pass_=Pass.VERDICT) == 4


def test_a_reopened_one_is_none_until_it_is_decided_again(store: Store, decide: Decide) -> None:
    with store.write() as tx:
        decide(tx, 3, 7)
        decide(tx, 3, 7, **REOPENED)
        assert current(tx) == []
        assert decisions.count_decisions(tx, "main") == 0
        decide(tx, 3, 7, verdict=Verdict.UNCLEAR)
        assert current(tx) == [3]


def test_a_published_decision_says_where(store: Store, decide: Decide, published: str) -> None:
    with store.write() as tx:
        for class_id in (1, 2, 3):
            decide(tx, 3, class_id)
        decisions.save_published(tx, [1, 3], published)
        decisions.save_published(tx, [], published)
        rows = decisions.list_current_decisions(tx, "main")
        assert [row.published_in for row in rows] == ["key@2", None, "key@2"]
        assert current(tx, unpublished=True) == [2]
        assert decisions.count_decisions(tx, "main", unpublished=True) == 1
        assert decisions.list_published_decisions(tx, "main", ref=published) == (rows[0], rows[2])
        assert decisions.list_published_decisions(tx, "main", ref="key@1") == ()


def test_what_replaces_a_published_decision_waits(store: Store, decide: Decide, published: str) -> None:
    with store.write() as tx:
        decide(tx, 3, 7)
        decisions.save_published(tx, [1], published)
        decide(tx, 3, 7, verdict=Verdict.CORRECT)
        assert current(tx, unpublished=True) == [2]
        assert [row.id for row in decisions.list_published_decisions(tx, "main", ref=published)] == [1]


def test_a_decision_is_published_once(store: Store, decide: Decide, published: str) -> None:
    with store.write() as tx:
        decide(tx, 3, 7)
        decide(tx, 3, 8)
        decisions.save_published(tx, [1], published)
        with pytest.raises(ConflictError, match="Decision 1 is published already"):
            decisions.save_published(tx, [2, 1], published)
        assert current(tx, unpublished=True) == [2]


def test_a_version_that_is_not_there_carries_nothing(store: Store, decide: Decide) -> None:
    with store.write() as tx:
        decide(tx, 3, 7)
        with pytest.raises(NotFoundError, match="no label set key@2"):
            decisions.save_published(tx, [1], "key@2")
        with pytest.raises(NotFoundError, match="no label set key@2"):
            decisions.list_published_decisions(tx, "main", ref="key@2")
        with pytest.raises(NotFoundError, match="no label set other@1"):
            decide(tx, 3, 7, base="other@1")


def test_the_history_holds_what_was_taken_back_too(store: Store, decide: Decide) -> None:
    with store.write() as tx:
        made = [decide(tx, 3, 7), decide(tx, 3, 7, **REOPENED), decide(tx, 1, None, verdict=None)]
        assert decisions.list_history(tx, "main") == tuple(made)
