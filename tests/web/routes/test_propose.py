"""Proposing, as a person does it without script; and what a reviewer may learn of it: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from regrade.records.users import Role, User
from regrade.workflow.accounts import change_roles, list_users
from regrade.workflow.media import item_token
from regrade.workflow.propose import list_proposals
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
REASON = "an unmistakable xyzzy"


def user_of(ws: Workspace, name: str) -> User:
    return next(user for user in list_users(ws) if user.name == name)


def fill_in(client: httpx.Client, item: int, **fields: str) -> httpx.Response:
    """Find the item, fill the form in and send it."""
    form = client.get("/propose", params={"item": f"img_{item}.png"})
    (key,) = re.findall(r'name="key" value="([^"]+)"', form.text)
    return client.post(
        "/propose", data={"item": f"img_{item}.png", "key": key, "class_id": "", "reason": REASON} | fields
    )


def test_an_item_is_found_by_its_id_and_nothing_is_told_of_it(enter: Enter, ws: Workspace) -> None:
    page = enter("percival").get("/propose", params={"item": "img_0.png"})
    assert page.status_code == 200
    assert f'src="/media/{item_token(ws, "main", 0)}"' in page.text
    # Neither the label and its predictions, nor a model's name.
    assert not re.findall(r"k[0-3]\b|bun|xylograph|quagmire|&lt;script", page.text)


def test_who_reads_the_reason_is_said_as_the_protocol_has_it(enter: Enter, ws: Workspace) -> None:
    client = enter("percival")
    assert "Those who settle disputes read it" in client.get("/propose", params={"item": "img_0.png"}).text
    edit_protocol(ws, {"blind_suggestions": False}, by="ursula")
    page = client.get("/propose", params={"item": "img_0.png"}).text
    assert "The panel reads it" in page
    assert "do not learn who did" in page


@pytest.mark.parametrize("item", ["img_9.png", "<script>alert(1)</script>", "../media/img_0.png", "\x00"])
def test_an_unknown_id_is_said_in_words(enter: Enter, item: str) -> None:
    page = enter("percival").get("/propose", params={"item": item})
    assert page.status_code == 404
    assert "There is no item" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("fields", [{"class": "bun"}, {"class": "K3"}, {"class_id": "3", "class": "bun"}])
def test_a_class_is_named_in_words_or_chosen(enter: Enter, ws: Workspace, fields: dict[str, str]) -> None:
    client = enter("percival")
    answer = fill_in(client, 4, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/propose")
    (row,) = list_proposals(ws, user_of(ws, "percival"))
    assert (row.item_id, row.class_name, row.reason) == ("img_4.png", "bun", REASON)
    page = client.get("/propose").text
    assert "with the panel" in page
    assert REASON in page


@pytest.mark.parametrize(
    ("item", "fields", "status", "words"),
    [
        (4, {"class": "pretzel"}, 422, "which is no class"),
        (4, {"class": ""}, 422, "Expected a class; got none"),
        (4, {"class_id": "99"}, 422, "a class id in 0..3; got 99"),
        (4, {"class_id": "-1"}, 422, "a class id in the name of a field"),
        (4, {"class": "bun", "reason": " "}, 422, "Expected a reason; got none"),
        (0, {"class_id": "1"}, 409, "The panel is being asked already"),
        (0, {"class_id": "0"}, 409, "has been judged on img_0.png already"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(  # noqa: PLR0917 - one case a row
    enter: Enter, ws: Workspace, item: int, fields: dict[str, str], status: int, words: str
) -> None:
    answer = fill_in(enter("percival"), item, **fields)
    assert answer.status_code == status
    assert words in answer.text
    assert (REASON in answer.text) == ("reason" not in fields)
    assert list_proposals(ws, user_of(ws, "percival")) == ()


def test_a_reviewer_receives_nothing_of_a_proposal(enter: Enter, ws: Workspace, traffic: list[tuple[str, str]]) -> None:
    """Not even one who is a proposer too, unless it is their own."""
    change_roles(ws, "percival", [Role.PROPOSER, Role.REVIEWER])
    assert fill_in(enter("percival"), 4, **{"class": "bun"}).status_code == 303
    traffic.clear()
    reviewer = enter("quillon")
    seen = set()
    for _ in range(4):
        page = reviewer.get("/review").text
        form = page[page.index('<form class="screen"') :].split("</form>")[0]
        seen |= set(re.findall(r'src="/media/([0-9a-f]+)"', form))
        fields = {"screen": re.findall(r'name="screen" value="([^"]+)"', form)[0], "key": f"key-{len(seen)}-{_}"}
        fields |= {f"verdict-{class_id}": "correct" for class_id in set(re.findall(r'name="verdict-(\d+)"', form))}
        assert reviewer.post("/review", data=fields).status_code == 303
    assert item_token(ws, "main", 4) in seen  # the proposed item was among them
    received = "\n".join(text for _, text in traffic)
    assert not re.findall(r"xyzzy|percival|propos", received, re.IGNORECASE)


def test_who_settles_disputes_reads_the_reason(enter: Enter, disputed: str) -> None:
    assert fill_in(enter("percival"), 0, **{"class": "bun"}).status_code == 303
    for path in (f"/adjudicate/verdict/{disputed}", f"/items/{disputed}"):
        page = enter("ottilie").get(path).text
        assert f"“{REASON}”" in page
        assert "percival proposed it" in page
