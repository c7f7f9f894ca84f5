"""The pages that tell reviewers what became of their items."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

from regrade.records.labels import Verdict
from regrade.workflow.accounts import list_users
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import answer_all, set_protocol

Enter = Callable[[str], httpx.Client]


def test_the_pages_are_closed_unless_the_protocol_opens_them(enter: Enter, ws: Workspace, disputed: str) -> None:
    client = enter("quillon")
    assert client.get("/review/past").status_code == 404
    assert client.get(f"/review/past/{disputed}").status_code == 404
    assert "/review/past" not in client.get("/review").text
    set_protocol(ws, reveal=True)
    assert client.get("/review/past").status_code == 200
    assert "/review/past" in client.get("/review").text


def test_the_list_tells_nothing_of_what_others_said(enter: Enter, ws: Workspace, disputed: str) -> None:
    set_protocol(ws, reveal=True)
    page = enter("quillon").get("/review/past").text
    assert page.count("not settled yet") == 3
    assert not any(word in page for word in ("zebedee", "xylograph", "quagmire", "img_", "bun", "a knot"))
    assert enter("quillon").get(f"/review/past/{disputed}").status_code == 404


def answer_everything(ws: Workspace) -> None:
    """Both reviewers find every class unclear: all that the panel was asked is settled."""
    unclear = dict.fromkeys(range(4), Verdict.UNCLEAR)
    for user in list_users(ws):
        if user.name in ("quillon", "zebedee"):
            answer_all(ws, user, dict.fromkeys(range(8), unclear))


def test_the_nearest_training_images_stand_below_what_became_of_an_item(
    enter: Enter, ws: Workspace, train: Callable[[], None]
) -> None:
    set_protocol(ws, reveal=True)
    answer_everything(ws)
    client, token = enter("quillon"), item_token(ws, "main", 0)
    assert "Nearest" not in client.get(f"/review/past/{token}").text  # no embeddings, no heading
    train()
    page = client.get(f"/review/past/{token}").text
    section = re.findall(r'<h2 id="nearest">Nearest training images</h2>(.*?)</section>', page, re.DOTALL)[0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section))
    # Item 0 is labeled 0 and lies on the first training image; cos 0.1 is 0.995, cos 0.3 is 0.955. Names are hostile.
    assert re.search(r"&lt;script&gt;.* ✓ \(accepted\) 1\.000 .*&lt;img src=x.* 0\.995 .*\{\{ 7\*7 \}\} 0\.955 ", text)
    assert text.count("✓") == 2  # and once where it is said what it means
    assert "by vectograph" in text
    media = re.findall(r'src="(/media/[0-9a-f]{16}/thumb)"', section)
    assert [client.get(path).status_code for path in media] == [200] * 3
    assert "trained_" not in page


def test_nothing_of_it_stands_on_a_page_before(enter: Enter, ws: Workspace, train: Callable[[], None]) -> None:
    set_protocol(ws, reveal=True)
    train()
    answer_everything(ws)
    assert "Nearest" not in enter("quillon").get("/review/past").text
