"""NumPy arrays in .npy and .npz files: what they promise is checked against what is there before anything is read.

Pickles are never loaded; what a header or an archive declares must be exactly what the file holds, so a forged shape or
a zip bomb is refused before memory is asked for.
"""

from __future__ import annotations

import math
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from regrade.errors import InputError
from regrade.formats.places import Place, show

MAX_RATIO = 200
"""A compressed member of an .npz may unpack to this many times its size, beyond its first mebibyte."""

_HEADER_ERRORS = (
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    tokenize.TokenError,
    RecursionError,
    MemoryError,
    OSError,
)
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)
"""What zipfile raises for a damaged file, one with a password (RuntimeError), or one packed in a way unknown to it."""
NUMBERS = "biufc"
"""Kinds of dtype that are numbers: boolean, integer, float, complex."""
TEXTS = "US"
"""Kinds of dtype that are text: of code points, of bytes."""
_SUFFIX = ".npy"
_AGAIN = "Save it again with numpy.save, or copy it again."


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """An array on disk whose header has been checked; its data is read when asked for, in chunks of rows."""

    path: Path
    place: Place
    """The file (and member), rows counted from 0."""
    dtype: np.dtype[Any]
    """Plain numbers: boolean, integer, float or complex of any byte order; or text, where that is asked for."""
    shape: tuple[int, ...]
    """1 or 2 dimensions."""
    fortran: bool
    """Stored column by column."""
    offset: int
    """Where the data starts in the file or member."""
    member: str | None = None
    """Member of an .npz; None for an .npy."""

    def read(self) -> npt.NDArray[Any]:
        """The whole array; of an .npy a read-only memory map.

        Raises:
            InputError: A member of an .npz is damaged.
        """
        if self.member is None:
            return self._map()
        order = "F" if self.fortran else "C"
        rows = np.frombuffer(b"".join(self._stream(math.prod(self.shape))), self.dtype)
        return rows.reshape(self.shape, order=order)  # type: ignore[call-overload,no-any-return] # NumPy's stubs know no order in a variable

    def chunks(self, n_rows: int = 512) -> Iterator[npt.NDArray[Any]]:
        """The rows in order, `n_rows` at a time, without holding the whole array.

        An .npz that stores its columns one after the other has to be read whole.

        Raises:
            InputError: A member of an .npz is damaged.
        """
        if self.member is None or self.fortran:
            array = self.read()
            yield from (array[start : start + n_rows] for start in range(0, self.shape[0], n_rows))
            return
        row_shape = self.shape[1:]
        for data in self._stream(n_rows * math.prod(row_shape)):
            yield np.frombuffer(data, self.dtype).reshape(-1, *row_shape)

    def _map(self) -> npt.NDArray[Any]:
        if math.prod(self.shape) == 0:
            return np.empty(self.shape, self.dtype)
        order = "F" if self.fortran else "C"
        return np.memmap(self.path, self.dtype, mode="r", offset=self.offset, shape=self.shape, order=order)  # type: ignore[call-overload,no-any-return] # NumPy's stubs know no order in a variable

    def _stream(self, n_values: int) -> Iterator[bytes]:
        left = math.prod(self.shape) * self.dtype.itemsize
        step = n_values * self.dtype.itemsize
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member or "") as file:
                file.read(self.offset)
                while left:
                    data = file.read(min(step, left))
                    if not data:
                        raise EOFError
                    left -= len(data)
                    yield data
                file.read(1)  # the end of the member: its checksum is compared here
        except _ZIP_ERRORS as error:
            raise self.place.file_error(
                "an undamaged .npz file", got=f"a damaged member ({type(error).__name__})", remedy=_AGAIN
            ) from error


@dataclass(frozen=True, slots=True, eq=False)
class HeldArray:
    """An array that the caller holds, read in the same way."""

    values: npt.NDArray[Any]
    """Cannot be written to: it stays as it is."""
    place: Place
    """What messages call it, rows counted from 0."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Plain numbers: boolean, integer, float or complex."""
        return self.values.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """1 or 2 dimensions."""
        return self.values.shape

    def read(self) -> npt.NDArray[Any]:
        """The whole array."""
        return self.values

    def chunks(self, n_rows: int = 512) -> Iterator[npt.NDArray[Any]]:
        """The rows in order, `n_rows` at a time."""
        yield from (self.values[start : start + n_rows] for start in range(0, len(self.values), n_rows))


def hold_array(values: npt.NDArray[Any], place: Place) -> HeldArray:
    """An array of the caller's, checked as the header of a file is.

    Raises:
        InputError: It holds objects or records instead of numbers, or has not 1 or 2 dimensions.
    """
    _check_kind(values.shape, values.dtype, place)
    view = np.asarray(values).view()
    view.setflags(write=False)
    return HeldArray(view, place)


def open_npy(path: Path) -> ArrayFile:
    """An .npy file, header checked.

    Raises:
        InputError: A damaged header, objects or records instead of numbers, more than 2 dimensions, or a size that is
            not what the header says.
    """
    with path.open("rb") as file:
        n_bytes = path.stat().st_size
        return _check_header(file, path, Place(str(path)), n_bytes)


def list_npz(path: Path) -> tuple[str, ...]:
    """Names of the arrays in an .npz file, as `numpy.load` gives them; none of them is opened.

    Raises:
        InputError: No zip archive, or a name twice.
    """
    place = Place(str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except _ZIP_ERRORS as error:
        raise _damaged_archive(place, error) from error
    names = tuple(name.removesuffix(_SUFFIX) for name in members if name.endswith(_SUFFIX))
    if len(set(names)) < len(names):
        raise place.file_error("each array once", got=f"the arrays {', '.join(map(show, names[:5]))}", remedy=_AGAIN)
    return names


def open_npz(path: Path, name: str | None = None, *, kinds: str = NUMBERS) -> ArrayFile:
    """One array of an .npz file, header checked.

    Args:
        path: The file.
        name: Which array; None: the only one.
        kinds: The kinds of dtype that it may be of.

    Raises:
        InputError: No zip archive, not exactly one array in it (or none of this name), an encrypted or oddly packed
            member, sizes that cannot be, or anything that an .npy is refused for.
    """
    place = Place(str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if name is None or info.filename == name + _SUFFIX]
            info = _only_member(members, place)
            _check_packing(info, path.stat().st_size, place)
            with archive.open(info) as file:
                member_place = Place(f"{path} ({info.filename})")
                return _check_header(file, path, member_place, info.file_size, member=info.filename, kinds=kinds)
    except _ZIP_ERRORS as error:
        raise _damaged_archive(place, error) from error


def _damaged_archive(place: Place, error: Exception) -> InputError:
    got = f"a damaged archive ({type(error).__name__})"
    return place.file_error("an undamaged .npz file", got=got, remedy=_AGAIN)


def _only_member(members: list[zipfile.ZipInfo], place: Place) -> zipfile.ZipInfo:
    if len(members) == 1 and members[0].filename.endswith(_SUFFIX):
        return members[0]
    names = [info.filename for info in members[:5]]
    raise place.file_error(
        "an .npz file with one array",
        got=f"{len(members)} members ({', '.join(map(repr, names))})",
        remedy="Save the one array of logits, probabilities or ranked class ids alone.",
    )


def _check_packing(info: zipfile.ZipInfo, n_file_bytes: int, place: Place) -> None:
    packed_otherwise = info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    impossible = info.compress_size > n_file_bytes or (
        info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size
    )
    too_dense = info.file_size > max(1 << 20, MAX_RATIO * info.compress_size)
    if info.flag_bits & 1 or packed_otherwise or impossible or too_dense:
        raise place.file_error(
            f"a member that is stored, or deflated at most {MAX_RATIO} to 1, without a password",
            got=f"{info.compress_size:,} bytes in the file that are said to unpack to {info.file_size:,}",
            remedy="Save it again with numpy.savez or numpy.save.",
        )


def _check_header(
    file: IO[bytes], path: Path, place: Place, n_bytes: int, *, member: str | None = None, kinds: str = NUMBERS
) -> ArrayFile:
    try:
        shape, fortran, dtype = _read_header(file)
        offset = file.tell()
    except _HEADER_ERRORS as error:
        raise place.file_error(
            "a NumPy array", got=f"a damaged header ({type(error).__name__})", remedy=_AGAIN
        ) from error
    _check_kind(shape, dtype, place, kinds=kinds)
    promised = math.prod(shape) * dtype.itemsize
    if promised != n_bytes - offset:
        raise place.file_error(
            f"{promised:,} bytes of data, as the header says (shape {shape}, {dtype})",
            got=f"{n_bytes - offset:,} bytes",
            remedy=_AGAIN,
        )
    return ArrayFile(path, place, dtype, shape, fortran, offset, member)


def _check_kind(shape: tuple[int, ...], dtype: np.dtype[Any], place: Place, *, kinds: str = NUMBERS) -> None:
    if dtype.hasobject or dtype.fields is not None or dtype.kind not in kinds:
        raise place.file_error(
            "an array of numbers" if kinds == NUMBERS else "an array of numbers or text",
            got=f"dtype {dtype} (objects are never unpickled)",
            remedy="Convert it with .astype.",
        )
    if not 1 <= len(shape) <= 2 or min(shape) < 0:
        raise place.file_error("an array of 1 or 2 dimensions", got=f"shape {shape}", remedy="Reshape it.")


def _read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(file)
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    if version not in readers:
        raise ValueError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # headers that Python 2 wrote are read, with a warning
        shape, fortran, dtype = readers[version](file)
    return shape, fortran, dtype
