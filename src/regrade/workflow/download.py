"""Downloading one file over HTTP: tried again where that may help, never longer than it may be, never elsewhere."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from regrade.errors import InputError

ATTEMPTS = 4
"""How often a download is tried that fails in a way that may pass: with 1, 2 and 4 seconds between."""
TIMEOUT = 60.0
"""Seconds that the server may be silent."""

_CHUNK = 1 << 20
_PASSING = frozenset({408, 425, 429})
"""Answers below 500 that another attempt may better."""
_SCHEMES = ("http", "https")

Progress = Callable[[int], None]
"""Is told how many bytes have come so far."""


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file on the web."""

    url: str
    """An http or https address."""
    max_bytes: int
    """How long it may be."""
    remedy: str
    """What to do if it cannot be had, in a sentence."""

    def refuse(self, got: str, *, expected: str = "the file") -> InputError:
        """The error that says why it cannot be had."""
        return InputError(expected, got=got, remedy=self.remedy, where=self.url)


def download(
    wanted: WebFile,
    to: Path,
    *,
    progress: Progress = lambda _: None,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """Download a file; gives its SHA-256.

    A server that does not answer, breaks off, or says 408, 425, 429 or 5xx is asked again; redirects are followed to
    http and https addresses only, and never from https to http.

    Args:
        wanted: The file.
        to: Where to write it; what is left of a failed download is worthless.
        progress: Told now and then how far it is.
        pause: Waits the given seconds.

    Raises:
        InputError: It cannot be had, or it is too long.
    """
    if urlsplit(wanted.url).scheme not in _SCHEMES:
        raise wanted.refuse("another kind", expected="an http or https address")
    reason = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(2.0 ** (attempt - 1))
        try:
            return _fetch(wanted, to, progress)
        except _PassingError as error:
            reason = str(error)
    raise wanted.refuse(f"{reason}, {ATTEMPTS} times in a row")


class _PassingError(Exception):
    """A failure that another attempt may better."""


class _Redirects(HTTPRedirectHandler):
    """Follows redirects to web addresses only."""

    def __init__(self, wanted: WebFile) -> None:
        self._wanted = wanted

    def redirect_request(  # noqa: PLR0917 - urllib's own signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        """The request that follows, if it may be made."""
        scheme = urlsplit(newurl).scheme
        if scheme not in _SCHEMES or (req.type, scheme) == ("https", "http"):
            raise self._wanted.refuse(f"a redirect to {newurl[:200]!r}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type] # the stubs say Message, it is a response's headers


def _fetch(wanted: WebFile, to: Path, progress: Progress) -> str:
    """One attempt."""
    try:
        with _open(wanted) as response, to.open("wb") as file:
            return _copy(response, file, wanted, progress)
    except HTTPError as error:
        with error:
            what = _describe_status(error)
            if error.code in _PASSING or error.code >= 500:
                raise _PassingError(what) from error
            raise wanted.refuse(what) from error
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        words = reason.strerror if isinstance(reason, OSError) else None
        raise _PassingError(f"no answer to the end ({words or type(reason).__name__})") from error


def _describe_status(error: HTTPError) -> str:
    """The answer in our own words: the server's may be anything."""
    known = {status.value: status.phrase for status in HTTPStatus}
    address = error.headers.get("Location")
    redirect = f", a redirect to {address[:200]!r}" if address else ""
    return f"{error.code} {known.get(error.code, '')}".rstrip() + redirect


def _open(wanted: WebFile) -> HTTPResponse:
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        _Redirects(wanted),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    request = Request(wanted.url, headers={"User-Agent": "regrade"})  # noqa: S310 - its scheme was checked
    response: HTTPResponse = opener.open(request, timeout=TIMEOUT)
    return response


def _copy(response: HTTPResponse, file: IO[bytes], wanted: WebFile, progress: Progress) -> str:
    length = response.headers.get("Content-Length", "")
    n_expected = int(length) if length.isascii() and length.isdigit() else 0
    digest, n_read = hashlib.sha256(), 0
    while max(n_expected, n_read) <= wanted.max_bytes and (chunk := response.read(_CHUNK)):
        n_read += len(chunk)
        file.write(chunk)
        digest.update(chunk)
        progress(n_read)
    if max(n_expected, n_read) > wanted.max_bytes:
        raise wanted.refuse("a longer file", expected=f"at most {wanted.max_bytes:,} bytes")
    if n_read < n_expected:
        raise _PassingError(f"{n_read:,} of {n_expected:,} bytes")
    return digest.hexdigest()
