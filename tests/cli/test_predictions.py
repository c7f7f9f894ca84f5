"""`regrade predictions`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regrade.cli.predictions import name_files
from tests.cli.conftest import LARGE, SMALL, Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_two_arguments_are_a_name_and_a_file_unless_the_first_is_a_file() -> None:
    assert name_files(["vit", "small.csv"], "") == [("vit", Path("small.csv"))]
    assert name_files(["small.csv", "large.csv"], "") == [("small", Path("small.csv")), ("large", Path("large.csv"))]


def test_names_come_from_file_stems_with_the_prefix() -> None:
    assert name_files(["a/resnet50.v2.npy"], "tv-") == [("tv-resnet50.v2", Path("a/resnet50.v2.npy"))]
    assert name_files(["a/vit.csv.gz"], "") == [("vit", Path("a/vit.csv.gz"))]
    assert name_files(["x", "absent.npy"], "tv-") == [("tv-x", Path("absent.npy"))]
    assert [name for name, _ in name_files(["b.npy", "a.npy", "c.npy"], "")] == ["b", "a", "c"]


def test_a_file_that_says_its_models_elsewhere_gives_no_name() -> None:
    assert name_files(["top1.npy"], "", named_inside=True) == [("", Path("top1.npy"))]
    assert name_files(["v2-", "top1.npy"], "", named_inside=True) == [("v2-", Path("top1.npy"))]


def test_import_says_how_many_new_cases_each_model_brings(regrade: Regrade) -> None:
    # small: only (5, 1) is a mistake that nobody judged; large: (5, 1) and (6, 2)
    ran = regrade("predictions", "import", "--prefix", "x-", "small.csv", "large.csv")
    assert ran.rows[1:] == ["x-small yes 0 0 1", "x-large yes 0 0 2"]
    assert ran.err.startswith("2 models; ")


def test_the_same_content_again_changes_nothing(regrade: Regrade) -> None:
    assert regrade("predictions", "import", "small", "small.csv").rows[1] == "small there already 0 0 1"
    assert regrade("predictions", "import", "small", "small.csv", "--json").json[0]["created"] is False


def test_the_same_name_with_other_content_is_an_error(regrade: Regrade) -> None:
    assert "small" in regrade("predictions", "import", "small", "large.csv", code=1).err


def test_one_bad_file_leaves_nothing_stored(regrade: Regrade) -> None:
    Path("good.csv").write_text(LARGE.replace("photo_0.jpg,0", "photo_0.jpg,3"), encoding="utf-8")
    Path("bad.csv").write_text(SMALL.replace("photo_3.jpg,0,1", "photo_3.jpg,9,1"), encoding="utf-8")
    said = regrade("predictions", "import", "good.csv", "bad.csv", code=1).err
    assert "bad.csv, row 5" in said
    assert [row["model"] for row in regrade("predictions", "list", "--json").json] == ["large", "small"]


def test_missing_items_need_to_be_allowed(regrade: Regrade) -> None:
    Path("part.csv").write_text("\n".join(LARGE.splitlines()[:5]) + "\n", encoding="utf-8")
    assert "--allow-missing" in regrade("predictions", "import", "part.csv", code=1).err
    assert regrade("predictions", "import", "part.csv", "--allow-missing").rows[1].startswith("part yes 4 0 ")


def test_a_human_may_cover_part_of_the_items(regrade: Regrade) -> None:
    Path("ann.csv").write_text("\n".join(LARGE.splitlines()[:5]) + "\n", encoding="utf-8")
    regrade("predictions", "import", "ann.csv", "--kind", "human")
    assert regrade("predictions", "list").rows[1].startswith("ann human 4 0 ann.csv ")


def test_a_file_that_is_not_there_is_named(regrade: Regrade) -> None:
    assert "absent.npy" in regrade("predictions", "import", "vit", "absent.npy", code=1).err


@pytest.mark.parametrize("arguments", [["vit=small.csv"], ["small.csv", "vit=large.csv", "x"]])
def test_a_name_before_an_equals_sign_is_usage(arguments: list[str], regrade: Regrade) -> None:
    said = regrade("predictions", "import", *arguments, code=2).err
    assert "expected MODEL FILE, so `vit " in said


def test_names_between_several_files_are_usage(regrade: Regrade) -> None:
    said = " ".join(regrade("predictions", "import", "lite1", "small.csv", "lite2", "large.csv", code=2).err.split())
    assert "expected one model's name and its file (MODEL FILE), or files alone; got lite1, which is no file." in said


def test_files_of_one_name_are_to_be_named_one_by_one(regrade: Regrade) -> None:
    for folder in ("a", "b", "c"):
        Path(folder).mkdir()
        (Path(folder) / "top5.csv").write_text(LARGE, encoding="utf-8")
    said = regrade("predictions", "import", "a/top5.csv", "b/top5.csv", "c/top5.csv", code=1).err
    assert "got the name top5 more than once" in said
    assert "Name each: `regrade predictions import MODEL FILE`." in said


def test_without_predictions_the_list_says_what_to_do(regrade: Regrade) -> None:
    regrade("init", "empty", "--classes", "classes.csv", "--items", "items.csv")
    assert "regrade predictions import" in regrade("predictions", "list", "--workspace", "empty").err


@pytest.fixture
def many(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace of 40 items, the first ten of class 0, the next ten of class 1, and so on."""
    items = "id,label\n" + "".join(f"photo_{at:02}.jpg,{at // 10}\n" for at in range(40))
    Path("many.csv").write_text(items, encoding="utf-8")
    regrade("init", "many", "--classes", "classes.csv", "--items", "many.csv")
    monkeypatch.setenv("REGRADE_WORKSPACE", "many")


@pytest.mark.usefixtures("many")
def test_rows_in_another_order_are_a_warning(regrade: Regrade) -> None:
    np.save("right.npy", np.arange(40) // 10)
    assert "warning" not in regrade("predictions", "import", "right.npy").err
    np.save("other.npy", np.arange(40) % 4)  # item 10 * c + j has class j % 4: 3, 3, 2 and 2 agree
    ran = regrade("predictions", "import", "other.npy")
    assert ran.err.startswith(
        "warning: other agrees with the original labels on 10 of 40 items, and in any other order it would on about 10:"
        " are its rows in the order of the items (`regrade items list`)"
    )
    assert ran.rows[1].startswith("other yes 0 0 ")
    assert regrade("predictions", "import", "other.npy", "--json").json[0]["warnings"] != []


@pytest.mark.usefixtures("many")
def test_a_human_labeler_is_not_held_against_chance(regrade: Regrade) -> None:
    np.save("ann.npy", np.arange(40) % 4)
    assert "warning" not in regrade("predictions", "import", "ann.npy", "--kind", "human").err


def test_without_labels_of_the_items_those_of_the_label_set_count(regrade: Regrade) -> None:
    ids = [f"photo_{at:02}.jpg" for at in range(40)]
    Path("bare.csv").write_text("id\n" + "".join(f"{name}\n" for name in ids), encoding="utf-8")
    rows = "".join(f"{name},{at // 10},{at // 10},,,0\n" for at, name in enumerate(ids))
    Path("key.csv").write_text("id,original_label,correct,unclear,wrong,problematic\n" + rows, encoding="utf-8")
    np.save("other.npy", np.arange(40) % 4)
    regrade("init", "bare", "--classes", "classes.csv", "--items", "bare.csv")
    assert "warning" not in regrade("predictions", "import", "early", "other.npy", "--workspace", "bare").err
    regrade("labels", "import", "key", "key.csv", "--workspace", "bare")
    said = regrade("predictions", "import", "late", "other.npy", "--workspace", "bare").err
    assert said.startswith("warning: late agrees with the original labels on 10 of 40 items")


def test_a_model_is_renamed_and_everything_follows(regrade: Regrade) -> None:
    before = regrade("grade", "--model", "small", "--json").json[0]
    regrade("cases", "make")
    cases = regrade("cases", "list", "--json").json
    assert regrade("predictions", "rename", "small", "resnet").out == "small is now resnet\n"
    assert [row["model"] for row in regrade("predictions", "list", "--json").json] == ["large", "resnet"]
    assert regrade("grade", "--model", "resnet", "--json").json == [before | {"model": "resnet"}]
    assert regrade("mistakes", "--model", "resnet", "--json").json["n_total"] == 4  # photos 0, 2, 4 and 5
    renamed = [case | {"models": [name.replace("small", "resnet") for name in case["models"]]} for case in cases]
    assert regrade("cases", "list", "--json").json == renamed
    assert regrade("predictions", "import", "resnet", "small.csv").rows[1].startswith("resnet there already ")
    assert "No predictions of small" in regrade("grade", "--model", "small", code=1).err


def test_a_taken_or_unreadable_name_and_an_unknown_model_are_refused(regrade: Regrade) -> None:
    said = regrade("predictions", "rename", "small", "large", code=1).err
    assert said == "error: large has predictions on the split main already.\nChoose another name.\n"
    for name in ("", "  ", "a\nb"):
        assert "expected a name that can be read" in regrade("predictions", "rename", "small", name, code=1).err
    assert "There are: large, small." in regrade("predictions", "rename", "vit", "net", code=1).err
    assert [row["model"] for row in regrade("predictions", "list", "--json").json] == ["large", "small"]
