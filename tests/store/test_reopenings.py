"""What adjudicators took back."""

from __future__ import annotations

from datetime import datetime

from regrade.records.adjudication import Reopening
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, DecisionMethod, Pass
from regrade.store import Store, Transaction, decisions, reopenings


def decide(tx: Transaction, item: int, method: DecisionMethod, author: str, at: datetime) -> Decision:
    reopened = method is DecisionMethod.REOPENED
    return decisions.save_decision(
        tx,
        split="main",
        item=item,
        class_id=7,
        pass_=Pass.VERDICT,
        verdict=None if reopened else Verdict.WRONG,
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
