"""A store with a little in it. REGRADE_TEST_DATABASE_URL runs the same tests on an (empty) PostgreSQL database."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.panel import Origin, Pass, Review, Screen
from regrade.records.users import Role, User
from regrade.store import Store, Transaction, create_store, labelsets, open_store, questions, splits, users
from regrade.store.engine import read_url

AT = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
N_ITEMS = 40
N_CLASSES = 10


@pytest.fixture
def at() -> datetime:
    """The time at which everything happens."""
    return AT


@pytest.fixture
def database_url() -> str | None:
    """None: SQLite in the folder. Else an empty database elsewhere."""
    url = os.environ.get("REGRADE_TEST_DATABASE_URL")
    if url is not None:
        engine = create_engine(read_url(url))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    return url


@pytest.fixture
def sqlite_only(database_url: str | None) -> None:
    """For tests that look into the SQLite file."""
    if database_url is not None:
        pytest.skip("about the SQLite file")


MEMORY = Path("/dev/shm")  # noqa: S108 - each test makes a folder of its own in it
"""Where Linux keeps files in memory: a sync there takes no time, and a slow disk would make these tests slow."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The workspace's folder; not made yet. In memory where there is room."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**28:
        with tempfile.TemporaryDirectory(prefix="regrade-test-", dir=MEMORY) as made:
            yield Path(made) / "workspace"
    else:
        yield tmp_path / "workspace"


@pytest.fixture(scope="session")
def split() -> Split:
    """40 items; item i is labeled i mod 10."""
    return Split(
        name="main",
        ids=tuple(f"img_{item}" for item in range(N_ITEMS)),
        labels=(np.arange(N_ITEMS) % N_CLASSES).astype(np.int32),
        media=tuple(f"img_{item}.png" for item in range(N_ITEMS)),
    )


@pytest.fixture(scope="session")
def labels() -> LabelSet:
    """Three covered items: 2 has two verdicts, 5 is problematic and has none, 9 has one."""
    return LabelSet(
        split="main",
        n_classes=N_CLASSES,
        items=np.array([2, 5, 9], dtype=np.int32),
        original=np.array([2, -1, 9], dtype=np.int32),
        problematic=np.array([False, True, False]),
        pair_items=np.array([2, 2, 9], dtype=np.int32),
        pair_classes=np.array([1, 2, 9], dtype=np.int32),
        pair_codes=np.array([0, 2, 1], dtype=np.int8),
    )


def fill(store: Store, split: Split, labels: LabelSet) -> None:
    with store.write() as tx:
        splits.save_split(tx, store.arrays, split, media_root="media", at=AT)
        labelsets.save_label_set(
            tx, store.arrays, labels, name="key", parent=None, author="ann", reason="made", warnings=(), at=AT
        )
        for name in ("ann", "bob", "cyd", "dan"):
            user = User(name, "password", frozenset({Role.REVIEWER}), disabled=False, created_at=AT)
            users.save_user(tx, user, password_hash="hash", at=AT)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, split: Split, labels: LabelSet) -> Path:
    """Two folders with SQLite stores, made once and copied: `empty` and `filled`."""
    folder = tmp_path_factory.mktemp("templates")
    with create_store(folder / "empty"):
        pass
    with create_store(folder / "filled") as store:
        fill(store, split, labels)
    return folder


@pytest.fixture
def empty_store(folder: Path, database_url: str | None, templates: Path) -> Iterator[Store]:
    """A new store."""
    if database_url is None:
        shutil.copytree(templates / "empty", folder)
        with open_store(folder) as store:
            yield store
    else:
        with create_store(folder, database_url) as store:
            yield store


@pytest.fixture
def store(folder: Path, database_url: str | None, templates: Path, split: Split, labels: LabelSet) -> Iterator[Store]:
    """A store with the split `main`, the label set `key@1`, and the reviewers ann, bob, cyd and dan."""
    if database_url is None:
        shutil.copytree(templates / "filled", folder)
        with open_store(folder) as store:
            yield store
    else:
        with create_store(folder, database_url) as store:
            fill(store, split, labels)
            yield store


@pytest.fixture(scope="session")
def ask() -> Callable[..., int]:
    """Ask about (item, class) pairs; the item's place on the ring is item * 100 unless `places` says another."""

    def save(
        tx: Transaction,
        *pairs: tuple[int, int],
        pass_: Pass = Pass.VERDICT,
        origin: Origin = Origin.PREDICTION,
        places: dict[int, int] | None = None,
    ) -> int:
        items, classes = (np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True))
        shuffles = np.array([(places or {}).get(item, item * 100) for item, _ in pairs], dtype=np.int64)
        return questions.save_questions(
            tx, "main", items, classes, pass_=pass_, origin=origin, shuffles=shuffles, at=AT
        )

    return save


@pytest.fixture(scope="session")
def screen_of() -> Callable[..., Screen]:
    """Make a screen: `screen_of("s1", "ann", 3, (1, 2))`."""

    def build(
        id_: str,
        reviewer: str,
        item: int,
        classes: Sequence[int],
        *,
        pass_: Pass = Pass.VERDICT,
        part: int = 0,
        n_parts: int = 1,
        created_at: datetime = AT,
    ) -> Screen:
        return Screen(id_, reviewer, "main", item, pass_, tuple(classes), part, n_parts, "key@1", created_at)

    return build


@pytest.fixture(scope="session")
def review_of() -> Callable[..., Review]:
    """Make a review: `review_of("sub1", "ann", 3, 1, verdict=Verdict.WRONG)`."""

    def build(submission: str, reviewer: str, item: int, class_id: int | None, **fields: object) -> Review:
        values: dict[str, object] = {
            "id": 0,
            "submission": submission,
            "reviewer": reviewer,
            "split": "main",
            "item": item,
            "class_id": class_id,
            "pass_": Pass.VERDICT,
            "verdict": None,
            "problematic": class_id is None,
            "category": None,
            "severity": None,
            "note": "",
            "discuss": False,
            "added": False,
            "labels": "key@1",
            "source": None,
            "created_at": AT,
        }
        return Review(**(values | fields))  # type: ignore[arg-type]

    return build
