"""Libraries that are installed with an extra only."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Any

from regrade.errors import InputError


def import_extra(name: str, extra: str) -> Any:
    """Import a library that an extra installs.

    Raises:
        InputError: It is not installed; the message says how to install it.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.split(".", maxsplit=1)[0]:
            raise
        raise InputError(
            f"the library {error.name}",
            got="none installed",
            remedy=f'Install it with regrade: pip install "regrade[{extra}]".',
        ) from error


def describe_versions(*packages: str) -> tuple[str, ...]:
    """Each package with its version, as outputs can differ from one to the next."""
    return tuple(f"{package} {version(package)}" for package in packages)
