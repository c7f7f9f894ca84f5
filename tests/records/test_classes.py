"""What a class is called."""

from __future__ import annotations

from dataclasses import replace

from regrade.records.classes import ClassList

BIRDS = ClassList(("n1", "n2", "n3"), ("crane", "crane", "egret"), ("a machine", "a bird", ""), ("", "", ""))


def test_classes_of_one_name_are_told_apart_by_their_keys() -> None:
    assert BIRDS.titles == ("crane (n1)", "crane (n2)", "egret")
    assert replace(BIRDS, names=("crane", "whooping crane", "egret")).titles == ("crane", "whooping crane", "egret")


def test_no_classes_have_no_titles() -> None:
    assert ClassList((), (), (), ()).titles == ()
