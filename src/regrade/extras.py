"""Libraries that are installed with an extra only."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Any

from regrade.errors import InputError


def import_extra(name: str, extra: str) -> Any:
    """Import a library that an extra installs.

    Raises:
        InputError: It is not installed, or does not import; the message says what to install.
    """
    library = name.split(".", maxsplit=1)[0]
    try:
        return import_module(name)
    except (ImportError, OSError, RuntimeError) as error:  # torchvision says by a RuntimeError that PyTorch is another
        is_absent = isinstance(error, ModuleNotFoundError) and error.name == library
        got = "none installed" if is_absent else f"one that does not import: {error}".splitlines()[0]
        install = f'pip install "regrade[{extra}]"'
        remedy = f"Install it with regrade: {install}." if is_absent else f"Install versions that fit: {install}."
        raise InputError(f"the library {library}", got=got, remedy=remedy) from error


def describe_versions(*packages: str) -> tuple[str, ...]:
    """Each package with its version, as outputs can differ from one to the next."""
    return tuple(f"{package} {version(package)}" for package in packages)
