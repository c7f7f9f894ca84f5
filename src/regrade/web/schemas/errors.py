"""The one shape of all errors."""

from __future__ import annotations

from regrade.web.schemas.base import Out


class ErrorBody(Out):
    """What was wrong and what to do about it."""

    code: str
    """One word that a program can tell the error by."""
    message: str
    """What was expected, what came, and where."""
    remedy: str
    """What to do; may be empty."""
    request_id: str
    """Under this id the server's log tells more."""


class ErrorOut(Out):
    """An error."""

    error: ErrorBody
