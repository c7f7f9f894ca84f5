"""Serves a workspace until it is killed; with a bug planted in it where one is named."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from regrade.store import idempotency, journal
from regrade.web.routes import review as routes
from regrade.web.serve import serve
from regrade.workflow import review
from regrade.workflow.clock import now
from regrade.workflow.receipts import Receipt
from regrade.workflow.workspace import open_workspace

DELAY = 0.03
"""Seconds by which a bug puts off what should have been done already."""


def later(work: Callable[[], object]) -> None:
    """Do something a moment from now, if the process lives that long."""

    def wait_and_work() -> None:
        time.sleep(DELAY)
        work()

    threading.Thread(target=wait_and_work, daemon=True).start()


def plant_answer_before_commit() -> None:
    """Says "saved" first and saves then."""
    answer_screen = review.answer_screen

    def answer_early(*given: Any, key: str) -> Receipt:
        later(lambda: answer_screen(*given, key=key))
        return Receipt(key, now())

    vars(routes)["answer_screen"] = answer_early


def plant_journal_apart() -> None:
    """Writes the journal's line in a transaction of its own."""
    save_line, answer_screen = journal.save_line, review.answer_screen

    def answer_apart(ws: Any, *given: Any, key: str) -> Receipt:
        lines: list[dict[str, Any]] = []
        vars(journal)["save_line"] = lambda _tx, **line: lines.append(line)
        try:
            receipt = answer_screen(ws, *given, key=key)
        finally:
            vars(journal)["save_line"] = save_line
        time.sleep(DELAY)
        with ws.store.write() as tx:
            for line in lines:
                save_line(tx, **line)
        return receipt

    vars(routes)["answer_screen"] = answer_apart


def plant_no_keys() -> None:
    """Keeps no record of the keys of requests."""
    vars(idempotency)["load_answer"] = vars(idempotency)["save_answer"] = lambda *_given: None


BUGS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "answer before commit": plant_answer_before_commit,
    "journal apart": plant_journal_apart,
    "no keys": plant_no_keys,
}


def main(folder: Path, bug: str) -> None:
    BUGS[bug]()
    with open_workspace(folder) as ws:
        serve(ws, port=0, say=lambda text: print(text, flush=True))  # noqa: T201 - the parent process reads it
