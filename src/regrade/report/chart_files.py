"""A chart as a file that opens without a network: SVG, PNG, or an HTML page with the chart library in it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from regrade.errors import InputError

PNG_SCALE = 2
"""Pixels of a PNG for one of the chart."""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" \
content="default-src 'none'; script-src {digest}; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>body {{ margin: 2rem; font: 16px/1.5 system-ui, sans-serif; background: #fff; color: #1c1c1c }}</style>
</head>
<body>
<main id="chart"></main>
<script type="application/json" id="spec">{spec}</script>
<script>{script}</script>
</body>
</html>
"""
_START = """
vegaEmbed("#chart", JSON.parse(document.getElementById("spec").textContent),
  {actions: false, ast: true, renderer: "svg"});
"""


def render_chart(spec: dict[str, Any], file: Path, *, title: str) -> bytes:
    """Render a chart as what the file's name says it is.

    Args:
        spec: A Vega-Lite specification with its data.
        file: A name that ends in one of CHART_SUFFIXES; nothing is written.
        title: Title of an HTML page.

    Returns:
        The content of the file.

    Raises:
        InputError: The name ends otherwise.
    """
    render = _RENDERERS.get(file.suffix.lower())
    if render is None:
        raise InputError(
            f"a chart's file: {', '.join(CHART_SUFFIXES)}", got=file.name, remedy="Name it with one of these endings."
        )
    return render(spec, title)


def _svg(spec: dict[str, Any], _title: str) -> bytes:
    import vl_convert  # noqa: PLC0415 - takes long to import

    text: str = vl_convert.vegalite_to_svg(spec)
    return text.encode()


def _png(spec: dict[str, Any], _title: str) -> bytes:
    import vl_convert  # noqa: PLC0415 - takes long to import

    data: bytes = vl_convert.vegalite_to_png(spec, scale=PNG_SCALE)
    return data


def _html(spec: dict[str, Any], title: str) -> bytes:
    """The library's own page would not do: it takes names of models for markup, and needs a policy that allows eval."""
    import vl_convert  # noqa: PLC0415 - takes long to import

    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;") + _START
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    data = json.dumps(spec).replace("<", "\\u003c")
    page = _PAGE.format(digest=f"'sha256-{digest}'", title=html.escape(title), spec=data, script=script)
    return page.encode()


_RENDERERS: MappingProxyType[str, Callable[[dict[str, Any], str], bytes]] = MappingProxyType(
    {".html": _html, ".png": _png, ".svg": _svg}
)
CHART_SUFFIXES = tuple(_RENDERERS)
"""Endings of files that a chart can be."""
