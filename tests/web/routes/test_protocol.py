"""The page on which an admin changes how the panel works."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from regrade.panel.protocols import FIELDS, change_protocol, tabulate_protocol
from regrade.records.panel import Pass, Protocol
from regrade.web.routes.protocol import SECTIONS
from regrade.workflow.accounts import list_users
from regrade.workflow.protocols import list_versions, load_version
from regrade.workflow.review import load_queue
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
FORM = {"number": "1", "reviewers": "2", "rule": "unanimous", "max_classes_per_screen": "6", "order": "random"}
FORM |= {"gold_share": "0.0", "adjudication": "single", "adjudicators": "3"}
FORM |= dict.fromkeys(("blind_model", "blind_roles", "blind_peers", "blind_suggestions"), "1")
"""What the form of the first version sends if nothing is changed in it."""


def answer_one(client: httpx.Client) -> None:
    """Answer the screen that stands first in a reviewer's queue."""
    page = client.get("/review").text
    form = page[page.index('<form class="screen"') :].split("</form>")[0]
    fields = {name: re.findall(rf'name="{name}" value="([^"]+)"', form)[0] for name in ("screen", "key")}
    fields |= {f"verdict-{class_id}": "correct" for class_id in re.findall(r'name="verdict-(\d+)"', form)}
    assert client.post("/review", data=fields).status_code == 303


def test_every_field_stands_in_the_form_once() -> None:
    assert sorted(key for keys in SECTIONS.values() for key in keys) == sorted(field.key for field in FIELDS)


def test_the_form_holds_what_is_in_force(enter: Enter) -> None:
    page = enter("ursula").get("/protocol").text
    form = page[page.index('<form class="protocol"') :].split("</form>")[0]
    sent = dict(re.findall(r'<input type="(?:number|hidden)"[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', form))
    sent |= dict.fromkeys(re.findall(r'name="(\w+)" value="1" checked', form), "1")
    for name, options in re.findall(r'<select id="\w+" name="(\w+)">(.*?)</select>', form, flags=re.DOTALL):
        sent[name] = re.findall(r"<option selected>(\w+)", options)[0]
    assert sent == FORM
    assert "Nobody has answered under it yet" in page


def test_it_is_changed_in_place_and_then_in_a_new_version(enter: Enter, ws: Workspace) -> None:
    client = enter("ursula")
    done = client.post("/protocol", data=FORM | {"reviewers": "3", "gold_share": "0.05"})
    assert (done.status_code, done.headers["location"]) == (303, "/protocol")
    assert load_version(ws).content == Protocol(n_reviewers=3, gold_share=0.05)
    answer_one(enter("quillon"))
    page = client.get("/protocol").text
    assert "makes protocol 2" in page
    refused = client.post("/protocol", data=FORM)
    assert (refused.status_code, "a reason for the new version" in refused.text) == (422, True)
    hidden = {key: value for key, value in FORM.items() if key != "blind_roles"}
    assert client.post("/protocol", data=hidden | {"reason": "let <them> see"}).status_code == 303
    assert load_version(ws).content == Protocol(blind_roles=False)
    page = client.get("/protocol").text
    assert "let &lt;them&gt; see" in page
    assert "Protocol 2 <span" in page
    assert [row.author for row in list_versions(ws)] == ["ursula", "ursula"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"reviewers": "0"}, "a whole number from 1 to 100", id="range"),
        pytest.param({"reviewers": "two"}, "a whole number from 1 to 100", id="no-number"),
        pytest.param({"gold_share": "nan"}, "a share from 0 to 0.5", id="nan"),
        pytest.param({"rule": "loudest"}, "unanimous", id="choice"),
        pytest.param({"order": ""}, "the field order", id="missing"),
        pytest.param({"number": "x"}, "the number of the version", id="number"),
    ],
)
def test_what_cannot_be_changes_nothing(enter: Enter, ws: Workspace, fields: dict[str, str], words: str) -> None:
    answer = enter("ursula").post("/protocol", data=FORM | fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert [row.content for row in list_versions(ws)] == [Protocol()]


def test_a_form_for_another_version_changes_nothing(enter: Enter, ws: Workspace) -> None:
    answer = enter("ursula").post("/protocol", data=FORM | {"number": "4"})
    assert (answer.status_code, "was made while you edited protocol 4" in answer.text) == (409, True)
    assert load_version(ws).content == change_protocol(Protocol(), tabulate_protocol(Protocol()))


def test_it_holds_for_the_server_at_once(enter: Enter, ws: Workspace) -> None:
    """A reviewer from whom nothing is hidden may look at results: the next page asks the protocol as it is then."""
    reviewer = enter("quillon")
    assert reviewer.get("/mistakes").status_code == 403
    seeing = {key: value for key, value in FORM.items() if not key.startswith("blind_")}
    assert enter("ursula").post("/protocol", data=seeing).status_code == 303
    assert reviewer.get("/mistakes").status_code == 200
    (user,) = [user for user in list_users(ws) if user.name == "quillon"]
    assert load_queue(ws, user, Pass.VERDICT).screens
