"""Publishing over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import httpx

from regrade.records.labels import Verdict
from regrade.workflow.accounts import list_users
from regrade.workflow.labels import list_labels
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import answer_all

Enter = Callable[[str], httpx.Client]
JSON = {"accept": "application/json"}


def test_publishing_makes_the_next_version_and_shows_before_and_after(
    disputed: str, enter: Enter, ws: Workspace
) -> None:
    adjudicator, admin = enter("ottilie"), enter("ursula")
    fields = {"key": uuid4().hex, "verdict-2": "unclear", "reason": "one can see a knot"}
    adjudicator.post(f"/adjudicate/verdict/{disputed}", data=fields)
    page = admin.get("/publish").text
    assert "Publish original@2" in page
    assert page.count(f'<a href="/items/{disputed}"><strong>') == 2  # (0, 1) and (0, 2)
    # Four predicted classes decided: (0, 1), (3, 2), (7, 0) wrong, (0, 2) unclear; the labels are confirmed.
    assert "4 changes to original@1, from 7 decisions; 3 of them confirm what stands." in re.sub(r"\s+", " ", page)
    assert admin.post("/publish", data={"next_ref": "original@2", "reason": " "}, headers=JSON).status_code == 422
    assert admin.post("/publish", data={"reason": "first"}, headers=JSON).status_code == 422
    assert len(list_labels(ws)) == 1
    answer = admin.post("/publish", data={"next_ref": "original@2", "reason": "<b>first</b> round"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/labels/original@2")
    page = admin.get("/labels/original@2").text
    assert "&lt;b&gt;first&lt;/b&gt; round" in page
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    # quagmire said class 2 of item 0: now right, so classes 1, 1/2, 1, 1/2 -> 75 %; it was 62.5 %.
    assert re.search(r"quagmire 62\.50 [\d.–]+ 75\.00 [\d.–]+ \+12\.50 3 → 2 0", text)
    assert re.search(r"xylograph 75\.00 [\d.–]+ 75\.00 [\d.–]+ 0\.00 2 → 2 0", text)
    assert "4 changes" in text
    assert page.count(f'<a href="/items/{disputed}"><strong>') == 2
    front = admin.get("/").text
    assert front.count(f'<a href="/items/{disputed}"><strong>') == 2
    overview = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", front))
    assert "25 % of the mistakes judged so far were no mistakes." in overview  # one of four
    assert "What moved last: original@2" in overview
    diff = admin.get("/labels/diff?before=original@1&after=original@2").text
    assert diff.count('<li class="change">') == 4


def test_a_form_made_for_another_version_publishes_nothing(disputed: str, enter: Enter, ws: Workspace) -> None:
    admin = enter("ursula")
    fields = {"next_ref": "original@2", "reason": "first round"}
    assert admin.post("/publish", data=fields).status_code == 303
    answer = admin.post("/publish", data=fields, headers=JSON)
    assert answer.status_code == 409
    assert "another was published meanwhile" in answer.json()["error"]["message"]
    assert len(list_labels(ws)) == 2


def test_there_is_nothing_to_publish_at_first(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["ursula"].get("/publish").text
    assert "Nothing has been decided since the last version." in page
    assert '<form class="publish-form"' not in page
    answer = visitors["ursula"].post("/publish", data={"next_ref": "original@2", "reason": "x"}, headers=JSON)
    assert answer.status_code == 409


def test_what_is_held_back_leads_to_its_item(enter: Enter, ws: Workspace) -> None:
    people = {user.name: user for user in list_users(ws)}
    for name in ("quillon", "zebedee"):
        answer_all(ws, people[name], {0: {0: Verdict.CORRECT}, 3: {}, 7: {3: Verdict.CORRECT}})  # item 3: all is wrong
    page = enter("ursula").get("/publish").text
    held = page[page.index("Held back") :]
    assert re.findall(r'<a href="/items/(\w+)"><strong>', held) == [item_token(ws, "main", 3)]
