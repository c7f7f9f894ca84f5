"""The program as a whole: every command and option explained, exit codes, the workspace, start-up time."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from regrade.cli.main import COMMANDS, app
from tests.cli.conftest import Regrade


def _walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, member in getattr(command, "commands", {}).items():
        yield from _walk(member, f"{path} {name}")


ALL = dict(_walk(get_command(app), "regrade"))
LEAVES = [path for path, command in ALL.items() if not hasattr(command, "commands")]


def test_the_commands_are_those_of_the_loop() -> None:
    assert {path.removeprefix("regrade ") for path in LEAVES} == {
        "demo",
        "init",
        *(f"items {name}" for name in ("add", "list")),
        *(f"labels {name}" for name in ("import", "list", "use", "show", "diff", "publish")),
        *(f"labels {name}" for name in ("combine", "equivalences", "export", "fetch")),
        *(f"predictions {name}" for name in ("import", "run", "list", "rename")),
        "grade",
        "calibration",
        "compare",
        "shift",
        "mistakes",
        *(f"cases {name}" for name in ("make", "list", "export")),
        *(f"embed {name}" for name in ("import", "run", "list")),
        "neighbors",
        *(f"protocol {name}" for name in ("show", "list", "set")),
        *(f"reviews {name}" for name in ("import", "export", "agreement")),
        *(f"users {name}" for name in ("add", "list", "disable", "enable", "roles", "password", "invite")),
        *(f"users {name}" for name in ("token", "tokens", "revoke")),
        "serve",
        "doctor",
    }


@pytest.mark.parametrize("path", ALL)
def test_every_command_says_what_it_does_in_one_line(path: str) -> None:
    first = (ALL[path].help or "").split("\n\n")[0]
    assert 15 <= len(first) <= 110
    assert first.endswith(".")


@pytest.mark.parametrize("path", ALL)
def test_every_argument_and_option_has_help(path: str) -> None:
    unexplained = [parameter.name for parameter in ALL[path].params if not getattr(parameter, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize("path", LEAVES)
def test_every_command_that_works_on_a_workspace_takes_it_after_its_name(path: str) -> None:
    options = {option for parameter in ALL[path].params for option in parameter.opts}
    makes_one = path in {"regrade demo", "regrade init"}
    assert ("--workspace" in options) is not makes_one


def test_help_lists_the_commands_in_the_order_of_the_loop(regrade: Regrade) -> None:
    listed = regrade("--help").out.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert tuple(line.split()[0] for line in listed) == COMMANDS


@pytest.mark.parametrize("path", sorted(set(ALL) - set(LEAVES)))
def test_no_line_of_a_list_of_commands_is_cut_off(path: str, regrade: Regrade) -> None:
    listed = regrade(*path.split()[1:], "--help").out.split("Commands:\n")[1].splitlines()
    assert [line for line in listed if line.endswith("...")] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["grade", "--polcy", "real"], "No such option: --polcy", id="option"),
        pytest.param(["grade", "--policy", "strict"], "'strict' is not one of 'multilabel'", id="choice"),
        pytest.param(["regrade"], "No such command 'regrade'", id="command"),
        pytest.param(["labels", "import", "x"], "Missing argument 'FILE'", id="argument"),
        pytest.param(
            ["init", "x"],
            "for --classes: expected a CSV with the columns class_id",
            id="required",
        ),
        pytest.param(["serve", "--port", "99999"], "less than or equal to 65535", id="range"),
        pytest.param(["grade", "--json", "--csv"], "choose one of --json and --csv", id="both"),
    ],
)
def test_wrong_usage_is_2_and_says_what(arguments: list[str], said: str, regrade: Regrade) -> None:
    ran = regrade(*arguments, code=2)
    assert said in ran.err
    assert ran.out == ""


def test_no_command_shows_the_help(regrade: Regrade) -> None:
    assert "Commands:" in regrade(code=2).err


def test_the_version_is_the_package_s(regrade: Regrade) -> None:
    assert regrade("--version").out == f"regrade {version('regrade')}\n"


def test_the_workspace_may_stand_before_or_after_the_command_or_above(
    regrade: Regrade, bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = regrade("labels", "show", "--workspace", bakery).out
    assert shown.startswith("labels:    reviewed@1 (default)\n")
    assert regrade("--workspace", bakery, "labels", "show").out == shown
    monkeypatch.chdir(bakery)
    assert regrade("labels", "show").out == shown
    (bakery / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(bakery / "deep" / "er")
    assert regrade("labels", "show").out == shown


def test_the_workspace_after_the_command_wins_over_the_variable(
    regrade: Regrade, bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", "elsewhere")
    assert "elsewhere" in regrade("labels", "show", code=1).err
    assert regrade("labels", "show", "--workspace", bakery).code == 0
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))
    assert regrade("labels", "show").code == 0


def test_without_a_workspace_the_error_says_how_to_name_or_make_one(regrade: Regrade) -> None:
    said = regrade("grade", code=1).err
    assert said.startswith("error: No regrade.toml in ")
    assert "--workspace DIR" in said
    assert "regrade init" in said


def test_python_m_regrade_is_the_program_and_help_is_quick(tmp_path: Path) -> None:
    """0.4 s is the promise for the whole process; its processor time does not hang on what else runs here."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "regrade", "--help"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.startswith("Usage: ")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.4


def test_ending_early_is_no_traceback(bakery: Path) -> None:
    """A reader that goes away (`| head`) is no error of ours to print."""
    command = f'"{sys.executable}" -m regrade labels show --workspace "{bakery}" | true'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
