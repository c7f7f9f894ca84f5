"""What reviewers have done: paces, items put off, answers undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Review, Screen
from regrade.store import Store, reviews, screens, work


@pytest.fixture
def deal(store: Store, screen_of: Callable[..., Screen]) -> Callable[..., None]:
    """Deal a screen of class 1."""

    def save(id_: str, reviewer: str, item: int, *, pass_: Pass = Pass.VERDICT, part: int = 0) -> None:
        with store.write() as tx:
            screens.save_screens(tx, [screen_of(id_, reviewer, item, (1,), pass_=pass_, part=part, n_parts=2)])

    return save


def test_paces_are_of_answered_screens(store: Store, deal: Callable[..., None], at: datetime) -> None:
    for id_, reviewer, seconds in (("s1", "ann", 4.5), ("s2", "ann", None), ("s3", "bob", 2.0), ("s4", "bob", 9.0)):
        deal(id_, reviewer, int(id_[1]), pass_=Pass.KIND if id_ == "s4" else Pass.VERDICT)
        with store.write() as tx:
            screens.save_answered(tx, id_, f"answer {id_}", at, protocol=None, seconds=seconds)
    deal("s5", "ann", 5)
    with store.read() as tx:
        paces = work.load_paces(tx, "main", Pass.VERDICT)
        kinds = work.load_paces(tx, "main", Pass.KIND)
    found = sorted(zip(paces.names, np.nan_to_num(paces.seconds, nan=-1).tolist(), strict=True))
    assert found == [("ann", -1.0), ("ann", 4.5), ("bob", 2.0)]
    assert (kinds.names, kinds.seconds.tolist()) == (("bob",), [9.0])


def test_an_item_put_off_counts_once_and_also_when_it_comes_again(
    store: Store, deal: Callable[..., None], at: datetime
) -> None:
    deal("s1", "ann", 3)
    deal("s2", "ann", 3, part=1)
    deal("s3", "bob", 3)
    deal("s4", "bob", 4)
    with store.write() as tx:
        screens.save_skipped(tx, "s1", at)  # both parts
        screens.save_withdrawn(tx, "s3")  # decided meanwhile: nobody put it off
        assert work.count_skipped(tx, "main") == {"ann": 1}
    deal("s5", "ann", 3)
    with store.write() as tx:
        screens.save_answered(tx, "s5", "answer", at, protocol=None)
        assert work.count_skipped(tx, "main") == {"ann": 1}


def test_undone_answers_are_counted_by_submission(store: Store, review_of: Callable[..., Review], at: datetime) -> None:
    with store.write() as tx:
        reviews.save_reviews(
            tx,
            [
                review_of("one", "ann", 3, 1, verdict=Verdict.WRONG),
                review_of("one", "ann", 3, 2, verdict=Verdict.WRONG),
                review_of("two", "ann", 4, 1, verdict=Verdict.WRONG),
                review_of("three", "bob", 4, 1, verdict=Verdict.WRONG),
            ],
        )
        assert work.count_undone(tx, "main") == {}
        for submission in ("one", "two"):
            reviews.save_withdrawal(tx, submission, "ann", at)
        assert work.count_undone(tx, "main") == {"ann": 2}
