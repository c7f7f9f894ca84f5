"""A made benchmark of ImageNet's size: labels that cover 20,000 of 50,000 items, and models of about its accuracies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.items import Split
from regrade.records.labels import LabelSet, Verdict, settle_overlaps

N_ITEMS, N_COVERED, N_PROBLEMATIC, N_CLASSES, N_RANKS = 50_000, 20_000, 1_308, 1_000, 5
N_CANDIDATES = 6
"""Each item has this many likely classes; the first is its label, the first four are judged."""


@dataclass(frozen=True)
class Made:
    """The benchmark, and what its models choose from."""

    split: Split
    labels: LabelSet
    candidates: npt.NDArray[np.int16]
    """(n, 6) likely classes of each item, all different, its label first."""


def make_benchmark() -> Made:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, N_CLASSES, N_ITEMS, dtype=np.int32)
    # Steps below 1000 / 5 keep the candidates of an item apart.
    steps = rng.integers(1, N_CLASSES // N_CANDIDATES, (N_ITEMS, 1))
    candidates = (labels[:, None] + steps * np.arange(N_CANDIDATES)) % N_CLASSES
    items = np.sort(rng.choice(N_ITEMS, N_COVERED, replace=False)).astype(np.int32)
    codes = np.full((N_COVERED, 4), Verdict.WRONG.code, np.int8)
    codes[:, 0] = Verdict.CORRECT.code
    codes[rng.random(N_COVERED) < 0.3, 1] = Verdict.UNCLEAR.code
    pair_items, pair_classes, pair_codes, _ = settle_overlaps(
        np.repeat(items, 4), candidates[items, :4].ravel().astype(np.int32), codes.ravel()
    )
    problematic = np.zeros(N_COVERED, np.bool_)
    problematic[rng.choice(N_COVERED, N_PROBLEMATIC, replace=False)] = True
    ids = tuple(f"item{position:05}" for position in range(N_ITEMS))
    return Made(
        split=Split("main", ids, labels, ("",) * N_ITEMS),
        labels=LabelSet("main", N_CLASSES, items, labels[items], problematic, pair_items, pair_classes, pair_codes),
        candidates=candidates.astype(np.int16),
    )


def make_top1(made: Made, model: int) -> npt.NDArray[np.int16]:
    """(n,) top-1 classes of one model, right on 55 to 85 % of the items, else a likely class."""
    rng = np.random.default_rng((3, model))
    accuracy = rng.uniform(0.55, 0.85)
    other = rng.integers(1, N_CANDIDATES, N_ITEMS)
    chosen = np.where(rng.random(N_ITEMS) < accuracy, 0, other)
    return made.candidates[np.arange(N_ITEMS), chosen]


def make_scores(made: Made, model: int) -> npt.NDArray[np.float32]:
    """(n, C) scores that rank as `make_ranks` does, the other classes behind."""
    scores = np.random.default_rng((4, model)).standard_normal((N_ITEMS, N_CLASSES), dtype=np.float32)
    scores[np.arange(N_ITEMS)[:, None], make_ranks(made, model)] += np.arange(N_RANKS, 0, -1, dtype=np.float32) * 4
    return scores


def make_ranks(made: Made, model: int) -> npt.NDArray[np.int16]:
    """(n, 5) ranked classes of one model, right at rank 1 on 55 to 85 % of the items."""
    rng = np.random.default_rng((2, model))
    accuracy = rng.uniform(0.55, 0.85)
    order = rng.random((N_ITEMS, N_CANDIDATES))
    order[rng.random(N_ITEMS) < accuracy, 0] = -1
    return np.take_along_axis(made.candidates, np.argsort(order, axis=1)[:, :N_RANKS], axis=1)
