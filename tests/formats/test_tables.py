"""CSV: exact rows, or an error that names one."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats.tables import parse_csv


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            b"a,b\n1,2\n3\n", "row 3: expected 2 cells in every row, as in the header; got 1 cells", id="short row"
        ),
        pytest.param(b'a,b\n"1,x",2\n3\n', "row 3: expected 2 cells .* got 1 cells", id="short row, comma in a cell"),
        pytest.param(b"a,b\n1,2\n3,4,5\n", "row 3: expected 2 cells .* got 3 cells", id="long row"),
        pytest.param(b"a,b\n1,2\n\n3,4\n", "row 3: expected 2 cells .* got an empty line", id="empty line"),
        pytest.param(
            b'a,b\n1,2\n"3,4\n', "row 3: expected double quotes around whole cells .* not closed", id="open quote"
        ),
        pytest.param(
            b'a,b\n5" nail,1\n6" nail,2\n', "row 2: expected double quotes around whole cells", id="inch marks"
        ),
        pytest.param(b'a,b\n1,2\n"x" y,1\n', "row 3: expected double quotes around whole cells", id="half quoted"),
        pytest.param(b"a,a\n1,2\n", "row 1: expected a header of unique column names .* got 'a,a'", id="column twice"),
        pytest.param(b"a,,b\n1,2,3\n", "row 1: expected a header of unique column names", id="column without a name"),
        pytest.param(
            b"\n\na,b\n1,2\n", "row 1: expected a header of unique column names .* got ''", id="header too low"
        ),
        pytest.param(b"a,b\r1,2\r", "row 1: expected lines that end in LF or CRLF; got a lone CR", id="CR line ends"),
        pytest.param(b"a\r\nb\nc\rd\n", "row 3: expected lines that end in LF or CRLF", id="one CR"),
        pytest.param(b'"a\nb",c\n1,2\n', "row 1: expected a header", id="line break in the header"),
    ],
)
def test_what_is_no_plain_table_is_refused(text: bytes, message: str) -> None:
    with pytest.raises(InputError, match=f"f.csv.*{message}"):
        parse_csv(text, "f.csv")


def test_cells_stay_text_and_empty_ones_are_empty() -> None:
    table = parse_csv(b'a,b,c\n007,"x, ""y""\n",\n1.50,,""\n', "f.csv")
    assert table.frame.rows() == [("007", 'x, "y"\n', ""), ("1.50", "", "")]
    assert table.filled("c").tolist() == [False, False]
    assert table.filled("b").tolist() == [True, False]


def test_a_header_alone_is_an_empty_table() -> None:
    table = parse_csv(b"a,b\n", "f.csv")
    assert (table.columns, len(table)) == (["a", "b"], 0)
    with pytest.raises(InputError, match=r"expected at least one row below the header; got none"):
        table.require("a")


def test_missing_columns_are_listed() -> None:
    table = parse_csv(b"a,b\n1,2\n", "f.csv")
    with pytest.raises(InputError, match=r"expected the columns a, c, d; got the columns a, b. Add the columns c, d"):
        table.require("a", "c", "d")


def test_another_separator_is_named_in_the_remedy() -> None:
    table = parse_csv(b"id|class\n1|2\n", "f.csv")
    with pytest.raises(InputError, match=r"Separate the cells by commas, semicolons or tabs"):
        table.require("id")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_header_without_commas_says_what_stands_between_cells(mark: str) -> None:
    table = parse_csv(f'id{mark}"a, b"\n1,5{mark}"{mark}""x"\n'.encode(), "f.csv")
    assert (table.columns, table.frame.rows()) == (["id", "a, b"], [("1,5", f'{mark}"x')])
    with pytest.raises(InputError, match=r"f.csv, row 3: expected 2 cells in every row, .*; got 1 cells"):
        parse_csv(f"id{mark}class\n1{mark}2\n3,4\n".encode(), "f.csv")


def test_beside_a_comma_a_semicolon_is_text() -> None:
    table = parse_csv(b"id,a;b\n1;2,3;4\n", "f.csv")
    assert (table.columns, table.frame.rows()) == (["id", "a;b"], [("1;2", "3;4")])


def test_one_of_several_columns_is_chosen() -> None:
    table = parse_csv(b"id,file,x\n1,2,3\n", "f.csv")
    assert table.choose("x", "y") == "x"
    with pytest.raises(InputError, match=r"expected one column of id, file; got id and file. Keep one"):
        table.choose("id", "file")
    with pytest.raises(InputError, match=r"expected a column y or z; got the columns id, file, x"):
        table.choose("y", "z")


def test_texts_are_normalized_and_must_be_filled() -> None:
    table = parse_csv("a,b\ne\u0301,\n".encode(), "f.csv")
    assert table.texts("a") == ["\u00e9"]
    assert table.texts("b", optional=True) == [""]
    with pytest.raises(InputError, match=r"f.csv, row 2: expected a value in the column b; got an empty cell"):
        table.texts("b")


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8), mark=st.sampled_from(",;\t"))
@example(rows=[['"', ",", "\n"], ["", "a\n\nb", '""']], mark=",")
@example(rows=[["\r", "a\rb", "\r\n"], ["\n\r", "", "c"]], mark=";")
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], mark: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["a", "b", "c"], *rows])
    table = parse_csv(out.getvalue().encode(), "f.csv")
    assert [list(row) for row in table.frame.rows()] == rows


@settings(deadline=None, max_examples=60)
@given(text=st.text(st.sampled_from('ab,"\n\r é'), min_size=1, max_size=40).filter(lambda text: text.strip()))
@example(text='a,b\n"",\n')
@example(text='a\n""\n')
def test_any_text_is_read_as_the_csv_module_reads_it_or_refused(text: str) -> None:
    try:
        table = parse_csv(text.encode(), "f.csv")
    except InputError:
        return
    rows = list(csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), strict=True))
    # In a file of one column an empty line is an empty cell.
    assert [table.columns, *map(list, table.frame.rows())] == [row or [""] for row in rows]
