"""`regrade labels`."""

from __future__ import annotations

from csv import DictReader
from pathlib import Path

import pytest

from tests.cli.conftest import LABELS, Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_import_counts_what_it_stored(regrade: Regrade) -> None:
    # 14 verdicts: photo_0 3, photo_1 2, photo_2 2, photo_3 2, photo_4 3, photo_5 1, photo_6 1
    Path("more.csv").write_text(LABELS.replace("photo_6.jpg,3,3,,,0", "photo_6.jpg,3,3,,0,0"), encoding="utf-8")
    ran = regrade("labels", "import", "other", "more.csv")
    assert ran.out == "other@1: imported: 8 items (1 problematic), 15 verdicts\n"


def test_the_first_name_imported_becomes_the_default_and_says_so(regrade: Regrade) -> None:
    regrade("init", "fresh", "--classes", "classes.csv", "--items", "items.csv")
    ran = regrade("labels", "import", "first", "labels.csv", "--workspace", "fresh")
    word = "`regrade labels use NAME` changes it"
    assert ran.err == f"first is now the default label set, in place of original; {word}\n"
    Path("more.csv").write_text(LABELS.replace("photo_6.jpg,3,3,,,0", "photo_6.jpg,3,3,,0,0"), encoding="utf-8")
    ran = regrade("labels", "import", "second", "more.csv", "--workspace", "fresh")
    assert ran.err == "the default label set is still first; `regrade labels use second` makes it second\n"
    assert regrade("labels", "import", "second", "more.csv", "--workspace", "fresh").err == ""


def test_the_same_content_again_changes_nothing(regrade: Regrade) -> None:
    ran = regrade("labels", "import", "reviewed", "labels.csv")
    assert ran.out == "reviewed@1: there already, nothing changed: 8 items (1 problematic), 14 verdicts\n"
    assert regrade("labels", "import", "reviewed", "labels.csv", "--json").json["created"] is False


def test_the_same_name_with_other_content_is_an_error(regrade: Regrade) -> None:
    Path("more.csv").write_text(LABELS.replace("photo_6.jpg,3,3", "photo_6.jpg,3,2"), encoding="utf-8")
    assert "reviewed" in regrade("labels", "import", "reviewed", "more.csv", code=1).err


def test_a_class_in_two_lists_is_a_warning_on_stderr(regrade: Regrade) -> None:
    Path("more.csv").write_text(LABELS.replace("photo_6.jpg,3,3,,,0", "photo_6.jpg,3,3,,3,0"), encoding="utf-8")
    ran = regrade("labels", "import", "other", "more.csv")
    assert ran.err.startswith("warning: ")
    assert "warning" not in ran.out


def test_list_marks_the_default(regrade: Regrade) -> None:
    rows = regrade("labels", "list").rows
    assert rows[1].startswith("original@1 main 8 0 8 0 0 ")
    assert rows[2].startswith("reviewed@1 main 8 1 8 2 4 ")
    assert [row.endswith(" default") for row in rows[1:]] == [False, True]


def test_list_as_json_is_flat(regrade: Regrade) -> None:
    original, reviewed = regrade("labels", "list", "--json").json
    assert (original["labels"], original["is_default"]) == ("original@1", False)
    assert (reviewed["name"], reviewed["version"], reviewed["parent"]) == ("reviewed", 1, None)
    assert reviewed["n_problematic"] == 1


def test_use_changes_the_default(regrade: Regrade) -> None:
    assert regrade("labels", "use", "original").out == "default label set: original (now original@1)\n"
    assert regrade("labels", "show").out.startswith("labels:    original@1 (default)\n")


def test_show_says_where_a_version_comes_from(regrade: Regrade) -> None:
    said = regrade("labels", "show", "reviewed@1").out
    assert "items:     8 (1 problematic)\n" in said
    assert "verdicts:  8 correct, 2 unclear, 4 wrong\n" in said
    assert " by local: imported from labels.csv\n" in said
    assert regrade("labels", "show", "reviewed", "--json").json["labels"] == "reviewed@1"


def test_an_unknown_version_lists_what_there_is(regrade: Regrade) -> None:
    said = regrade("labels", "show", "reviewed@7", code=1).err
    assert "reviewed@7" in said
    assert "reviewed@1" in said


def test_diff_prints_each_change(regrade: Regrade) -> None:
    # original -> reviewed: photo_0 gains 3 unclear and 1 wrong; photo_1 3 correct; photo_2 0 wrong; photo_3 0 unclear;
    # photo_4 0 and 1 wrong; photo_7 loses its correct label and becomes problematic: 9 changes
    ran = regrade("labels", "diff", "original", "reviewed")
    assert ran.rows[:4] == [
        "original@1 to reviewed@1: 9 changes",
        "verdicts: 7 added, 1 removed, 0 changed",
        "items: 1 made problematic, 0 problematic no more",
        "in all: 6 items, 3 classes",
    ]
    assert "photo_1.jpg 3 plate never judged correct local imported from labels.csv" in "\n".join(ran.rows)


def test_diff_counts_class_by_class(regrade: Regrade) -> None:
    # bagel (0): added on photos 2, 3, 4. dough (1): on 0 and 4. plate (3): on 0 and 1, removed on 7, a plate itself.
    ran = regrade("labels", "diff", "original", "reviewed")
    assert ran.rows[4:8] == [
        "class added removed changed problematic no more",
        "3 plate 2 1 0 1 0",
        "0 bagel 3 0 0 0 0",
        "1 dough 2 0 0 0 0",
    ]
    back = regrade("labels", "diff", "reviewed", "original", "--json").json
    assert back["counts"] == {
        "n_added": 1,
        "n_removed": 7,
        "n_changed": 0,
        "n_made_problematic": 0,
        "n_made_usable": 1,
        "n_items": 6,
    }
    plate = {"class_id": 3, "class_key": "plate", "class_name": "plate", "n_added": 1, "n_removed": 2, "n_changed": 0}
    assert back["classes"][2] == {**plate, "n_made_problematic": 0, "n_made_usable": 1}
    assert len(back["changes"]) == 9


def test_diff_prints_as_many_rows_as_asked_for(regrade: Regrade) -> None:
    # four lines of counts, two tables of a heading and two rows each
    assert len(regrade("labels", "diff", "original", "reviewed", "--limit", 2).rows) == 4 + 3 + 3


def test_diff_as_csv_has_one_row_for_each_item_whose_answer_differs(regrade: Regrade) -> None:
    # photo_1 accepts 0 and 3 now; photo_0 0 and, unclear, 3; photo_2 and photo_4 only gained wrong classes
    ran = regrade("labels", "diff", "original", "reviewed", "--csv")
    assert ran.err == "left out: 2 items with the same classes accepted as before\n"
    rows = list(DictReader(ran.out.splitlines()))
    assert [row["item"] for row in rows] == [f"photo_{at}.jpg" for at in (0, 1, 3, 7)]
    maker = {"by": "local", "reason": "imported from labels.csv"}
    bagel = {"label_id": "0", "label_name": "bagel", "label_accepted": "1", "before_ids": "0", "before_names": "bagel"}
    fine = {"problematic_before": "0", "problematic_after": "0"}
    assert rows[1] == {
        "item": "photo_1.jpg",
        **bagel,
        "after_ids": "0;3",
        "after_names": "bagel; plate",
        **fine,
        **maker,
    }
    lost = rows[3]
    assert (lost["label_id"], lost["label_accepted"], lost["before_ids"], lost["after_ids"]) == ("3", "0", "3", "")
    assert (lost["problematic_before"], lost["problematic_after"]) == ("0", "1")
    assert len(regrade("labels", "diff", "original", "reviewed", "--csv", "--limit", 2).out.splitlines()) == 3


def test_diff_as_csv_leaves_empty_what_is_undefined(regrade: Regrade) -> None:
    Path("part.csv").write_text("id,correct,unclear,wrong,problematic\nphoto_0.jpg,0,,,0\n", encoding="utf-8")
    regrade("labels", "import", "part", "part.csv")
    rows = list(DictReader(regrade("labels", "diff", "original", "part", "--csv").out.splitlines()))
    assert (rows[0]["item"], rows[0]["problematic_before"], rows[0]["problematic_after"]) == ("photo_1.jpg", "0", "")


def test_diff_of_a_version_with_itself_is_empty(regrade: Regrade) -> None:
    assert regrade("labels", "diff", "reviewed", "reviewed").out == "reviewed@1 to reviewed@1: 0 changes\n"
