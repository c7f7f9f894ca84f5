"""What is known so far: the same figures as the command line's and the pages'."""

from __future__ import annotations

import json

import httpx
import pytest
from typer.testing import CliRunner

from regrade.cli.main import app
from regrade.workflow.workspace import Workspace


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", []),
        ("?policy=single", ["--policy", "single"]),
        ("?policy=real&unclear=reject&labels=original", ["--policy", "real", "--unclear", "reject"]),
        ("?model=quagmire", ["--model", "quagmire"]),
    ],
)
def test_grades_are_what_the_command_line_prints(
    query: str, options: list[str], programs: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    done = CliRunner().invoke(app, ["grade", "--json", "--workspace", str(still_ws.folder), *options])
    printed = json.loads(done.stdout)
    sent = programs["ottilie"].get(f"/grades{query}").json()
    assert sent == printed
    assert [list(row) for row in sent] == [list(row) for row in printed]  # the keys in the same order
    assert len(sent) == (1 if "model" in query else 2)


def test_models_are_listed_with_their_source(programs: dict[str, httpx.Client]) -> None:
    rows = programs["ottilie"].get("/models").json()
    assert [(row["model"], row["source"], row["n_missing"]) for row in rows] == [
        ("quagmire", "quagmire.npy", 0),
        ("xylograph", "xylograph.npy", 0),
    ]


def test_the_overview_counts_what_is_open(programs: dict[str, httpx.Client]) -> None:
    overview = programs["ottilie"].get("/overview").json()
    found = {name: overview[name] for name in ("n_items", "n_classes", "n_cases_open", "n_items_open", "n_changes")}
    assert found == {"n_items": 8, "n_classes": 4, "n_cases_open": 4, "n_items_open": 3, "n_changes": 0}
    assert overview["labels"]["ref"] == overview["before"]["ref"] == "original@1"
    assert overview["no_mistake_share"] is None  # nothing is decided yet
    # Of 8 items xylograph has 6 right, quagmire 5.
    assert [(line["model"], line["after"]["item_accuracy"]) for line in overview["lines"]] == [
        ("xylograph", 0.75),
        ("quagmire", 0.625),
    ]


@pytest.mark.parametrize(
    "path", ["/grades?labels=none@1", "/grades?model=none", "/grades?split=none", "/overview?split=x"]
)
def test_what_there_is_not_is_not_found(path: str, programs: dict[str, httpx.Client]) -> None:
    answer = programs["ottilie"].get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
