"""docs/agreement.md names every measure, and its code gives what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from regrade.panel import agreement
from regrade.records.agreement import TOPICS
from tests.panel.agreement.test_laws import MEASURES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "agreement.md").read_text(encoding="utf-8")


def test_every_measure_and_every_question_stands_in_a_table() -> None:
    table = "".join(line for line in PAGE.splitlines() if line.startswith("| "))
    named = set(re.findall(r"`([a-z_]+)`", table))
    assert set(MEASURES) <= named
    assert set(TOPICS) <= named
    functions = {name for name in agreement.__all__ if name.islower()}
    assert {name for name in named if "_" in name} <= functions


def test_the_code_prints_what_its_comments_say() -> None:
    code = PAGE.split("```python\n")[1].split("```")[0]
    expected = re.findall(r"print\(.*\)  # ([0-9.]+)", code)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == expected
    assert len(expected) == 2
