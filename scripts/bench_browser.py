"""From a key to the next image on the screen, in a real browser, by the review page's own performance measures."""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import uvicorn
from bench_measure import Line, aim_at
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from regrade.web.app import create_app
from regrade.web.serve import listen, server_config
from regrade.workflow.cases import make_cases
from regrade.workflow.predictions import import_predictions
from regrade.workflow.sessions import make_link
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace

N_SCREENS = 50
THINKING = 700
"""Milliseconds between the answers: far less than a person takes."""
AIM = 0.1
FRAME = 1 / 60
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MEASURES = "() => performance.getEntriesByName('regrade:next-image').map((entry) => entry.duration)"
READY = "() => document.querySelector('form.screen[hidden] [data-stage] img[data-ready=yes]')"


def measure_browser(folder: Path) -> list[Line]:
    """Median and 95th percentile over 50 screens; nothing where there is no Chromium."""
    chromium = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if chromium is None:
        print("no Chromium on PATH: the browser was not measured")
        return []
    kind = make_photos(folder)
    with open_workspace(folder / "photos") as workspace, serving(workspace) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/enter?token={make_link(workspace)}")
        page.goto(f"{url}/review")
        seconds = sorted(answer_screens(page))
        browser.close()
    at = {"median": statistics.median(seconds), "95 %": seconds[int(0.95 * len(seconds))]}
    return [
        aim_at(
            Line(f"key to next image, {kind}, {name}", value, "one frame at 60 Hz", FRAME, n_runs=len(seconds)),
            seconds=AIM,
        )
        for name, value in at.items()
    ]


def answer_screens(page: Page) -> list[float]:
    """Answer screens by key; the seconds that each took until the next image was painted."""
    for n_answered in range(N_SCREENS):
        page.wait_for_function(READY)
        page.wait_for_timeout(THINKING)
        for _ in range(page.locator("form.screen:not([hidden]) [data-card]").count()):
            page.keyboard.press("1")
        page.wait_for_function(f"() => ({MEASURES})().length > {n_answered}")
    return [duration / 1000 for duration in page.evaluate(MEASURES)]


@contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    server = uvicorn.Server(server_config(create_app(workspace)))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def make_photos(folder: Path) -> str:
    """A workspace of photos with more cases than are answered; what photos they are."""
    shared = Path(os.environ.get("REGRADE_SHARED_DATA", ""))
    if os.environ.get("REGRADE_SHARED_DATA") and (shared / "images").is_dir():
        init_workspace(
            folder / "photos",
            classes=shared / "imagenet" / "classes.csv",
            items=shared / "images" / "images.csv",
            media=shared / "images",
            hierarchy=shared / "imagenet" / "wordnet_hypernyms.csv",
        )
        files = [(f"lite{n}", shared / f"efficientnet_lite{n}" / "top5.csv") for n in range(3)]
        kind = "real photos"
    else:
        files = [("noise", write_made_photos(folder))]
        init_workspace(
            folder / "photos", classes=folder / "classes.csv", items=folder / "items.csv", media=folder / "media"
        )
        kind = "made photos"
    with open_workspace(folder / "photos") as workspace:
        import_predictions(workspace, files)
        make_cases(workspace)
    return kind


def write_made_photos(folder: Path, n_items: int = 200, n_classes: int = 20) -> Path:
    """JPEGs of 500 x 375 with as much detail as photos, and a model that is wrong on every other one."""
    rng = np.random.default_rng(1)
    (folder / "media").mkdir()
    labels = rng.integers(0, n_classes, n_items)
    for item in range(n_items):
        coarse = Image.fromarray(rng.integers(0, 255, (24, 32, 3), dtype=np.uint8)).resize((500, 375))
        grain = rng.normal(0, 12, (375, 500, 3))
        Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8)).save(
            folder / "media" / f"{item}.jpg", quality=85
        )
    with (folder / "classes.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("class_id", "key", "name"), *((n, f"k{n}", f"class {n}") for n in range(n_classes))]
        )
    with (folder / "items.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "class_id"), *((f"{n}.jpg", label) for n, label in enumerate(labels))])
    np.save(folder / "noise.npy", (labels + np.arange(n_items) % 2) % n_classes)
    return folder / "noise.npy"
