"""Templates and static files: nothing inline, nothing from elsewhere, everything escaped, colors that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from regrade.records.users import Role
from regrade.web.assets import STATIC
from regrade.web.pages import TEMPLATES, make_environment
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.people import add_person
from tests.web.conftest import client_of, serving

PAGES = sorted(TEMPLATES.glob("*.html"), key=str)
SCRIPTS = sorted((STATIC / "js").glob("*.js"), key=str)
STYLES = sorted((STATIC / "css").glob("*.css"), key=str)


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_holds_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+\s*=|javascript:", text)
    assert not re.search(r"https?://", text)
    assert "|safe" not in text.replace(" ", "")
    assert "autoescape" not in text


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_with_a_table_loads_the_style_of_tables(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    has_table = "<table" in text or "grade_table(" in text
    assert ("/css/tables.css" in text) == (has_table and not path.name.startswith("_"))


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=name_of)
def test_a_static_file_asks_for_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|@import", text)


@pytest.mark.parametrize(
    "name", ["review", "banner", "cards", "drafts", "outbox", "pace", "search", "strip", "viewer", "page"]
)
def test_the_scripts_of_the_first_pass_speak_of_no_role(name: str) -> None:
    text = (STATIC / "js" / f"{name}.js").read_text(encoding="utf-8")
    assert not re.search(r"predict|accepted|model", text, re.IGNORECASE)


def test_every_template_can_be_read(ws: Workspace) -> None:
    environment = make_environment(ws, "/static/x")
    for path in PAGES:
        environment.get_template(path.name)


def test_text_is_escaped_in_every_kind_of_template(ws: Workspace) -> None:
    environment = make_environment(ws, "/static/x")
    for source in ("{{ text }}", "{% set a = text %}{{ a ~ text }}", '<a href="{{ text }}">'):
        assert "<b>" not in environment.from_string(source).render(text='"><b>')


@pytest.fixture(scope="module")
def unlabeled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An admin's client of a workspace whose labels have not been imported yet."""
    folder = tmp_path_factory.mktemp("unlabeled")
    (folder / "classes.csv").write_text("class_id,key,name\n0,k0,bagel\n1,k1,dough\n")
    (folder / "items.csv").write_text("id\na\nb\n")
    init_workspace(folder / "bench", classes=folder / "classes.csv", items=folder / "items.csv")
    with open_workspace(folder / "bench") as ws, serving(ws) as url:
        add_person(ws, "ursula", [Role.ADMIN])
        with client_of(ws, url, "ursula") as client:
            yield client


@pytest.mark.parametrize("path", ["users", "protocol", "account", "labels", "guide", "discuss", "propose", "review"])
def test_what_needs_no_labels_is_there_before_any_are(unlabeled: httpx.Client, path: str) -> None:
    page = unlabeled.get(f"/{path}")
    assert page.status_code == 200
    assert "· labels" not in page.text


def test_where_versions_would_stand_is_said_how_the_first_is_made(unlabeled: httpx.Client) -> None:
    page = unlabeled.get("/labels").text
    assert "There are no labels yet" in page
    assert "There is one version" not in page


@pytest.mark.parametrize("path", ["", "mistakes", "publish"])
def test_what_needs_labels_says_how_to_import_some(unlabeled: httpx.Client, path: str) -> None:
    page = unlabeled.get(f"/{path}")
    assert page.status_code == 404
    assert "import one with `regrade labels import NAME FILE`" in page.text


def tokens(dark: bool) -> dict[str, str]:
    """The colors of base.css, light or dark."""
    text = (STATIC / "css" / "base.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[0]))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[1])) if dark else found


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    # Black on white is 21; #767676 on white is the well-known grey that just passes 4.5.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colors_can_be_told_apart(dark: bool) -> None:
    colors = tokens(dark)
    grounds = ("paper", "surface", "sunken", "stage")
    text = [(name, ground) for name in ("ink", "ink-2") for ground in grounds]
    text += [("accent", "paper"), ("accent", "surface"), ("accent-ink", "accent"), ("ink", "accent-soft")]
    text += [("danger", "danger-soft"), ("ink", "danger-soft")]
    for name, ground in text:
        assert contrast(colors[name], colors[ground]) >= 4.5, (name, ground)
    for ground in ("paper", "surface"):  # borders of controls, and the mark of what is active
        assert contrast(colors["line-strong"], colors[ground]) >= 3, ground
        assert contrast(colors["accent"], colors[ground]) >= 3, ground
