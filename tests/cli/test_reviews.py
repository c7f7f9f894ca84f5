"""`regrade reviews`, and publishing what they decide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade

JUDGEMENTS = {
    "photo_0.jpg": {
        "top_prediction": "dough",
        "failure category": "Fine-grained error",
        "failure severity": "Minor",
    }
}


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))
    Path("judged.json").write_text(json.dumps(JUDGEMENTS), encoding="utf-8")


def test_import_makes_cases_and_decides_them(regrade: Regrade) -> None:
    assert regrade("reviews", "import", "judged.json", "--by", "paper").out == (
        "1 judgement by paper: 1 new; 1 case made for them\n"
    )
    assert regrade("cases", "list", "--status", "decided").rows[1] == (
        "photo_0.jpg 1 dough decided 1 wrong fine-grained minor"
    )
    again = regrade("reviews", "import", "judged.json", "--by", "paper", "--json").json
    assert (again["n_judgements"], again["n_new"], again["n_cases"]) == (1, 0, 0)


def test_who_judged_must_be_said(regrade: Regrade) -> None:
    assert "--by" in regrade("reviews", "import", "judged.json", code=2).err
