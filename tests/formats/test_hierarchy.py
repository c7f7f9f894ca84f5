"""Hypernyms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regrade.errors import InputError
from regrade.formats import read_hierarchy
from regrade.records.classes import ClassList

if TYPE_CHECKING:
    from tests.formats.conftest import Write


def test_ids_become_keys_and_names_are_kept(write: Write, classes: ClassList) -> None:
    text = "child,child_name,parent,parent_name\n0,crane,bird,a bird\nn3,,dog,dog\nbird,other,animal,\n"
    hierarchy = read_hierarchy(write("h.csv", text), classes=classes)
    assert hierarchy.children == ("n1", "n3", "bird")
    assert hierarchy.parents == ("bird", "dog", "animal")
    assert hierarchy.names == {"n1": "crane", "bird": "other", "dog": "dog"}


@pytest.mark.parametrize(
    "header",
    [
        "child_wnid,child_name,parent_wnid,parent_name",
        "child_id,child_is_leaf,parent_key,parent_name",
        "child,child_id,parent,parent_id",
        "child_node,child_name,parent_node,parent_is_root",
    ],
)
def test_columns_are_found_by_how_they_start(write: Write, classes: ClassList, header: str) -> None:
    hierarchy = read_hierarchy(write("h.csv", f"{header}\nn1,x,bird,y\n"), classes=classes)
    assert (hierarchy.children, hierarchy.parents) == (("n1",), ("bird",))


def test_a_node_may_have_several_parents(write: Write, classes: ClassList) -> None:
    text = "child,parent\nn1,bird\nn1,wader\nbird,animal\nwader,animal\n"
    assert read_hierarchy(write("h.csv", text), classes=classes).parents == ("bird", "wader", "animal", "animal")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param("n1,a\nb,b\n", "row 3: expected two different nodes; got b -> b", id="loop"),
        pytest.param(
            "n1,a\na,b\nb,c\nc,a\n",
            r"row \d: expected edges that lead upward only; got (a -> b|b -> c|c -> a), which closes the circle ",
            id="circle",
        ),
        pytest.param("n1,a\nn2,b\n0,a\n", "row 4: expected each edge once; got 'n1 -> a' again", id="edge twice"),
        pytest.param(
            "n1,a\n4,b\n", r"row 3: expected a class id 0\.\.3 .*, or the key of a node above; got '4'", id="C"
        ),
        pytest.param("n1,a\n-1,b\n", "row 3: .* got '-1'", id="-1"),
        pytest.param("n1,a\n1.5,b\n", "row 3: .* got '1.5'", id="1.5"),
        pytest.param("n1,a\nb,01\n", "row 3: .* got '01'", id="leading zero"),
        pytest.param("n1,a\n,b\n", "row 3: expected a value in the column child; got an empty cell", id="no child"),
        pytest.param("n1,a\nb,\n", "row 3: expected a value in the column parent; got an empty cell", id="no parent"),
        pytest.param(
            "x,y\n", r"edges whose children are classes .such as 'n1'.; got none .the first child is 'x'", id="others"
        ),
        pytest.param("", "expected at least one row below the header", id="header only"),
    ],
)
def test_bad_edges_are_refused(write: Write, classes: ClassList, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=f"h.csv.*{message}"):
        read_hierarchy(write("h.csv", f"child,parent\n{rows}"), classes=classes)


def test_the_circle_is_spelled_upward(write: Write, classes: ClassList) -> None:
    """From n1 the only circle is a -> b -> a; either of its edges may be named, with the row it stands in."""
    with pytest.raises(InputError, match=r"row (3: .*got a -> b|4: .*got b -> a), which closes the circle"):
        read_hierarchy(write("h.csv", "child,parent\nn1,a\na,b\nb,a\n"), classes=classes)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        pytest.param("kid,parent", "expected a column that starts with child", id="no child"),
        pytest.param(
            "child,up", "expected a column that starts with child and one that starts with parent", id="no parent"
        ),
        pytest.param(
            "child_x,child_y,parent", "one column that names the child; got the columns child_x, child_y", id="two"
        ),
        pytest.param(
            "child_name,parent_name", "one column that names the child; got the columns child_name", id="names"
        ),
    ],
)
def test_bad_headers_are_refused(write: Write, classes: ClassList, header: str, message: str) -> None:
    row = ",".join(f"n{n + 1}" for n in range(len(header.split(","))))
    with pytest.raises(InputError, match=message):
        read_hierarchy(write("h.csv", f"{header}\n{row}\n"), classes=classes)


@pytest.mark.shared_data
def test_wordnet(shared_data: Path, imagenet_classes: ClassList) -> None:
    hierarchy = read_hierarchy(shared_data / "imagenet" / "wordnet_hypernyms.csv", classes=imagenet_classes)
    assert len(hierarchy.children) == 1937
    assert set(imagenet_classes.keys) <= set(hierarchy.children)
    assert hierarchy.names["n00001740"] == "entity"
    # A graph, no tree: some node has more than one parent.
    assert len(set(hierarchy.children)) < len(hierarchy.children)
