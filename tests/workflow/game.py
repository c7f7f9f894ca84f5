"""The small benchmark that the random games are played on: five items, six classes, five models."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path

import numpy as np

from regrade.records.users import Role
from regrade.workflow.labels import import_labels
from regrade.workflow.workspace import init_workspace, open_workspace
from tests.people import add_person
from tests.workflow.conftest import quick_folder
from tests.workflow.reviews_model import CORRECT, UNCLEAR, WRONG, Labels

REVIEWERS = ("ada", "bo", "cy", "di")
JUDGES = ("jude", "kim", "lou")
N_CLASSES = 6
ORIGINALS = (0, 0, 1, 2, 2)
CELLS = ("0,,,0", "0;1,,,0", "1,3,0,0", ",,0,0", "2,,,0")
"""Labels per item: correct, unclear, wrong, problematic. Item 3 has no accepted class."""
START = Labels(
    {(0, 0): CORRECT, (1, 0): CORRECT, (1, 1): CORRECT, (2, 1): CORRECT, (2, 3): UNCLEAR, (2, 0): WRONG}
    | {(3, 0): WRONG, (4, 2): CORRECT},
    frozenset(),
)
MODELS = {
    "alpha": [1, 2, 2, 1, 2],
    "beta": [2, 0, 4, 2, 3],
    "gamma": [3, 2, 5, 1, 4],
    "delta": [0, 3, 1, 3, 2],
    "epsilon": [5, 5, 0, 5, 5],
}
ELSEWHERE = ({4: 3, 1: 2}, {2: 5, 0: 0}, {3: 1, 0: 3})
CATEGORIES, SEVERITIES = ("fine-grained", "non-prototypical"), ("major", "minor")
LONG_AGO = "2020-01-01 00:00:00.000000"


def truth(item: int, class_id: int) -> str:
    """What a careful reviewer says."""
    if item == 4:  # its label is wrong, and nothing else is right
        return WRONG
    return CORRECT if class_id == ORIGINALS[item] or (item, class_id) in {(0, 1), (3, 1)} else WRONG


@cache
def template(kept: ExitStack) -> Path:
    """The benchmark's workspace, made once."""
    folder = kept.enter_context(quick_folder())
    names = "\n".join(f"{number},k{number},class {number}" for number in range(N_CLASSES))
    (folder / "classes.csv").write_text(f"class_id,key,name\n{names}\n")
    rows = "\n".join(f"img_{item}.png,{label}" for item, label in enumerate(ORIGINALS))
    (folder / "items.csv").write_text(f"id,class_id\n{rows}\n")
    init_workspace(folder / "made", classes=folder / "classes.csv", items=folder / "items.csv")
    with open_workspace(folder / "made") as ws:
        for name in REVIEWERS:
            add_person(ws, name, [Role.REVIEWER])
        for name in JUDGES:
            add_person(ws, name, [Role.ADJUDICATOR])
        lines = [f"img_{item}.png,{ORIGINALS[item]},{cells}" for item, cells in enumerate(CELLS)]
        file = folder / "multi.csv"
        file.write_text("\n".join(["id,original_label,correct,unclear,wrong,problematic", *lines]) + "\n")
        import_labels(ws, "multi", file)
    for name, top in MODELS.items():
        np.save(folder / "made" / f"{name}.npy", np.array(top))
    return folder / "made"
