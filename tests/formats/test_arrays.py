"""Arrays on disk: nothing is read or allocated that the file does not hold."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from regrade.errors import InputError
from regrade.formats.arrays import list_npz, open_npy, open_npz


def npy_bytes(array: npt.NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def forged_header(shape: str, descr: str = "'<f4'") -> bytes:
    """The header of an .npy, by the format's description: magic, version 1.0, length, a Python literal, padding."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(5,), (5, 3), (0, 3)])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "<u2", ">i8"])
def test_what_numpy_saves_is_read_back(tmp_path: Path, shape: tuple[int, ...], order: Any, dtype: str) -> None:
    array = np.asarray(np.arange(np.prod(shape)).reshape(shape), dtype, order=order)
    np.save(tmp_path / "a.npy", array)
    np.savez(tmp_path / "a.npz", array)
    np.savez_compressed(tmp_path / "b.npz", array)
    for file in (
        open_npy(tmp_path / "a.npy"),
        open_npz(tmp_path / "a.npz"),
        open_npz(tmp_path / "b.npz"),
    ):
        np.testing.assert_array_equal(file.read(), array)
        chunks = [chunk.copy() for chunk in file.chunks(2)]
        assert [len(chunk) for chunk in chunks] == ([2, 2, 1] if len(array) else [])
        if chunks:
            np.testing.assert_array_equal(np.concatenate(chunks), array)


def test_an_npy_is_mapped_and_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((4, 4)))
    assert isinstance(open_npy(tmp_path / "a.npy").read(), np.memmap)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            forged_header("(1000000000, 1000)") + b"\0" * 64,
            r"expected 4,000,000,000,000 bytes of data, as the header says .*; got 64 bytes",
            id="forged shape",
        ),
        pytest.param(forged_header("(2**60,)"), "damaged header .ValueError", id="shape that is computed"),
        pytest.param(forged_header("(-4,)"), "1 or 2 dimensions; got shape .-4,.", id="negative shape"),
        pytest.param(
            forged_header("(1, 1, 1)") + b"\0" * 4, "1 or 2 dimensions; got shape .1, 1, 1.", id="3 dimensions"
        ),
        pytest.param(npy_bytes(np.array(1.0)), "1 or 2 dimensions; got shape ..", id="no dimension"),
        pytest.param(npy_bytes(np.arange(9.0))[:-1], "expected 72 bytes of data.*; got 71 bytes", id="truncated"),
        pytest.param(npy_bytes(np.arange(9.0)) + b"x", "expected 72 bytes of data.*; got 73 bytes", id="appended"),
        pytest.param(
            npy_bytes(np.array([{"a": 1}], dtype=object)), "dtype object .objects are never unpickled", id="pickle"
        ),
        pytest.param(
            npy_bytes(np.zeros(2, dtype=[("a", "f4")])), "expected an array of numbers; got dtype", id="records"
        ),
        pytest.param(npy_bytes(np.array(["a"])), "expected an array of numbers; got dtype <U1", id="text"),
        pytest.param(forged_header("(1,)", "'|O'"), "objects are never unpickled", id="forged object array"),
        pytest.param(forged_header("(" * 5000 + ")" * 5000), "damaged header", id="nested header"),
        pytest.param(b"\x93NUMPY\x01", "damaged header", id="header cut off"),
        pytest.param(b"\x93NUMPY\x09\x00" + b"\0" * 100, "damaged header", id="unknown version"),
    ],
)
def test_an_npy_that_is_not_what_it_says_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"a.npy: .*{message}"):
        open_npy(path)


def test_a_header_that_python_2_wrote_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(forged_header("(2L,)") + b"\0" * 8)
    assert open_npy(path).shape == (2,)


def pack(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


GOOD_NPZ = pack({"a.npy": npy_bytes(np.arange(300.0))})


def forge_sizes(data: bytes, unpacked: int) -> bytes:
    """Overwrite the unpacked size in the archive's central directory (offset 24 of the entry that starts PK 1 2)."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", unpacked) + data[at + 4 :]


def set_encrypted(data: bytes) -> bytes:
    """Set bit 0 of the flags in the central directory (offset 8 of the entry)."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + b"\x01" + data[at + 1 :]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            pack({"a.npy": npy_bytes(np.zeros(2)), "b.npy": b""}),
            r"one array; got 2 members .'a.npy', 'b.npy'.",
            id="two members",
        ),
        pytest.param(pack({}), "expected an undamaged .npz file; got|one array; got 0 members", id="no member"),
        pytest.param(pack({"a.txt": b"x"}), "one array; got 1 members .'a.txt'.", id="another member"),
        pytest.param(
            pack({"a.npy": npy_bytes(np.zeros(300_000))}),
            "deflated at most 200 to 1.*; got .* bytes in the file that are said to unpack to 2,400,128",
            id="zip bomb",
        ),
        pytest.param(forge_sizes(GOOD_NPZ, 2**32 - 2), "said to unpack to 4,294,967,294", id="forged size"),
        pytest.param(
            forge_sizes(pack({"a.npy": npy_bytes(np.arange(9.0))}, zipfile.ZIP_STORED), 2**31),
            "200 to 1.*; got 200 bytes in the file that are said to unpack to 2,147,483,648",
            id="forged size, stored",
        ),
        pytest.param(
            pack({"a.npy": forged_header("(10000000000,)") + b"\0" * 99}),
            r"a.npz .a.npy.: expected 40,000,000,000 bytes of data.*; got 99 bytes",
            id="forged shape",
        ),
        pytest.param(pack({"a.npy": npy_bytes(np.arange(9.0))}, zipfile.ZIP_LZMA), "stored, or deflated", id="LZMA"),
        pytest.param(set_encrypted(GOOD_NPZ), "without a password", id="encrypted"),
        pytest.param(
            pack({"a.npy": npy_bytes(np.array([1, "x"], dtype=object))}), "objects are never unpickled", id="pickle"
        ),
        pytest.param(GOOD_NPZ[:-9], "expected an undamaged .npz file; got a damaged archive", id="truncated"),
        pytest.param(b"PK\x03\x04 no archive", "expected an undamaged .npz file", id="no archive"),
    ],
)
def test_an_npz_that_is_not_what_it_says_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        open_npz(path)


def test_arrays_of_an_npz_are_listed_and_opened_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(pack({"b.npy": npy_bytes(np.arange(2)), "notes.txt": b"x", "a.npy": npy_bytes(np.arange(3))}))
    assert list_npz(path) == ("b", "a")
    assert open_npz(path, "a").read().tolist() == [0, 1, 2]
    with pytest.raises(InputError, match="one array; got 0 members"):
        open_npz(path, "c")


def test_a_list_of_arrays_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", npy_bytes(np.arange(2)))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.npy", npy_bytes(np.arange(3)))
    with pytest.raises(InputError, match="expected each array once; got the arrays 'a', 'a'"):
        list_npz(path)
    path.write_bytes(GOOD_NPZ[:-9])
    with pytest.raises(InputError, match=r"expected an undamaged \.npz file; got a damaged archive"):
        list_npz(path)


def test_a_damaged_member_is_refused_when_it_is_read(tmp_path: Path) -> None:
    content = bytearray(pack({"a.npy": npy_bytes(np.arange(30_000.0))}, zipfile.ZIP_STORED))
    content[100_000] ^= 1
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    file = open_npz(path)
    with pytest.raises(InputError, match=r"a.npz .a.npy.: expected an undamaged .npz file; got a damaged member"):
        file.read()
    with pytest.raises(InputError, match=r"got a damaged member .BadZipFile"):
        list(file.chunks())


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=150))
def test_random_bytes_behind_the_magic_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.npy"
    path.write_bytes(b"\x93NUMPY" + data)
    with pytest.raises(InputError, match=r"random.npy: expected a NumPy array; got a damaged header"):
        open_npy(path)


@settings(deadline=None, max_examples=60)
@given(changes=st.lists(st.tuples(st.integers(0, len(GOOD_NPZ) - 1), st.integers(0, 255)), max_size=3))
def test_changed_archives_give_an_array_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(GOOD_NPZ)
    for at, value in changes:
        data[at] = value
    path = tmp_path_factory.getbasetemp() / "changed.npz"
    path.write_bytes(data)
    with suppress(InputError):
        open_npz(path).read()


@settings(deadline=None, max_examples=60)
@given(array=arrays.arrays(arrays.integer_dtypes() | arrays.floating_dtypes(), arrays.array_shapes(max_dims=2)))
def test_any_array_is_read_back(tmp_path_factory: pytest.TempPathFactory, array: npt.NDArray[Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.npy"
    np.save(path, array)
    np.testing.assert_array_equal(open_npy(path).read(), array)
