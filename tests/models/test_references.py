"""Names of Python objects, and files of models."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.models.references import digest_file, is_reference, load_reference
from tests.models.conftest import WriteModule


def test_an_object_in_a_file_is_found(write_module: WriteModule) -> None:
    path = write_module("from dataclasses import dataclass\n\n@dataclass\nclass A:\n    x: int = 3\n\nvalue = A()\n")
    found = load_reference(f"{path}:value")
    assert getattr(found.value, "x") == 3  # noqa: B009 - its type is known to the file only
    assert found.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_finds_the_modules_beside_it_and_hides_no_others(write_module: WriteModule) -> None:
    write_module("answer = 42\n", "beside_it_only.py")
    write_module("raise RuntimeError('the wrong one')\n", "json.py")
    path = write_module("import json\nfrom beside_it_only import answer\n")
    assert load_reference(f"{path}:answer").value == 42


def test_a_file_that_was_changed_is_read_again(write_module: WriteModule) -> None:
    path = write_module("value = 1\n")
    assert load_reference(f"{path}:value").value == 1
    write_module("value = 22\n")
    assert load_reference(f"{path}:value").value == 22


def test_a_change_that_length_and_time_do_not_show_is_seen(write_module: WriteModule) -> None:
    path = write_module("value = 1\n")
    before = path.stat()
    assert load_reference(f"{path}:value").value == 1
    write_module("value = 2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    found = load_reference(f"{path}:value")
    assert found.value == 2
    assert found.digest == hashlib.sha256(b"value = 2\n").hexdigest()


def test_an_object_in_an_installed_module_is_found() -> None:
    found = load_reference("regrade.models.references:is_reference")
    assert found.value is is_reference
    assert load_reference("sys:maxsize").digest == ""  # built into Python, so there is no file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkg.mod:build", True),
        ("dir/model.py:build", True),
        ("C:model.py:build", True),
        ("model.onnx", False),
        ("model.py", False),
        ("model.py:", False),
        (":build", False),
        ("model.py:build()", False),
        ("C:/model.onnx", False),
        ("", False),
    ],
)
def test_the_form_of_a_name(text: str, expected: bool) -> None:
    assert is_reference(text) is expected


def test_a_file_whose_name_looks_like_one_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a:b"
    path.write_bytes(b"")
    assert not is_reference(str(path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model.py", "expected MODULE:NAME or FILE.py:NAME, .*; got 'model.py'"),
        ("absent.py:build", "absent.py: expected a Python file; got no such file"),
        ("absent_package.models:build", "expected a module that Python can import; got no module absent_package"),
        ("regrade.absent:build", "got no module regrade.absent"),
        ("math:absent", "expected the name absent in math; got a module without it"),
    ],
)
def test_what_is_not_there_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_reference(text)


def test_a_module_that_a_module_lacks_is_its_own_matter(write_module: WriteModule) -> None:
    path = write_module("import absent_package\n")
    with pytest.raises(ModuleNotFoundError, match="absent_package"):
        load_reference(f"{path}:build")


def test_a_file_is_known_by_its_digest(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"abc")
    assert digest_file(str(tmp_path / "m")) == hashlib.sha256(b"abc").hexdigest()
    with pytest.raises(InputError, match="absent: expected a model's file; got No such file"):
        digest_file("absent")
