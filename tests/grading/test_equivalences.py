"""Classes that mean the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.grading import accept_equivalences
from regrade.records.classes import Equivalences
from regrade.records.labels import VERDICTS, LabelSet

MakeLabels = Callable[..., LabelSet]


def equivalences_of(pairs: Sequence[tuple[int, int]]) -> Equivalences:
    array = np.array(pairs, np.int32).reshape(-1, 2)
    return Equivalences(labels=array[:, 0], accepted=array[:, 1])


def verdicts_of(labels: LabelSet) -> dict[int, dict[int, str]]:
    verdicts: dict[int, dict[int, str]] = {int(item): {} for item in labels.items}
    for item, class_id, code in zip(labels.pair_items, labels.pair_classes, labels.pair_codes, strict=True):
        verdicts[int(item)][int(class_id)] = str(VERDICTS[code])
    return verdicts


@pytest.mark.parametrize(
    ("pairs", "before", "after"),
    [
        pytest.param([(0, 1)], {0: "correct"}, {0: "correct", 1: "correct"}, id="correct spreads"),
        pytest.param([(0, 1)], {0: "unclear"}, {0: "unclear", 1: "unclear"}, id="unclear spreads"),
        pytest.param([(0, 1)], {0: "wrong"}, {0: "wrong"}, id="wrong does not spread"),
        pytest.param([(0, 1)], {1: "correct"}, {1: "correct"}, id="directed"),
        pytest.param([(0, 1)], {0: "correct", 1: "wrong"}, {0: "correct", 1: "correct"}, id="wrong is raised"),
        pytest.param([(0, 1)], {0: "correct", 1: "unclear"}, {0: "correct", 1: "correct"}, id="unclear is raised"),
        pytest.param([(0, 1)], {0: "unclear", 1: "correct"}, {0: "unclear", 1: "correct"}, id="never weakened"),
        pytest.param([(0, 1), (1, 2)], {0: "correct"}, {0: "correct", 1: "correct"}, id="not chained"),
        pytest.param([(1, 2), (0, 1)], {0: "correct"}, {0: "correct", 1: "correct"}, id="not chained, other order"),
        pytest.param(
            [(0, 5), (1, 5)], {0: "unclear", 1: "correct"}, {0: "unclear", 1: "correct", 5: "correct"}, id="best wins"
        ),
        pytest.param(
            [(3, 0), (3, 5), (3, 0), (3, 3)],
            {3: "correct"},
            {0: "correct", 3: "correct", 5: "correct"},
            id="several, repeated and itself",
        ),
        pytest.param([], {0: "correct"}, {0: "correct"}, id="no pair"),
        pytest.param([(0, 1)], {}, {}, id="no verdict"),
    ],
)
def test_one_item(
    make_labels: MakeLabels, pairs: list[tuple[int, int]], before: dict[int, str], after: dict[int, str]
) -> None:
    labels = make_labels({4: before}, original={4: 3}, problematic=[4])
    widened = accept_equivalences(labels, equivalences_of(pairs))
    assert verdicts_of(widened) == {4: after}
    assert (widened.original.tolist(), widened.problematic.tolist()) == ([3], [True])
    assert verdicts_of(labels) == {4: before}
    dtypes = [array.dtype for array in (widened.pair_items, widened.pair_classes, widened.pair_codes)]
    assert dtypes == [np.dtype(name) for name in ("int32", "int32", "int8")]


def test_pairs_stay_sorted_over_items(make_labels: MakeLabels) -> None:
    labels = make_labels({1: {4: "correct"}, 3: {2: "wrong", 5: "correct"}, 7: {0: "unclear", 4: "correct"}})
    widened = accept_equivalences(labels, equivalences_of([(5, 0), (4, 2), (4, 0)]))
    # 1: 4 gives 2 and 0. 3: 5 gives 0. 7: 4 gives 2 and raises 0.
    assert list(zip(widened.pair_items.tolist(), widened.pair_classes.tolist(), strict=True)) == [
        *[(1, 0), (1, 2), (1, 4)],
        *[(3, 0), (3, 2), (3, 5)],
        *[(7, 0), (7, 2), (7, 4)],
    ]
    assert verdicts_of(widened)[7] == {0: "correct", 2: "correct", 4: "correct"}


@pytest.mark.parametrize("pair", [(0, 6), (6, 0), (-1, 0)])
def test_a_class_out_of_range_is_refused(make_labels: MakeLabels, pair: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=r"equivalences: expected class ids from 0 to 5; got (6|-1)"):
        accept_equivalences(make_labels({0: {0: "correct"}}), equivalences_of([pair]))
