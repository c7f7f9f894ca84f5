"""docs/metrics.md names every metric, and its code gives what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from regrade import grading
from regrade.grading import metrics

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")


def test_every_metric_stands_in_the_table_and_is_to_be_had_from_grading() -> None:
    functions = {name for name in metrics.__all__ if name.islower()}
    table = "".join(line for line in PAGE.splitlines() if line.startswith("| "))
    named = set(re.findall(r"`([a-z_]+)`", table))
    assert functions <= named
    assert named <= set(grading.__all__)


def test_the_code_prints_what_its_comments_say() -> None:
    code = PAGE.split("```python\n")[1].split("```")[0]
    expected = re.findall(r"print\(.*\)  # ([0-9.]+)", code)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == expected
    assert len(expected) == 3
