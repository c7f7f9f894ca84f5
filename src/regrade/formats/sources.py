"""One input file, opened once: what container it is, and its content in the shape that a format asks for."""

from __future__ import annotations

import gzip
import stat
import zlib
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Literal

from regrade.errors import InputError
from regrade.formats.arrays import NUMBERS, ArrayFile, HeldArray, list_npz, open_npy, open_npz
from regrade.formats.json_text import parse_json, parse_json_lines
from regrade.formats.parquet import parse_parquet
from regrade.formats.places import Place, list_some
from regrade.formats.tables import Table, parse_csv

MAX_BYTES = 2 << 30
"""A text or Parquet file (unpacked) may be this long."""
MAX_RATIO = 200
"""A gzip file may unpack to this many times its size; tables of predictions reach about 30."""

Container = Literal["npy", "npz", "parquet", "json", "jsonl", "csv", "frame"]
"""What kind of file it is; `frame` is a dataframe in memory."""
TABLES: frozenset[Container] = frozenset({"csv", "frame", "jsonl", "parquet"})
"""What holds rows with named columns."""

_MAGIC: tuple[tuple[bytes, Container], ...] = ((b"\x93NUMPY", "npy"), (b"PK\x03\x04", "npz"), (b"PAR1", "parquet"))
_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"


class Source:
    """An input file. Every property reads what it needs once and keeps it.

    Attributes:
        path: The file.
        place: The file, for messages.
    """

    def __init__(self, path: Path) -> None:
        """Look at the file without reading it.

        Raises:
            InputError: It is missing, not readable, or no regular file.
        """
        self.path = path
        self.place = Place(str(path))
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise self.place.file_error(
                    "a regular file", got="a folder, pipe or device", remedy="Name a file on disk."
                )
            with path.open("rb") as file:
                self._head = file.read(8)
        except OSError as error:
            raise self._unreadable(error) from error
        self._n_bytes = status.st_size

    @cached_property
    def container(self) -> Container:
        """What kind of file it is, by its first bytes; JSON Lines by its name or its first two lines."""
        for magic, container in _MAGIC:
            if self._head.startswith(magic):
                return container
        if self.path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson")) or _has_json_lines(self.text):
            return "jsonl"
        return "json" if self.text[:4096].lstrip()[:1] in (b"{", b"[") else "csv"

    @property
    def summary(self) -> str:
        """What the file is, in a few words, for messages."""
        if self.container in TABLES:
            return f"{self.container} with the columns {list_some(self.table.columns, 12)}"
        if self.has_one_array:
            return f"an array of {self.array.dtype} {self.array.shape}"
        if self.container == "npz":
            return f"{len(self.array_names)} arrays: {list_some(self.array_names)}"
        return "JSON of another layout"

    @cached_property
    def text(self) -> bytes:
        """The file's text as checked UTF-8, without byte order mark, unpacked if it is gzip.

        Raises:
            InputError: Too long, empty, damaged gzip, another encoding, or NUL bytes.
        """
        return _check_text(self._read(), self.place)

    @cached_property
    def table(self) -> Table:
        """The rows of a CSV, JSON Lines or Parquet file.

        Raises:
            InputError: It is another kind of file, or damaged.
        """
        if self.container == "csv":
            return parse_csv(self.text, self.place.where)
        if self.container == "jsonl":
            return parse_json_lines(self.text, self.place.where)
        if self.container == "parquet":
            return parse_parquet(self._read(), self.place.where)
        raise self._other("a CSV, JSON Lines or Parquet table")

    def has_columns(self, *columns: str) -> bool:
        """Whether the file is a table with all of these columns."""
        return self.container in TABLES and set(columns) <= set(self.table.columns)

    @property
    def csv(self) -> Table:
        """The rows of a CSV file.

        Raises:
            InputError: It is another kind of file, or damaged.
        """
        if self.container != "csv":
            raise self._other("a CSV file")
        return self.table

    @cached_property
    def document(self) -> object:
        """The content of a JSON file.

        Raises:
            InputError: It is another kind of file, or no strict JSON.
        """
        if self.container != "json":
            raise self._other("a JSON file")
        return parse_json(self.text, self.place.where)

    @cached_property
    def array_names(self) -> tuple[str, ...]:
        """Names of the arrays of an .npz file; none for any other.

        Raises:
            InputError: It is damaged.
        """
        return list_npz(self.path) if self.container == "npz" else ()

    @property
    def has_one_array(self) -> bool:
        """Whether it is an .npy file, or an .npz file with one array."""
        return self.container == "npy" or len(self.array_names) == 1

    def named_array(self, name: str, *, kinds: str = NUMBERS) -> ArrayFile:
        """One array of an .npz file: its header is checked, its data is not read yet.

        Args:
            name: Its name.
            kinds: The kinds of dtype that it may be of.

        Raises:
            InputError: There is none of this name, or its header promises what the file does not hold.
        """
        return open_npz(self.path, name, kinds=kinds)

    @cached_property
    def array(self) -> ArrayFile | HeldArray:
        """The only array of an .npy or .npz file: its header is checked, its data is not read yet.

        Raises:
            InputError: It is another kind of file, or its header promises what the file does not hold.
        """
        if self.container == "npy":
            return open_npy(self.path)
        if self.container == "npz":
            return open_npz(self.path)
        raise self._other("an .npy or .npz array")

    def _other(self, expected: str) -> InputError:
        return self.place.file_error(
            expected, got=f"{self.container} content", remedy="Name another file, or another --format."
        )

    def _unreadable(self, error: OSError) -> InputError:
        got = error.strerror or type(error).__name__
        return self.place.file_error("a readable file", got=got, remedy="Check the path and its permissions.")

    def _read(self) -> bytes:
        if self._n_bytes > MAX_BYTES:
            raise self.place.file_error(
                f"a file of at most {MAX_BYTES >> 30} GiB",
                got=f"{self._n_bytes / 2**30:.2f} GiB",
                remedy="Split it, or save predictions as .npy.",
            )
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise self._unreadable(error) from error
        return _unpack(data, self.place) if data.startswith(_GZIP_MAGIC) else data


def _has_json_lines(text: bytes) -> bool:
    """Whether the first line is a whole object and another object follows, which a JSON document cannot have."""
    end = text.find(b"\n")
    first, following = text[: max(end, 0)].strip(), text[end + 1 : end + 64].lstrip()
    return first[:1] == b"{" and first[-1:] == b"}" and following[:1] == b"{"


def _unpack(data: bytes, place: Place) -> bytes:
    limit = min(MAX_BYTES, max(1 << 20, MAX_RATIO * len(data)))
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as file:
            text = file.read(limit + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise place.file_error(
            "a whole gzip file", got="a truncated or damaged one", remedy="Copy or download it again."
        ) from error
    if len(text) > limit:
        raise place.file_error(
            f"a gzip file that unpacks to at most {limit:,} bytes", got="a longer one", remedy="Unpack it first."
        )
    return text


def _check_text(data: bytes, place: Place) -> bytes:
    if data.startswith(_UTF16_MARKS):
        raise place.file_error("UTF-8 text", got="UTF-16 text", remedy="Save as UTF-8.")
    data = data.removeprefix(_UTF8_MARK)
    if not data or data.isspace():
        raise place.file_error("data", got="an empty file", remedy="Check that it was written to its end.")
    try:
        at = data.find(b"\x00")
        data.decode() if at < 0 else None
    except UnicodeDecodeError as error:
        at = error.start
    if at >= 0:
        got = "a NUL byte" if data[at] == 0 else f"the byte 0x{data[at]:02x} (latin-1, or a damaged file?)"
        line = Place(place.where, first_row=1)
        raise line.error("UTF-8 text", got=got, rows=[data.count(b"\n", 0, at)], remedy="Save as UTF-8.")
    return data
