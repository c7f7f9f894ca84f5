"""Every error that regrade raises on purpose.

    RegradeError                 base: a message a person can act on
    ├── InputError               a file or a value from outside is not what it must be
    ├── ConflictError            somebody else was there first, or the same name holds other content
    ├── NotFoundError            a named thing is not in the workspace
    ├── PermissionDeniedError    this user may not do this
    └── StoreError               the workspace itself: locked, full, damaged, or of another version
        ├── StoreBusyError       another process holds the lock; try again
        └── SchemaError          the database is older or newer than this program

A message says what was expected, what came, where, and what to do; the facts are attributes, so nobody parses messages.
"""

from __future__ import annotations


class RegradeError(Exception):
    """Base of all errors that are meant for a person.

    Attributes:
        message: What was wrong, in one sentence.
        remedy: What to do about it, in one sentence; may be empty.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}".strip())


class InputError(RegradeError):
    """A file or a value that came from outside is not what it must be.

    Attributes:
        where: The file (and member) or the option that held it; may be empty.
        row: 1-based row or line in that file (the header is row 1), or None where rows mean nothing.
        expected: What was expected.
        got: What came, shortened.
    """

    def __init__(
        self, expected: str, *, got: str, remedy: str = "", where: str = "", row: int | None = None, n_more: int = 0
    ) -> None:
        self.where = where
        self.row = row
        self.expected = expected
        self.got = got
        self.n_more = n_more
        place = f"{where}, row {row}: " if where and row is not None else f"{where}: " if where else ""
        more = f" ({n_more} more like it)" if n_more else ""
        super().__init__(f"{place}expected {expected}; got {got}{more}.", remedy=remedy)


class ConflictError(RegradeError):
    """Somebody else was there first, or a name is already taken by other content."""


class NotFoundError(RegradeError):
    """A named thing is not in the workspace; the message lists what is."""


class PermissionDeniedError(RegradeError):
    """This user may not do this."""


class StoreError(RegradeError):
    """The workspace's database or files cannot be used as they are."""


class StoreBusyError(StoreError):
    """Another process holds the workspace's lock; the same call may succeed later."""


class SchemaError(StoreError):
    """The database's schema is newer than this program, or no regrade database at all."""
