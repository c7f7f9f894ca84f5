"""What the documents say is so: README's session and code run, the reference is up to date, links lead somewhere."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import regrade
from regrade.formats import FORMATS, describe_exports
from regrade.models import list_adapters
from regrade.records.classes import ClassList
from regrade.records.settings import Settings
from regrade.workflow.published import PUBLISHED
from regrade.workflow.settings import SETTINGS_FILE, write_settings

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
SETTINGS_PAGE = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
PAGES = sorted(path for path in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")))


def _block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"README has {len(found)} blocks of {language}"
    return str(found[0])


def _run_session(block: str, folder: Path) -> str:
    """Every line that starts with `$ ` is run by one shell, one after the other; gives what a terminal would show."""
    commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    script = "\n".join(f"echo {shlex.quote('$ ' + command)}\n{command}" for command in commands)
    programs = str(Path(sys.executable).parent)
    variables = {name: text for name, text in os.environ.items() if not name.startswith(("REGRADE_", "PYTHON"))}
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\nset -e\n{script}"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=folder,
        env={**variables, "PATH": f"{programs}{os.pathsep}{variables['PATH']}", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout


@pytest.fixture(scope="module")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("session")
    shutil.copytree(PROJECT / "examples", folder / "examples")
    return folder


@pytest.fixture(scope="module")
def session(session_folder: Path) -> str:
    return _run_session(_block("console"), session_folder)


def test_the_session_of_the_readme_is_real_output(session: str) -> None:
    assert session == _block("console")


@pytest.mark.usefixtures("session")
def test_the_code_of_the_readme_runs(session_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _block("python")], capture_output=True, text=True, check=True, cwd=session_folder
    )
    assert done.stderr == ""
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["small_net", "reviewed@1"],
        ["wide_net", "reviewed@1"],
    ]


def test_the_reference_says_what_help_says() -> None:
    made = runpy.run_path(str(PROJECT / "scripts" / "_cli_reference.py"))
    assert made["PAGE"] == PROJECT / "docs" / "cli.md"
    assert made["PAGE"].read_text(encoding="utf-8") == made["reference"](), "run scripts/docs"


def test_the_recipe_of_label_sets_runs_as_it_stands_there(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "labels.md").read_text(encoding="utf-8")
    part = page.split("## From a folder of images to a better label file")[1].partition("\n## ")[0]
    ((_, recipe), (_, answers)) = re.findall(r"^```(console|csv)\n(.*?)^```$", part, flags=re.MULTILINE | re.DOTALL)
    labels = {f"{name}/{at}.png": name for name in ("cat", "dog") for at in range(3)}
    for path in labels:
        (tmp_path / "photos" / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "photos" / path)
    for model, others in (("small", ("cat/0.png", "dog/1.png")), ("large", ("cat/0.png",))):
        rows = [
            f"{path},{'0.9,0.1' if (label == 'cat') != (path in others) else '0.1,0.9'}"
            for path, label in labels.items()
        ]
        (tmp_path / f"{model}.csv").write_text("filename,cat,dog\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "answers.csv").write_text(answers, encoding="utf-8")
    assert _run_session(recipe, tmp_path) == recipe


def test_the_readme_names_every_command() -> None:
    made = runpy.run_path(str(PROJECT / "scripts" / "_cli_reference.py"))
    commands = {path[0] for path in made["command_paths"]() if path}
    table = README.split("## What is where")[1].split("\n## ")[0]
    named = {name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row)}
    assert commands <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    local = [target.split("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert missing == []


def test_every_setting_stands_in_the_docs(tmp_path: Path) -> None:
    write_settings(tmp_path, Settings(name="bakery"))
    settings = tomllib.loads((tmp_path / SETTINGS_FILE).read_text(encoding="utf-8"))
    keys = {key for key, value in settings.items() if not isinstance(value, dict)}
    keys |= {f"{table}.{key}" for table, members in settings.items() if isinstance(members, dict) for key in members}
    documented = re.findall(r"^\| `([a-z_.]+)`", SETTINGS_PAGE.split("## regrade.toml")[1], flags=re.MULTILINE)
    assert set(documented) == keys


def test_every_environment_variable_stands_in_the_docs() -> None:
    """What the code reads, and nothing else."""
    sources = (*PROJECT.glob("src/**/*.py"), *PROJECT.glob("tests/**/conftest.py"), *PROJECT.glob("scripts/*"))
    texts = [path.read_text(encoding="utf-8") for path in sources if path.is_file()]
    read = {name for text in texts for name in re.findall(r"REGRADE_[A-Z]+(?:_[A-Z]+)*", text)}
    assert set(re.findall(r"REGRADE_[A-Z]+(?:_[A-Z]+)*", SETTINGS_PAGE)) == read


def test_every_format_stands_in_the_docs() -> None:
    page = (PROJECT / "docs" / "formats.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^### (.+)$", page, flags=re.MULTILINE))
    assert {f"{kind}: {name}" for kind, names in FORMATS.items() for name in names} - headings == set()


def test_every_format_to_write_stands_in_the_docs() -> None:
    page = (PROJECT / "docs" / "labels.md").read_text(encoding="utf-8")
    table = page.split("## Export")[1].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`.+?) \|", table, flags=re.MULTILINE)
    assert {name for cell in first_cells for name in re.findall(r"`([\w-]+)`", cell)} == set(describe_exports())


MODELS_PAGE = (PROJECT / "docs" / "models.md").read_text(encoding="utf-8")


def test_every_adapter_and_its_options_stand_in_the_docs() -> None:
    adapters = {adapter.name: set(adapter.options) for adapter in list_adapters()}
    tables = [
        re.findall(r"^\| (`.+?) \| (.+?) \|", part, flags=re.MULTILINE) for part in MODELS_PAGE.split("| option |")
    ]
    assert {name.strip("`") for name, _ in tables[0]} == set(adapters)
    found: dict[str, set[str]] = {name: set() for name in adapters}
    for options, of in tables[1]:
        for name in adapters if of == "all" else re.findall(r"`(\w+)`", of):
            found[name] |= set(re.findall(r"`(\w+)`", options))
    assert found == adapters


def test_the_adapter_of_the_docs_runs() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", MODELS_PAGE, flags=re.MULTILINE | re.DOTALL)
    made: dict[str, Any] = {}
    exec(block, made)  # noqa: S102 - our own page
    classifier = made["MINE"]("", {}, ClassList(("dark", "bright"), ("dark", "bright"), ("", ""), ("", "")))
    images = [classifier.prepare(Image.new("RGB", (4, 4), (grey,) * 3)) for grey in (0, 51)]
    # Grey 51 is a fifth of white.
    np.testing.assert_allclose(classifier.predict(images), [[1.0, 0.0], [0.8, 0.2]], atol=1e-6)


def test_every_published_label_set_stands_in_the_docs() -> None:
    page = (PROJECT / "docs" / "labels.md").read_text(encoding="utf-8").split("## Fetch")[1]
    sizes = dict(re.findall(r"^\| `([\w-]+)` \|.*\| ([\d,]+) bytes \|$", page, flags=re.MULTILINE))
    assert sizes == {name: f"{known.n_bytes:,}" for name, known in PUBLISHED.items()}


PYTHON_PAGE = (PROJECT / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_code_for_python_prints_what_its_comments_say(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", PYTHON_PAGE, flags=re.MULTILINE | re.DOTALL))
    said = re.findall(r"(?:^|  )# (.*)$", code, flags=re.MULTILINE)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == said


def test_every_public_name_stands_in_the_docs_with_what_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S.*) \|$", PYTHON_PAGE.split("## All names")[1], flags=re.MULTILINE)
    assert sorted(name for name, _ in rows) == regrade.__all__


def test_the_readme_leads_to_every_page() -> None:
    pages = {page.relative_to(PROJECT).as_posix() for page in PROJECT.glob("docs/*.md")}
    assert pages <= set(re.findall(r"\]\(([^)\s]+)\)", README))
