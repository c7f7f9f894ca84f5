"""Classes files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats import read_classes

if TYPE_CHECKING:
    from tests.formats.conftest import Write


def test_rows_in_any_order_become_classes_in_order(write: Write) -> None:
    text = 'class_id,wnid,name,readable_name,gloss,group\n1,n2,crane,Crane,"lifts, moves",machine\n0,n1,cafe\u0301,,,\n'
    classes = read_classes(write("c.csv", text))
    assert classes.keys == ("n1", "n2")
    assert classes.names == ("caf\u00e9", "crane")
    assert classes.definitions == ("", "lifts, moves")
    assert classes.groups == ("", "machine")


def test_definition_comes_before_gloss_and_both_may_be_absent(write: Write) -> None:
    both = read_classes(write("c.csv", "class_id,key,name,gloss,definition\n0,a,A,g,d\n"))
    assert both.definitions == ("d",)
    none = read_classes(write("c.csv", "class_id,key,name\n0,a,A\n"))
    assert (none.definitions, none.groups) == (("",), ("",))


def test_a_key_that_is_its_class_id_is_fine(write: Write) -> None:
    assert read_classes(write("c.csv", "class_id,key,name\n0,0,zero\n1,1,one\n")).keys == ("0", "1")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param("0,a,A\n2,b,B\n", r"row 3: expected a class_id from 0 to 1 .there are 2 rows.; got '2'", id="gap"),
        pytest.param("1,a,A\n2,b,B\n", "row 3: expected a class_id from 0 to 1 .*; got '2'", id="counted from 1"),
        pytest.param("0,a,A\n0,b,B\n", "row 3: expected each class_id once; got '0' again", id="class id twice"),
        pytest.param("0,a,A\n-1,b,B\n", "row 3: expected a class_id from 0 to 1 .*; got '-1'", id="-1"),
        pytest.param("0,a,A\n1.0,b,B\n", "row 3: expected a class_id .*; got '1.0'", id="1.0"),
        pytest.param("0,a,A\ntrue,b,B\n", "row 3: expected a class_id .*; got 'true'", id="true"),
        pytest.param("0,a,A\n,b,B\n", "row 3: expected a value in the column class_id; got an empty cell", id="no id"),
        pytest.param("0,a,A\n1,a,B\n", "row 3: expected each key once; got 'a' again", id="key twice"),
        pytest.param(
            "0,\u00e9,A\n1,e\u0301,B\n", "row 3: expected each key once; got 'é' again", id="key in two forms"
        ),
        pytest.param("0,a,A\n1,,B\n", "row 3: expected a value in the column key; got an empty cell", id="no key"),
        pytest.param(
            "0,a,A\n1,2,B\n", "row 3: expected a key that is no number .*; got '2'", id="key of another class"
        ),
        pytest.param("0,a,A\n1,b,\n", "row 3: expected a value in the column name; got an empty cell", id="no name"),
        pytest.param(
            '0,a,A\n1,"b\nc",B\n', "row 3: expected a name without control characters", id="line break in key"
        ),
        pytest.param("", "expected at least one row below the header; got none", id="header only"),
    ],
)
def test_bad_rows_are_refused(write: Write, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=f"c.csv.*{message}"):
        read_classes(write("c.csv", f"class_id,key,name\n{rows}"))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        pytest.param(
            "id,key,name",
            r"got the columns id, key, name\. Add the column class_id",
            id="no class_id",
        ),
        pytest.param("class_id,name,x", "got the columns class_id, name, x. Add the column key or wnid", id="no key"),
        pytest.param("label", "got the columns label. Add the columns class_id, key or wnid, name", id="none"),
        pytest.param("class_id,name,key,wnid", "expected one column of key, wnid; got key and wnid", id="two keys"),
    ],
)
def test_bad_headers_are_refused(write: Write, header: str, message: str) -> None:
    row = ",".join("0" for _ in header.split(","))
    with pytest.raises(InputError, match=message):
        read_classes(write("c.csv", f"{header}\n{row}\n"))


def test_another_container_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match="expected a CSV file; got json content"):
        read_classes(write("c.csv", "[]"))


def test_a_dataframe_is_read_as_its_file(write: Write) -> None:
    text = "class_id,key,name,group\n1,b,second,x\n0,a,first,\n"
    frame = pl.DataFrame({"class_id": [1, 0], "key": ["b", "a"], "name": ["second", "first"], "group": ["x", None]})
    assert read_classes(frame) == read_classes(write("c.csv", text))
    numbered = frame.with_columns(key=pl.Series([1, 0]), group=pl.Series([None, None]))
    assert read_classes(numbered).keys == ("0", "1")
    assert read_classes(numbered).groups == ("", "")


def test_a_dataframe_without_text_is_refused() -> None:
    frame = pl.DataFrame({"class_id": [0, 1], "key": ["a", "b"], "name": [0.5, 1.5]})
    with pytest.raises(
        InputError, match=r"^dataframe of classes.*expected text in the column name; got values like 0.5"
    ):
        read_classes(frame)


@pytest.mark.shared_data
def test_imagenet(shared_data: Path) -> None:
    classes = read_classes(shared_data / "imagenet" / "classes.csv")
    assert len(classes) == 1000
    assert (classes.keys[0], classes.names[0]) == ("n01440764", "tench")
    assert list(classes.keys) == sorted(classes.keys)
    # Names are not unique: class 134 is the bird, 517 the machine (data README, Traps).
    assert [class_id for class_id, name in enumerate(classes.names) if name == "crane"] == [134, 517]
    assert {group: classes.groups.count(group) for group in set(classes.groups)} == {
        "organism": 410,
        "artifact": 522,
        "other": 68,
    }
    assert classes.definitions[0].startswith("freshwater dace-like game fish")
