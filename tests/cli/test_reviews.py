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
    assert "--by NAME" in regrade("reviews", "import", "judged.json", code=1).err


TABLE = """\
reviewer,id,class_id,verdict,note
eve,photo_5.jpg,dough,wrong,=1+1
fay,photo_5.jpg,dough,wrong,
eve,photo_6.jpg,2,correct,
"""


def test_reviews_come_in_and_go_out(regrade: Regrade) -> None:
    Path("panel.csv").write_text(TABLE)
    assert regrade("reviews", "import", "panel.csv").out.splitlines() == [
        "3 reviews: 3 new, 0 undone since; 2 cases made for them",
        "people made for them: eve, fay",
    ]
    assert regrade("reviews", "import", "panel.csv").out == (
        "3 reviews: 0 new, 0 undone since; 0 cases made for them\n"
    )
    assert regrade("cases", "list").rows[1:] == [
        "photo_5.jpg 1 dough decided 2 wrong - -",
        "photo_6.jpg 2 pretzel open 1 - - -",
    ]
    for name, told in (("out.csv", "csv"), ("out.jsonl", "jsonl"), ("out.parquet", "parquet")):
        assert regrade("reviews", "export", name).out == (
            f"{name}: 3 reviews, 0 proposals, 0 votes, 1 decision as {told}\n"
        )
        again = regrade("reviews", "import", name)
        assert again.out.splitlines() == [
            "3 reviews: 0 new, 0 undone since; 0 cases made for them",
            "1 decision: 0 new, 0 not taken over",
        ]
    report = regrade("reviews", "export", "eve.csv", "--reviewer", "eve", "--json").json
    assert (report["n_reviews"], report["n_decisions"]) == (2, 0)
    assert "'=1+1" in Path("eve.csv").read_text()
    assert regrade("reviews", "export", "first.csv", "--pass", "verdict").out == (
        "first.csv: 3 reviews, 0 proposals, 0 votes, 1 decision as csv\n"
    )
    assert "expected a review; got none" in regrade("reviews", "export", "kinds.csv", "--pass", "kind", code=1).err
    said = regrade("reviews", "export", "tasks.json", code=1).err
    assert "expected an image for every item; got none for photo_5.jpg (2 in all)" in said


def test_the_same_result_in_a_fresh_workspace(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("panel.csv").write_text(TABLE)
    regrade("reviews", "import", "panel.csv")
    regrade("reviews", "export", "whole.csv")
    cases = regrade("cases", "list").out
    regrade("labels", "publish", "--reason", "so")
    regrade("init", "fresh", "--classes", "classes.csv", "--items", "items.csv")
    monkeypatch.setenv("REGRADE_WORKSPACE", "fresh")
    regrade("labels", "import", "reviewed", "labels.csv")
    regrade("predictions", "import", "small.csv", "large.csv")
    assert regrade("reviews", "import", "whole.csv", "--json").json["n_new_decisions"] == 1
    assert regrade("cases", "list").out == cases
    regrade("labels", "publish", "--reason", "so")
    fresh = regrade("grade", "--labels", "reviewed@2", "--json").json
    monkeypatch.setenv("REGRADE_WORKSPACE", "bakery")
    assert regrade("grade", "--labels", "reviewed@2", "--json").json == fresh


def test_a_bad_row_is_named_and_nothing_stored(regrade: Regrade) -> None:
    Path("panel.csv").write_text(TABLE.replace("photo_6", "photo_9"))
    ran = regrade("reviews", "import", "panel.csv", code=1)
    assert "panel.csv, row 4: expected an item of the split main" in ran.err
    assert regrade("reviews", "export", "out.csv", code=1).err.startswith("error: expected a review; got none")


def test_people_may_be_renamed(regrade: Regrade) -> None:
    Path("panel.csv").write_text(TABLE)
    Path("names.csv").write_text("user,name\neve,Eve Berg\n")
    ran = regrade("reviews", "import", "panel.csv", "--reviewers", "names.csv")
    assert ran.rows[-1] == "people made for them: Eve Berg, fay"
