"""The public API is what `__all__` says, and importing it loads nothing heavy."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import regrade
from regrade.formats import FilePath

FUNCTIONS = [name for name in regrade.__all__ if name.islower()]
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


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert regrade.__version__ == project["version"]


def _parts(hint: Any) -> Iterator[Any]:
    """A type and all that it is made of; what a callable takes is a list."""
    if not isinstance(hint, list):
        yield hint
    for part in hint if isinstance(hint, list) else get_args(hint):
        yield from _parts(part)


def _hints(name: str) -> dict[str, set[Any]]:
    """What each parameter of a public function may be."""
    function = getattr(regrade, name)
    home = vars(sys.modules[function.__module__])
    hints = get_type_hints(function, {**home, "__builtins__": __builtins__})
    return {parameter: set(_parts(hints[parameter])) for parameter in inspect.signature(function).parameters}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_path_may_be_text(name: str) -> None:
    for parameter, parts in _hints(name).items():
        assert Path not in parts, parameter
        if set(get_args(FilePath)) & parts - {str}:
            assert str in parts, parameter


@pytest.mark.parametrize("name", FUNCTIONS)
def test_whatever_a_public_function_takes_is_public(name: str) -> None:
    """Enums and records; protocols are what other libraries' objects are."""
    for parts in _hints(name).values():
        own = [part for part in parts if isinstance(part, type) and part.__module__.startswith("regrade.")]
        taken = {part.__name__ for part in own if issubclass(part, Enum) or not getattr(part, "_is_protocol", False)}
        assert taken <= set(regrade.__all__)


def test_no_path_is_hidden_from_the_tests() -> None:
    of_path = {name for name in FUNCTIONS if any(set(get_args(FilePath)) <= parts for parts in _hints(name).values())}
    assert {"open_workspace", "init_workspace", "import_labels", "import_predictions", "export_version"} <= of_path
