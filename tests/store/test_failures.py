"""What failures are called."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from regrade.errors import StoreBusyError, StoreError
from regrade.store.failures import (
    database_failures,
    describe_database_failure,
    describe_system_failure,
    system_failures,
)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.EMFILE, "too many files open"),
        (errno.EIO, "disk reported an error"),
        (errno.ENOTDIR, "operating system reported: .*Not a directory"),
    ],
)
def test_the_system_fails_in_words(number: int, words: str) -> None:
    with pytest.raises(StoreError, match=words), system_failures():
        raise OSError(number, {errno.ENOTDIR: "Not a directory"}.get(number, "x"))
    assert describe_system_failure(OSError()).remedy == ""


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("SQLITE_FULL", StoreError, "disk is full"),
        ("SQLITE_READONLY", StoreError, "cannot be written"),
        ("SQLITE_READONLY_DIRECTORY", StoreError, "cannot be written"),
        ("SQLITE_IOERR_FSYNC", StoreError, "disk reported an error"),
        ("SQLITE_CORRUPT", StoreError, "database is damaged"),
        ("SQLITE_CANTOPEN", StoreError, "cannot be opened"),
        ("SQLITE_BUSY_SNAPSHOT", StoreBusyError, "Another program is writing"),
        ("SQLITE_LOCKED", StoreBusyError, "Another program is writing"),
        ("SQLITE_ERROR", StoreError, "database reported: what it says"),
    ],
)
def test_the_database_fails_in_words(code: str, kind: type[StoreError], words: str) -> None:
    error = sqlite3.OperationalError("what it says")
    error.sqlite_errorcode = getattr(sqlite3, code)
    with pytest.raises(kind, match=words) as caught, database_failures():
        raise error
    assert type(caught.value) is kind
    assert caught.value.__cause__ is error


def test_an_error_without_a_code_keeps_its_words() -> None:
    assert "what it says" in describe_database_failure(RuntimeError("what it says")).message


def test_too_many_requests_are_busy() -> None:
    with pytest.raises(StoreBusyError, match="Too many requests"), database_failures():
        raise PoolTimeoutError("QueuePool limit")


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError, match="mine"), database_failures(), system_failures():
        raise KeyError("mine")
