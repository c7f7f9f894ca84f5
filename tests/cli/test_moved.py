"""`regrade grade --against`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade

# Models: small says 1 3 0 0 0 1 3 0, large 0 0 1 0 2 1 2 3. original@1 accepts 0 0 1 1 2 2 3 3.
# reviewed@1 accepts 0|3, 0|3, 1, 1|0, 2, 2, 3 and finds photo_7 problematic.


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_json_is_that_of_grade_with_the_other_version_beside_it(regrade: Regrade) -> None:
    moved = regrade("grade", "--labels", "reviewed@1", "--against", "original@1", "--json").json
    plain = regrade("grade", "--labels", "reviewed@1", "--json").json
    assert [{key: row[key] for key in plain[0] if key != "notes"} for row in moved] == [
        {key: value for key, value in row.items() if key != "notes"} for row in plain
    ]
    added = [key for key in moved[0] if key not in plain[0]]
    assert added == [
        *("against", "rank", "rank_against", "multilabel_accuracy_against", "item_accuracy_against"),
        *("n_mistakes_against", "n_became_right", "n_became_wrong", "n_mistakes_dropped", "n_mistakes_added"),
    ]
    large, small = ([row[key] for key in added] for row in moved)
    # large: 3, 5 and 6 wrong of 8 before (classes 1, 1/2, 1/2, 1/2); photo_3 became right
    assert large == ["original@1", 1, 1, pytest.approx(2.5 / 4), 5 / 8, 3, 1, 0, 0, 0]
    # small: right on photo_6 alone before (0, 0, 0, 1/2); 1 and 3 became right, photo_7 is graded no more
    assert small == ["original@1", 2, 2, pytest.approx(0.5 / 4), 1 / 8, 7, 2, 0, 1, 0]


def test_tables_of_models_and_items(regrade: Regrade) -> None:
    rows = regrade("grade", "--against", "original").rows
    assert rows[:2] == [
        "labels reviewed@1 against original@1 · policy multilabel · unclear: accept",
        "rank was model MLA was change mistakes was became right became wrong dropped added",
    ]
    # large: 1 1 1/2 0 -> of its classes 0: 2/2, 1: 2/2, 2: 1/2, 3: 0/1 -> 62.50, as before
    assert rows[2] == "1 1 large 62.50 62.50 +0.00 2 3 1 0 0 0"
    assert rows[3] == "2 2 small 50.00 12.50 +37.50 4 7 2 0 1 0"
    assert rows[4] == "in percent; 0 of 2 models changed rank"
    # 0 to 4 have other verdicts, 7 is problematic; of these 0, 2 and 4 moved nobody
    assert rows[6] == "6 items changed, 3 of them moved a model"
    assert rows[8] == "photo_3.jpg 2 0 0 0 0 bagel never judged unclear local imported from labels.csv"
    assert [row.split()[0] for row in rows[8:]] == ["photo_3.jpg", "photo_1.jpg", "photo_7.jpg", "3"]
    assert rows[10].startswith("photo_7.jpg 0 0 1 0 (the item) usable problematic local")


def test_the_item_mean_is_the_headline_of_other_policies(regrade: Regrade) -> None:
    rows = regrade("grade", "--against", "original", "--policy", "real").rows
    assert rows[0] == "labels reviewed@1 against original@1 · policy real · unclear: accept"
    assert rows[1].startswith("rank was model items was change")
    # real leaves photo_7 out where no class is accepted: large is right on 5 of 7 (photos 0 to 4), before on 5 of 8
    assert rows[2].startswith("1 1 large 71.43 62.50 +8.93 ")


def test_a_changed_rank_is_counted(regrade: Regrade) -> None:
    Path("other.csv").write_text(
        "id,correct,unclear,wrong,problematic\nphoto_0.jpg,1,,0,0\nphoto_6.jpg,3,,,0\n", encoding="utf-8"
    )
    regrade("labels", "import", "other", "other.csv")
    # small is right on both, large on neither; original@1 puts large first
    ran = regrade("grade", "--labels", "other", "--against", "original")
    assert [row.split()[:3] for row in ran.rows[2:4]] == [["1", "2", "small"], ["2", "1", "large"]]
    assert ran.rows[4] == "in percent; 2 of 2 models changed rank"


def test_an_item_that_is_only_covered_otherwise_says_so(regrade: Regrade) -> None:
    header = "id,correct,unclear,wrong,problematic\nphoto_0.jpg,0,,,0\n"
    Path("part.csv").write_text(header, encoding="utf-8")
    Path("more.csv").write_text(header + "photo_2.jpg,,,,0\n", encoding="utf-8")
    for name in ("part", "more"):
        regrade("labels", "import", name, f"{name}.csv")
    rows = regrade("grade", "--labels", "more", "--against", "part").rows
    assert rows[-1] == "photo_2.jpg 0 0 0 2 covered or labeled otherwise in more@1"


def test_more_items_than_fit_are_counted(regrade: Regrade) -> None:
    items = "".join(f"i{at},0\n" for at in range(12))
    Path("twelve.csv").write_text("id,label\n" + items, encoding="utf-8")
    regrade("init", "W", "--classes", "classes.csv", "--items", "twelve.csv")
    at = ("--workspace", "W")
    Path("m.csv").write_text("file,pred1\n" + items.replace(",0", ",1"), encoding="utf-8")
    regrade("predictions", "import", "m.csv", *at)
    rows = "".join(f"i{at},0;1,,,0\n" for at in range(12))
    Path("wide.csv").write_text("id,correct,unclear,wrong,problematic\n" + rows, encoding="utf-8")
    regrade("labels", "import", "wide", "wide.csv", *at)
    ran = regrade("grade", "--labels", "wide", "--against", "original", *at)
    assert "12 items changed, 12 of them moved a model; the 10 that moved the most:" in ran.rows
    assert "regrade labels diff original@1 wide@1" in ran.err


def test_a_note_stands_below_once_with_the_models_that_it_is_about(regrade: Regrade) -> None:
    Path("ann.csv").write_text("file,predicted_class\nphoto_0.jpg,0\n", encoding="utf-8")
    regrade("predictions", "import", "ann", "ann.csv", "--kind", "human")
    notes = [line for line in regrade("grade", "--against", "original").err.splitlines() if line.startswith("note: ")]
    assert "note: ann: rank is undefined: a human labeler answers other items than the models." in notes
    assert len(set(notes)) == len(notes)


def test_csv_reads_back(regrade: Regrade) -> None:
    rows = list(csv.DictReader(io.StringIO(regrade("grade", "--against", "original", "--csv").out)))
    assert [(row["model"], row["rank_against"], row["n_became_right"]) for row in rows] == [
        ("large", "1", "1"),
        ("small", "2", "2"),
    ]
    assert "top5_accuracy is undefined" in rows[0]["notes"]


def test_without_predictions_it_says_what_to_do(regrade: Regrade) -> None:
    regrade("init", "empty", "--classes", "classes.csv", "--items", "items.csv")
    ran = regrade("grade", "--against", "original", "--workspace", "empty")
    assert ran.out == ""
    assert "regrade predictions import" in ran.err
    assert regrade("grade", "--against", "original", "--workspace", "empty", "--json").json == []
    assert regrade("grade", "--against", "original", "--workspace", "empty", "--csv").out.strip() == ""


def test_an_unknown_version_is_an_error(regrade: Regrade) -> None:
    assert "no label set reviewed@9" in regrade("grade", "--against", "reviewed@9", code=1).err


def test_a_version_against_itself_says_that_nothing_can_differ(regrade: Regrade) -> None:
    said = regrade("grade", "--against", "reviewed").err
    assert "reviewed@1 is compared with itself: nothing can differ; name another version with --against" in said
