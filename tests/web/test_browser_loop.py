"""The whole loop in a real browser on the digits demo: review, adjudicate, sort, publish, and grade again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, expect

from regrade.workflow.media import item_token
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import Workspace

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
KEYS = {"correct": "1", "unclear": "2", "wrong": "3"}
N_ITEMS = 6


def shown_item(page: Page, places: dict[str, int]) -> int:
    """Position of the item whose image stands on the current screen."""
    source = page.locator("form.screen:not([hidden]) [data-stage] img").first.get_attribute("src") or ""
    return places[source.rsplit("/", 1)[1]]


def shown_classes(page: Page) -> list[int]:
    """Class ids of the current screen's cards, in the order shown."""
    names = page.locator("form.screen:not([hidden]) [data-card] .card-name").all_inner_texts()
    return [DIGITS.index(name) for name in names]


def screen_id(page: Page) -> str:
    return page.locator("form.screen:not([hidden])").get_attribute("data-screen") or ""


def answer_by_keys(page: Page, verdicts: list[str]) -> None:
    """One key a class; the last one sends the answer and the next screen is there."""
    before = screen_id(page)
    for verdict in verdicts:
        page.keyboard.press(KEYS[verdict])
    page.wait_for_function(
        "id => document.querySelector('form.screen:not([hidden])')?.dataset.screen !== id", arg=before
    )


@dataclass
class Truth:
    """What the test itself decided, and figures worked out from the raw arrays without any code of regrade's."""

    labels: npt.NDArray[np.int32]
    tops: dict[str, npt.NDArray[np.int64]]
    accepted: dict[int, set[int]] = field(default_factory=dict)

    def accuracy(self, model: str, *, reviewed: bool) -> float:
        """Mean over the ten digits of the share of their scans on which the model's answer is accepted."""
        top = self.tops[model]
        right = top == self.labels
        if reviewed:
            for item, classes in self.accepted.items():
                right[item] = int(top[item]) in classes
        return float(np.mean([right[self.labels == digit].mean() for digit in range(10)]))

    def n_mistakes(self, model: str) -> int:
        top = self.tops[model]
        right = top == self.labels
        for item, classes in self.accepted.items():
            right[item] = int(top[item]) in classes
        return int(np.count_nonzero(~right))


def first_pass(page: Page, places: dict[str, int], labels: npt.NDArray[np.int32]) -> list[int]:
    """The first reviewer: six items; on the first three every class is found correct, then only the label."""
    items: list[int] = []
    while len(items) < N_ITEMS:
        item, classes = shown_item(page, places), shown_classes(page)
        generous = len(items) < N_ITEMS // 2
        answer_by_keys(page, ["correct" if generous or row == labels[item] else "wrong" for row in classes])
        items.append(item)
    return items


def follow(page: Page, places: dict[str, int], labels: npt.NDArray[np.int32], items: list[int]) -> tuple[int, int]:
    """The second reviewer: the same six items, the same answers but for one class of the last; gives that pair."""
    odd: tuple[int, int] | None = None
    left = set(items)
    while left:
        item, classes = shown_item(page, places), shown_classes(page)
        if item not in left:
            before = screen_id(page)
            page.keyboard.press("s")
            page.wait_for_function(
                "id => document.querySelector('form.screen:not([hidden])')?.dataset.screen !== id", arg=before
            )
            continue
        generous = item in items[: N_ITEMS // 2]
        verdicts = ["correct" if generous or row == labels[item] else "wrong" for row in classes]
        if item == items[-1]:
            at = verdicts.index("wrong")
            verdicts[at] = "unclear"
            odd = item, classes[at]
        answer_by_keys(page, verdicts)
        left.discard(item)
    assert odd is not None
    return odd


def test_the_whole_loop_by_keyboard(  # noqa: PLR0917 - fixtures
    visit: Visit, ws: Workspace, demo: None, complaints: list[str], traffic: list[tuple[str, str]], password: str
) -> None:
    places = {item_token(ws, "main", item): item for item in range(len(ws.split()))}
    labels = np.asarray(ws.split().labels)
    truth = Truth(labels, {row.model: row.classes[:, 0].astype(np.int64) for row in load_predictions(ws, None, "main")})
    cases = {(item, int(top[item])) for top in truth.tops.values() for item in np.flatnonzero(top != labels).tolist()}

    # Two reviewers answer the same six items, by keyboard only.
    first, second = visit(""), visit("")
    for name, page in (("quillon", first), ("zebedee", second)):
        page.goto("/login")
        page.fill("#name", name)
        page.fill("#password", password)
        page.keyboard.press("Enter")
        expect(page.locator("[data-card][aria-current=true]")).to_be_visible()
    items = first_pass(first, places, labels)
    odd_item, odd_class = follow(second, places, labels, items)
    for page in (first, second):
        expect(page.locator("form.screen:not([hidden]) .saved")).to_contain_text(re.compile(r"saved · \d\d:\d\d:\d\d"))
        expect(page.locator("#n-answered")).to_have_text("6")

    # Nothing that either received could have told a model, a role or the other's answers.
    for page, other in ((first, "zebedee"), (second, "quillon")):
        session = page.context.cookies()[0]["value"]
        everything = "\n".join(text for cookie, text in traffic if session in cookie or session in text)
        assert everything.count("\nGET /media/") > N_ITEMS
        assert "\nPOST /review 200" in everything
        assert "\nPOST /login 303" in everything
        for word in (*truth.tops, "predict", "accepted", "model", other):
            assert word.lower() not in everything.lower(), word

    # The adjudicator settles the one class on which they differ, with a reason.
    adjudicator = visit("ottilie", "/adjudicate")
    expect(adjudicator.locator(".list li")).to_have_count(1)
    adjudicator.get_by_role("link", name="Start with the first").click()
    expect(adjudicator.locator("[data-required]")).to_have_count(1)
    expect(adjudicator.locator("[data-required] .card-name")).to_have_text(DIGITS[odd_class])
    expect(adjudicator.locator("[data-required] .votes")).to_contain_text("unclear")
    expect(adjudicator.locator("[data-required] .votes")).to_contain_text("wrong")
    expect(adjudicator.locator("[data-required][aria-current=true]")).to_be_visible()
    adjudicator.keyboard.press("3")
    expect(adjudicator.locator("#reason")).to_be_focused()
    adjudicator.keyboard.type("the stroke is closed")
    adjudicator.keyboard.press("Enter")
    expect(adjudicator.get_by_text("Nothing waits for you")).to_be_visible()

    # The second pass: category and severity of every predicted class that was decided wrong.
    for item in items[: N_ITEMS // 2]:
        truth.accepted[item] = {int(labels[item])} | {row for at, row in cases if at == item}
    wrong = {(item, row) for item, row in cases if item in items[N_ITEMS // 2 :]}
    assert (odd_item, odd_class) in wrong
    for page in (first, second):
        page.goto("/review/kinds")
        expect(page.locator("[data-card][aria-current=true]")).to_be_visible()
        sorted_kinds = set()
        for _ in wrong:
            heading = page.locator("form.screen:not([hidden]) h1").inner_text()
            said = re.findall(r"Models said (\w+); accepted: (\w+)", heading)[0]
            item = shown_item(page, places)
            assert DIGITS.index(said[1]) == labels[item]
            sorted_kinds.add((item, DIGITS.index(said[0])))
            before = screen_id(page)
            page.keyboard.press("q")
            page.keyboard.press("d")
            page.wait_for_function(
                "id => document.querySelector('form.screen:not([hidden])')?.dataset.screen !== id", arg=before
            )
        assert sorted_kinds == wrong
        expect(page.get_by_role("heading", name="That was all for now")).to_be_visible()

    # Publishing shows what changes, asks why, and makes version 2.
    admin = visit("ursula", "/publish")
    n_new = sum(len(classes) - 1 for classes in truth.accepted.values())
    expect(admin.locator(".lead")).to_contain_text(f"{n_new + len(wrong)} changes to original@1")
    admin.fill("#reason", "the first round")
    admin.keyboard.press("Enter")
    admin.wait_for_url("**/labels/original@2")
    expect(admin.locator(".change")).to_have_count(n_new + len(wrong))

    # The overview shows every model before and after, as the raw arrays say.
    admin.goto("/")
    expect(admin.locator("[data-drawn]")).to_be_visible()
    n_open = len([case for case in cases if case[0] not in items])
    share = 100 * n_new / (n_new + len(wrong))
    sentence = f"6 models; {n_open} open cases on {len({item for item, _ in cases} - set(items))} items"
    expect(admin.locator(".lead")).to_contain_text(sentence)
    expect(admin.locator(".lead")).to_contain_text(f"{share:.0f} % of the mistakes judged so far were no mistakes.")
    for model in truth.tops:
        cells = admin.get_by_role("row", name=re.compile(rf"^{model} ")).locator("td").all_inner_texts()
        assert cells[1] == f"{100 * truth.accuracy(model, reviewed=False):.2f}"
        assert cells[3] == f"{100 * truth.accuracy(model, reviewed=True):.2f}"
        assert cells[6] == f"{truth.n_mistakes(model):,}"
    chart = admin.request.get("/chart.json").json()
    rows = {row["model"]: row for data in chart["datasets"].values() for row in data}
    for model in truth.tops:
        assert rows[model]["before"] == pytest.approx(100 * truth.accuracy(model, reviewed=False), abs=1e-9)
        assert rows[model]["after"] == pytest.approx(100 * truth.accuracy(model, reviewed=True), abs=1e-9)
    assert any(rows[model]["after"] > rows[model]["before"] for model in truth.tops)
    assert complaints == []
