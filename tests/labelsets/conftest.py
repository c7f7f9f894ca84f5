"""What the tests of label sets build again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from regrade.records.labels import LabelSet, Verdict


@pytest.fixture(scope="session")
def labels_of() -> Callable[..., LabelSet]:
    """Make a label set of 10 classes: `labels_of({0: {3: "correct"}, 1: {}}, problematic={1})`."""

    def build(content: Mapping[int, Mapping[int, str]], *, problematic: frozenset[int] = frozenset()) -> LabelSet:
        items = sorted(content)
        pairs = [(item, class_id, content[item][class_id]) for item in items for class_id in sorted(content[item])]
        return LabelSet(
            split="main",
            n_classes=10,
            items=np.array(items, np.int32),
            original=np.zeros(len(items), np.int32),
            problematic=np.array([item in problematic for item in items], np.bool_),
            pair_items=np.array([item for item, _, _ in pairs], np.int32),
            pair_classes=np.array([class_id for _, class_id, _ in pairs], np.int32),
            pair_codes=np.array([Verdict(verdict).code for _, _, verdict in pairs], np.int8),
        )

    return build


@pytest.fixture(scope="session")
def content_of() -> Callable[[LabelSet], dict[int, dict[int, str]]]:
    """The verdicts of a label set as `labels_of` takes them."""

    def read(labels: LabelSet) -> dict[int, dict[int, str]]:
        content: dict[int, dict[int, str]] = {int(item): {} for item in labels.items}
        for item, class_id in zip(labels.pair_items.tolist(), labels.pair_classes.tolist(), strict=True):
            content[item][class_id] = str(labels.verdict(item, class_id))
        return content

    return read
