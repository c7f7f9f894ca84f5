"""The pages of agreement over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import httpx
import pytest

from regrade.records.agreement import Alpha, PanelAgreement, TopicAgreement
from regrade.records.labels import Verdict
from regrade.records.metrics import Figure
from regrade.records.panel import Review
from regrade.store import reviews
from regrade.web.routes.agreement import arrange_pairs, find_lowest
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.workspace import Workspace
from tests.said import SAID

Enter = Callable[[str], httpx.Client]
REVIEWERS = ("quillon", "zebedee", "<i>hostile & sons</i>")


def text_of(page: str) -> str:
    """A page's words without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


def test_one_question_large_and_all_at_a_glance(disputed: str, enter: Enter, ws: Workspace) -> None:
    page = enter("ottilie").get("/agreement").text
    text = text_of(page)
    # Predicted: (0, 1), (0, 2), (3, 2), (7, 0), on (0, 2) wrong and unclear. n = 8: 7 and 1; S = 2:
    # alpha = 1 - 7 * 2 / (64 - 50) = 0.
    assert "Predicted classes Does the item show" in text
    assert "0.00 Krippendorff’s alpha" in text
    assert "No better than chance" in text
    assert "No interval: only 1 of 3 items have an answer other than the commonest one." in text
    assert "Two reviewers say the same 75 times in 100; with these answers drawn by chance it would be 78." in text
    assert "7 wrong 1 unclear 0 correct" in text
    for question in ("predicted", "accepted", "category", "severity", "problematic"):
        assert f'href="/agreement?question={question}"' in page
    assert "1 quillon 2 zebedee 0.00 4" in text
    assert "Not identifiable: no question has 3 answers" in text
    assert disputed not in page  # what waits for an adjudicator is not in it


def test_other_questions(disputed: str, enter: Enter) -> None:
    assert disputed
    client = enter("ursula")
    accepted = text_of(client.get("/agreement?question=accepted").text)
    assert "Undefined: all answers are the same" in accepted
    severity = text_of(client.get("/agreement?question=severity").text)
    assert "Nobody has been asked yet." in severity
    assert "Pairs of reviewers" not in severity
    assert "Votes weighed" not in severity
    problematic = text_of(client.get("/agreement?question=problematic").text)
    assert "6 usable 0 problematic" in problematic
    assert "By class" not in problematic
    answer = client.get("/agreement?question=mood", headers={"accept": "application/json"})
    assert answer.status_code == 422


def test_reviewers(disputed: str, enter: Enter) -> None:
    assert disputed
    text = text_of(enter("ottilie").get("/agreement/reviewers").text)
    # Each gave 7 verdicts; decided is all but (0, 2), as both had said.
    assert "quillon 7 0 0 – – – 100.0 –" in text
    assert "zebedee 7 0 0 – – – 100.0 –" in text
    assert "verdict 100 % of 6" in text


def test_before_anybody_has_answered(enter: Enter) -> None:
    client = enter("ottilie")
    for path in ("/agreement", "/agreement/reviewers"):
        assert "No answers yet" in text_of(client.get(path).text)


@pytest.mark.parametrize("path", ["/agreement", "/agreement/reviewers"])
def test_a_blind_reviewer_sees_nothing_of_it(path: str, disputed: str, enter: Enter) -> None:
    assert disputed
    answer = enter("quillon").get(path)
    assert answer.status_code == 403
    assert "You review blind" in answer.text
    assert "zebedee" not in answer.text
    assert 'href="/agreement"' not in enter("quillon").get("/review").text


@pytest.fixture
def judged(ws: Workspace) -> Workspace:
    """Three reviewers on every class of every item; one of them errs alone once in six."""
    with ws.store.write() as tx:
        reviews.save_reviews(tx, [review_of(name, unit) for unit in range(32) for name in REVIEWERS])
    return ws


def review_of(name: str, unit: int) -> Review:
    truth = Verdict.WRONG if unit % 2 else Verdict.CORRECT
    other = Verdict.CORRECT if unit % 2 else Verdict.WRONG
    verdict = other if name == "zebedee" and unit % 6 == 0 else truth
    row = replace(SAID, submission=f"{name} {unit}", reviewer=name, verdict=verdict)
    return replace(row, item=unit // 4, class_id=unit % 4)


def test_hostile_names_are_words_and_no_markup(judged: Workspace, enter: Enter) -> None:
    client = enter("ottilie")
    assert measure_agreement(judged).n_reviewers == 3
    for path in ("/agreement", "/agreement/reviewers"):
        page = client.get(path).text
        assert "&lt;i&gt;hostile &amp; sons&lt;/i&gt;" in page
        assert "<i>hostile" not in page
        assert "<script>alert" not in page


def test_suggestions_beside_the_votes_only_where_the_protocol_shows_them(
    disputed: str, enter: Enter, ws: Workspace
) -> None:
    client, path = enter("ottilie"), f"/adjudicate/verdict/{disputed}"
    assert "Weighed by how reliable" not in client.get(path).text
    edit_protocol(ws, {"blind_suggestions": False}, by="ursula", reason="to see them")
    text = text_of(client.get(path).text)
    assert "Weighed by how reliable each is: not identifiable (it has 2 of the 3 answers that it takes)" in text


def topic(low: float | None, value: float | None) -> TopicAgreement:
    return TopicAgreement(
        question="accepted",
        answers=(),
        n_answers=(),
        n_units=0,
        n_compared=0,
        n_items=0,
        n_differing=0,
        n_reviewers=0,
        alpha=Alpha(value, 0, low, None),
        percent=Figure(None, 0),
        fleiss=Figure(None, 0),
        pairs=(),
        classes=(),
    )


@pytest.mark.parametrize(
    ("rows", "lowest"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([(0.2, 0.5), (None, None)], 0.0, id="above chance"),
        pytest.param([(-0.03, 0.5), (None, -0.25)], -0.3, id="below chance"),
    ],
)
def test_the_scale_begins_at_0_or_below_the_lowest(
    rows: list[tuple[float | None, float | None]], lowest: float
) -> None:
    found = PanelAgreement("main", 2, 2, tuple(topic(*row) for row in rows), ())
    assert find_lowest(found) == pytest.approx(lowest)


def test_pairs_are_found_by_both_names(judged: Workspace) -> None:
    grid = arrange_pairs(measure_agreement(judged).questions[0])
    assert grid.names == tuple(sorted(REVIEWERS))
    assert len(grid.pairs) == 3
    assert all(first < second for first, second in grid.pairs)
