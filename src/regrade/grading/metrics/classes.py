"""Accuracy class by class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_count, read_integers, read_truths


class ClassAccuracies(NamedTuple):
    """Items and accuracy of each of C classes."""

    n_graded: npt.NDArray[np.int64]
    """(C,) items of each class."""
    n_right: npt.NDArray[np.int64]
    """(C,) right items of each class."""
    accuracy: npt.NDArray[np.float64]
    """(C,) share right, 0 worst and 1 best; NaN for a class without an item."""


def class_accuracies(right: npt.ArrayLike, classes: npt.ArrayLike, *, n_classes: int) -> ClassAccuracies:
    """Give the share of right items of each class. Its mean over classes that have an item is the class mean.

    Args:
        right: (n,) whether each graded item is right; may be empty.
        classes: (n,) original class of each, 0..C-1; any other number: the item has none and counts for none.
        n_classes: C.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    >>> class_accuracies(np.array([True, False, True]), np.array([0, 0, 2]), n_classes=3).accuracy.tolist()
    [0.5, nan, 1.0]
    """
    of_right = read_truths(right, "right")
    of_class = read_integers(classes, "classes", of_right.shape)
    n_classes = read_count(n_classes, "n_classes")
    has_class = (of_class >= 0) & (of_class < n_classes)
    n_graded = np.bincount(of_class[has_class], minlength=n_classes)
    n_right = np.bincount(of_class[has_class & of_right], minlength=n_classes)
    accuracy = np.where(n_graded > 0, n_right / np.maximum(n_graded, 1), np.nan)
    return ClassAccuracies(n_graded, n_right, accuracy)
