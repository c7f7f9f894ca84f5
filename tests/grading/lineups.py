"""Small benchmarks with several models, for the tests of comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from regrade.grading import AnswerKey, Lineup, line_up, prepare_key
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, PredictionKind, Predictions
from tests.grading.conftest import _make_labels, _make_predictions, _make_split

HAND_LABELS = [0, 0, 0, 1, 1, 2]
HAND_VERDICTS = {
    0: {0: "correct"},
    1: {0: "correct", 1: "wrong"},
    2: {0: "correct", 2: "wrong"},
    3: {1: "correct"},
    4: {1: "correct", 0: "wrong"},
    5: {2: "correct"},
}
A = (0, 1, 2, 0, 0, 2)
"""Wrong on 1, 2, 3 and 4; 3 is unreviewed. By class 1/3, 0, 1: 4/9."""
B = (1, 1, 0, 0, 1, 0)
"""Wrong on 0, 1, 3 and 5; 0, 3 and 5 are unreviewed. By class 1/3, 1/2, 0: 5/18. On 1 and 3 it says what A says."""


def hand_key(policy: Policy = "multilabel") -> AnswerKey:
    """Six items of three classes, every verdict by hand."""
    labels = _make_labels(HAND_VERDICTS, n_classes=3, original=dict(enumerate(HAND_LABELS)))
    return prepare_key(labels, _make_split(HAND_LABELS), ref="hand@1", policy=policy)


def model(
    name: str,
    top: Sequence[int],
    *,
    n_classes: int = 3,
    kind: PredictionKind = "model",
    only_mistakes: bool = False,
) -> Predictions:
    """A model that names one class an item; NO_CLASS: none."""
    made = _make_predictions([[class_id] for class_id in top], n_classes=n_classes, only_mistakes=only_mistakes)
    return replace(made, model=name, kind=kind)


def hand_lineup(policy: Policy = "multilabel") -> tuple[Lineup, AnswerKey]:
    """A and B by hand."""
    key = hand_key(policy)
    return line_up([model("a", A), model("b", B)], key), key


def simple_key(n_items: int, *, n_classes: int = 3, judged: bool = True) -> AnswerKey:
    """Items of class 0 only: class 0 is correct, and the others wrong or never judged."""
    verdicts = {0: "correct", **(dict.fromkeys(range(1, n_classes), "wrong") if judged else {})}
    labels = _make_labels(
        dict.fromkeys(range(n_items), verdicts), n_classes=n_classes, original=dict.fromkeys(range(n_items), 0)
    )
    return prepare_key(labels, _make_split([0] * n_items), ref="simple@1")


def random_models(
    split: Split, labels: LabelSet, seed: int, *, n_models: int = 5, missing: float = 0.1
) -> list[Predictions]:
    """Models that are right more often than by chance and share some mistakes; some items missing for each."""
    rng = np.random.default_rng(seed)
    n_items, n_classes = len(split), labels.n_classes
    common = rng.integers(0, n_classes, n_items)
    models = []
    for at in range(n_models):
        top: npt.NDArray[np.int64] = np.where(rng.random(n_items) < 0.5, split.labels, common)
        top = np.where(rng.random(n_items) < 0.3, rng.integers(0, n_classes, n_items), top)
        top[top < 0] = 0
        if at % 2:
            top[rng.random(n_items) < missing] = NO_CLASS
        models.append(model(f"m{at}", top.tolist(), n_classes=n_classes, kind="human" if at % 3 == 1 else "model"))
    return models
