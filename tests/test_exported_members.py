"""The public API is what `__all__` says, and importing it loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import regrade

HEAVY = ("numpy", "polars", "sqlalchemy", "fastapi", "altair", "scipy", "sklearn", "rich", "typer")


def test_the_public_names_are_sorted_and_each_stands_once() -> None:
    assert list(regrade.__all__) == sorted(set(regrade.__all__))


@pytest.mark.parametrize("name", regrade.__all__)
def test_every_public_name_resolves_and_says_what_it_is(name: str) -> None:
    assert getattr(regrade, name).__doc__


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(regrade.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {name.name: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert seen == regrade._HOMES
    assert sorted(seen) == regrade.__all__ == dir(regrade)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'grade_modles'"):
        _ = regrade.grade_modles  # type: ignore[attr-defined]  # the wrong name is the test


def test_importing_regrade_loads_no_heavy_library() -> None:
    code = f"import sys, regrade; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_command_line_loads_no_heavy_library() -> None:
    heavy = tuple(set(HEAVY) - {"typer"})
    code = f"import sys, regrade.cli.main; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
