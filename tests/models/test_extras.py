"""Libraries of extras."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from regrade.errors import InputError
from regrade.models.extras import describe_versions, import_extra


def test_what_is_installed_is_imported() -> None:
    assert import_extra("sklearn.svm", "any").SVC


def test_what_is_not_installed_is_named_with_its_extra() -> None:
    words = r"expected the library absent_library; got none installed. .* pip install \"regrade[onnx]\"."
    with pytest.raises(InputError, match=words.replace("[", r"\[").replace("]", r"\]")):
        import_extra("absent_library.part", "onnx")


def test_a_part_that_is_missing_from_an_installed_library_is_no_missing_library() -> None:
    with pytest.raises(ModuleNotFoundError, match=re.escape("sklearn.absent")):
        import_extra("sklearn.absent", "any")


def test_versions_are_those_installed() -> None:
    assert describe_versions("numpy", "pillow") == (f"numpy {version('numpy')}", f"pillow {version('pillow')}")
