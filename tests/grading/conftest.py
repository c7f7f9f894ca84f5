"""What the tests of grading build again and again.

The toy benchmark has six classes (0 to 5) and eight items; the model ranks five classes. Every figure in the tests of
grading follows from this table by hand.

    item  label of the split and the set  verdicts              ranks of the model
    0     0                               0 correct, 1 unclear  1 0 2 3 4
    1     0                               0 correct, 3 wrong    3 1 2 4 5
    2     1                               1 correct, 4 unclear  1 2 3 4 5
    3     1                               1 wrong, 2 correct    1 2 3 4 5
    4     2  problematic                  2 correct             2 0 1 3 4
    5     2                               3 wrong               0 1 3 4 5
    6     none                            4 correct             4 0 1 2 3
    7     3  not covered                                        3 0 1 2 4
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict, settle_overlaps
from regrade.records.predictions import NO_CLASS, Predictions

MakeSplit = Callable[..., Split]
MakeLabels = Callable[..., LabelSet]
MakePredictions = Callable[..., Predictions]
Case = tuple[Split, LabelSet, Predictions]


def _make_split(labels: Sequence[int]) -> Split:
    ids = tuple(f"item{position}" for position in range(len(labels)))
    return Split(name="main", ids=ids, labels=np.array(labels, np.int32), media=("",) * len(ids))


def _make_labels(
    verdicts: Mapping[int, Mapping[int, str]],
    *,
    n_classes: int = 6,
    original: Mapping[int, int] | None = None,
    problematic: Sequence[int] = (),
) -> LabelSet:
    items = sorted(verdicts)
    pairs = [(item, class_id, verdicts[item][class_id]) for item in items for class_id in sorted(verdicts[item])]
    return LabelSet(
        split="main",
        n_classes=n_classes,
        items=np.array(items, np.int32),
        original=np.array([(original or {}).get(item, NO_LABEL) for item in items], np.int32),
        problematic=np.array([item in problematic for item in items], np.bool_),
        pair_items=np.array([item for item, _, _ in pairs], np.int32),
        pair_classes=np.array([class_id for _, class_id, _ in pairs], np.int32),
        pair_codes=np.array([Verdict(verdict).code for _, _, verdict in pairs], np.int8),
    )


def _make_predictions(
    ranks: Sequence[Sequence[int]],
    *,
    n_classes: int = 6,
    scores: Sequence[Sequence[float]] | None = None,
    only_mistakes: bool = False,
    n_ties: int = 0,
) -> Predictions:
    return Predictions(
        model="toy",
        split="main",
        kind="model",
        n_classes=n_classes,
        classes=np.array(ranks, np.int16),
        scores=None if scores is None else np.array(scores, np.float32),
        score_kind="none" if scores is None else "probability",
        only_mistakes=only_mistakes,
        n_ties=n_ties,
    )


@pytest.fixture(scope="session")
def make_split() -> MakeSplit:
    """Make a split from its original labels."""
    return _make_split


@pytest.fixture(scope="session")
def make_labels() -> MakeLabels:
    """Make a label set: `make_labels({0: {3: "correct"}, 1: {}}, original={0: 3}, problematic=[1])`."""
    return _make_labels


@pytest.fixture(scope="session")
def make_predictions() -> MakePredictions:
    """Make predictions from rows of ranked classes; NO_CLASS stands for a missing one."""
    return _make_predictions


@pytest.fixture(scope="session")
def toy_split() -> Split:
    return _make_split([0, 0, 1, 1, 2, 2, NO_LABEL, 3])


@pytest.fixture(scope="session")
def toy_labels() -> LabelSet:
    return _make_labels(
        {
            0: {0: "correct", 1: "unclear"},
            1: {0: "correct", 3: "wrong"},
            2: {1: "correct", 4: "unclear"},
            3: {1: "wrong", 2: "correct"},
            4: {2: "correct"},
            5: {3: "wrong"},
            6: {4: "correct"},
        },
        original={0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 2},
        problematic=[4],
    )


@pytest.fixture(scope="session")
def toy_predictions() -> Predictions:
    return _make_predictions(
        [
            [1, 0, 2, 3, 4],
            [3, 1, 2, 4, 5],
            [1, 2, 3, 4, 5],
            [1, 2, 3, 4, 5],
            [2, 0, 1, 3, 4],
            [0, 1, 3, 4, 5],
            [4, 0, 1, 2, 3],
            [3, 0, 1, 2, 4],
        ],
        n_ties=2,
    )


@pytest.fixture(scope="session")
def random_case() -> Callable[[int], Case]:
    """Make a small random benchmark and a model on it, with every irregularity that the records allow."""

    def make(seed: int) -> Case:
        rng = np.random.default_rng(seed)
        n_items, n_classes = 60, 7
        split = _make_split(rng.integers(NO_LABEL, n_classes, n_items).tolist())
        items = np.flatnonzero(rng.random(n_items) < 0.8).astype(np.int32)
        original = np.where(rng.random(len(items)) < 0.7, split.labels[items], NO_LABEL)
        original = np.where(rng.random(len(items)) < 0.1, rng.integers(0, n_classes, len(items)), original)
        pair_items, pair_classes, pair_codes, _ = settle_overlaps(
            rng.choice(items, 150),
            rng.integers(0, n_classes, 150, dtype=np.int32),
            rng.integers(0, 3, 150, dtype=np.int8),
        )
        labels = LabelSet(
            split="main",
            n_classes=n_classes,
            items=items,
            original=original.astype(np.int32),
            problematic=rng.random(len(items)) < 0.15,
            pair_items=pair_items,
            pair_classes=pair_classes,
            pair_codes=pair_codes,
        )
        ranks = rng.permuted(np.tile(np.arange(n_classes), (n_items, 1)), axis=1)
        ranks[rng.random(n_items) < 0.1] = NO_CLASS
        scores = rng.random((n_items, n_classes)).tolist()
        return split, labels, _make_predictions(ranks.tolist(), n_classes=n_classes, scores=scores)

    return make


@pytest.fixture(scope="session")
def benchmark_sizes(shared_data: Path) -> npt.NDArray[np.int64]:
    """(1000,) graded items of each class of the multi-labels of ImageNet: 2 to 20, 18,692 in all."""
    rows = pl.read_csv(shared_data / "imagenet" / "multilabel_v3.csv").filter(pl.col("problematic") == 0)
    sizes = np.bincount(rows["original_label"].to_numpy())
    assert (len(sizes), sizes.min(), sizes.max(), sizes.sum()) == (1000, 2, 20, 18_692)
    return sizes
