"""`regrade labels combine` and `regrade labels equivalences`."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from regrade.cli.derive import How
from regrade.labelsets import Combination
from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_the_ways_to_combine_are_those_of_the_label_sets() -> None:
    assert get_args(How) == get_args(Combination)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("union", "union of original@1, reviewed@1"),
        ("prefer", "preferring in this order original@1, reviewed@1"),
    ],
)
def test_combine_names_its_sources_and_what_it_settled(how: str, reason: str, regrade: Regrade) -> None:
    ran = regrade("labels", "combine", "both", "original", "reviewed@1", "--how", how)
    # original: 8 verdicts, all also in reviewed but that of photo_7; reviewed: 14. Only reviewed flags photo_7.
    n_problematic, settled = (1, "they are problematic here") if how == "union" else (0, "the first label set")
    assert ran.out == f"both@1: made: {reason}: 8 items ({n_problematic} problematic), 15 verdicts\n"
    assert ran.err.startswith(f"warning: 1 items are problematic in one and not in another: {settled}")
    shown = regrade("labels", "show", "both", "--json").json
    assert (shown["reason"], shown["parent"]) == (reason, "original@1")
    again = regrade("labels", "combine", "both", "original", "reviewed@1", "--how", how)
    assert "there already, nothing changed" in again.out


def test_combine_as_json(regrade: Regrade) -> None:
    made = regrade("labels", "combine", "both", "reviewed", "original", "--how", "prefer", "--json").json
    assert made["version"]["name"] == "both"
    assert (made["sources"], made["how"]) == (["reviewed@1", "original@1"], "prefer")
    assert (made["n_verdicts_differing"], made["n_flags_differing"], made["n_originals_differing"]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        pytest.param(["both", "reviewed", "--how", "union"], "at least two label sets; got 1", 1, id="one"),
        pytest.param(["both", "reviewed", "reviewed@1", "--how", "union"], "Name each version once", 1, id="twice"),
        pytest.param(["reviewed", "reviewed", "original", "--how", "union"], "expected a new name", 1, id="own-name"),
        pytest.param(["both", "reviewed", "vit", "--how", "union"], "no label set vit", 1, id="unknown"),
        pytest.param(["both", "reviewed", "original"], "Missing option '--how'", 2, id="no-way"),
    ],
)
def test_combine_refuses(arguments: list[str], said: str, code: int, regrade: Regrade) -> None:
    assert said in regrade("labels", "combine", *arguments, code=code).err


def test_equivalences_make_the_next_version(regrade: Regrade) -> None:
    Path("same.csv").write_text("label,accepts\npretzel,dough\n0,3\n", encoding="utf-8")
    # pretzel (2) is accepted on photos 4 and 5: dough (1) was wrong on 4 and is new on 5. bagel (0) is accepted on 0, 1
    # and 3 (unclear there): plate (3) was unclear on 0 and is raised, was correct on 1, and is new on 3.
    ran = regrade("labels", "equivalences", "reviewed", "same.csv", "--reason", "the same dough", "--by", "ada")
    assert ran.out == "reviewed@2: made: from reviewed@1 by 2 pairs: 2 verdicts added, 2 raised, on 4 items\n"
    shown = regrade("labels", "show", "--json").json
    assert (shown["labels"], shown["parent"], shown["author"]) == ("reviewed@2", "reviewed@1", "ada")
    assert shown["reason"] == "classes that mean the same, by same.csv: the same dough"
    rows = regrade("labels", "diff", "reviewed@1", "reviewed@2", "--json").json["changes"]
    assert [(row["item_id"], row["class_name"], row["before"], row["after"]) for row in rows] == [
        ("photo_0.jpg", "plate", "unclear", "correct"),
        ("photo_3.jpg", "plate", "never judged", "unclear"),
        ("photo_4.jpg", "dough", "wrong", "correct"),
        ("photo_5.jpg", "dough", "never judged", "correct"),
    ]
    assert {(row["by"], row["method"], row["made_in"]) for row in rows} == {("ada", "derived", "reviewed@2")}


def test_equivalences_again_change_nothing(regrade: Regrade) -> None:
    Path("same.csv").write_text("label,accepts\n2,1\n", encoding="utf-8")
    regrade("labels", "equivalences", "reviewed", "same.csv")
    ran = regrade("labels", "equivalences", "reviewed", "same.csv")
    assert ran.out.startswith("reviewed@2: there already, nothing changed: from reviewed@2 by 1 pair:")
    assert regrade("labels", "equivalences", "reviewed", "same.csv", "--json").json["created"] is False


def test_equivalences_as_a_label_set_of_its_own(regrade: Regrade) -> None:
    Path("same.csv").write_text("label,accepts\n2,1\n", encoding="utf-8")
    made = regrade("labels", "equivalences", "reviewed@1", "same.csv", "--as", "wide", "--json").json
    assert (made["version"]["name"], made["version"]["version"], made["source"]) == ("wide", 1, "reviewed@1")
    assert (made["n_pairs"], made["n_added"], made["n_raised"], made["n_items"]) == (1, 1, 1, 2)
    assert regrade("labels", "show", "wide", "--json").json["parent"] == "reviewed@1"
    # the same grade as with the file at hand
    wide = regrade("grade", "--labels", "wide", "--json").json
    assert [row["n_mistakes"] for row in wide] == [
        row["n_mistakes"] for row in regrade("grade", "--equivalences", "same.csv", "--json").json
    ]


def test_equivalences_on_an_older_version_need_a_name(regrade: Regrade) -> None:
    Path("same.csv").write_text("label,accepts\n2,1\n", encoding="utf-8")
    assert "--as" in regrade("labels", "equivalences", "reviewed@1", "same.csv", code=1).err
