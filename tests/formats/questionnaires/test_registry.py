"""Which format a panel elsewhere is asked in."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.formats import choose_questionnaire, describe_questionnaires, write_questionnaire
from regrade.records.settings import DEFAULT_TAXONOMY
from tests.formats.questionnaires.test_label_studio import SHEET


@pytest.mark.parametrize(
    ("file", "name", "found"),
    [("a.csv", None, "csv"), ("a.jsonl", None, "jsonl"), ("a.json", None, "label-studio"), ("a.csv", "jsonl", "jsonl")],
)
def test_the_format_is_named_or_told_by_the_file(file: str, name: str | None, found: str) -> None:
    assert choose_questionnaire(Path(file), name) == found


@pytest.mark.parametrize(
    ("name", "match"),
    [(None, r"ends in \.csv, .*; got a\.x"), ("xml", r"--format: expected .* got xml\. There are: csv")],
)
def test_another_format_is_refused(name: str | None, match: str) -> None:
    with pytest.raises(InputError, match=match):
        choose_questionnaire(Path("a.x"), name)


@pytest.mark.parametrize("name", describe_questionnaires())
def test_only_label_studio_needs_a_file_beside_it(name: str) -> None:
    made = write_questionnaire([SHEET], taxonomy=DEFAULT_TAXONOMY, format=name)
    assert made.content
    assert [ending for ending, _ in made.companions] == ([".xml"] if name == "label-studio" else [])
