"""The pages of the class guide."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from regrade.workflow.guide_texts import load_guide
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
HOSTILE = '</textarea><script>alert(1)</script>" onfocus=alert(2) {{ 7*7 }}'
ESCAPED = "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#34; onfocus=alert(2) {{ 7*7 }}"


def fields(text: str, base: int = 0, key: str = "k") -> dict[str, str]:
    return {"text": text, "base": str(base), "key": key}


def test_what_is_written_is_escaped_wherever_it_stands(enter: Enter) -> None:
    client = enter("quillon")
    assert client.post("/guide/0", data=fields(HOSTILE)).headers["location"] == "/guide/0"
    for path in ("/guide/0", "/guide", "/review"):
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert ESCAPED.partition("&#34;")[0] in page, path
    page = client.get("/guide/0").text
    assert page.count(ESCAPED) >= 3  # the field, the history, the attribute that the script reads


def test_a_conflict_keeps_both_texts_on_the_page(enter: Enter, ws: Workspace) -> None:
    enter("ottilie").post("/guide/1", data=fields("hers"))
    answer = enter("quillon").post("/guide/1", data=fields("mine", key="k2"))
    assert answer.status_code == 409
    assert "ottilie has changed this text meanwhile." in answer.text
    assert ">mine</textarea>" in answer.text
    assert 'name="base" value="1"' in answer.text
    assert load_guide(ws, 1).card.text == "hers"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": "a", "base": "x", "key": "k"}, 422),
        ({"text": "a", "base": "-1", "key": "k"}, 422),
        ({"text": "a", "key": "k"}, 422),
        ({"text": "a", "base": "0"}, 422),
        ({"text": "x" * 2001, "base": "0", "key": "k"}, 422),
    ],
    ids=["base no number", "base negative", "no base", "no key", "too long"],
)
def test_a_form_that_is_not_ours_changes_nothing(
    enter: Enter, ws: Workspace, data: dict[str, str], status: int
) -> None:
    assert enter("quillon").post("/guide/0", data=data).status_code == status
    assert load_guide(ws, 0).number == 0


def test_a_class_that_is_none_is_not_found(visitors: dict[str, httpx.Client]) -> None:
    assert visitors["quillon"].get("/guide/4").status_code == 404
    assert visitors["quillon"].get("/guide/x").status_code == 422


def test_the_list_finds_by_name(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["quillon"].get("/guide", params={"q": "bun"}).text
    assert '<a href="/guide/3">bun</a>' in page
    assert "No class of that name." in visitors["quillon"].get("/guide", params={"q": "<i>"}).text
    assert "Nobody has written anything yet." in visitors["quillon"].get("/guide").text


def test_text_that_no_database_can_hold_is_refused(enter: Enter, ws: Workspace) -> None:
    answer = enter("quillon").post("/guide/1", data=fields("a\0b"))
    assert (answer.status_code, "expected plain text; got a field with a NUL" in answer.text) == (422, True)
    assert load_guide(ws, 1).card.text == ""
