"""Running the command line inside the test's process, with clean variables and a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from regrade.cli.failures import guard
from regrade.cli.main import app


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stands on stdout, read as JSON; NaN and infinity are refused."""
        return json.loads(self.out, parse_constant=_refuse)

    @property
    def rows(self) -> list[str]:
        """The lines on stdout, runs of blanks as one."""
        return [" ".join(line.split()) for line in self.out.splitlines()]


Regrade = Callable[..., Ran]
REGRADE = get_command(app)
"""Made once: a process makes it of all commands and options for the one command that it runs."""


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def _run(arguments: Sequence[str]) -> int:
    try:
        return guard(partial(REGRADE, arguments, prog_name="regrade"))
    except SystemExit as left:
        return int(left.code or 0)


def _clear_variables(patch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("REGRADE_") and name != "REGRADE_SHARED_DATA"]:
        patch.delenv(name)


@pytest.fixture
def regrade(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Regrade:
    """Runs one command: `regrade("grade", "--json")`. A failure that the test does not expect shows what was said."""
    _clear_variables(monkeypatch)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, code: int = 0) -> Ran:
        capsys.readouterr()
        got = _run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert got == code, said.err or said.out
        return Ran(got, said.out, said.err)

    return run


CLASSES = """\
class_id,key,name,definition,group
0,bagel,bagel,a ring of bread that was boiled and baked,bread
1,dough,dough,flour and water before it is baked,
2,pretzel,pretzel,a knot of bread,bread
3,plate,plate,what food stands on,
"""

ITEMS = "id,label\n" + "".join(f"photo_{at}.jpg,{label}\n" for at, label in enumerate([0, 0, 1, 1, 2, 2, 3, 3]))

LABELS = """\
id,original_label,correct,unclear,wrong,problematic
photo_0.jpg,0,0,3,1,0
photo_1.jpg,0,0;3,,,0
photo_2.jpg,1,1,,0,0
photo_3.jpg,1,1,0,,0
photo_4.jpg,2,2,,0;1,0
photo_5.jpg,2,2,,,0
photo_6.jpg,3,3,,,0
photo_7.jpg,3,,,,1
"""

SMALL = "file,pred1,pred2,prob1,prob2\n" + "".join(
    f"photo_{at}.jpg,{first},{second},{sure},{1 - sure:.1f}\n"
    for at, (first, second, sure) in enumerate(
        [(1, 0, 0.6), (3, 0, 0.9), (0, 1, 0.5), (0, 1, 0.7), (0, 2, 0.9), (1, 0, 0.8), (3, 2, 0.9), (0, 3, 0.6)]
    )
)

LARGE = "file,predicted_class\n" + "".join(
    f"photo_{at}.jpg,{label}\n" for at, label in enumerate([0, 0, 1, 0, 2, 1, 2, 3])
)


@pytest.fixture(scope="session")
def _bakery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that every test of the bakery gets a copy of: its files, and its workspace made of them."""
    folder = tmp_path_factory.mktemp("bakery")
    files = {"classes": CLASSES, "items": ITEMS, "labels": LABELS, "small": SMALL, "large": LARGE}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    at = {name: str(folder / f"{name}.csv") for name in files}
    workspace = ["--workspace", str(folder / "bakery")]
    with pytest.MonkeyPatch.context() as patch:
        _clear_variables(patch)
        assert _run(["init", workspace[1], "--classes", at["classes"], "--items", at["items"]]) == 0
        assert _run([*workspace, "labels", "import", "reviewed", at["labels"]]) == 0
        assert _run([*workspace, "predictions", "import", at["small"], at["large"]]) == 0
    return folder


@pytest.fixture
def bakery(_bakery: Path, regrade: Regrade, tmp_path: Path) -> Path:
    """A workspace with four classes, eight items, labels `reviewed@1` and two models; the test stands beside its files.

    Under `reviewed@1` photo_7 is problematic. Of the other seven, `small` is right on 1 (3 is correct there too), 3 (0
    is unclear) and 6, wrong as judged on 0, 2 and 4, and says class 1 on 5, which nobody judged. `large` is right on 0
    to 4 (3: unclear), and says class 1 on 5 and class 2 on 6, both never judged.
    """
    shutil.copytree(_bakery, tmp_path, dirs_exist_ok=True)
    return tmp_path / "bakery"
