from __future__ import annotations

import numpy as np

from regrade.labelsets.check import check_label_set
from regrade.labelsets.original import original_labels
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import Verdict


def split_of(*labels: int) -> Split:
    ids = tuple(f"i{number}" for number in range(len(labels)))
    return Split(name="test", ids=ids, labels=np.array(labels, np.int32), media=("",) * len(labels))


def test_the_original_label_is_correct_and_nothing_else_is_judged() -> None:
    labels = original_labels(split_of(4, NO_LABEL, 0, 4), 5)
    check_label_set(labels, 4)
    # The item at position 1 carries no label and is not covered.
    assert (labels.split, labels.n_classes) == ("test", 5)
    assert labels.items.tolist() == labels.pair_items.tolist() == [0, 2, 3]
    assert labels.original.tolist() == labels.pair_classes.tolist() == [4, 0, 4]
    assert not labels.problematic.any()
    assert [labels.verdict(item, 4) for item in (0, 1, 2, 3)] == [Verdict.CORRECT, None, None, Verdict.CORRECT]
    assert labels.accepted_classes(2) == (0,)


def test_a_split_without_labels_covers_nothing() -> None:
    labels = original_labels(split_of(NO_LABEL, NO_LABEL), 5)
    check_label_set(labels, 2)
    assert len(labels.items) == len(labels.pair_items) == 0
