"""The gallery: filters in the address, counts, pages."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from regrade.workflow.workspace import Workspace, init_workspace


def heading(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)[0]))


def test_all_mistakes_stand_in_the_gallery(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ottilie"].get("/mistakes").text
    assert heading(page) == "4 mistakes on 3 items"
    assert page.count('<li class="tile">') == 4
    assert page.count('loading="lazy"') == 4


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"model": "xylograph"}, 2),
        ({"model": "quagmire"}, 3),
        ({"status": "open"}, 4),
        ({"status": "decided wrong"}, 0),
        ({"class_id": "0"}, 2),
        ({"predicted": "2"}, 2),
        ({"min_models": "2"}, 1),
        ({"query": "IMG_7"}, 1),
        ({"query": "<script>"}, 3),  # items 0 (twice) and 7: as original or as predicted class
        ({"model": "", "status": "", "query": " "}, 4),
        ({"min_confidence": "0.5"}, 0),  # these models gave no scores
        ({"group": "none"}, 0),
        ({"predicted": "999"}, 0),
        ({"class_id": "999"}, 0),
        ({"category": "none"}, 0),
        ({"severity": "minor"}, 0),
        ({"model": "nobody's"}, 0),
    ],
)
def test_filters_stand_in_the_address(query: dict[str, str], n: int, visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["ottilie"].get("/mistakes", params=query)
    assert answer.status_code == 200
    assert heading(answer.text).startswith(f"{n} mistake")


@pytest.mark.parametrize(
    "query",
    [
        {"status": "pending"},
        {"sort": "id; DROP TABLE"},
        {"class_id": "one"},
        {"class_id": "1" * 30},
        {"offset": "-1"},
        {"limit": "0"},
        {"limit": "1001"},
        {"min_confidence": "nan"},
        {"max_confidence": "2"},
        {"password_hash": "x"},
        {"__class__": "x"},
    ],
)
def test_an_unknown_filter_or_value_is_refused(query: dict[str, str], visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["ottilie"].get("/mistakes", params=query, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "input"


def test_pages_follow_each_other_and_keep_the_filters(visitors: dict[str, httpx.Client]) -> None:
    client = visitors["ottilie"]
    seen: list[str] = []
    address = "/mistakes?limit=3&status=open"
    while address:
        page = client.get(address).text
        seen += re.findall(r'<li class="tile">\s*<a href="([^"]+)"', page)
        links = re.findall(r'<a href="([^"]+)" rel="next"', page)
        address = html.unescape(links[0]) if links else ""
    assert len(seen) == 4
    assert all("status=open" in link for link in seen)
    assert 'rel="prev"' in page


def test_what_is_chosen_stays_chosen_even_where_nothing_is_left(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ottilie"].get("/mistakes", params={"model": '"><script>alert(9)</script>', "class_id": "3"}).text
    assert "Nothing fits these filters." in page
    assert "<script>alert(9)" not in page
    assert '<option value="3" selected>bun · 0</option>' in page


def test_where_no_model_has_said_anything_yet_stands_how_to_go_on(
    tmp_path: Path,
    serve_folder: Callable[[Path], tuple[Workspace, str]],
    let_in: Callable[[Workspace, str], httpx.Client],
) -> None:
    (tmp_path / "classes.csv").write_text("class_id,key,name\n0,k0,bun\n")
    (tmp_path / "items.csv").write_text("id,class_id\na,0\n")
    init_workspace(tmp_path / "bench", classes=tmp_path / "classes.csv", items=tmp_path / "items.csv")
    client = let_in(*serve_folder(tmp_path / "bench"))
    page = client.get("/mistakes").text
    assert "regrade predictions import MODEL FILE" in page
    assert "Nothing fits these filters." not in page
    assert "Nothing fits these filters." in client.get("/mistakes?query=bun").text


def test_hostile_class_names_are_text(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ottilie"].get("/mistakes").text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
