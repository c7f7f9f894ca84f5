"""A panel on real photos in a real browser: three reviewers and an adjudicator, by keyboard only, both passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from playwright.sync_api import Page, expect

from regrade.records.labels import VERDICTS
from regrade.store import labelsets
from regrade.workflow.cases import make_cases
from regrade.workflow.export_reviews import export_reviews
from regrade.workflow.grade import grade_models
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.labels import load_labels
from regrade.workflow.media import item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.people import add_person
from tests.web.conftest import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.shared_data, pytest.mark.slow]

Visit = Callable[..., Page]
MODELS = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")
REVIEWERS = ("quillon", "zebedee", "<i>hostile & sons</i>")
N_CASES = 30
VERDICT_KEYS = {"correct": "1", "unclear": "2", "wrong": "3"}
CATEGORY_KEYS = "qwer"
SEVERITY_KEYS = "asd"
NEXT_SCREEN = "id => document.querySelector('form.screen:not([hidden])')?.dataset.screen !== id"
SHOWN = "form.screen:not([hidden])"


@contextmanager
def photos(folder: Path, shared_data: Path) -> Iterator[Workspace]:
    """A thousand photos with their labels and what three networks say of them; three reviewers an item."""
    init_workspace(
        folder,
        classes=shared_data / "imagenet" / "classes.csv",
        items=shared_data / "images" / "images.csv",
        media=shared_data / "images",
        n_reviewers=len(REVIEWERS),
    )
    with open_workspace(folder) as workspace:
        import_predictions(workspace, [(model, shared_data / model / "top5.csv") for model in MODELS])
        yield workspace


@pytest.fixture
def ws(shared_data: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The photos with cases and people."""
    with photos(tmp_path / "photos", shared_data) as workspace:
        made = make_cases(workspace)
        assert (made.n_cases, made.n_items) == (197, 158)
        for name, roles in PEOPLE.items():
            add_person(workspace, name, roles)
        yield workspace


@dataclass
class Panel:
    """What the test's people think, worked out from the item and class alone; item and class are indices."""

    labels: npt.NDArray[np.int64]
    tops: dict[str, npt.NDArray[np.int64]]
    places: dict[str, int]
    """Item by the opaque id of its image."""
    chosen: set[int] = field(default_factory=set)
    """The items that the panel has taken on."""

    def cases_on(self, item: int) -> set[int]:
        """Classes that models predict on an item, and that are not its label."""
        return {int(top[item]) for top in self.tops.values()} - {int(self.labels[item])}

    @property
    def cases(self) -> set[tuple[int, int]]:
        """The cases on all chosen items."""
        return {(item, row) for item in self.chosen for row in self.cases_on(item)}

    def takes_on(self, item: int) -> bool:
        """Whether the item is one of the panel's: so many items that there are `N_CASES` cases on them."""
        if len(self.cases) < N_CASES:
            self.chosen.add(item)
        return item in self.chosen

    def truth(self, item: int, class_id: int) -> str:
        """What two of the reviewers and the adjudicator think."""
        if class_id == self.labels[item]:
            return "correct"
        return ("correct", "unclear", "wrong", "wrong")[(item + class_id) % 4]

    def opinion(self, name: str, item: int, class_id: int) -> str:
        """What a reviewer says: the third one differs on every fifth case."""
        said = self.truth(item, class_id)
        if name == REVIEWERS[2] and class_id != self.labels[item] and (item * 7 + class_id) % 5 == 0:
            return "unclear" if said == "wrong" else "wrong"
        return said

    def kind(self, name: str, item: int, class_id: int) -> str:
        """The keys of category and severity: the second reviewer finds every third mistake worse than the others."""
        severity = "a" if name == REVIEWERS[1] and item % 3 == 0 else "d"
        return CATEGORY_KEYS[(item + class_id) % 4] + severity

    def accepted(self, item: int) -> set[int]:
        """The classes that are right on an item when the panel is done."""
        found = {int(self.labels[item])}
        if item in self.chosen:
            found |= {row for row in self.cases_on(item) if self.truth(item, row) != "wrong"}
        return found

    def accuracy(self, model: str) -> float:
        """Share of the photos (one a class) on which the model's answer is accepted when the panel is done."""
        top = self.tops[model]
        return sum(int(top[item]) in self.accepted(item) for item in range(len(top))) / len(top)


def screen_id(page: Page) -> str:
    return page.locator(SHOWN).get_attribute("data-screen") or ""


def shown_item(page: Page, panel: Panel) -> int:
    source = page.locator(f"{SHOWN} [data-stage] img").first.get_attribute("src") or ""
    return panel.places[source.rsplit("/", 1)[1]]


def shown_classes(page: Page, field_name: str) -> list[int]:
    """Class ids of the cards of the current screen, in the order shown."""
    names: list[str] = page.locator(f"{SHOWN} input[name^={field_name}-]").evaluate_all("all => all.map((e) => e.name)")
    return list(dict.fromkeys(int(name.rpartition("-")[2]) for name in names))


def press(page: Page, keys: str) -> None:
    """Press keys one by one, and wait for the next screen."""
    before = screen_id(page)
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(NEXT_SCREEN, arg=before)


def has_screen(page: Page) -> bool:
    """Whether there is work left; the page may say that there is none while the next screens are on their way."""
    page.wait_for_selector(f"{SHOWN}, [data-done]")
    if page.locator(SHOWN).count() == 0:
        page.wait_for_load_state("networkidle")
        page.reload()
        page.wait_for_selector(f"{SHOWN}, [data-done]")
    return page.locator(SHOWN).count() > 0


def judge_in_turns(pages: dict[str, Page], panel: Panel) -> None:
    """The reviewers answer one screen each in turn, until all have answered the panel's items; they skip the others."""
    done: dict[str, set[int]] = {name: set() for name in pages}
    while any(len(panel.cases) < N_CASES or items != panel.chosen for items in done.values()):
        for name, page in pages.items():
            if len(panel.cases) >= N_CASES and done[name] == panel.chosen:
                continue
            item = shown_item(page, panel)
            if panel.takes_on(item):
                verdicts = [panel.opinion(name, item, row) for row in shown_classes(page, "verdict")]
                press(page, "".join(VERDICT_KEYS[verdict] for verdict in verdicts))
                done[name].add(item)
            else:
                press(page, "s")


def sort_in_turns(pages: dict[str, Page], panel: Panel) -> set[tuple[int, int]]:
    """The second pass of all that was decided wrong; gives the mistakes that every reviewer was shown."""
    shown: dict[str, set[tuple[int, int]]] = {name: set() for name in pages}
    for page in pages.values():
        page.goto("/review/kinds")
    while left := [name for name, page in pages.items() if has_screen(page)]:
        for name in left:
            page = pages[name]
            if has_screen(page):
                item, (class_id,) = shown_item(page, panel), shown_classes(page, "category")
                press(page, panel.kind(name, item, class_id))
                shown[name].add((item, class_id))
    assert len({frozenset(rows) for rows in shown.values()}) == 1
    return shown[REVIEWERS[0]]


def adjudicate(page: Page, panel: Panel) -> int:
    """Settle everything that is disputed in the sense of the first reviewer; gives the number of items."""
    page.goto("/adjudicate")
    n_settled = 0
    while page.get_by_role("link", name="Start with the first").count():
        page.get_by_role("link", name="Start with the first").press("Enter")
        while page.locator("[data-dispute]").count():
            settle_one(page, panel)
            n_settled += 1
        page.goto("/adjudicate")
    return n_settled


def settle_one(page: Page, panel: Panel) -> None:
    source = page.locator("[data-stage] img").first.get_attribute("src") or ""
    item, here = panel.places[source.rsplit("/", 1)[1]], page.url
    expect(page.locator("[data-required][aria-current=true]")).to_be_visible()
    names = page.locator("[data-required] input[type=radio]").evaluate_all("all => all.map((e) => e.name)")
    for name in dict.fromkeys(names):
        kind, _, class_id = name.partition("-")
        if kind == "verdict":
            page.keyboard.press(VERDICT_KEYS[panel.truth(item, int(class_id))])
        elif kind == "category":
            for key in panel.kind(REVIEWERS[0], item, int(class_id)):
                page.keyboard.press(key)
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("looked at it together")
    page.keyboard.press("Enter")
    page.wait_for_function("here => location.href !== here", arg=here)
    page.wait_for_load_state()


def test_three_reviewers_and_an_adjudicator_at_once(  # noqa: PLR0917 - fixtures
    visit: Visit,
    ws: Workspace,
    shared_data: Path,
    tmp_path: Path,
    complaints: list[str],
    traffic: list[tuple[str, str]],
) -> None:
    labels = np.asarray(ws.split().labels, dtype=np.int64)
    tables = {model: pl.read_csv(shared_data / model / "top5.csv") for model in MODELS}
    tops = {model: table.sort("class_id")["pred1"].to_numpy().astype(np.int64) for model, table in tables.items()}
    assert labels.tolist() == list(range(1000))
    panel = Panel(labels, tops, {item_token(ws, "main", item): item for item in range(len(labels))})
    pages = {name: visit(name) for name in REVIEWERS}

    judge_in_turns(pages, panel)
    assert len(panel.cases) >= N_CASES
    for name, page in pages.items():
        session = page.context.cookies()[0]["value"]
        received = "\n".join(text for cookie, text in traffic if session in cookie or session in text).lower()
        assert received.count("\nget /media/") >= len(panel.chosen)
        received = received.replace("model t", "")  # a class of cars
        for word in (*MODELS, "predict", "accepted", "model", *(other for other in PEOPLE if other != name)):
            assert word.lower() not in received, word

    differ = {item for item, row in panel.cases if panel.opinion(REVIEWERS[2], item, row) != panel.truth(item, row)}
    adjudicator = visit("ottilie", "")
    assert adjudicate(adjudicator, panel) == len(differ) > 0

    wrong = {(item, row) for item, row in panel.cases if panel.truth(item, row) == "wrong"}
    assert sort_in_turns(pages, panel) == wrong
    harsh = {item for item, _ in wrong if item % 3 == 0}
    assert adjudicate(adjudicator, panel) == len(harsh) > 0

    admin = visit("ursula", "/publish")
    n_changes = len(panel.cases)
    expect(admin.locator(".lead")).to_contain_text(f"{n_changes} changes to original@1")
    admin.locator("#reason").press_sequentially("thirty cases")
    admin.keyboard.press("Enter")
    admin.wait_for_url("**/labels/original@2")
    admin.goto("/")
    for model in MODELS:
        cells = admin.get_by_role("row", name=re.compile(rf"^{model} ")).locator("td").all_inner_texts()
        assert cells[3] == f"{100 * panel.accuracy(model):.2f}"
    grades = {row.model: row for row in grade_models(ws)}
    for model in MODELS:
        assert grades[model].labels == "original@2"
        assert grades[model].item_accuracy == pytest.approx(panel.accuracy(model), abs=1e-12)
    published = load_labels(ws, "original@2")
    pairs = zip(
        published.pair_items.tolist(), published.pair_classes.tolist(), published.pair_codes.tolist(), strict=True
    )
    judged = {(item, row): VERDICTS[code] for item, row, code in pairs if row != labels[item]}
    assert judged == {(item, row): panel.truth(item, row) for item, row in panel.cases}
    assert complaints == []
    check_that_it_travels(ws, shared_data, tmp_path)


def check_that_it_travels(ws: Workspace, shared_data: Path, folder: Path) -> None:
    """All that the panel said, brought into a fresh workspace, publishes the same labels and gives the same grades."""
    export_reviews(ws, folder / "reviews.csv")
    with photos(folder / "fresh", shared_data) as fresh:
        import_reviews(fresh, folder / "reviews.csv", by="ursula")
        published = publish_labels(fresh, by="ursula", reason="thirty cases")
        with ws.store.read() as tx:
            assert published.version.digest == labelsets.load_version(tx, "original@2").digest
        assert [astuple(row) for row in grade_models(fresh)] == [astuple(row) for row in grade_models(ws)]
