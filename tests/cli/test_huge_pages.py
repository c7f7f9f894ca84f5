"""Programs that start themselves anew: real processes, asked what they run with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CODE = """
import json, os, subprocess, sys
from pathlib import Path
from regrade.cli.huge_pages import use_huge_pages
if sys.argv[1] == "asks":
    use_huge_pages()
kept = [object() for _ in range(200_000)]
code = "import json, os; print(json.dumps(dict(os.environ)))"
child = subprocess.run([sys.executable, "-c", code], capture_output=True)
flags = [line.split()[1:] for line in Path("/proc/self/smaps").read_text().splitlines() if line.startswith("VmFlags")]
began = [name.partition("=")[0] for name in Path("/proc/self/environ").read_text().split(chr(0))]
print(json.dumps({"pid": os.getpid(), "argv": sys.argv[2:], "asked": sum("hg" in row for row in flags),
    "began": began, "env": dict(os.environ), "child": json.loads(child.stdout)}))
"""
NAMES = {"GLIBC_TUNABLES", "PYTHONMALLOC"}
OFFERED = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def run(variables: dict[str, str] | None = None, *, asks: bool = True) -> tuple[int, dict[str, Any]]:
    """What a program says that asks for huge pages, and the id of the process that was started."""
    env = {name: value for name, value in os.environ.items() if name not in NAMES} | (variables or {})
    command = [sys.executable, "-c", CODE, "asks" if asks else "does not", "one argument", "--two"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        out, _ = process.communicate()
    assert process.returncode == 0
    return process.pid, json.loads(out)


@pytest.fixture(scope="module")
def offered() -> None:
    if not OFFERED.is_file() or "[never]" in OFFERED.read_text(encoding="ascii"):
        pytest.skip("this system gives no huge pages to those who ask")
    name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    if name != "glibc" or tuple(map(int, version.split("."))) < (2, 35):
        pytest.skip("this C library is no glibc that can ask for huge pages")


@pytest.mark.usefixtures("offered")
def test_the_same_process_goes_on_with_its_arguments() -> None:
    pid, said = run()
    assert (said["pid"], said["argv"]) == (pid, ["one argument", "--two"])
    assert set(said["began"]) >= NAMES
    assert not NAMES & set(said["env"])
    assert not NAMES & set(said["child"])


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("asks", [True, False])
def test_the_system_is_asked_for_huge_pages(asks: bool) -> None:
    if "[madvise]" not in OFFERED.read_text(encoding="ascii"):
        pytest.skip("this system gives huge pages unasked")
    _, said = run(asks=asks)
    assert (said["asked"] > 0) is asks


@pytest.mark.parametrize(
    "variables", [{"PYTHONMALLOC": "pymalloc"}, {"GLIBC_TUNABLES": "glibc.malloc.perturb=0"}], ids=["Python", "glibc"]
)
def test_what_somebody_chose_stays(variables: dict[str, str]) -> None:
    _, said = run(variables)
    assert {name: said["env"][name] for name in NAMES & set(said["env"])} == variables
