"""Screens that were answered elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from regrade.records.panel import Pass, Purpose, Screen
from regrade.store import Store, given_screens, questions, screens

Ask = Callable[..., int]
ScreenOf = Callable[..., Screen]


def test_answers_given_elsewhere_are_added_with_their_places(
    store: Store, ask: Ask, screen_of: ScreenOf, at: datetime
) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2), (4, 1))
        given = [
            replace(screen_of("s1", "ann", 3, (1, 2, 9)), answered_at=at, submission="sub1", seconds=2.5),
            replace(screen_of("s2", "bob", 3, (1,)), answered_at=at + timedelta(minutes=1), submission="sub2"),
            replace(screen_of("s3", "bob", 4, (1,)), answered_at=at, submission="sub3", purpose=Purpose.GOLD),
        ]
        given_screens.save_given_answers(tx, given)
        given_screens.save_given_answers(tx, [])
        assert screens.list_answered(tx, "main") == tuple(given)
        n_claims = {
            (item, row.class_id): row.n_claims
            for item in (3, 4)
            for row in questions.list_item_questions(tx, "main", item)
        }
        assert n_claims == {(3, 1): 2, (3, 2): 1, (4, 1): 0}  # gold takes nobody's place
        last = screens.load_last_answered(tx, "ann", Pass.VERDICT)
        assert last is not None
        assert last.id == "s1"
