"""The static files (style sheets, scripts, icon), and the chart library's script as it comes out of vl-convert."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


class ForeverFiles(StaticFiles):
    """Static files under an address that holds their digest, so that a browser may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOREVER
        return response


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
