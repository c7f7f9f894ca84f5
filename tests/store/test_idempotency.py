"""Idempotency records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from regrade.errors import ConflictError
from regrade.store import Store, idempotency, journal


def test_an_answer_is_kept(store: Store, at: datetime) -> None:
    with store.write() as tx:
        assert idempotency.load_answer(tx, "k", "ann", "body") is None
        idempotency.save_answer(tx, "k", "ann", "body", "answer", at)
        assert idempotency.load_answer(tx, "k", "ann", "body") == "answer"


@pytest.mark.parametrize(("user", "body"), [("ann", "other"), ("bob", "body")])
def test_a_key_belongs_to_one_request_of_one_user(store: Store, at: datetime, user: str, body: str) -> None:
    with store.write() as tx:
        idempotency.save_answer(tx, "k", "ann", "body", "answer", at)
        with pytest.raises(ConflictError, match="was used for another request"):
            idempotency.load_answer(tx, "k", user, body)


def test_twenty_parallel_requests_are_one(store: Store, at: datetime) -> None:
    n_parallel = 20
    for turn in range(5):
        gate = Barrier(n_parallel)

        def send(worker: int, key: str = f"k{turn}", gate: Barrier = gate) -> str:
            gate.wait()
            with store.write() as tx:
                stored = idempotency.load_answer(tx, key, "ann", "body")
                if stored is None:
                    stored = f"answer {worker}"
                    journal.save_line(tx, actor="ann", action="act", facts={"key": key}, at=at)
                    idempotency.save_answer(tx, key, "ann", "body", stored, at)
                return stored

        with ThreadPoolExecutor(n_parallel) as pool:
            assert len(set(pool.map(send, range(n_parallel)))) == 1
    with store.read() as tx:
        assert [line.facts for line in journal.list_lines(tx)] == [{"key": f"k{turn}"} for turn in range(5)]
