"""The static files (style sheets, scripts, icon), and the chart library's script as it comes out of vl-convert."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


class _StaticFile(NamedTuple):
    """One file as it is sent."""

    media_type: str
    body: bytes
    packed: bytes
    """The same, compressed."""


class ForeverFiles:
    """Static files under an address that holds their digest, so that a browser may keep them for good.

    They are read and compressed once, when the application is made.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in folder.rglob("*") if path.is_file()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, to be kept.

        Raises:
            HTTPException: 404, there is no such file; 405, it was not asked for but something else.
        """
        file = self._files.get(scope["path"].removeprefix(scope["root_path"]).removeprefix("/"))
        if file is None:
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405)
        headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
        packs = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if packs:
            headers["content-encoding"] = "gzip"
        response = Response(file.packed if packs else file.body, headers=headers, media_type=file.media_type)
        await response(scope, receive, send)


def _read(path: Path) -> _StaticFile:
    body = path.read_bytes()
    return _StaticFile(_MEDIA_TYPES[path.suffix], body, gzip.compress(body, mtime=0))


@cache
def static_address() -> str:
    """Where the static files are served: changes with any of them."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"/static/{digest.hexdigest()}"


@cache
def vega_bundle() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one script, out of the installed package. Takes a second, once a process."""
    import vl_convert  # noqa: PLC0415 - takes long to import, and only the overview needs it

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script.encode()
