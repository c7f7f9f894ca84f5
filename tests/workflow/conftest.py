"""A small benchmark that the workflow's tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Pass, VerdictAnswer
from regrade.records.users import Role, User
from regrade.workflow.accounts import add_user, list_users
from regrade.workflow.predictions import import_predictions
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace

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
            add_user(workspace, name, "correct horse battery", [role])
    return {False: alone, True: peopled}


@pytest.fixture
def ws(request: pytest.FixtureRequest, tmp_path: Path, templates: dict[bool, Path]) -> Iterator[Workspace]:
    """A workspace of its own for every test; with people where the test asks for them."""
    folder = tmp_path / "bench"
    shutil.copytree(templates["people" in request.fixturenames], folder)
    with open_workspace(folder) as workspace:
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
