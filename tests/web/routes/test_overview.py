"""The overview: its sentence, its table, its chart, and what it says where there is nothing yet."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from regrade.workflow.workspace import Workspace, init_workspace

Enter = Callable[[str], httpx.Client]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def models_in_order(page: str) -> list[str]:
    return re.findall(r'<td><a href="/mistakes\?model=[^"]*">([^<]*)</a>', page)


def test_the_sentence_says_what_is_known(visitors: dict[str, httpx.Client]) -> None:
    text = text_of(visitors["ursula"].get("/").text)
    assert "2 models; 4 open cases on 3 items; the panel has judged no mistake yet." in text


def test_the_table_holds_each_models_figures(visitors: dict[str, httpx.Client]) -> None:
    # xylograph: items 0 and 3 of 8 wrong; classes 0 (items 0, 1), 1 (2, 3), 2, 3: mean of 1/2, 1/2, 1, 1 = 75 %.
    # quagmire: items 0, 3 and 7 wrong: mean of 1/2, 1/2, 1, 1/2 = 62.5 %.
    rows = visitors["ursula"].get("/").text.split("<tbody>")[1].split("</tr>")
    texts = {models_in_order(row)[0]: text_of(row) for row in rows if models_in_order(row)}
    assert re.search(r" 75\.00 \d\d\.\d\d–\d\d\.\d\d 2 2 0 $", texts["xylograph"])
    assert re.search(r" 62\.50 \d\d\.\d\d–\d\d\.\d\d 3 3 0 $", texts["quagmire"])


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("-after", "xylograph"),
        ("after", "quagmire"),
        ("model", "quagmire"),
        ("-model", "xylograph"),
        ("mistakes", "xylograph"),
        ("-unreviewed", "quagmire"),
        ("change", "xylograph"),
        ("before", "quagmire"),
        ("-seen", "xylograph"),
    ],
)
def test_the_table_is_sorted_by_plain_links(sort: str, first: str, visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ursula"].get("/", params={"sort": sort}).text
    assert models_in_order(page)[0] == first
    column = re.findall(r'<th class="[^"]*" aria-sort="(\w+)"', page)
    assert column == ([] if sort in {"change", "before"} else ["descending" if sort[0] == "-" else "ascending"])


@pytest.mark.parametrize("sort", ["password", "--after", "after;drop table", "__class__", "-"])
def test_an_unknown_column_is_refused(sort: str, visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["ursula"].get("/", params={"sort": sort}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "sort out of model, before" in answer.json()["error"]["message"]


def test_the_chart_holds_the_same_figures(visitors: dict[str, httpx.Client]) -> None:
    chart = visitors["ursula"].get("/chart.json").json()
    (rows,) = chart["datasets"].values() if "datasets" in chart else (chart["data"]["values"],)
    assert [(row["model"], round(row["after"], 9)) for row in rows] == [("xylograph", 75.0), ("quagmire", 62.5)]
    assert all(row["after_low"] < row["after"] < row["after_high"] for row in rows)


def test_the_chart_library_is_our_own_copy(visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["ursula"].get("/vega.js?v=1")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "vegaEmbed" in answer.text
    assert "immutable" in answer.headers["cache-control"]


def bare_workspace(folder: Path, template: Path, tmp_path: Path) -> Path:
    """The small benchmark without predictions, with its people's link only."""
    (tmp_path / "classes.csv").write_text("class_id,key,name\n0,a,bagel\n1,b,dough\n")
    (tmp_path / "items.csv").write_text("file,class_id\nimg_0.png,0\nimg_1.png,1\n")
    shutil.copytree(template / "media", folder / "media")
    init_workspace(folder, classes=tmp_path / "classes.csv", items=tmp_path / "items.csv", media=folder / "media")
    return folder


def test_a_new_workspace_says_what_to_do_next(
    template: Path,
    tmp_path: Path,
    serve_folder: Callable[[Path], tuple[Workspace, str]],
    let_in: Callable[[Workspace, str], httpx.Client],
) -> None:
    workspace, address = serve_folder(bare_workspace(tmp_path / "bare", template, tmp_path))
    client = let_in(workspace, address)
    text = text_of(client.get("/").text)
    assert "0 models; 0 open cases on 0 items" in text
    assert "regrade predictions import MODEL FILE" in text
    for path in ("/mistakes", "/review", "/review/kinds", "/adjudicate", "/publish", "/labels", "/labels/original@1"):
        assert client.get(path).status_code == 200, path
    assert "regrade cases make" in text_of(client.get("/review").text)
    assert client.get("/chart.json").status_code == 200
