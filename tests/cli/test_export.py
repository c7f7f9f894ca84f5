"""`regrade labels export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regrade.formats import describe_exports
from tests.cli.conftest import LABELS, Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_csv_is_what_was_imported(regrade: Regrade) -> None:
    ran = regrade("labels", "export", "reviewed", "out.csv")
    assert ran.out == "out.csv: reviewed@1 as csv: 8 items, 14 verdicts\n"
    assert ran.err == ""
    assert Path("out.csv").read_text(encoding="utf-8") == LABELS
    assert "there already" in regrade("labels", "import", "reviewed", "out.csv").out


def test_what_a_format_cannot_hold_is_a_warning_on_stderr(regrade: Regrade) -> None:
    ran = regrade("labels", "export", "reviewed@1", "real.json", "--format", "real-json")
    assert ran.out == "real.json: reviewed@1 as real: 8 items, 14 verdicts\n"
    assert ran.err.splitlines()[0] == "warning: 4 verdicts `wrong` cannot be held: read again, they are never judged."
    assert json.loads(Path("real.json").read_text(encoding="utf-8"))[0] == [0, 3]


def test_every_file_that_was_written_is_named(regrade: Regrade) -> None:
    options = ("--format", "croissant", "--license", "CC0-1.0", "--url", "https://example.org", "--json")
    report = regrade("labels", "export", "reviewed", "about.json", *options).json
    assert report["files"] == ["about.json", "reviewed@1.parquet"]
    assert (report["format"], report["n_items"], report["warnings"]) == ("croissant", 8, [])
    assert all(Path(file).is_file() for file in report["files"])


def test_the_card_says_what_the_user_says(regrade: Regrade) -> None:
    regrade("labels", "export", "reviewed", "card.md", "--license", "CC0-1.0", "--intended-use", "For bakers.")
    text = Path("card.md").read_text(encoding="utf-8")
    assert text.startswith("# reviewed@1: a label set card\n")
    assert "## Intended use\n\nFor bakers.\n\n## License\n\nCC0-1.0\n" in text


def test_the_help_names_every_format(regrade: Regrade) -> None:
    said = " ".join(regrade("labels", "export", "--help").out.split())
    names = list(describe_exports())
    assert f"{', '.join(names[:-1])} or {names[-1]}; without it" in said


def test_a_name_that_tells_no_format_is_an_error(regrade: Regrade) -> None:
    said = regrade("labels", "export", "reviewed", "out.json", code=1).err
    assert "--format" in said
    assert "human-accuracy" in said
