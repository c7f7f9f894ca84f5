"""Reviewing over HTTP: what a screen holds, saving once, and what nobody may see before they answer."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from regrade.records.panel import Pass
from regrade.store import reviews
from regrade.web.assets import static_address
from regrade.workflow.accounts import list_users
from regrade.workflow.media import item_token
from regrade.workflow.propose import propose_class
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import predict

Enter = Callable[[str], httpx.Client]
JSON = {"accept": "application/json"}


class Form:
    """The first form of a review page, as a browser without script would send it."""

    def __init__(self, page: str) -> None:
        self.text = page[page.index('<form class="screen"') :]
        self.text = self.text[: self.text.index("</form>")]
        self.screen = self._hidden("screen")
        self.key = self._hidden("key")
        self.classes = [int(found) for found in dict.fromkeys(re.findall(r'name="verdict-(\d+)"', self.text))]
        self.media = re.findall(r'src="/media/([0-9a-f]+)"', self.text)[0]

    def _hidden(self, name: str) -> str:
        found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', self.text)
        return str(found[0])

    def fields(self, verdict: str = "correct", **more: str) -> dict[str, str]:
        given = {f"verdict-{class_id}": verdict for class_id in self.classes}
        return {"screen": self.screen, "key": self.key, "seconds": "3.2"} | given | more


def first_form(client: httpx.Client, path: str = "/review") -> Form:
    return Form(client.get(path).text)


def count_reviews(ws: Workspace, pass_: Pass = Pass.VERDICT) -> int:
    """All reviews of all items, withdrawn ones too."""
    with ws.store.read() as tx:
        return sum(len(reviews.list_item_reviews(tx, "main", item, pass_)) for item in range(8))


def review_of(ws: Workspace, media: str) -> list[tuple[int | None, str, str, bool]]:
    """Class, verdict, note and whether it is withdrawn, of all reviews of one item."""
    item = next(item for item in range(8) if item_token(ws, "main", item) == media)
    with ws.store.read() as tx:
        rows = reviews.list_item_reviews(tx, "main", item)
    return [(row.class_id, str(row.verdict or "problematic"), row.note, row.withdrawn) for row in rows]


def test_the_page_holds_the_screen_and_the_next(visitors: dict[str, httpx.Client]) -> None:
    page = visitors["zebedee"].get("/review").text
    forms = page.split('<form class="screen"')[1:]
    assert len(forms) == 3
    assert " hidden>" not in forms[0].split("\n")[0]
    assert " hidden>" in forms[1].split("\n")[0]
    assert "0 of 3" in re.sub(r"<[^>]+>", "", page)  # three items have cases


def test_leaving_and_coming_back_gives_the_same_screen(visitors: dict[str, httpx.Client]) -> None:
    first, again = first_form(visitors["quillon"]), first_form(visitors["quillon"])
    assert (first.screen, first.classes) == (again.screen, again.classes)
    assert first.key != again.key


def test_saved_is_said_with_the_time_of_the_commit(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    answer = client.post("/review", data=form.fields(), headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["submission"] == form.key
    at = datetime.fromisoformat(answer.json()["saved_at"])
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert count_reviews(ws) == len(form.classes)
    assert first_form(client).screen != form.screen


def test_the_same_key_saves_once_and_gives_the_same_receipt(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    receipts = [client.post("/review", data=form.fields(), headers=JSON).json() for _ in range(3)]
    assert receipts[0] == receipts[1] == receipts[2]
    assert count_reviews(ws) == len(form.classes)


def test_the_same_key_with_another_answer_is_refused(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    client.post("/review", data=form.fields("correct"), headers=JSON)
    answer = client.post("/review", data=form.fields("wrong"), headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "conflict"
    assert {row[1] for row in review_of(ws, form.media)} == {"correct"}


def test_a_screen_is_answered_once(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    client.post("/review", data=form.fields(), headers=JSON)
    answer = client.post("/review", data=form.fields() | {"key": uuid4().hex}, headers=JSON)
    assert answer.status_code == 409
    assert count_reviews(ws) == len(form.classes)


def test_nobody_answers_for_another(enter: Enter, ws: Workspace) -> None:
    form = first_form(enter("quillon"))
    answer = enter("zebedee").post("/review", data=form.fields(), headers=JSON)
    assert answer.status_code == 404
    assert enter("zebedee").post("/review/skip", data=form.fields(), headers=JSON).status_code == 404
    assert count_reviews(ws) == 0


def test_a_plain_form_does_the_same(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    answer = client.post("/review", data=form.fields(note="line one\r\nline two"))
    assert answer.status_code == 303
    assert re.fullmatch(r"/review\?saved=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.headers["location"])
    assert "saved · <time" in client.get(answer.headers["location"]).text
    assert {row[2] for row in review_of(ws, form.media)} == {"line one\nline two"}


@pytest.mark.parametrize("saved", ["<script>", "yesterday", "9" * 400, "", "0001-01-01", "9999-12-31T23:59:59-23:59"])
def test_only_a_time_is_repeated_as_saved(saved: str, visitors: dict[str, httpx.Client]) -> None:
    page = visitors["quillon"].get("/review", params={"saved": saved})
    assert page.status_code == 200
    assert "saved ·" not in page.text


def test_the_image_is_problematic(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    fields = {"screen": form.screen, "key": form.key, "problematic": "1", "note": "black"}
    assert client.post("/review", data=fields, headers=JSON).status_code == 200
    assert review_of(ws, form.media) == [(None, "problematic", "black", False)]


def test_without_script_a_choice_can_be_taken_back(enter: Enter) -> None:
    # Else a verdict, once chosen, would keep the image from being called problematic: radio buttons stay pressed.
    assert re.findall(r'<button type="reset" class="([^"]+)">', first_form(enter("quillon")).text) == ["without-script"]


def test_a_class_can_be_added_by_its_id_and_by_its_name(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    other = next(class_id for class_id in range(4) if class_id not in form.classes)
    names = ["<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "{{ 7*7 }}", "BUN"]
    fields = form.fields("wrong") | {"also": names[other]}
    assert client.post("/review", data=fields, headers=JSON).status_code == 200
    assert (other, "correct", "", False) in review_of(ws, form.media)
    form = first_form(client)
    other = next(class_id for class_id in range(4) if class_id not in form.classes)
    client.post("/review", data=form.fields("wrong") | {f"added-{other}": "unclear"}, headers=JSON)
    assert (other, "unclear", "", False) in review_of(ws, form.media)


WRONG = {
    "no verdict": {"drop": "verdict"},
    "half the verdicts": {"drop": "one"},
    "another word": {"verdict": "maybe"},
    "a class that is none": {"verdict-99": "correct"},
    "a class id that is none": {"verdict-x": "correct"},
    "a negative class": {"verdict--1": "correct"},
    "a huge class": {"verdict-99999999999999999999": "correct"},
    "digits of another script": {"verdict-٣": "correct"},
    "an added class that is none": {"added-99": "correct"},
    "an added class called wrong": {"added-99": "wrong"},
    "an unknown name": {"also": "brioche"},
    "a note that is too long": {"note": "x" * 10_001},
    "a note with NUL": {"note": "a\0b"},
    "both problematic and verdicts": {"problematic": "1"},
    "seconds that are none": {"seconds": "nan"},
    "negative seconds": {"seconds": "-1"},
    "endless seconds": {"seconds": "inf"},
    "no key": {"key": ""},
    "a long key": {"key": "k" * 101},
    "no screen": {"screen": ""},
    "a kind": {"category-0": "fine-grained", "severity-0": "minor", "drop": "verdict"},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_answer_that_does_not_fit_changes_nothing(
    what: str, visitors: dict[str, httpx.Client], still_ws: Workspace
) -> None:
    client = visitors["quillon"]
    form = first_form(client)
    change = dict(WRONG[what])
    fields = form.fields(change.pop("verdict", "correct"))
    dropped = {"verdict": form.classes, "one": form.classes[:1]}.get(change.pop("drop", ""), [])
    for class_id in dropped:
        del fields[f"verdict-{class_id}"]
    for headers in (JSON, {}):
        answer = client.post("/review", data=fields | change, headers=headers)
        assert answer.status_code == 422, answer.text
        assert count_reviews(still_ws) == 0
    assert first_form(client).screen == form.screen


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"screen": "x"}', "application/json", 415),
        (b"screen=x", "text/plain", 415),
        (b"screen=x", "multipart/form-data; boundary=x", 415),
        (b"", "", 415),
        (b"screen=%ff", "application/x-www-form-urlencoded", 422),
        (b"screen=\xff", "application/x-www-form-urlencoded", 422),
        (b"screen=a&screen=b", "application/x-www-form-urlencoded", 422),
        (b"&".join(b"f%d=1" % n for n in range(600)), "application/x-www-form-urlencoded", 422),
    ],
)
def test_only_a_form_is_read(content: bytes, kind: str, status: int, visitors: dict[str, httpx.Client]) -> None:
    for path in ("/review", "/review/skip", "/review/undo", "/review/kinds", "/publish", "/login"):
        answer = visitors["ursula"].post(path, content=content, headers={"content-type": kind} | JSON)
        assert answer.status_code == status, (path, answer.text)


def test_a_skipped_screen_comes_back_at_the_end(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    assert client.post("/review/skip", data={"screen": form.screen, "key": form.key}, headers=JSON).status_code == 200
    second = first_form(client)
    assert second.media != form.media
    assert count_reviews(ws) == 0
    media = [second.media]
    for _ in range(2):
        current = first_form(client)
        client.post("/review", data=current.fields(), headers=JSON)
        media.append(first_form(client).media)
    assert media[-1] == form.media


def test_undo_withdraws_the_answer_and_erases_nothing(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    form = first_form(client)
    client.post("/review", data=form.fields(), headers=JSON)
    answer = client.post("/review/undo", data={"key": uuid4().hex})
    assert answer.status_code == 303
    assert first_form(client).screen == form.screen
    assert {row[3] for row in review_of(ws, form.media)} == {True}
    again = first_form(client)
    assert client.post("/review", data=again.fields("wrong"), headers=JSON).status_code == 200
    assert sorted({(row[1], row[3]) for row in review_of(ws, form.media)}) == [("correct", True), ("wrong", False)]


def test_there_is_nothing_to_undo_at_first(visitors: dict[str, httpx.Client]) -> None:
    answer = visitors["quillon"].post("/review/undo", data={"key": uuid4().hex}, headers=JSON)
    assert answer.status_code == 409
    assert "no answer to undo" in answer.json()["error"]["message"]


def test_when_all_is_answered_the_page_says_so(enter: Enter) -> None:
    client = enter("quillon")
    for _ in range(3):
        client.post("/review", data=first_form(client).fields(), headers=JSON)
    page = client.get("/review").text
    assert "That was all for now" in page
    assert "You have answered 3 items" in page


def test_classes_are_found_by_name(visitors: dict[str, httpx.Client]) -> None:
    client = visitors["quillon"]
    assert client.get("/classes", params={"q": "bu"}).json() == [
        {"class_id": 3, "key": "k3", "name": "bun", "definition": ""}
    ]
    assert client.get("/classes").json() == []
    assert client.get("/classes", params={"q": "' OR 1=1 --"}).json() == []


def test_hostile_names_definitions_and_notes_are_text(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    page = client.get("/review").text
    for evil in ("<script>alert(1)", "<img src=x", "<b>of</b>"):
        assert evil not in page
    assert "49" not in re.findall(r'class="card-name"[^>]*>([^<]*)<', page)
    shown = {html.unescape(name) for name in re.findall(r'class="card-name"[^>]*>([^<]+)<', page)}
    assert shown <= {"<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "{{ 7*7 }}", "bun"}
    form = first_form(client)
    client.post("/review", data=form.fields(note="</textarea><script>alert(3)</script>"))
    shown_to_admin = enter("ursula").get(f"/items/{form.media}").text
    assert "<script>alert(3)" not in shown_to_admin
    assert "&lt;script&gt;alert(3)" in shown_to_admin


TELLING = re.compile(r"predict|accepted|xylograph|quagmire|model", re.IGNORECASE)


def test_before_answering_a_reviewer_receives_no_model_no_role_and_no_peer(enter: Enter, ws: Workspace) -> None:
    peer, client = enter("zebedee"), enter("quillon")
    peer_form = first_form(peer)
    peer.post("/review", data=peer_form.fields("unclear", note="the peer's own words"), headers=JSON)
    answers = [client.get("/review")]
    page = answers[0].text
    answers += [client.get(path) for path in sorted(set(re.findall(r'(?:src|href)="(/(?:media|static)/[^"]+)"', page)))]
    answers += [
        client.get(f"{static_address()}/js/{name}.js") for name in ("cards", "drafts", "outbox", "search", "viewer")
    ]
    answers.append(client.get("/classes", params={"q": "b"}))
    form = Form(page)
    answers.append(client.post("/review", data=form.fields() | {"verdict-99": "correct"}, headers=JSON))  # an error
    answers.append(client.post("/review/undo", data={"key": uuid4().hex}, headers=JSON))
    for answer in answers:
        assert answer.status_code < 500
        everything = f"{answer.request.url} {answer.headers} {answer.content.decode('latin-1')}"
        assert not TELLING.search(everything), (answer.request.url, TELLING.search(everything))
        assert "zebedee" not in everything
        assert "peer's own words" not in html.unescape(everything)
    assert " checked" not in page[page.index('<form class="screen"') : page.rindex("</form>")].split("<dialog")[0]


def test_a_screen_is_the_same_whether_a_peer_has_answered_it_or_not(enter: Enter, ws: Workspace) -> None:
    peer, client = enter("zebedee"), enter("quillon")

    def skeleton() -> str:
        return re.sub(r'(name="key" value=")[0-9a-f]+', r"\1", client.get("/review").text)

    before = skeleton()
    for _ in range(3):
        peer.post("/review", data=first_form(peer).fields("unclear"), headers=JSON)
    assert skeleton() == before


def test_the_second_pass_is_empty_until_a_class_is_decided_wrong(enter: Enter, ws: Workspace) -> None:
    clients = [enter("quillon"), enter("zebedee")]
    assert "Nothing to sort yet" in clients[0].get("/review/kinds").text
    for client in clients:
        for _ in range(3):
            form = first_form(client)
            item = next(item for item in range(8) if item_token(ws, "main", item) == form.media)
            label = (0, 0, 1, 1, 2, 2, 3, 3)[item]
            verdicts = {f"verdict-{class_id}": "correct" if class_id == label else "wrong" for class_id in form.classes}
            client.post("/review", data={"screen": form.screen, "key": form.key} | verdicts, headers=JSON)
    page = clients[0].get("/review/kinds").text
    assert "Models said" in page
    text = page[page.index('<form class="screen"') :]
    screen = re.findall(r'name="screen" value="([^"]+)"', text)[0]
    class_id = re.findall(r'name="category-(\d+)"', text)[0]
    fields = {"screen": screen, "key": uuid4().hex, f"category-{class_id}": "fine-grained"}
    assert clients[0].post("/review/kinds", data=fields, headers=JSON).status_code == 422  # no severity
    fields |= {f"severity-{class_id}": "dreadful"}
    assert clients[0].post("/review/kinds", data=fields, headers=JSON).status_code == 422
    fields |= {f"severity-{class_id}": "minor"}
    assert clients[0].post("/review/kinds", data=fields, headers=JSON).status_code == 200
    assert count_reviews(ws, Pass.KIND) == 1
    assert clients[0].post("/review/kinds/undo", data={"key": uuid4().hex}, headers=JSON).status_code == 200


SHOWN = {
    "blind_roles": re.compile("accepted now"),
    "blind_model": re.compile("xylograph"),
    "blind_peers": re.compile("zebedee"),
    "blind_suggestions": re.compile("look at the crust"),
}
"""What the page of an item says where a blind is off."""


@pytest.mark.parametrize("off", SHOWN)
def test_a_blind_that_is_off_shows_its_own_and_nothing_of_the_others(off: str, enter: Enter, ws: Workspace) -> None:
    edit_protocol(ws, {off: False}, by="ursula")
    peer, client = enter("zebedee"), enter("quillon")
    while '<form class="screen"' in peer.get("/review").text:
        peer.post("/review", data=first_form(peer).fields("unclear"), headers=JSON)
    percival = next(user for user in list_users(ws) if user.name == "percival")
    propose_class(ws, percival, "img_0.png", 3, "look at the crust", key=uuid4().hex)
    page = client.get("/review").text
    for blind, words in SHOWN.items():
        assert bool(words.search(page)) == (blind == off), blind
    said = TELLING.search(page)
    assert (said is None) == (off in {"blind_peers", "blind_suggestions"}), said
    assert "percival" not in page


def test_that_there_are_no_examples_is_said_once_a_screen(enter: Enter, ws: Workspace) -> None:
    predict(ws, "gamma", {1: 1, 2: 0})  # now items 0 to 3 are the panel's: all of classes 0 and 1
    screens = enter("quillon").get("/review").text.split('<form class="screen"')[1:]
    said = [re.findall(r"No example images([^<]*)", screen.split("</form>")[0]) for screen in screens]
    # Every class of a screen shows as many as the poorest: a lack would tell which is the label.
    assert {len(found) for found in said} == {1}
    assert {text.strip() for found in said for text in found} == {
        ": not every class here has one outside the panel’s own items."
    }
