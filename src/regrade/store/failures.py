"""What the operating system and the database say when something fails, turned into errors that a person can act on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from regrade.errors import InputError, StoreBusyError, StoreError

_FULL = (
    "The disk is full: nothing was saved.",
    "Free some space; reading still works, and saving works again after that.",
)
_READ_ONLY = (
    "The workspace cannot be written: nothing was saved.",
    "Check the rights on its folder and that the disk is not mounted read-only.",
)
_IO = ("The disk reported an error: nothing was confirmed.", "Check the disk; sending the same again is safe.")
_HANDLES = ("This process has too many files open.", "Try again, or raise the limit (`ulimit -n`).")
_DAMAGED = ("The database is damaged.", "Stop, keep a copy of the folder, and restore a backup.")

_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
    errno.EMFILE: _HANDLES,
    errno.ENFILE: _HANDLES,
    errno.EIO: _IO,
}
# By SQLite's primary result code.
_BY_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _IO,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened.",
        "Check that the folder exists, may be written, and is not out of file handles.",
    ),
}
_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def database_failures() -> Iterator[None]:
    """Errors of the database inside the block leave it as a StoreError.

    Text that is no Unicode (half a character, which JSON can carry) leaves it as an InputError.
    """
    try:
        yield
    except DBAPIError as error:
        raise describe_database_failure(error.orig or error) from error
    except sqlite3.Error as error:
        raise describe_database_failure(error) from error
    except PoolTimeoutError as error:
        raise StoreBusyError("Too many requests at once.", remedy="Try again in a moment.") from error
    except UnicodeEncodeError as error:
        raise InputError("text of whole characters", got=ascii(error.object[:80]), remedy="Type it again.") from error


@contextmanager
def system_failures() -> Iterator[None]:
    """Errors of the operating system inside the block leave it as a StoreError."""
    try:
        yield
    except OSError as error:
        raise describe_system_failure(error) from error


def describe_database_failure(error: BaseException) -> StoreError:
    """The error of a database's driver as a StoreError; StoreBusyError where trying again may help."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY_CODES:
        return StoreBusyError("Another program is writing to the database.", remedy="Try again in a moment.")
    message, remedy = _BY_CODE.get(code, (f"The database reported: {error}.", ""))
    return StoreError(message, remedy=remedy)


def describe_system_failure(error: OSError) -> StoreError:
    """The error of the operating system as a StoreError."""
    message, remedy = _BY_ERRNO.get(error.errno or 0, (f"The operating system reported: {error}.", ""))
    return StoreError(message, remedy=remedy)
