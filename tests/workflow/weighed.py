"""A panel with enough answers for Dawid and Skene's model to weigh its votes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from regrade.records.labels import VERDICTS, Verdict
from regrade.records.panel import DecisionMethod, Pass, Review
from regrade.records.users import Role
from regrade.store import decisions, reviews
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.people import add_person
from tests.said import SAID
from tests.workflow.conftest import quick_folder

AT = datetime(2026, 3, 1, tzinfo=UTC)
N_ITEMS = 80
TRUTH = np.arange(N_ITEMS) // 10 % 2 * 2
"""Of class 1 on each item: ten times wrong, ten times correct, in turns."""
SLIPS = {"ann": (), "bob": (3, 4, 5), "cyd": (5, 6, 7)}
"""On which items of each ten a reviewer says the contrary: on items 5, 15, ... two outvote the one who is right."""
FEW = 79
"""The item that only two have answered."""


def make(folder: Path) -> None:
    """Two classes, and items that are all labeled with the first."""
    (folder / "classes.csv").write_text("class_id,key,name\n0,k0,bagel\n1,k1,dough\n")
    (folder / "items.csv").write_text("id,label\n" + "".join(f"item{item},0\n" for item in range(N_ITEMS)))
    init_workspace(folder / "bench", classes=folder / "classes.csv", items=folder / "items.csv")


@contextmanager
def weighed_panel() -> Iterator[Workspace]:
    """Three reviewers on 80 items, one of whom is always right."""
    with quick_folder() as folder:
        make(folder)
        with open_workspace(folder / "bench") as ws:
            for name in ("ann", "bob", "cyd"):
                add_person(ws, name, [Role.REVIEWER])
            with ws.store.write() as tx:
                reviews.save_reviews(tx, [row for item in range(N_ITEMS) for row in answers_to(item)])
            yield ws


def answers_to(item: int) -> list[Review]:
    """What the three said of class 1 on an item."""
    rows = []
    for name, slips in SLIPS.items():
        code = int(TRUTH[item])
        code = 2 - code if item % 10 in slips else code
        if (item, name) != (FEW, "cyd"):
            rows.append(review_of(name, item, VERDICTS[code]))
    return rows


def review_of(name: str, item: int, verdict: Verdict) -> Review:
    """An answer on class 1."""
    return replace(SAID, submission=f"{name} {item}", reviewer=name, item=item, class_id=1, verdict=verdict)


def decide(ws: Workspace, item: int, verdict: Verdict, method: DecisionMethod = DecisionMethod.CONSENSUS) -> None:
    """Decide what is true of class 1 on an item."""
    with ws.store.write() as tx:
        decisions.save_decision(
            tx,
            split="main",
            item=item,
            class_id=1,
            pass_=Pass.VERDICT,
            verdict=verdict,
            category=None,
            severity=None,
            method=method,
            author="all",
            reason="",
            base="original@1",
            at=AT,
        )
