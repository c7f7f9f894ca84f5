"""A small benchmark that the workflow's tests share."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Decision, KindAnswer, Origin, Pass, QuestionStatus, VerdictAnswer
from regrade.records.users import Role, User
from regrade.store import decisions, questions
from regrade.workflow.accounts import list_users
from regrade.workflow.cases import CasesReport, make_cases
from regrade.workflow.labels import import_labels
from regrade.workflow.predictions import import_predictions
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue, undo_last
from regrade.workflow.settings import write_settings
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.people import add_person

CLASSES = "class_id,key,name,definition\n0,k0,bagel,a ring\n1,k1,dough,raw\n2,k2,pretzel,a knot\n3,k3,bun,round\n"
N_ITEMS = 8
LABELS = (0, 0, 1, 1, 2, 2, 3, 3)
TOP1 = {
    # item:     0  1  2  3  4  5  6  7
    "alpha": (1, 0, 1, 2, 2, 2, 3, 3),  # mistakes: item 0 -> 1, item 3 -> 2
    "beta": (2, 0, 1, 2, 2, 2, 3, 0),  # mistakes: item 0 -> 2, item 3 -> 2, item 7 -> 0
}
"""So the cases are (0, 1), (0, 2), (3, 2), (7, 0): four cases on three items."""


def write_benchmark(folder: Path) -> None:
    """Classes, items with images, and two models' predictions as files."""
    (folder / "media").mkdir()
    (folder / "classes.csv").write_text(CLASSES)
    rows = ["file,class_id"]
    for item, label in enumerate(LABELS):
        rows.append(f"img_{item}.png,{label}")
        Image.new("RGB", (80, 60), (item * 30, 90, 200 - item * 20)).save(folder / "media" / f"img_{item}.png")
    (folder / "items.csv").write_text("\n".join(rows) + "\n")
    for model, top1 in TOP1.items():
        np.save(folder / f"{model}.npy", np.array(top1, dtype=np.int64))


MEMORY = Path("/dev/shm")  # noqa: S108 - each test makes a folder of its own in it
"""Where Linux keeps files in memory."""
ROLES = {"ada": Role.REVIEWER, "bo": Role.REVIEWER, "jude": Role.ADJUDICATOR, "root": Role.ADMIN}


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    """The folder of the small benchmark's files."""
    folder = tmp_path / "files"
    folder.mkdir()
    write_benchmark(folder)
    return folder


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The small benchmark's workspace with both models' predictions, made once: without people and with them."""
    folder = tmp_path_factory.mktemp("templates")
    write_benchmark(folder)
    alone, peopled = folder / "alone", folder / "peopled"
    alone.mkdir()
    (folder / "media").rename(alone / "media")  # inside, so that every copy has its own
    init_workspace(alone, classes=folder / "classes.csv", items=folder / "items.csv", media=alone / "media")
    with open_workspace(alone) as workspace:
        import_predictions(workspace, [(model, folder / f"{model}.npy") for model in TOP1])
    shutil.copytree(alone, peopled)
    with open_workspace(peopled) as workspace:
        for name, role in ROLES.items():
            add_person(workspace, name, [role])
    return {False: alone, True: peopled}


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder of its own, in memory where there is room: a sync takes no time there."""
    in_memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**28
    with tempfile.TemporaryDirectory(prefix="regrade-test-", dir=MEMORY if in_memory else None) as folder:
        yield Path(folder)


@pytest.fixture
def ws(request: pytest.FixtureRequest, templates: dict[bool, Path]) -> Iterator[Workspace]:
    """A workspace of its own for every test; with people where the test asks for them."""
    with quick_folder() as folder:
        shutil.copytree(templates["people" in request.fixturenames], folder / "bench")
        with open_workspace(folder / "bench") as workspace:
            yield workspace


@pytest.fixture
def people(ws: Workspace) -> dict[str, User]:
    """Two reviewers, an adjudicator and an admin."""
    users = {user.name: user for user in list_users(ws)}
    assert users.keys() == ROLES.keys()
    return users


def verdicts(screen: ReviewScreen, given: dict[int, Verdict], **more: object) -> Answers:
    """Answers to a screen: `given` by class id, `wrong` for the others of the screen."""
    rows = [VerdictAnswer(card.class_id, given.get(card.class_id, Verdict.WRONG)) for card in screen.cards]
    return Answers(verdicts=tuple(rows), **more)  # type: ignore[arg-type]


def answer_all(ws: Workspace, user: User, truth: dict[int, dict[int, Verdict]]) -> int:
    """Answer the reviewer's whole first pass by item position; returns the number of screens."""
    n_screens = 0
    while screens := load_queue(ws, user, Pass.VERDICT).screens:
        screen = screens[0]
        item = item_of(ws, screen)
        answer_screen(ws, user, screen.id, verdicts(screen, truth[item]), key=f"{user.name}-{screen.id}")
        n_screens += 1
    return n_screens


def item_of(ws: Workspace, screen: ReviewScreen) -> int:
    """The position behind a screen, which its view does not tell."""
    from regrade.store import screens  # noqa: PLC0415 - only here

    with ws.store.read() as tx:
        return screens.load_screen(tx, screen.id).item


def predict(ws: Workspace, model: str, top1: dict[int, int], *, dry_run: bool = False) -> CasesReport:
    """One more model that is right (by the original labels) but for these items, and the cases of its mistakes."""
    path = ws.folder / f"{model}.npy"
    np.save(path, np.array([top1.get(item, label) for item, label in enumerate(LABELS)]))
    import_predictions(ws, [(model, path)])
    return make_cases(ws, models=[model], dry_run=dry_run)


def give(
    ws: Workspace, user: User, verdicts_given: dict[int, Verdict], *, added: dict[int, Verdict] | None = None
) -> ReviewScreen:
    """Answer the reviewer's current screen of the first pass; `wrong` for what is not named."""
    screen = load_queue(ws, user, Pass.VERDICT).screens[0]
    more = tuple(VerdictAnswer(class_id, verdict, added=True) for class_id, verdict in (added or {}).items())
    answers = verdicts(screen, verdicts_given)
    send(ws, user, screen, replace(answers, verdicts=(*answers.verdicts, *more)))
    return screen


def flag(ws: Workspace, user: User) -> ReviewScreen:
    """Call the reviewer's current item problematic."""
    screen = load_queue(ws, user, Pass.VERDICT).screens[0]
    send(ws, user, screen, Answers(problematic=True))
    return screen


def give_kind(ws: Workspace, user: User, severity: str) -> ReviewScreen:
    """Answer the reviewer's current screen of the second pass."""
    screen = load_queue(ws, user, Pass.KIND).screens[0]
    send(ws, user, screen, Answers(kinds=(KindAnswer(screen.cards[0].class_id, "fine-grained", severity),)))
    return screen


def send(ws: Workspace, user: User, screen: ReviewScreen, answers: Answers) -> None:
    """Send answers under a new key."""
    answer_screen(ws, user, screen.id, answers, key=new_key())


def undo(ws: Workspace, user: User, pass_: Pass = Pass.VERDICT) -> None:
    """Undo the reviewer's last answer under a new key."""
    undo_last(ws, user, pass_, key=new_key())


def new_key() -> str:
    """An idempotency key that nobody has used."""
    return uuid.uuid4().hex


def set_protocol(ws: Workspace, **changes: Any) -> None:
    """Change the protocol, as an edited `regrade.toml` does when the workspace is opened again."""
    ws.settings = replace(ws.settings, protocol=replace(ws.settings.protocol, **changes))
    write_settings(ws.folder, ws.settings)


class Asked(NamedTuple):
    """What a question is."""

    status: QuestionStatus
    origin: Origin


def asked_on(ws: Workspace, item: int, pass_: Pass = Pass.VERDICT) -> dict[int, Asked]:
    """The questions on an item by class id."""
    with ws.store.read() as tx:
        rows = questions.list_item_questions(tx, "main", item, pass_)
    return {row.class_id: Asked(row.status, row.origin) for row in rows}


def decided(ws: Workspace) -> dict[tuple[int, int | None], Decision]:
    """The decisions of the first pass in force, by item and class."""
    with ws.store.read() as tx:
        rows = decisions.list_current_decisions(tx, "main", pass_=Pass.VERDICT)
    return {(row.item, row.class_id): row for row in rows}


def pass_a_day(ws: Workspace) -> None:
    """Let two days go by since every screen was dealt."""
    with ws.store.write() as tx:
        tx.execute(text("UPDATE screens SET created_at = :then"), {"then": "2020-01-01 00:00:00.000000"})


def write_labels(ws: Workspace, name: str, rows: dict[int, str]) -> None:
    """Import a label set that covers these items: per item its `correct;...,unclear,wrong,problematic` cells."""
    path = ws.folder / f"{name}.csv"
    lines = [f"img_{item}.png,{LABELS[item]},{cells}" for item, cells in rows.items()]
    path.write_text("\n".join(["id,original_label,correct,unclear,wrong,problematic", *lines]) + "\n")
    import_labels(ws, name, path)


def write_judgements(ws: Workspace, rows: dict[int, int], *, name: str = "panel.json") -> Path:
    """A file of another panel: the class found wrong on each item."""
    path = ws.folder / name
    kind = {"failure category": "Non-prototypical", "failure severity": "Minor"}
    path.write_text(json.dumps({f"img_{item}.png": {"top_prediction": c, **kind} for item, c in rows.items()}))
    return path
