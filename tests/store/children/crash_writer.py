"""Writes answers until it is killed: review, idempotency record and journal line, and says each key after the commit.

`apart` plants a bug: the journal line is written in a transaction of its own.
"""

from __future__ import annotations

import itertools
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Review
from regrade.store import Store, Transaction, idempotency, journal, open_store, reviews

AT = datetime(2026, 3, 1, tzinfo=UTC)
REVIEW = Review(
    id=0,
    submission="",
    reviewer="ann",
    split="main",
    item=3,
    class_id=7,
    pass_=Pass.VERDICT,
    verdict=Verdict.WRONG,
    problematic=False,
    category=None,
    severity=None,
    note="",
    discuss=False,
    added=False,
    labels="key@1",
    source=None,
    created_at=AT,
)


def save_answer(tx: Transaction, key: str) -> None:
    reviews.save_reviews(tx, [replace(REVIEW, submission=key), replace(REVIEW, submission=key, class_id=8)])
    idempotency.save_answer(tx, key, "ann", "body", "answer", AT)


def save_line(tx: Transaction, key: str) -> None:
    journal.save_line(tx, actor="ann", action="review.save", facts={"submission": key}, at=AT)


def send(store: Store, key: str, *, apart: bool) -> None:
    with store.write() as tx:
        if idempotency.load_answer(tx, key, "ann", "body") is not None:
            return
        save_answer(tx, key)
        if not apart:
            save_line(tx, key)
    if apart:
        time.sleep(0.005)
        with store.write() as tx:
            save_line(tx, key)


def main(folder: Path, name: str, mode: str) -> None:
    with open_store(folder) as store:
        for number in itertools.count():
            key = f"{name}-{number}"
            send(store, key, apart=mode == "apart")
            sys.stdout.write(f"{key}\n")
            sys.stdout.flush()
