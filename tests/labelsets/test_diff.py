from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.labelsets.diff import (
    ChangeCounts,
    ClassChanges,
    count_changes,
    count_class_changes,
    diff_labels,
    find_changed_items,
)
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet, Verdict
from regrade.records.publication import LabelChange

LabelsOf = Callable[..., LabelSet]
CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG


def test_each_sort_of_change_in_order(labels_of: LabelsOf) -> None:
    before = labels_of({0: {3: "correct"}, 1: {2: "wrong", 5: "correct"}, 2: {1: "wrong"}}, problematic={2})
    after = labels_of({0: {3: "correct"}, 1: {0: "wrong", 5: "unclear"}, 2: {1: "wrong"}}, problematic={1})
    changes = (
        LabelChange(item=1, class_id=None, before=None, after=None, problematic_after=True),
        LabelChange(item=1, class_id=0, before=None, after=WRONG),
        LabelChange(item=1, class_id=2, before=WRONG, after=None),
        LabelChange(item=1, class_id=5, before=CORRECT, after=UNCLEAR),
        LabelChange(item=2, class_id=None, before=None, after=None, problematic_after=False),
    )
    assert diff_labels(before, after) == changes
    assert count_changes(changes) == ChangeCounts(
        n_added=1, n_removed=1, n_changed=1, n_made_problematic=1, n_made_usable=1, n_items=2
    )


def test_changes_are_summed_up_class_by_class(labels_of: LabelsOf) -> None:
    # Original labels: items 0 and 1 class 0, item 2 class 7 in the newer one only, item 3 none.
    before = labels_of({0: {3: "correct"}, 1: {2: "wrong", 5: "correct"}, 2: {}, 3: {}}, problematic={2})
    after = labels_of({0: {3: "wrong", 2: "wrong"}, 1: {5: "unclear"}, 2: {}, 3: {2: "correct"}}, problematic={1, 3})
    before = dataclasses.replace(before, original=np.array([0, 0, NO_LABEL, NO_LABEL], np.int32))
    after = dataclasses.replace(after, original=np.array([0, 0, 7, NO_LABEL], np.int32))
    changes = diff_labels(before, after)
    empty = ClassChanges(0, n_added=0, n_removed=0, n_changed=0, n_made_problematic=0, n_made_usable=0)
    # Class 2: added on items 0 and 3, removed on item 1. Classes 3 and 5: changed. Item 1 (class 0) became problematic,
    # item 2 (class 7) usable; item 3 became problematic too and is of no class.
    assert count_class_changes(changes, before, after) == (
        dataclasses.replace(empty, class_id=0, n_made_problematic=1),
        dataclasses.replace(empty, class_id=2, n_added=2, n_removed=1),
        dataclasses.replace(empty, class_id=3, n_changed=1),
        dataclasses.replace(empty, class_id=5, n_changed=1),
        dataclasses.replace(empty, class_id=7, n_made_usable=1),
    )
    assert count_changes(changes).n_made_problematic == 2
    assert count_class_changes((), before, after) == ()


def test_an_item_that_only_the_older_one_covers_is_of_the_class_it_had_there(labels_of: LabelsOf) -> None:
    before, after = labels_of({4: {}}, problematic={4}), labels_of({})
    changes = diff_labels(before, after)
    assert [(row.class_id, row.n_made_usable) for row in count_class_changes(changes, before, after)] == [(0, 1)]


def test_changed_items_are_those_that_can_be_graded_otherwise(labels_of: LabelsOf) -> None:
    # Item 0 stays. 1: a verdict changed. 2: one came. 3: one went. 4: problematic. 5: another original label.
    # 6: covered by the older one only. 7: by the newer only, without a verdict. 8: only now without a label.
    pairs = {1: {1: "wrong"}, 2: {}, 3: {1: "wrong", 9: "wrong"}, 4: {2: "correct"}, 5: {}, 6: {}, 8: {}}
    before = labels_of({0: {3: "correct"}, **pairs})
    after = labels_of(
        {
            0: {3: "correct"},
            1: {1: "unclear"},
            2: {0: "wrong"},
            3: {9: "wrong"},
            4: {2: "correct"},
            5: {},
            7: {},
            8: {},
        },
        problematic={4},
    )
    after = dataclasses.replace(after, original=np.array([0, 0, 0, 0, 0, 9, 0, NO_LABEL], np.int32))
    changed = find_changed_items(before, after)
    assert changed.dtype == np.dtype(np.int32)
    assert changed.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert find_changed_items(after, before).tolist() == changed.tolist()
    assert find_changed_items(after, after).tolist() == []
    with pytest.raises(InputError, match="got one of split train"):
        find_changed_items(before, dataclasses.replace(after, split="train"))


def test_nothing_differs(labels_of: LabelsOf) -> None:
    labels = labels_of({0: {3: "correct"}, 1: {}}, problematic={0})
    assert diff_labels(labels, labels) == ()
    assert diff_labels(labels_of({}), labels_of({})) == ()
    assert count_changes([]) == ChangeCounts(
        n_added=0, n_removed=0, n_changed=0, n_made_problematic=0, n_made_usable=0, n_items=0
    )


def test_an_item_that_one_does_not_cover_counts_as_never_judged(labels_of: LabelsOf) -> None:
    small = labels_of({0: {3: "correct"}})
    large = labels_of({0: {3: "correct"}, 4: {1: "unclear"}, 5: {}}, problematic={5})
    assert diff_labels(small, large) == (
        LabelChange(item=4, class_id=1, before=None, after=UNCLEAR),
        LabelChange(item=5, class_id=None, before=None, after=None, problematic_after=True),
    )
    assert diff_labels(large, small) == (
        LabelChange(item=4, class_id=1, before=UNCLEAR, after=None),
        LabelChange(item=5, class_id=None, before=None, after=None, problematic_after=False),
    )


def test_label_sets_of_different_splits_or_classes_are_not_compared(labels_of: LabelsOf) -> None:
    labels = labels_of({0: {}})
    with pytest.raises(InputError, match="split main with 10 classes; got one of split train with 10"):
        diff_labels(labels, dataclasses.replace(labels, split="train"))
    with pytest.raises(InputError, match="split main with 10 classes; got one of split main with 9"):
        diff_labels(labels, dataclasses.replace(labels, n_classes=9))


contents = st.dictionaries(
    st.integers(0, 5), st.dictionaries(st.integers(0, 9), st.sampled_from([verdict.value for verdict in Verdict]))
)


@given(before=contents, after=contents, flagged=st.frozensets(st.integers(0, 5)))
def test_a_diff_says_what_differs_pair_by_pair(
    labels_of: LabelsOf,
    before: dict[int, dict[int, str]],
    after: dict[int, dict[int, str]],
    flagged: frozenset[int],
) -> None:
    # Counted here without arrays.
    pairs = {(item, class_id) for content in (before, after) for item in content for class_id in content[item]}
    expected = {
        (item, class_id): (before.get(item, {}).get(class_id), after.get(item, {}).get(class_id))
        for item, class_id in pairs
        if before.get(item, {}).get(class_id) != after.get(item, {}).get(class_id)
    }
    changes = diff_labels(labels_of(before), labels_of(after, problematic=flagged))
    found = {
        (change.item, change.class_id): (change.before, change.after)
        for change in changes
        if change.class_id is not None
    }
    assert found == expected
    assert [change.item for change in changes if change.class_id is None] == sorted(flagged & after.keys())
    assert [change.item for change in changes] == sorted(change.item for change in changes)
