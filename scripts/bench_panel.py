"""The panel's figures: a workspace of 40 reviewers with 100,000 answers, and how long its pages of agreement take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
from bench_browser import serving
from bench_measure import Line, aim_at
from bench_processes import write_csv
from sqlalchemy import insert

from regrade.records.labels import VERDICTS, Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Review
from regrade.records.users import Role, User
from regrade.store import Transaction, answers, questions, reviews, tables, users
from regrade.store.names import label_set_id, split_id, user_id
from regrade.workflow.sessions import make_link
from regrade.workflow.workspace import init_workspace, open_workspace

PAGES = {"agreement page": "/agreement", "page of reviewers": "/agreement/reviewers"}
COLD, WARM = 2.0, 0.2
N_COLD, N_WARM = 5, 5
FLOOR = "reading the answers out of the database"

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
    wrong = np.argwhere(truth[:, 1:] == Verdict.WRONG.code)[:N_MISTAKES] + np.array([0, 1])
    kinds = np.concatenate(
        [
            answer(rng.integers(0, n, (len(wrong), 1)), n, skill[wrong[:, 0]])
            for n in (len(CATEGORIES), len(SEVERITIES))
        ],
        axis=2,
    )
    return Panel(classes, reviewers, said, wrong, kinds)


def measure_panel(folder: Path) -> list[Line]:
    """Each page by a real server on loopback: the first time after it has started, and from then on."""
    home = fill_workspace(make_panel(), folder / "panel")
    floor = statistics.median(read_answers(home) for _ in range(N_COLD))
    lines = []
    for name, path in PAGES.items():
        runs = [ask_page(home, path) for _ in range(N_COLD)]
        cold, warm = (statistics.median(times) for times in zip(*runs, strict=True))
        what = f"{name}, {N_REVIEWERS} reviewers, 100,000 answers"
        lines += [
            aim_at(Line(f"{what}, cold", cold, FLOOR, floor, n_runs=N_COLD), seconds=COLD),
            aim_at(Line(f"{what}, warm", warm, FLOOR, floor, n_runs=N_COLD), seconds=WARM),
        ]
    return lines


def ask_page(home: Path, path: str) -> tuple[float, float]:
    """Seconds of the first request, and the median of the next ones."""
    with open_workspace(home) as workspace, serving(workspace) as url, httpx.Client(base_url=url, timeout=60) as client:
        client.get("/enter", params={"token": make_link(workspace)})
        seconds = []
        for _ in range(1 + N_WARM):
            start = time.perf_counter()
            answer = client.get(path)
            seconds.append(time.perf_counter() - start)
            if answer.status_code != 200 or "reviewer 39" not in answer.text:
                raise SystemExit(f"{path} answered {answer.status_code}, without the reviewers.")
    return seconds[0], statistics.median(seconds[1:])


def read_answers(home: Path) -> float:
    with open_workspace(home) as workspace, workspace.store.read() as tx:
        start = time.perf_counter()
        first, second = answers.load_verdict_answers(tx, "main"), answers.load_kind_answers(tx, "main")
        seconds = time.perf_counter() - start
    if len(first.items) + len(second.rows.items) < 100_000:
        raise SystemExit("The panel has not given its 100,000 answers.")
    return seconds


def fill_workspace(panel: Panel, folder: Path) -> Path:
    """Make a workspace in which the panel has answered, by way of the store."""
    folder.mkdir()
    names = ((c, f"c{c}", f"class {c}") for c in range(N_CLASSES))
    write_csv(folder / "classes.csv", ("class_id", "key", "name"), names)
    items = ((f"item{item}", int(panel.classes[item, 0])) for item in range(N_ITEMS))
    write_csv(folder / "items.csv", ("id", "label"), items)
    home = folder / "workspace"
    init_workspace(home, classes=folder / "classes.csv", items=folder / "items.csv", n_reviewers=N_EACH)
    with open_workspace(home) as ws, ws.store.write() as tx:
        for name in map(name_of, range(N_REVIEWERS)):
            user = User(name, "password", frozenset({Role.REVIEWER}), disabled=False, created_at=AT)
            users.save_user(tx, user, password_hash=None, at=AT)
        ask(tx, panel)
        given = [*answer_first_pass(panel), *answer_second_pass(panel)]
        reviews.save_reviews(tx, (row for rows in given for row in rows))
        save_screens(tx, given)
        save_decisions(tx, panel)
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


def answer_first_pass(panel: Panel) -> Iterator[list[Review]]:
    """The reviews of one screen after the other."""
    for item in range(N_ITEMS):
        classes = panel.classes[item].tolist()
        for place, reviewer in enumerate(panel.reviewers[item].tolist()):
            said = zip(classes, panel.said[item, place].tolist(), strict=True)
            yield [
                as_review(Pass.VERDICT, reviewer, (item, class_id), verdict=VERDICTS[code]) for class_id, code in said
            ]


def answer_second_pass(panel: Panel) -> Iterator[list[Review]]:
    for (item, place), kinds in zip(panel.mistakes.tolist(), panel.kinds.tolist(), strict=True):
        about = item, int(panel.classes[item, place])
        for reviewer, (category, severity) in zip(panel.reviewers[item].tolist(), kinds, strict=True):
            kind = {"category": CATEGORIES[category], "severity": SEVERITIES[severity]}
            yield [as_review(Pass.KIND, reviewer, about, **kind)]


def as_review(pass_: Pass, reviewer: int, about: tuple[int, int], **said: Any) -> Review:
    item, class_id = about
    blank: dict[str, Any] = {"verdict": None, "category": None, "severity": None}
    return Review(
        id=0,
        submission=f"{pass_} {item} {class_id if pass_ is Pass.KIND else ''} {reviewer}",
        reviewer=name_of(reviewer),
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
        **(blank | said),
    )


def save_screens(tx: Transaction, given: list[list[Review]]) -> None:
    """Straight into the table: dealing 46,000 screens one by one, with their claims, takes minutes."""
    people = {name: user_id(tx, name) for name in map(name_of, range(N_REVIEWERS))}
    split, labels = split_id(tx, "main"), label_set_id(tx, LABELS)
    rows = [
        {
            "id": rows[0].submission,
            "reviewer": people[rows[0].reviewer],
            "split": split,
            "item": rows[0].item,
            "pass": rows[0].pass_,
            "classes": [row.class_id for row in rows],
            "part": 0,
            "n_parts": 1,
            "label_set": labels,
            "status": "answered",
            "created_at": AT,
            "ended_at": AT,
            "submission": rows[0].submission,
            "seconds": 4.0 + people[rows[0].reviewer] % 7 + rows[0].item % 11,
        }
        for rows in given
    ]
    tx.execute(insert(tables.screens), rows)


def save_decisions(tx: Transaction, panel: Panel) -> None:
    """What most say; where there is no majority, an adjudicator takes the first one's word."""
    split, labels = split_id(tx, "main"), label_set_id(tx, LABELS)
    rows = []
    for item in range(N_ITEMS):
        for place, class_id in enumerate(panel.classes[item].tolist()):
            carried = panel.verdict(item, place)
            rows.append(
                {
                    "split": split,
                    "item": item,
                    "class_id": class_id,
                    "pass": Pass.VERDICT,
                    "verdict": carried or VERDICTS[int(panel.said[item, 0, place])],
                    "method": DecisionMethod.CONSENSUS if carried else DecisionMethod.ADJUDICATION,
                    "author": "the panel",
                    "reason": "",
                    "base": labels,
                    "created_at": AT,
                }
            )
    tx.execute(insert(tables.decisions), rows)
