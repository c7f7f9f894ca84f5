"""docs/api.md: its routes are those of the document, its codes those of the code, and its example runs."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

from regrade.store import reviews
from regrade.web.api.routing import REFUSALS
from regrade.web.errors import HTTP_CODES, INTERNAL, KINDS
from regrade.workflow.tokens import make_token
from regrade.workflow.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[3]
PAGE = PROJECT / "docs" / "api.md"


def test_the_reference_says_what_the_document_says() -> None:
    made = runpy.run_path(str(PROJECT / "scripts" / "_api_reference.py"))
    assert made["PAGE"] == PAGE
    assert PAGE.read_text(encoding="utf-8") == made["reference"](), "run scripts/docs"


def test_every_status_and_code_stands_in_the_docs() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Errors")[1].partition("\n## ")[0]
    rows = {
        int(row[0]): set(re.findall(r"`(\w+)`", row[1])) for row in re.findall(r"^\| (\d+) \| ([^|]+) \|", table, re.M)
    }
    assert set(REFUSALS) | {400, 405, 500} == set(rows)
    codes = {status: {code for _, number, code in KINDS if number == status} for status in rows}
    for status, code in (HTTP_CODES | {INTERNAL.status: INTERNAL.code}).items():
        codes[status].add(code)
    assert {status: found - rows[status] for status, found in codes.items() if found - rows[status]} == {}


def test_the_example_runs(ws: Workspace, url: str) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    token = make_token(ws, "ursula", "example")
    done = subprocess.run(
        [sys.executable, "-c", example, url, token], capture_output=True, text=True, check=True, timeout=120
    )
    lines = done.stdout.splitlines()
    # By class, xylograph has 1/2, 1/2, 1 and 1 right, quagmire 1/2, 1/2, 1 and 1/2.
    assert lines[:2] == ["quagmire original@1 0.625", "xylograph original@1 0.75"]
    with ws.store.read() as tx:
        saved = reviews.list_reviews(tx, split="main")
    assert {(row.reviewer, row.verdict, row.note) for row in saved} == {("ursula", "unclear", "left to the others")}
    assert re.fullmatch(rf"saved {len(saved)} verdicts at \d{{4}}-\d\d-\d\dT.*Z", lines[2])
    assert done.stderr == ""
