"""Opening files: containers, encodings, compression, sizes."""

from __future__ import annotations

import gzip
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats import sources
from regrade.formats.sources import Source

if TYPE_CHECKING:
    from tests.formats.conftest import Write


@pytest.mark.parametrize(
    ("name", "content", "container"),
    [
        pytest.param("a.txt", "id\n1\n", "csv", id="csv"),
        pytest.param("a.txt", ' \n{"a": 1}', "json", id="json object"),
        pytest.param("a.txt", "[]", "json", id="json list"),
        pytest.param("a.jsonl", '{"a": 1}\n', "jsonl", id="json lines"),
        pytest.param("a.txt", '{"a": 1}\r\n{"a": 2}', "jsonl", id="json lines by content"),
        pytest.param("a.txt", '{"a":\n{"a": 2}}', "json", id="json over several lines"),
        pytest.param("a.txt", '{"a": {"b": 1}}\n\n', "json", id="json and empty lines"),
        pytest.param("a.ndjson.gz", '{"a": 1}\n', "jsonl", id="packed json lines"),
        pytest.param("a.csv.gz", "id\n1\n", "csv", id="packed csv"),
        pytest.param("a.csv", b"\xef\xbb\xbf[]", "json", id="byte order mark"),
    ],
)
def test_text_containers_are_told_by_content(write: Write, name: str, content: str | bytes, container: str) -> None:
    assert Source(write(name, content)).container == container


def test_binary_containers_are_told_by_magic(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(3))
    np.savez(tmp_path / "a.npz", np.arange(3))
    pl.DataFrame({"id": ["a"]}).write_parquet(tmp_path / "a.parquet")
    found = {name: Source(tmp_path / name).container for name in ("a.npy", "a.npz", "a.parquet")}
    assert found == {"a.npy": "npy", "a.npz": "npz", "a.parquet": "parquet"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("id\n1\n".encode("utf-16"), "expected UTF-8 text; got UTF-16 text. Save as UTF-8", id="UTF-16"),
        pytest.param("id\n1\n".encode("utf-16-be"), "row 1: expected UTF-8 text; got a NUL byte", id="UTF-16, no mark"),
        pytest.param(b"id\nx\nna\xefve\n", r"row 3: expected UTF-8 text; got the byte 0xef .latin-1", id="latin-1"),
        pytest.param(b"id\na\x00b\n", "row 2: expected UTF-8 text; got a NUL byte. Save as UTF-8", id="NUL"),
        pytest.param(b"", "expected data; got an empty file", id="empty"),
        pytest.param(b" \r\n\n", "expected data; got an empty file", id="blank"),
        pytest.param(b"\xef\xbb\xbf", "expected data; got an empty file", id="only a byte order mark"),
    ],
)
def test_other_text_is_refused(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _ = Source(write("a.csv", content)).table


def test_a_byte_order_mark_and_crlf_are_read(write: Write) -> None:
    table = Source(write("a.csv", b"\xef\xbb\xbfid,x\r\na,1\r\n")).table
    assert table.columns == ["id", "x"]
    assert table.frame.rows() == [("a", "1")]


def test_a_truncated_gzip_is_refused(write: Write) -> None:
    packed = gzip.compress(b"id\n" + os.urandom(2000).hex().encode())
    with pytest.raises(InputError, match=r"expected a whole gzip file; got a truncated or damaged one"):
        _ = Source(write("a.csv", packed[:-20])).table


def test_a_gzip_bomb_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match=r"unpacks to at most 1,048,576 bytes; got a longer one"):
        _ = Source(write("a.csv.gz", b"a" * (1 << 20) + b"\n")).table


def test_a_file_over_two_gibibytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(sources.MAX_BYTES + 1)
    with pytest.raises(InputError, match=r"a file of at most 2 GiB; got 2.00 GiB. Split it"):
        _ = Source(path).document


def test_a_missing_file_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a readable file; got No such file or directory"):
        Source(tmp_path / "none.csv")


def test_a_folder_or_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(InputError, match=r"expected a regular file; got a folder, pipe or device"):
            Source(path)


def test_a_link_to_a_file_is_read(write: Write, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(write("a.csv", "id\nx\n"))
    assert len(Source(link).table) == 1


def test_another_container_than_asked_for_is_refused(write: Write, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(3))
    table, array = Source(write("a.csv", "id\n1\n")), Source(tmp_path / "a.npy")
    with pytest.raises(InputError, match=r"expected an \.npy or \.npz array; got csv content"):
        _ = table.array
    with pytest.raises(InputError, match=r"expected a JSON file; got csv content"):
        _ = table.document
    with pytest.raises(InputError, match=r"expected a CSV, JSON Lines or Parquet table; got npy content"):
        _ = array.table
    with pytest.raises(InputError, match=r"expected a CSV file; got npy content"):
        _ = array.csv
    assert not array.has_columns("id")


def test_summaries(write: Write, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 2)))
    assert Source(tmp_path / "a.npy").summary == "an array of float64 (3, 2)"
    assert Source(write("a.csv", "id,x\n1,2\n")).summary == "csv with the columns id, x"
    assert Source(write("a.json", "[]")).summary == "JSON of another layout"


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=200), name=st.sampled_from(["a.csv", "a.jsonl"]))
def test_random_bytes_give_a_table_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    for member in ("table", "document", "array"):
        with suppress(InputError):
            getattr(Source(path), member)
