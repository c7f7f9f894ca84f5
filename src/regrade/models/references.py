"""What the user names: files of models, and objects in Python code (`package.module:name`, `path/to/file.py:name`)."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from regrade.errors import InputError

_EXPECTED = "MODULE:NAME or FILE.py:NAME, a function or object in Python code"


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What a name stands for."""

    value: object
    digest: str
    """SHA-256 of the module's source file, hex; empty where it has none."""


def is_reference(text: str) -> bool:
    """Whether a text has the form `MODULE:NAME` and names no file."""
    module, _, name = text.rpartition(":")
    return bool(module) and name.isidentifier() and not Path(text).exists()


def load_reference(text: str) -> Reference:
    """Run the module and take the named object from it.

    A file's folder is put at the end of the module search path, so that it finds the modules beside it.

    Args:
        text: `package.module:name` or `path/to/file.py:name`.

    Raises:
        InputError: It has another form, the module is not there, or it has no such name.
    """
    if not is_reference(text):
        raise InputError(_EXPECTED, got=repr(text))
    where, _, name = text.rpartition(":")
    module = _load_file(Path(where)) if where.endswith(".py") else _load_module(where)
    if not hasattr(module, name):
        raise InputError(f"the name {name} in {where}", got="a module without it", remedy="Check the spelling.")
    return Reference(getattr(module, name), _digest_source(module))


class _AsItIs(SourceFileLoader):
    """Compiles the file anew: Python's cache does not see a change within a second that leaves the length."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError("a Python file", got="no such file", where=str(path))
    path = path.resolve()
    name = f"_regrade_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path, loader=_AsItIs(name, str(path)))
    assert spec is not None, "a name that ends in .py always has a loader"  # noqa: S101 - for mypy: it cannot be otherwise
    assert spec.loader is not None  # noqa: S101 - for mypy: it cannot be otherwise
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickled functions look their module up there
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    spec.loader.exec_module(module)
    return module


def _load_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # a module that it needs is missing: its own matter
        raise InputError(
            "a module that Python can import",
            got=f"no module {error.name}",
            remedy="Install it, or name its file: FILE.py:NAME.",
            where=name,
        ) from error


def _digest_source(module: ModuleType) -> str:
    path = Path(getattr(module, "__file__", None) or "")
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def digest_file(path: str) -> str:
    """SHA-256 of a model's file, hex.

    Raises:
        InputError: There is no such file, or it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError("a model's file", got=error.strerror or type(error).__name__, where=path) from error
