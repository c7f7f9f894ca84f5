from __future__ import annotations

from collections.abc import Callable

from regrade.labelsets.diff import diff_labels
from regrade.labelsets.trace import trace_changes
from regrade.records.labels import LabelSet

LabelsOf = Callable[..., LabelSet]


def test_the_last_version_that_said_something_else_made_the_change(labels_of: LabelsOf) -> None:
    start = labels_of({0: {1: "correct", 2: "wrong", 3: "correct"}, 1: {}, 2: {}})
    versions = [
        labels_of({0: {1: "wrong", 2: "wrong", 3: "unclear"}, 1: {}, 2: {}}, problematic={1}),
        labels_of({0: {1: "wrong", 2: "wrong", 3: "wrong", 4: "correct"}, 1: {}, 2: {}}, problematic={1}),
        labels_of({0: {1: "wrong", 3: "wrong", 4: "correct"}, 1: {}, 2: {}}, problematic={1, 2}),
    ]
    changes = diff_labels(start, versions[-1])
    found = {
        (row.item, row.class_id): at for row, at in zip(changes, trace_changes(changes, start, versions), strict=True)
    }
    # (0,1): the first. (0,2): removed by the last. (0,3): changed twice. (0,4): added by the second.
    # Items 1 and 2 became problematic with the first and the last.
    assert found == {(0, 1): 0, (0, 2): 2, (0, 3): 1, (0, 4): 1, (1, None): 0, (2, None): 2}


def test_a_change_there_and_back_again_is_made_by_the_one_that_took_it_back(labels_of: LabelsOf) -> None:
    correct, wrong = labels_of({0: {1: "correct"}}), labels_of({0: {1: "wrong"}})
    changes = diff_labels(wrong, correct)
    assert trace_changes(changes, correct, [wrong, correct]) == (1,)


def test_what_no_version_touched_has_no_maker(labels_of: LabelsOf) -> None:
    # The versions start from other content than the one that the change was seen against.
    correct, wrong = labels_of({0: {1: "correct"}}), labels_of({0: {1: "wrong"}})
    changes = diff_labels(wrong, correct)
    assert trace_changes(changes, correct, [correct]) == (None,)
    assert trace_changes(changes, correct, []) == (None,)


def test_no_change_needs_no_maker(labels_of: LabelsOf) -> None:
    assert trace_changes((), labels_of({}), [labels_of({})]) == ()
