"""The panel's figures: a workspace of 40 reviewers with 100,000 answers, and how long its pages of agreement take."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from regrade.records.labels import VERDICTS, Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Review, Screen
from regrade.records.users import Role, User
from regrade.store import Transaction, decisions, questions, reviews, screens, users
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace

N_ITEMS, N_CLASSES, N_REVIEWERS, N_EACH, N_ASKED = 9_000, 1_000, 40, 3, 3
"""Each item goes to three reviewers, with its label and two predicted classes."""
N_MISTAKES = 6_334
"""Mistakes whose kind is asked, of three reviewers too: 100,002 answers in all."""
AT = datetime(2026, 3, 1, tzinfo=UTC)
LABELS = "original@1"
CATEGORIES = ("fine-grained", "fine-grained out-of-vocabulary", "spurious correlation", "non-prototypical")
SEVERITIES = ("major", "borderline", "minor")
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Who was asked what, and what they said."""

    classes: Codes
    """(n, 3) classes of each item, its label first."""
    reviewers: Codes
    """(n, 3) who is asked."""
    said: Codes
    """(n, 3, 3) verdict codes by item, reviewer asked, class."""
    mistakes: Codes
    """(m, 2) item and place of the class."""
    kinds: Codes
    """(m, 3, 2) category and severity by mistake and reviewer asked."""

    def verdict(self, item: int, place: int) -> Verdict | None:
        """What the majority says; None if there is none."""
        counts = np.bincount(self.said[item, :, place], minlength=3)
        return VERDICTS[int(counts.argmax())] if counts.max() > 1 else None


def make_panel() -> Panel:
    """Reviewers who are right 75 to 97 times in 100, and answer anything else."""
    rng = np.random.default_rng(11)
    labels = np.arange(N_ITEMS) % N_CLASSES
    classes = (labels[:, None] + rng.integers(1, 300, (N_ITEMS, 1)) * np.arange(N_ASKED)) % N_CLASSES
    truth = rng.choice(3, p=(0.55, 0.1, 0.35), size=(N_ITEMS, N_ASKED))
    truth[:, 0] = rng.choice(3, p=(0.03, 0.07, 0.9), size=N_ITEMS)
    reviewers = np.argsort(rng.random((N_ITEMS, N_REVIEWERS)), axis=1)[:, :N_EACH]
    skill = rng.uniform(0.75, 0.97, N_REVIEWERS)[reviewers]

    def answer(true: Codes, n_answers: int, skills: npt.NDArray[np.float64]) -> Codes:
        right = rng.random((*skills.shape, true.shape[-1])) < skills[..., None]
        return np.where(right, true[:, None, :], rng.integers(0, n_answers, right.shape))

    said = answer(truth, 3, skill)
    wrong = np.argwhere(truth[:, 1:] == Verdict.WRONG.code)[:N_MISTAKES] + (0, 1)
    kinds = np.concatenate(
        [
            answer(rng.integers(0, n, (len(wrong), 1)), n, skill[wrong[:, 0]])
            for n in (len(CATEGORIES), len(SEVERITIES))
        ],
        axis=2,
    )
    return Panel(classes, reviewers, said, wrong, kinds)


def fill_workspace(panel: Panel, folder: Path) -> Path:
    """Make a workspace in which the panel has answered, by way of the store."""
    folder.mkdir()
    write_csv(
        folder / "classes.csv", ("class_id", "key", "name"), ((c, f"c{c}", f"class {c}") for c in range(N_CLASSES))
    )
    write_csv(folder / "items.csv", ("id", "label"), ((f"item{i}", int(panel.classes[i, 0])) for i in range(N_ITEMS)))
    home = folder / "workspace"
    init_workspace(home, classes=folder / "classes.csv", items=folder / "items.csv", n_reviewers=N_EACH)
    with open_workspace(home) as ws, ws.store.write() as tx:
        for name in map(name_of, range(N_REVIEWERS)):
            user = User(name, "password", frozenset({Role.REVIEWER}), disabled=False, created_at=AT)
            users.save_user(tx, user, password_hash=None, at=AT)
        ask(tx, panel)
        answer_first_pass(tx, panel)
        answer_second_pass(tx, panel)
        decide(tx, panel)
    return home


def name_of(reviewer: int) -> str:
    return f"reviewer {reviewer:02}"


def ask(tx: Transaction, panel: Panel) -> None:
    items = np.arange(N_ITEMS)
    origins = (Origin.LABEL, *(Origin.PREDICTION,) * (N_ASKED - 1))
    asked = [(Pass.VERDICT, origin, items, panel.classes[:, place]) for place, origin in enumerate(origins)]
    mistaken, place = panel.mistakes.T
    asked.append((Pass.KIND, Origin.PREDICTION, mistaken, panel.classes[mistaken, place]))
    for pass_, origin, where, classes in asked:
        questions.save_questions(tx, "main", where, classes, pass_=pass_, origin=origin, shuffles=where, at=AT)


def answer_first_pass(tx: Transaction, panel: Panel) -> None:
    for item in range(N_ITEMS):
        classes = panel.classes[item].tolist()
        for place, reviewer in enumerate(panel.reviewers[item].tolist()):
            said = [VERDICTS[code] for code in panel.said[item, place]]
            given = dict(zip(classes, ({"verdict": verdict} for verdict in said), strict=True))
            answer(tx, Pass.VERDICT, reviewer, item, given)


def answer_second_pass(tx: Transaction, panel: Panel) -> None:
    for (item, place), kinds in zip(panel.mistakes.tolist(), panel.kinds.tolist(), strict=True):
        for reviewer, (category, severity) in zip(panel.reviewers[item].tolist(), kinds, strict=True):
            kind = {"category": CATEGORIES[category], "severity": SEVERITIES[severity]}
            answer(tx, Pass.KIND, reviewer, item, {int(panel.classes[item, place]): kind})


def answer(tx: Transaction, pass_: Pass, reviewer: int, item: int, given: dict[int, dict[str, object]]) -> None:
    """Deal a screen and save its answers."""
    classes, name = tuple(given), name_of(reviewer)
    key = f"{pass_}-{item}-{classes[0]}-{reviewer}"
    screens.save_screens(tx, [Screen(key, name, "main", item, pass_, classes, 0, 1, LABELS, AT)])
    screens.save_answered(tx, key, key, AT, seconds=4 + reviewer % 7 + item % 11)
    blank = {"verdict": None, "category": None, "severity": None}
    reviews.save_reviews(
        tx, [as_review(key, name, item, class_id, pass_, blank | said) for class_id, said in given.items()]
    )


def as_review(key: str, name: str, item: int, class_id: int, pass_: Pass, said: dict[str, object]) -> Review:
    return Review(
        id=0,
        submission=key,
        reviewer=name,
        split="main",
        item=item,
        class_id=class_id,
        pass_=pass_,
        problematic=False,
        note="",
        discuss=False,
        added=False,
        labels=LABELS,
        source=None,
        created_at=AT,
        **said,
    )


def decide(tx: Transaction, panel: Panel) -> None:
    """What most say; where there is no majority, an adjudicator takes the first one's word."""
    for item in range(N_ITEMS):
        for place, class_id in enumerate(panel.classes[item].tolist()):
            carried = panel.verdict(item, place)
            decisions.save_decision(
                tx,
                split="main",
                item=item,
                class_id=class_id,
                pass_=Pass.VERDICT,
                verdict=carried or VERDICTS[int(panel.said[item, 0, place])],
                category=None,
                severity=None,
                method=DecisionMethod.CONSENSUS if carried else DecisionMethod.ADJUDICATION,
                author="majority",
                reason="",
                base=LABELS,
                at=AT,
            )


def write_csv(file: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header, *rows])


if __name__ == "__main__":
    import sys

    start = time.perf_counter()
    print(fill_workspace(make_panel(), Path(sys.argv[1])), time.perf_counter() - start)
