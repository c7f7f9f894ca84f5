"""Tables are aligned, never cut, and print nothing that drives a terminal."""

from __future__ import annotations

import pytest

from regrade.cli.tables import counted, percent, percent_interval, print_notes, print_table


def test_columns_are_aligned_and_lines_have_no_blanks_at_their_end(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("model", "mistakes>", "note"), [("resnet50", 2751, "a"), ("vit", 378, None)])
    assert capsys.readouterr().out == "model     mistakes  note\nresnet50     2,751  a\nvit            378  -\n"


def test_no_rows_leave_the_header(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("model", "mistakes>"), [])
    assert capsys.readouterr().out == "model  mistakes\n"


def test_long_cells_are_not_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_table(("item", "class"), [("x" * 100, "y" * 100)])
    assert "x" * 100 + "  " + "y" * 100 in capsys.readouterr().out


@pytest.mark.parametrize("text", ["\x1b[31mred", "bell\x07", "[bold]no markup[/bold]"])
def test_cells_are_shown_as_they_are_but_for_control_signs(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("item",), [(text,)])
    assert capsys.readouterr().out == "item\n" + text.replace("\x1b", "\ufffd").replace("\x07", "\ufffd") + "\n"


def test_flags_are_no_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("default",), [(True,)])
    assert capsys.readouterr().out == "default\nTrue\n"


def test_shares_are_in_percent() -> None:
    # 0.9791488 = 97.91 %; an undefined share is no 0
    assert (percent(0.9791488), percent(0.0), percent(None)) == ("97.91", "0.00", "-")
    assert percent_interval(0.5, 1.0) == "50.00 to 100.00"
    assert percent_interval(None, 1.0) == percent_interval(0.5, None) == "-"


def test_counts_have_their_word() -> None:
    assert (counted(0, "case"), counted(1, "case"), counted(1000, "case")) == ("0 cases", "1 case", "1,000 cases")


def test_notes_are_said_once_with_whom_they_are_about(capsys: pytest.CaptureFixture[str]) -> None:
    print_notes([("a", ["all", "some"]), ("b", ["all"]), ("a", ["some", "one"])])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "note: all\nnote: a: some\nnote: a: one\n"
    print_notes([])
    assert capsys.readouterr().err == ""
