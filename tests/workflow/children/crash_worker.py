"""Does one kind of work until it is killed, and says each piece after the call returned."""

from __future__ import annotations

import itertools
import sys
import time
import uuid
from pathlib import Path

import numpy as np

from regrade.errors import ConflictError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Pass, VerdictAnswer
from regrade.records.users import Role, User
from regrade.workflow.cases import make_cases
from regrade.workflow.clock import now
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import publish_labels
from regrade.workflow.review import ReviewScreen, answer_screen, load_queue
from regrade.workflow.workspace import Workspace, open_workspace

N_ITEMS = 400
N_CLASSES = 10


def top1(model: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """What a model of this name predicts: right (class 0) on nine items of ten."""
    rng = np.random.default_rng(list(model.encode()))
    return np.where(rng.random(N_ITEMS) < 0.9, 0, rng.integers(1, N_CLASSES, N_ITEMS)).astype(np.int64)


def answers_to(screen: ReviewScreen) -> Answers:
    """Every class is correct, so that each answer decides and can be published."""
    return Answers(verdicts=tuple(VerdictAnswer(card.class_id, Verdict.CORRECT) for card in screen.cards))


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def answer(ws: Workspace) -> None:
    """Answer the next screen."""
    for screen in load_queue(ws, reviewer(), Pass.VERDICT).screens[:1]:
        key = uuid.uuid4().hex
        answer_screen(ws, reviewer(), screen.id, answers_to(screen), key=key)
        say("answer", key, len(screen.cards))


def answer_early(ws: Workspace) -> None:
    """The planted bug: say it before it is saved."""
    for screen in load_queue(ws, reviewer(), Pass.VERDICT).screens[:1]:
        key = uuid.uuid4().hex
        say("answer", key, len(screen.cards))
        answer_screen(ws, reviewer(), screen.id, answers_to(screen), key=key)


def publish(ws: Workspace) -> None:
    """Publish what is decided."""
    try:
        say("publish", publish_labels(ws, by="ada", reason="r").version.ref)
    except ConflictError:
        time.sleep(0.002)


def predict(ws: Workspace) -> None:
    """Import one more model."""
    model = f"m{uuid.uuid4().hex[:8]}"
    path = ws.folder / f"{model}.npy"
    np.save(path, top1(model))
    import_predictions(ws, [(model, path)])
    path.unlink()
    say("predict", model)


def ask(ws: Workspace) -> None:
    """Make cases of what the models predict."""
    say("ask", make_cases(ws).n_new_cases)


def reviewer() -> User:
    """Who answers."""
    return User("ada", "password", frozenset({Role.REVIEWER}), disabled=False, created_at=now())


WORK = {work.__name__: work for work in (answer, publish, predict, ask)}


def main(folder: Path, work: str) -> None:
    with open_workspace(folder) as ws:
        for _ in itertools.count():
            (WORK | {"answer_early": answer_early})[work](ws)
