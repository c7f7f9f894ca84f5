"""Comments under items."""

from __future__ import annotations

from datetime import datetime, timedelta

from regrade.records.discussion import Comment
from regrade.records.panel import Pass
from regrade.store import Store, Transaction, comments
from regrade.store.comments import Thread


def say(tx: Transaction, author: str, item: int, text: str, at: datetime, *, pass_: Pass = Pass.VERDICT) -> Comment:
    return comments.save_comment(tx, split="main", item=item, pass_=pass_, author=author, text=text, at=at)


def test_comments_come_in_the_order_of_their_making_each_pass_apart(store: Store, at: datetime) -> None:
    with store.write() as tx:
        first = say(tx, "ann", 3, "one", at)
        say(tx, "bob", 3, "two", at)
        say(tx, "ann", 3, "kind", at, pass_=Pass.KIND)
        say(tx, "ann", 4, "elsewhere", at)
    assert first == Comment(1, "main", 3, Pass.VERDICT, "ann", "one", at)
    with store.read() as tx:
        assert [(row.author, row.text) for row in comments.list_comments(tx, "main", 3, [Pass.VERDICT])] == [
            ("ann", "one"),
            ("bob", "two"),
        ]
        assert [row.text for row in comments.list_comments(tx, "main", 3, [*Pass])] == ["one", "two", "kind"]
        assert comments.list_comments(tx, "main", 9, [*Pass]) == ()


def test_threads_are_counted(store: Store, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        say(tx, "ann", 3, "one", at)
        say(tx, "bob", 3, "two", later)
        say(tx, "ann", 3, "kind", at, pass_=Pass.KIND)
        assert set(comments.list_threads(tx, "main")) == {
            Thread(3, Pass.VERDICT, 2, later),
            Thread(3, Pass.KIND, 1, at),
        }
