"""What adjudicators took back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regrade.records.adjudication import Reopening
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, DecisionMethod, Pass
from regrade.store import Store, Transaction, decisions, reopenings
from regrade.store.reopenings import Place


def decide(
    tx: Transaction, item: int, method: DecisionMethod, author: str, at: datetime, *, whole: bool = False
) -> Decision:
    reopened = method is DecisionMethod.REOPENED
    return decisions.save_decision(
        tx,
        split="main",
        item=item,
        class_id=None if whole else 7,
        pass_=Pass.VERDICT,
        verdict=None if reopened or whole else Verdict.WRONG,
        category=None,
        severity=None,
        method=method,
        author=author,
        reason="look again" if reopened else "",
        base="key@1",
        at=at,
    )


def test_a_reopening_knows_what_it_took_back_and_where_that_was_published(store: Store, at: datetime) -> None:
    with store.write() as tx:
        made = decide(tx, 3, DecisionMethod.CONSENSUS, "ann, bob", at)
        decisions.save_published(tx, [made.id], "key@1")
        line = decide(tx, 3, DecisionMethod.REOPENED, "cyd", at)
        reopenings.save_reopening(tx, line.id, reopened=made.id)
        other = decide(tx, 4, DecisionMethod.CONSENSUS, "ann", at)
        undone = decide(tx, 4, DecisionMethod.REOPENED, "ann", at)
        assert decisions.load_newest_ids(tx, "main", 4, Pass.VERDICT) == {7: undone.id}
        assert decisions.load_newest_ids(tx, "main", 4, Pass.KIND) == {}
        assert decisions.list_decisions(tx, [undone.id, other.id]) == (other, undone)
    with store.read() as tx:
        assert reopenings.list_line_ids(tx, "main") == {line.id}
        (found,) = reopenings.list_reopenings(tx, "main")
        assert (found.author, found.reason, found.at) == ("cyd", "look again", at)
        assert (found.decision.id, found.decision.published_in) == (made.id, "key@1")
        assert isinstance(found, Reopening)
        assert reopenings.list_reopenings(tx, "main", item=3) == (found,)
        assert reopenings.list_reopenings(tx, "main", item=4) == ()


@pytest.mark.parametrize("method", [DecisionMethod.ADJUDICATION, DecisionMethod.IMPORTED])
def test_what_waits_until_somebody_else_than_reviewers_decides(
    store: Store, at: datetime, method: DecisionMethod
) -> None:
    """Item 3 was problematic: that waits, and class 7 with it. Reviewers say it again and undo it; then cyd decides."""
    with store.write() as tx:
        made = decide(tx, 3, DecisionMethod.CONSENSUS, "ann, bob", at, whole=True)
        assert reopenings.list_waiting(tx, "main") == set()
        reopenings.save_reopening(
            tx, decide(tx, 3, DecisionMethod.REOPENED, "cyd", at, whole=True).id, reopened=made.id
        )
        reopenings.save_waiting(tx, [decide(tx, 3, DecisionMethod.REOPENED, "cyd", at).id])
        item, waiting = Place(3, None, Pass.VERDICT), Place(3, 7, Pass.VERDICT)
        assert reopenings.list_waiting(tx, "main") == {item, waiting}
        assert reopenings.list_pending_items(tx, "main") == (3,)
        assert reopenings.list_held(tx, "main") == {waiting}
        assert [row.decision.id for row in reopenings.list_reopenings(tx, "main")] == [made.id]
        assert len(reopenings.list_line_ids(tx, "main")) == 2
        decide(tx, 3, DecisionMethod.CONSENSUS, "ann, bob", at, whole=True)
        assert reopenings.list_waiting(tx, "main") == {waiting}
        decide(tx, 3, DecisionMethod.REOPENED, "ann, bob", at, whole=True)
        assert reopenings.list_waiting(tx, "main") == {item, waiting}
        decide(tx, 3, method, "cyd", at)
        assert reopenings.list_waiting(tx, "main") == {item}
        decide(tx, 3, DecisionMethod.ADJUDICATION, "cyd", at, whole=True)
        decide(tx, 3, DecisionMethod.REOPENED, "ann", at)
        assert reopenings.list_waiting(tx, "main") == set()


def test_when_it_was_last_taken_back_that_an_item_is_problematic(store: Store, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        for item, times in ((3, (at, later)), (4, (at,))):
            for time in times:
                made = decide(tx, item, DecisionMethod.CONSENSUS, "ann", time, whole=True)
                line = decide(tx, item, DecisionMethod.REOPENED, "cyd", time, whole=True)
                reopenings.save_reopening(tx, line.id, reopened=made.id)
        reopenings.save_waiting(tx, [decide(tx, 5, DecisionMethod.REOPENED, "cyd", at).id])
        assert reopenings.load_overruled(tx, "main") == {3: later, 4: at}
        assert reopenings.load_overruled(tx, "main", item=4) == {4: at}
