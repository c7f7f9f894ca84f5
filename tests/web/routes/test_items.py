"""The page of one item."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
JSON = {"accept": "application/json"}


def test_it_shows_who_said_what(visitors: dict[str, httpx.Client], still_ws: Workspace) -> None:
    page = visitors["ottilie"].get(f"/items/{item_token(still_ws, 'main', 3)}").text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "img_3.png" in text
    assert re.search(r"never judged open xylograph quagmire|never judged open quagmire xylograph", text)
    assert "✓ correct" in text


def test_it_leads_back_to_where_one_was(visitors: dict[str, httpx.Client], still_ws: Workspace) -> None:
    token = item_token(still_ws, "main", 3)
    page = visitors["ottilie"].get(f"/items/{token}?model=x&query=%22%3E%3Cscript%3E").text
    assert f'href="/mistakes?model=x&amp;query=%22%3E%3Cscript%3E#{token}"' in page
    assert f'href="/mistakes#{token}"' in visitors["ottilie"].get(f"/items/{token}").text


def test_it_leads_on_to_the_next_mistake_under_the_same_filters(
    visitors: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    # In the gallery: item 3, which two models have wrong, then 0, then 7.
    three, zero, seven = (item_token(still_ws, "main", item) for item in (3, 0, 7))
    client = visitors["violet"]
    page = client.get(f"/items/{zero}?status=open").text
    assert f'href="/items/{three}?status=open" rel="prev"' in page
    assert f'href="/items/{seven}?status=open" rel="next"' in page
    assert "2 of 3" in page
    # The tiles are of 3, 0, 0, 7: item 7 stands on the second page of three tiles.
    assert f'href="/mistakes?offset=3&amp;limit=3#{seven}"' in client.get(f"/items/{seven}?limit=3").text
    for address in (f"/items/{zero}?model=nobody", f"/items/{zero}?no=filter", f"/items/{zero}?sort=no"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert 'rel="next"' not in answer.text


def test_it_shows_the_nearest_training_images_with_their_ids(
    enter: Enter, ws: Workspace, train: Callable[[], None]
) -> None:
    path = f"/items/{item_token(ws, 'main', 1)}"
    assert "Nearest" not in enter("violet").get(path).text
    train()
    page = enter("violet").get(path).text
    assert "Nearest training images" in page
    # Item 1 points at 0.25 radians, the third training image at 0.3.
    assert re.findall(r'title="(trained_\d)\.png">([\d.]+)<', page) == [
        ("trained_2", "0.999"),
        ("trained_1", "0.989"),
        ("trained_0", "0.969"),
    ]
    # Of a training image the nearest are those of the benchmark.
    assert "Nearest images of main" in enter("violet").get(f"/items/{item_token(ws, 'train', 0)}").text


def decide(client: httpx.Client, token: str, verdict: str = "unclear") -> None:
    fields = {"key": uuid4().hex, "verdict-2": verdict, "reason": "one can see a knot"}
    assert client.post(f"/adjudicate/verdict/{token}", data=fields).status_code == 303


def test_a_decision_is_reopened_and_the_published_version_says_so(disputed: str, enter: Enter) -> None:
    judge, admin = enter("ottilie"), enter("ursula")
    decide(judge, disputed)
    form = {"next_ref": "original@2", "reason": "first round"}
    assert admin.post("/publish", data=form).status_code == 303
    page = judge.get(f"/items/{disputed}").text
    action = f"/items/{disputed}/verdict/reopen"
    assert page.count(f'action="{action}"') == 3  # every class of the item was decided
    fields = {"class": "2", "key": uuid4().hex}
    assert judge.post(action, data=fields, headers=JSON).status_code == 422  # no reason
    answer = judge.post(action, data=fields | {"reason": "a <knot>, surely"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/adjudicate/verdict/{disputed}")
    item = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", judge.get(f"/items/{disputed}").text))
    assert "? unclear adjudication by ottilie, in original@2 one can see a knot" in item
    assert "ottilie reopened it: “a &lt;knot&gt;, surely”" in item
    waiting = judge.get(f"/adjudicate/verdict/{disputed}").text
    assert "A decision was reopened" in waiting
    assert "a &lt;knot&gt;, surely" in waiting
    assert "1 decision</strong> that it rests on was reopened" in judge.get("/labels").text
    version = re.sub(r"\s+", " ", judge.get("/labels/original@2").text)
    assert "Reopened since" in version
    assert "a &lt;knot&gt;, surely" in version
    assert "it waits" in version
    decide(judge, disputed, "correct")
    assert "not published yet" in judge.get("/labels/original@2").text
    assert admin.post("/publish", data=form | {"next_ref": "original@3"}).status_code == 303
    assert "in original@3" in judge.get("/labels/original@2").text
    assert "Reopened since" not in judge.get("/labels/original@3").text
    assert "Reviewed under protocol 1." in re.sub(r"\s+", " ", judge.get("/labels/original@2").text)


def test_whether_the_image_is_problematic_is_reopened_too(disputed: str, enter: Enter) -> None:
    judge = enter("ottilie")
    fields = {"key": uuid4().hex, "problematic": "1", "reason": "nothing to be seen"}
    assert judge.post(f"/adjudicate/verdict/{disputed}", data=fields).status_code == 303
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", judge.get(f"/items/{disputed}").text))
    assert "adjudication by ottilie nothing to be seen" in page
    answer = judge.post(
        f"/items/{disputed}/verdict/reopen", data={"class": "", "key": uuid4().hex, "reason": "a bun after all"}
    )
    assert answer.status_code == 303
    assert "ottilie reopened whether the image is problematic" in judge.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("fields", "code"), [({"class": "x"}, 422), ({"class": "77"}, 404), ({"class": "2"}, 404), ({"class": "0"}, 303)]
)
def test_only_what_is_decided_can_be_reopened(disputed: str, enter: Enter, fields: dict[str, str], code: int) -> None:
    form = {"key": uuid4().hex, "reason": "r"} | fields
    answer = enter("ottilie").post(f"/items/{disputed}/verdict/reopen", data=form, headers={"accept": "text/html"})
    assert answer.status_code == code


def test_a_decision_that_took_the_place_of_the_one_on_the_page_is_not_reopened(disputed: str, enter: Enter) -> None:
    judge, action = enter("ottilie"), f"/items/{disputed}/verdict/reopen"
    decide(judge, disputed)
    page = judge.get(f"/items/{disputed}").text
    (time,) = re.findall(r'name="class" value="2">\s*<input type="hidden" name="decided_at" value="([^"]+)"', page)

    def send(decided_at: str) -> int:
        fields = {"class": "2", "decided_at": decided_at, "key": uuid4().hex, "reason": "r"}
        return judge.post(action, data=fields, headers=JSON).status_code

    assert [send(found) for found in ("yesterday", time[:19], time)] == [422, 422, 303]  # the second lacks its zone
    decide(judge, disputed, "correct")
    assert send(time) == 409


def test_viewers_see_no_way_to_reopen(disputed: str, enter: Enter) -> None:
    assert "reopen" not in enter("violet").get(f"/items/{disputed}").text
