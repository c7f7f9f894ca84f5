"""What the documents say is so: README's session and code run, the reference is up to date, links lead somewhere."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(path for path in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")))


def _block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"README has {len(found)} blocks of {language}"
    return str(found[0])


def _run_session(block: str, folder: Path) -> str:
    """Every line that starts with `$ ` is run by one shell, one after the other; gives what a terminal would show."""
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    script = "\n".join(f"echo {shlex.quote('$ ' + command)}\n{command}" for command in commands)
    programs = str(Path(sys.executable).parent)
    variables = {name: text for name, text in os.environ.items() if not name.startswith("REGRADE_")}
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\nset -e\n{script}"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=folder,
        env={**variables, "PATH": f"{programs}{os.pathsep}{variables['PATH']}", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout


@pytest.fixture
def session(tmp_path: Path) -> str:
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    return _run_session(_block("console"), tmp_path)


def test_the_session_of_the_readme_is_real_output(session: str) -> None:
    assert session == _block("console")


@pytest.mark.usefixtures("session")
def test_the_code_of_the_readme_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _block("python")], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr == ""
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["small_net", "reviewed@1"],
        ["wide_net", "reviewed@1"],
    ]


def test_the_reference_says_what_help_says() -> None:
    made = runpy.run_path(str(PROJECT / "scripts" / "_cli_reference.py"))
    assert made["PAGE"] == PROJECT / "docs" / "cli.md"
    assert made["PAGE"].read_text(encoding="utf-8") == made["reference"](), "run scripts/docs"


def test_the_readme_names_every_command() -> None:
    made = runpy.run_path(str(PROJECT / "scripts" / "_cli_reference.py"))
    commands = {path[0] for path in made["command_paths"]() if path}
    table = README.split("## What is where")[1].split("\n## ")[0]
    named = {name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row)}
    assert commands <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    local = [target.split("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert missing == []
