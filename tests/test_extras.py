"""Libraries of extras."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.extras import describe_versions, import_extra


def test_what_is_installed_is_imported() -> None:
    assert import_extra("sklearn.svm", "any").SVC


def test_what_is_not_installed_is_named_with_its_extra() -> None:
    words = r"expected the library absent_library; got none installed. .* pip install \"regrade[onnx]\"."
    with pytest.raises(InputError, match=words.replace("[", r"\[").replace("]", r"\]")):
        import_extra("absent_library.part", "onnx")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import absent_part", "No module named 'absent_part'"),
        ("raise RuntimeError('operator other::nms does not exist')", "operator other::nms does not exist"),
        ("raise OSError('libother.so: cannot open shared object file')", "libother.so: cannot open"),
    ],
    ids=["part-missing", "made-for-another", "shared-library-missing"],
)
def test_what_does_not_import_is_no_missing_library(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_library.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    words = f"expected the library broken_library; got one that does not import: {said}"
    with pytest.raises(InputError, match=f"{re.escape(words)}.*Install versions that fit"):
        import_extra("broken_library", "torch")


def test_versions_are_those_installed() -> None:
    assert describe_versions("numpy", "pillow") == (f"numpy {version('numpy')}", f"pillow {version('pillow')}")
