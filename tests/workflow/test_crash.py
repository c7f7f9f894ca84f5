"""kill -9 in the middle of answering, publishing, importing and making cases, all at once on one workspace.

What was acknowledged is there once; what was not is there once or not at all; the next process goes on.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regrade.store import health, users
from regrade.workflow.clock import now
from regrade.workflow.labels import load_labels
from regrade.workflow.predictions import import_predictions, load_predictions
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.forked import Child
from tests.workflow.children import crash_worker
from tests.workflow.children.crash_worker import N_CLASSES, N_ITEMS, WORK, reviewer, top1
from tests.workflow.conftest import quick_folder

pytestmark = pytest.mark.slow

N_CYCLES = 6


@dataclass
class Said:
    """What workers have acknowledged."""

    answers: dict[str, int] = field(default_factory=dict)
    """Number of classes answered, by key."""
    versions: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    n_cases: int = 0

    def hear(self, line: str) -> None:
        """Take one line of a worker."""
        work, word, *more = line.split()
        if work == "answer":
            self.answers[word] = int(more[0])
        elif work == "publish":
            self.versions.add(word)
        elif work == "predict":
            self.models.add(word)
        else:
            self.n_cases += int(word)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Items of class 0, one reviewer an item."""
    with quick_folder() as made:
        names = "\n".join(f"{number},k{number},class {number}" for number in range(N_CLASSES))
        (made / "classes.csv").write_text(f"class_id,key,name\n{names}\n")
        rows = "\n".join(f"img_{item},0" for item in range(N_ITEMS))
        (made / "items.csv").write_text(f"id,class_id\n{rows}\n")
        init_workspace(made / "ws", classes=made / "classes.csv", items=made / "items.csv", n_reviewers=1)
        with open_workspace(made / "ws") as ws:
            with ws.store.write() as tx:
                users.save_user(tx, reviewer(), password_hash=None, at=now())
            for work in ("predict", "ask"):
                WORK[work](ws)
        yield made / "ws"


def work_and_kill(folder: Path, rng: random.Random, said: Said, *, kinds: Iterable[str] = WORK) -> None:
    """Let one worker of each kind work for a moment, and kill them one after the other."""
    with ExitStack() as stack:
        workers = [stack.enter_context(Child(crash_worker.main, folder, work)) for work in kinds]
        first = [worker.out.readline() for worker in workers]
        rng.shuffle(workers)
        for worker in workers:
            time.sleep(rng.uniform(0.0, 0.06))
            worker.kill()
        rest = [worker.read_rest() for worker in workers]
    for line in [*first, *(line for out in rest for line in out.splitlines(keepends=True))]:
        if line.endswith("\n"):  # a line that was cut by the kill was not said
            said.hear(line)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Read the file by itself, with nothing of the store."""
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        return connection.execute(query).fetchall()


def check_answers(folder: Path, said: Said) -> None:
    given = dict(rows(folder, "SELECT submission, count(*) FROM reviews GROUP BY 1"))
    assert said.answers.items() <= given.items()
    dealt = dict(rows(folder, "SELECT submission, json_array_length(classes) FROM screens WHERE submission NOT NULL"))
    assert given == dealt
    lines = rows(folder, "SELECT json_extract(facts, '$.submission') FROM journal WHERE action = 'review.save'")
    assert sorted(str(line[0]) for line in lines) == sorted(map(str, given))
    assert {str(key) for (key,) in rows(folder, "SELECT key FROM idempotency")} == set(given)
    # n = 1: each reviewed pair of a case is decided, in the transaction of its review
    undecided = rows(
        folder,
        "SELECT r.item, r.class_id FROM reviews r LEFT JOIN decisions d ON d.item = r.item AND d.class_id = r.class_id"
        " WHERE d.id IS NULL",
    )
    assert undecided == []


def check_versions(folder: Path, said: Said) -> None:
    versions = dict(rows(folder, "SELECT version, parent FROM label_sets ORDER BY version"))
    assert list(versions) == list(range(1, len(versions) + 1))
    assert {f"original@{number}" for number in versions} >= said.versions
    carried = dict(
        rows(
            folder,
            "SELECT l.name || '@' || l.version, count(p.decision) FROM label_sets l"
            " LEFT JOIN published_decisions p ON p.label_set = l.id WHERE l.version > 1 GROUP BY 1",
        )
    )
    told = rows(
        folder,
        "SELECT json_extract(facts, '$.labels'), json_extract(facts, '$.n_decisions') FROM journal"
        " WHERE action = 'labels.publish'",
    )
    assert carried == dict(told)


def check_rest(folder: Path, said: Said) -> None:
    numbers = [row[0] for row in rows(folder, "SELECT seq FROM journal ORDER BY seq")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {str(name) for (name,) in rows(folder, "SELECT model FROM predictions")} >= said.models
    ((n_told,),) = rows(
        folder, "SELECT sum(json_extract(facts, '$.n_new_cases')) FROM journal WHERE action = 'cases.make'"
    )
    ((n_cases,),) = rows(folder, "SELECT count(*) FROM questions WHERE origin = 'prediction' AND pass = 'verdict'")
    assert n_told == n_cases
    assert said.n_cases <= n_cases


def check_files(ws: Workspace) -> None:
    """Every array that a row names is whole."""
    with ws.store.read() as tx:
        assert health.list_damage(tx) == ()
    for row in load_predictions(ws):
        assert np.array_equal(row.classes[:, 0], top1(row.model))
    for (ref,) in rows(ws.folder, "SELECT name || '@' || version FROM label_sets"):
        assert len(load_labels(ws, str(ref)).items) == N_ITEMS


def test_nothing_acknowledged_is_lost_and_the_next_process_goes_on(folder: Path) -> None:
    rng = random.Random(7)  # noqa: S311 - when to kill
    said = Said()
    for cycle in range(N_CYCLES):
        work_and_kill(folder, rng, said)
        check_answers(folder, said)
        check_versions(folder, said)
        check_rest(folder, said)
        with open_workspace(folder) as ws:
            check_files(ws)
            for work in WORK.values():
                work(ws)
            np.save(folder / "again.npy", top1(f"again{cycle}"))
            import_predictions(ws, [(f"again{cycle}", folder / "again.npy")])
    assert len(said.answers) > N_CYCLES
    assert len(said.versions) >= N_CYCLES
    assert len(said.models) >= N_CYCLES


def test_an_answer_that_is_said_before_it_is_saved_is_caught(folder: Path) -> None:
    rng = random.Random(8)  # noqa: S311 - when to kill
    said = Said()
    for _ in range(20):
        work_and_kill(folder, rng, said, kinds=["answer_early"])
        if not said.answers.keys() <= {key for (key,) in rows(folder, "SELECT submission FROM reviews")}:
            break
    with pytest.raises(AssertionError):
        check_answers(folder, said)
