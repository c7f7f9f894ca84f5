"""Who was shown what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from regrade.records.discussion import Reveal, Shown
from regrade.records.panel import Pass
from regrade.store import Store, reveals


def test_what_was_shown_is_noted_once_and_for_that_pass_and_reviewer(store: Store, at: datetime) -> None:
    reveal = Reveal("ann", "main", 3, Pass.VERDICT, Shown.OUTCOME, at)
    other = replace(reveal, shown=Shown.DISCUSSION, at=at + timedelta(hours=1))
    with store.write() as tx:
        reveals.save_reveal(tx, reveal)
        reveals.save_reveal(tx, replace(reveal, at=at + timedelta(minutes=1)))
        reveals.save_reveal(tx, other)
    with store.read() as tx:
        assert reveals.list_reveals(tx, "main", 3) == (reveal, other)
        assert reveals.is_revealed(tx, "ann", "main", 3, Pass.VERDICT)
        assert not reveals.is_revealed(tx, "ann", "main", 3, Pass.KIND)
        assert not reveals.is_revealed(tx, "ann", "main", 4, Pass.VERDICT)
        assert not reveals.is_revealed(tx, "bob", "main", 3, Pass.VERDICT)
