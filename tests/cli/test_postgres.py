"""The whole loop on PostgreSQL: the command line, and two reviewers who answer at once over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from regrade.workflow.media import item_token
from regrade.workflow.workspace import open_workspace
from tests.cli.conftest import Regrade
from tests.people import PASSWORD
from tests.postgres import Postgres
from tests.web.api.programs import LABELS, answer_all, new_key, program, read_screen
from tests.web.conftest import serving
from tests.workflow.conftest import write_benchmark

PEOPLE = {"ann": "reviewer", "bob": "reviewer", "jude": "adjudicator", "root": "admin"}
Programs = dict[str, httpx.Client]


def make_workspace(regrade: Regrade, folder: str) -> None:
    """The small benchmark with two models, whose mistakes are the cases (0, 1), (0, 2), (3, 2) and (7, 0)."""
    regrade("init", folder, "--classes", "classes.csv", "--items", "items.csv", "--media", "media")
    regrade("--workspace", folder, "predictions", "import", "alpha.npy", "beta.npy")
    assert regrade("--workspace", folder, "cases", "make", "--json").json["n_new_cases"] == 4


def add_people(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Their tokens by name."""
    tokens = {}
    for name, role in PEOPLE.items():
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        regrade("users", "add", name, "--role", role, "--password-stdin")
        tokens[name] = regrade("users", "token", name).out.strip()
    return tokens


@contextmanager
def served(folder: str, tokens: dict[str, str]) -> Iterator[tuple[Programs, dict[str, int]]]:
    """Programs that ask a real server in people's names, and the items by the tokens of their images."""
    with open_workspace(folder) as ws, serving(ws) as url, ExitStack() as stack:
        programs = {name: stack.enter_context(program(url, token)) for name, token in tokens.items()}
        yield programs, {item_token(ws, "main", item): item for item in range(len(LABELS))}


def judge(programs: Programs, items: dict[str, int]) -> None:
    """Ann and Bob at once; on (0, 2) they differ, and Jude says `unclear`. What is wrong is fine-grained and minor."""

    def answer(name: str) -> int:
        def say(media: str, class_id: int) -> str:
            is_right = LABELS[items[media]] == class_id or (name, items[media], class_id) == ("ann", 0, 2)
            return "correct" if is_right else "wrong"

        return answer_all(programs[name], say)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(answer, ("ann", "bob"))) == [3, 3]
    (dispute,) = programs["jude"].get("/disputes").json()
    said = {"verdicts": [{"class_id": 2, "verdict": "unclear"}], "reason": "one can see a knot"}
    post(programs["jude"], f"/disputes/verdict/{dispute['token']}", said)
    for name in ("ann", "bob"):
        for _ in range(3):
            screen = read_screen(programs[name], "kinds")
            kind = {"class_id": screen["cards"][0]["class_id"], "category": "fine-grained", "severity": "minor"}
            post(programs[name], f"/review/kinds/screens/{screen['id']}", {"kinds": [kind]})


def post(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    sent = client.post(path, json=body, headers=new_key())
    assert sent.status_code in {200, 201}, sent.text


def list_cases(regrade: Regrade, *more: str) -> list[tuple[str, int, str, str | None]]:
    rows = regrade(*more, "cases", "list", "--json").json
    return [(row["item_id"], row["class_id"], row["status"], row["verdict"]) for row in rows]


def test_the_loop_from_predictions_to_new_labels_and_back(
    postgres: Postgres, regrade: Regrade, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_benchmark(tmp_path)
    monkeypatch.setenv("REGRADE_DATABASE_URL", postgres.make_database())
    make_workspace(regrade, "bench")
    monkeypatch.setenv("REGRADE_WORKSPACE", "bench")
    tokens = add_people(regrade, monkeypatch)
    with served("bench", tokens) as (programs, items):
        judge(programs, items)
        post(programs["root"], "/publication", {"next_ref": "original@2", "reason": "the panel's first day"})
        token = next(token for token, item in items.items() if item == 7)
        taken_back = {"token": token, "pass": "verdict", "class_id": 0, "reason": "look again"}
        post(programs["jude"], "/decisions/reopen", taken_back)
    decided = [
        ("img_0.png", 1, "decided", "wrong"),
        ("img_0.png", 2, "decided", "unclear"),
        ("img_3.png", 2, "decided", "wrong"),
        ("img_7.png", 0, "disputed", None),
    ]
    assert list_cases(regrade) == decided
    # alpha is wrong on items 0 and 3 still, beta on 3 and 7: its class on item 0 is unclear, and accepted
    assert [(row["labels"], row["item_accuracy"]) for row in regrade("grade", "--json").json] == [
        ("original@2", 0.75),
        ("original@2", 0.75),
    ]
    assert regrade("doctor").code == 0
    regrade("reviews", "export", "record.jsonl")
    assert regrade("reviews", "import", "record.jsonl", "--json").json["n_new_reviews"] == 0
    monkeypatch.setenv("REGRADE_DATABASE_URL", postgres.make_database())
    make_workspace(regrade, "fresh")
    taken_over = regrade("--workspace", "fresh", "reviews", "import", "record.jsonl", "--json").json
    # each of two people: classes 0, 1 and 2 of item 0, two of items 3 and 7, and three kinds
    assert taken_over["n_new_reviews"] == 2 * (3 + 2 + 2 + 3)
    assert list_cases(regrade, "--workspace", "fresh") == decided
    regrade("--workspace", "fresh", "labels", "publish", "--reason", "what came over")
    # the mistake on item 7 waits there, and was published here
    assert regrade("--workspace", "fresh", "labels", "show", "original@2", "--json").json["n_wrong"] == 2
