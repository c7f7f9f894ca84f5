"""The pages where the panel talks about an item."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"


@pytest.fixture
def thread(disputed: str) -> str:
    """The address of the first pass of item 0, which quillon and zebedee have answered."""
    return f"/discuss/verdict/{disputed}"


def test_a_comment_is_kept_escaped_and_shown_to_those_who_answered(enter: Enter, thread: str) -> None:
    answer = enter("ottilie").post(thread, data={"text": HOSTILE, "key": "k"})
    assert (answer.status_code, answer.headers["location"]) == (303, thread)
    page = enter("quillon").get(thread).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
    assert "<script>alert" not in page
    assert "ottilie" in page


def test_a_reviewer_reads_no_answer_name_or_file_of_others(enter: Enter, thread: str, ws: Workspace) -> None:
    enter("ottilie").post(thread, data={"text": "hm", "key": "k"})
    client = enter("quillon")
    for text in (client.get(thread).text, client.get("/discuss").text):
        assert "zebedee" not in text
        assert "img_0" not in text
        assert not any(model in text for model in ("xylograph", "quagmire"))
    seen = enter("ottilie").get(thread).text
    assert "zebedee" in seen
    assert "img_0.png" in seen


def test_who_has_not_answered_is_told_nothing(enter: Enter, ws: Workspace, thread: str) -> None:
    enter("ottilie").post(thread, data={"text": "hm", "key": "k"})
    stranger = enter("<i>hostile & sons</i>")
    unknown = stranger.get(f"/discuss/verdict/{item_token(ws, 'main', 5)}")
    closed = stranger.get(thread)
    assert (closed.status_code, unknown.status_code) == (404, 404)
    assert stranger.post(thread, data={"text": "let me in", "key": "k2"}).status_code == 404
    assert "let me in" not in enter("ottilie").get(thread).text


@pytest.mark.parametrize(
    ("data", "status"),
    [({"text": "", "key": "k"}, 422), ({"text": "a"}, 422), ({"text": "x" * 4001, "key": "k"}, 422)],
    ids=["no words", "no key", "too long"],
)
def test_a_form_that_is_not_ours_says_nothing(enter: Enter, thread: str, data: dict[str, str], status: int) -> None:
    assert enter("ottilie").post(thread, data=data).status_code == status
    assert '<ol class="comments"' not in enter("ottilie").get(thread).text
