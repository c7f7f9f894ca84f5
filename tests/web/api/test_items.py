"""Items, their images, and the decisions on them."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import LABELS, answer_all

Ask = Callable[[str], httpx.Client]


def test_an_item_tells_who_said_what(ask: Ask, ws: Workspace) -> None:
    item = ask("ottilie").get(f"/items/{item_token(ws, 'main', 3)}").json()
    assert (item["item_id"], item["original"]["class_id"], item["problematic"]) == ("img_3.png", 1, False)
    rows = [(row["named"]["class_id"], row["is_original"], row["verdict"], row["status"]) for row in item["pairs"]]
    assert rows == [(1, True, "correct", ""), (2, False, "never judged", "open")]
    assert item["pairs"][1]["models"] == [
        {"model": "quagmire", "confidence": None},  # these models gave no scores
        {"model": "xylograph", "confidence": None},
    ]


def test_an_image_is_the_pages_image(
    programs: dict[str, httpx.Client], visitors: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    token = item_token(still_ws, "main", 3)
    for size, path in (("full", f"/media/{token}"), ("thumb", f"/media/{token}/thumb")):
        sent = programs["quillon"].get(f"/media/{token}", params={"size": size})
        shown = visitors["quillon"].get(path)
        assert sent.content == shown.content
        names = ("content-type", "etag", "cache-control", "content-security-policy", "x-content-type-options")
        assert [sent.headers[name] for name in names] == [shown.headers[name] for name in names]
        again = programs["quillon"].get(
            f"/media/{token}", params={"size": size}, headers={"if-none-match": sent.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/items/{}", "/media/{}"])
@pytest.mark.parametrize("token", ["0123456789abcdef", "0", "%2e%2e", "img_3.png", "%00"])
def test_a_token_that_is_none_leads_nowhere(path: str, token: str, programs: dict[str, httpx.Client]) -> None:
    assert programs["ursula"].get(path.format(token)).status_code == 404


def test_decisions_are_listed_with_their_makers(ask: Ask, ws: Workspace) -> None:
    items = {item_token(ws, "main", item): item for item in range(len(LABELS))}
    for name in ("quillon", "zebedee"):
        # item 0: quillon alone calls class 2 unclear, so that it is disputed and not decided
        answer_all(
            ask(name),
            lambda media, class_id, name=name: (  # type: ignore[misc]
                "correct"
                if LABELS[items[media]] == class_id
                else "unclear"
                if (items[media], class_id, name) == (0, 2, "quillon")
                else "wrong"
            ),
        )
    client = ask("ottilie")
    found = client.get("/decisions?pass=verdict&unpublished=true").json()
    rows = [(row["item_id"], row["decision"]["class_id"], row["decision"]["verdict"]) for row in found["decisions"]]
    # Decided: the labels of the three items that have cases, and the cases but (0, 2).
    expected = {("img_0.png", 0, "correct"), ("img_0.png", 1, "wrong"), ("img_3.png", 1, "correct")}
    expected |= {("img_3.png", 2, "wrong"), ("img_7.png", 3, "correct"), ("img_7.png", 0, "wrong")}
    assert set(rows) == expected
    assert found["n_total"] == len(rows) == 6
    first = found["decisions"][0]["decision"]
    assert (first["pass"], first["method"], first["author"]) == ("verdict", "consensus", "quillon, zebedee")
    assert client.get("/decisions?pass=kind").json() == {"n_total": 0, "decisions": []}
    page = client.get("/decisions?offset=5&limit=1").json()
    assert (page["n_total"], page["decisions"]) == (6, found["decisions"][5:])
    reviews = client.get(f"/items/{item_token(ws, 'main', 0)}").json()["pairs"][0]["reviews"]
    assert [(row["reviewer"], row["pass"], row["verdict"]) for row in reviews] == [
        ("quillon", "verdict", "correct"),
        ("zebedee", "verdict", "correct"),
    ]
