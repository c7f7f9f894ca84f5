"""Charts as files, and the page in a real browser."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from regrade.errors import InputError
from regrade.records.shifts import Shift
from regrade.report import CHART_SUFFIXES, draw_shift, render_chart
from tests.report.test_shift_chart import LINE, model

TRICKY = "</script><script>document.title='taken'</script><b>net"


@pytest.fixture
def spec() -> dict[str, object]:
    models = (model(TRICKY, 0.8, 0.7), model("other", 0.6, 0.5))
    return draw_shift(Shift("main", "v2", "key@1", "key-v2@1", "single", models, LINE, -0.1, (), ()))


def test_svg_is_a_picture_with_the_names_as_text(spec: dict[str, object]) -> None:
    root = ET.fromstring(render_chart(spec, Path("chart.SVG"), title="main and v2"))  # noqa: S314 - our own
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"accuracy on main", "accuracy on v2", "60 %", "80 %", "other"} <= texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_png_is_a_picture_of_twice_the_size(spec: dict[str, object]) -> None:
    with Image.open(io.BytesIO(render_chart(spec, Path("chart.png"), title=""))) as image:
        assert image.format == "PNG"
        assert image.width > 2 * 520


def test_html_holds_all_it_needs_and_takes_no_name_for_markup(spec: dict[str, object]) -> None:
    page = render_chart(spec, Path("chart.html"), title="<main> & v2").decode()
    assert "<title>&lt;main&gt; &amp; v2</title>" in page
    assert page.count("<script") == page.count("</script>") == 2
    assert "src=" not in page.split("<script>")[0]


@pytest.mark.browser
def test_the_page_draws_itself_without_a_network(spec: dict[str, object], tmp_path: Path, chromium: Browser) -> None:
    file = tmp_path / "chart.html"
    file.write_bytes(render_chart(spec, file, title="main and v2"))
    context = chromium.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("#chart svg text")
    texts = page.locator("#chart svg text").all_text_contents()
    assert page.title() == "main and v2"
    context.close()
    assert {"60 %", "80 %", "accuracy on main", "other"} <= set(texts)
    assert faults == []


def test_another_ending_is_refused_with_those_there_are() -> None:
    assert CHART_SUFFIXES == (".html", ".png", ".svg")
    with pytest.raises(InputError, match=r"expected a chart's file: \.html, \.png, \.svg; got chart\.pdf"):
        render_chart({}, Path("chart.pdf"), title="")
