"""Plain arrays from callers: each is checked once a call for its type, shape and range, and refused in words.

Whatever NumPy makes an array of is taken: lists, tuples, data frames' columns. An empty one is of any type.
"""

from __future__ import annotations

from operator import index
from typing import Any, NamedTuple, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError

Shape: TypeAlias = tuple[int | str | None, ...]
"""Lengths of an array's dimensions; a letter stands for any length, and a leading None for any dimensions before."""
_KINDS = {"O": "objects", "S": "text", "U": "text"}
"""What types are called that NumPy has no plain name for."""
_ROUNDING = 1e-6
"""A probability may lie this far outside 0..1: that is rounding, and is cut off."""


def read_truths(values: npt.ArrayLike, where: str, shape: Shape = ("n",)) -> npt.NDArray[np.bool_]:
    """Truth values, one an item. The numbers 0 and 1 are taken for False and True.

    Args:
        values: What the caller gave.
        where: Name of the argument.
        shape: What it must have.

    Raises:
        InputError: They are anything else.
    """
    expected = "booleans, or the numbers 0 and 1,"
    array = _read(values, where, expected, "biu", shape)
    if array.dtype != np.bool_:
        _refuse_first(array, (array != 0) & (array != 1), where, expected)
        array = array.astype(np.bool_)
    return array


def read_numbers(values: npt.ArrayLike, where: str, shape: Shape = ("n",)) -> npt.NDArray[np.floating]:
    """Finite numbers; whole ones become float64.

    Args:
        values: What the caller gave.
        where: Name of the argument.
        shape: What it must have.

    Raises:
        InputError: They are not numbers, or one is NaN or infinite.
    """
    array = read_scores(values, where, shape)
    _refuse_first(array, ~np.isfinite(array), where, "finite numbers")
    return array


def read_scores(values: npt.ArrayLike, where: str, shape: Shape = ("n", "C")) -> npt.NDArray[np.floating]:
    """Numbers, finite or not, that are not looked at: only their type and shape are. Whole ones become float64.

    Args:
        values: What the caller gave.
        where: Name of the argument.
        shape: What it must have.

    Raises:
        InputError: They are not numbers.
    """
    array = _read(values, where, "numbers", "fiu", shape)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def read_shares(values: npt.ArrayLike, where: str, shape: Shape = ("n",)) -> npt.NDArray[np.floating]:
    """Numbers from 0 to 1: probabilities, accuracies, p-values.

    Args:
        values: What the caller gave.
        where: Name of the argument.
        shape: What it must have.

    Raises:
        InputError: They are not numbers, or one is NaN or outside.
    """
    expected = "numbers from 0 to 1"
    array = read_scores(values, where, shape)
    _refuse_first(array, ~((array >= -_ROUNDING) & (array <= 1 + _ROUNDING)), where, expected)
    shares: npt.NDArray[np.floating] = np.clip(array, 0, 1)
    return shares


def read_share(value: float, where: str) -> float:
    """One number from 0 to 1.

    Args:
        value: What the caller gave.
        where: Name of the argument.

    Raises:
        InputError: It is NaN or outside.
    """
    if not -_ROUNDING <= value <= 1 + _ROUNDING:
        raise InputError("a number from 0 to 1", got=str(value), where=where)
    return min(max(value, 0.0), 1.0)


def read_integers(
    values: npt.ArrayLike, where: str, shape: Shape = ("n",), *, lowest: int | None = None, n: int | None = None
) -> npt.NDArray[np.signedinteger]:
    """Whole numbers: class ids, places, counts.

    Args:
        values: What the caller gave.
        where: Name of the argument.
        shape: What it must have.
        lowest: The lowest that may come; None: they are not looked at.
        n: They must be below it; None: they may be as high as they like.

    Raises:
        InputError: They are not whole numbers, or one is outside.
    """
    array = _read(values, where, "whole numbers", "iu", shape)
    if array.dtype.kind == "u":
        array = array.astype(np.int64)
    if lowest is not None:
        refuse_below(array, where, lowest, found=array.min(initial=lowest))
    if n is not None and array.max(initial=-1) >= n:
        _refuse_first(array, array >= n, where, f"whole numbers from {lowest or 0} to {n - 1}")
    return array


def read_counts(**counts: npt.ArrayLike) -> tuple[npt.NDArray[np.signedinteger], ...]:
    """Numbers of items, >= 0: arrays of any shapes that go together, such as those of one shape and single numbers.

    Args:
        counts: What the caller gave, by name of the argument.

    Raises:
        InputError: They are not whole numbers, one is below 0, or the shapes do not go together.
    """
    arrays = tuple(read_integers(values, name, (None,), lowest=0) for name, values in counts.items())
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(_name(array.shape) for array in arrays)
        raise InputError("counts of one shape", got=f"the shapes {shapes}", where=", ".join(counts)) from None
    return arrays


def read_count(value: SupportsIndex, where: str, lowest: int = 1) -> int:
    """One whole number.

    Args:
        value: What the caller gave.
        where: Name of the argument.
        lowest: The lowest that it may be.

    Raises:
        InputError: It is anything else.
    """
    try:
        count = index(value)
    except TypeError:
        count = lowest - 1
    if count < lowest or isinstance(value, bool):
        raise InputError(f"a whole number from {lowest}", got=repr(value), where=where)
    return count


class AcceptedPairs(NamedTuple):
    """Which classes are accepted on which items."""

    items: npt.NDArray[np.signedinteger]
    """(p,) place of the item of each pair."""
    classes: npt.NDArray[np.signedinteger]
    """(p,) class id of each."""


def read_accepted_pairs(items: npt.ArrayLike, classes: npt.ArrayLike, *, n_items: int) -> AcceptedPairs:
    """Pairs of an item and a class that is accepted there, each pair once.

    Args:
        items: The argument `accepted_items`.
        classes: The argument `accepted_classes`.
        n_items: How many items there are.

    Raises:
        InputError: They are not as long as each other, point nowhere, or one comes twice.
    """
    at = read_integers(items, "accepted_items", ("p",), lowest=0, n=n_items)
    class_ids = read_integers(classes, "accepted_classes", at.shape, lowest=0)
    slots = np.sort(at * (np.int64(class_ids.max(initial=0)) + 1) + class_ids)
    n_repeated = int(np.count_nonzero(slots[1:] == slots[:-1]))
    if n_repeated:
        where = "accepted_items and accepted_classes"
        raise InputError("each pair once", got=f"{n_repeated} that came before", where=where)
    return AcceptedPairs(at, class_ids)


def refuse_below(array: npt.NDArray[np.signedinteger], where: str, lowest: int, *, found: int) -> None:
    """Check whole numbers whose minimum is known.

    Args:
        array: The numbers.
        where: Name of the argument.
        lowest: The lowest that may come.
        found: The lowest that came.

    Raises:
        InputError: One is below.
    """
    if found < lowest:
        _refuse_first(array, array < lowest, where, f"whole numbers from {lowest}")


def refuse_above(
    part: npt.NDArray[np.signedinteger], where: str, whole: npt.NDArray[np.signedinteger], where_whole: str
) -> None:
    """Check that no count of a part is above that of the whole.

    Args:
        part: Counts.
        where: Name of their argument.
        whole: Counts of the same shape, or one for each of the last dimension.
        where_whole: Name of their argument.

    Raises:
        InputError: One is.
    """
    above = part > whole
    if above.any():
        _refuse_first(part, above, where, f"at most {where_whole}")


def refuse_repeated(rows: npt.NDArray[np.signedinteger], where: str) -> None:
    """Check that no row of class ids holds one twice; marks below 0 may repeat.

    Args:
        rows: (n, k) class ids.
        where: Name of the argument.

    Raises:
        InputError: One does.
    """
    ordered = np.sort(rows, axis=1)
    repeated = ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any(axis=1)
    if repeated.any():
        at = int(repeated.argmax())
        more = int(np.count_nonzero(repeated)) - 1
        raise InputError("no class twice in a row", got=f"{rows[at].tolist()} in row {at}", where=where, n_more=more)


def _read(values: npt.ArrayLike, where: str, expected: str, kinds: str, shape: Shape) -> npt.NDArray[Any]:
    """The array, if it is of one of these kinds of type and of this shape."""
    try:
        array = np.asarray(values)
    except (TypeError, ValueError):
        raise InputError(f"{expected} of shape {_name(shape)}", got="rows of unlike length", where=where) from None
    dimensions = shape[1:] if shape[0] is None else shape
    lengths = array.shape[max(array.ndim - len(dimensions), 0) :] if shape[0] is None else array.shape
    fits = len(lengths) == len(dimensions) and all(
        isinstance(length, str) or length == found for length, found in zip(dimensions, lengths, strict=True)
    )
    if not fits or (array.dtype.kind not in kinds and array.size):
        got = f"{_KINDS.get(array.dtype.kind, array.dtype)} of shape {_name(array.shape)}"
        raise InputError(f"{expected} of shape {_name(shape)}", got=got, where=where)
    if array.dtype.kind not in kinds:
        return array.astype({"b": np.bool_, "i": np.int64, "f": np.float64}[kinds[0]])
    return array


def _refuse_first(array: npt.NDArray[Any], bad: npt.NDArray[np.bool_], where: str, expected: str) -> None:
    """Name the first bad value, if there is one, and say how many more there are."""
    if bad.any():
        at = np.unravel_index(int(bad.argmax()), bad.shape)
        place = ", ".join(str(int(place)) for place in at)
        raise InputError(
            expected.rstrip(","),
            got=f"{array[at]}" + (f" at position {place}" if place else ""),
            where=where,
            n_more=int(np.count_nonzero(bad)) - 1,
        )


def _name(shape: Shape) -> str:
    names = ["..." if length is None else str(length) for length in shape]
    return f"({names[0]},)" if len(names) == 1 and names[0] != "..." else f"({', '.join(names)})"
