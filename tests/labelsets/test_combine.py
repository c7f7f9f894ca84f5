from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.labelsets.check import check_label_set
from regrade.labelsets.combine import Combination, combine_labels
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet, Verdict

LabelsOf = Callable[..., LabelSet]
ContentOf = Callable[[LabelSet], dict[int, dict[int, str]]]


def with_originals(labels: LabelSet, *original: int) -> LabelSet:
    return dataclasses.replace(labels, original=np.array(original, np.int32))


def test_what_only_one_says_is_kept_under_both(labels_of: LabelsOf, content_of: ContentOf) -> None:
    one = labels_of({0: {3: "correct"}, 2: {1: "wrong"}}, problematic={2})
    other = labels_of({0: {5: "wrong"}, 7: {}, 9: {4: "unclear"}}, problematic={9})
    for how in ("union", "prefer"):
        made = combine_labels([one, other], how=how)
        check_label_set(made.labels, 10)
        assert content_of(made.labels) == {0: {3: "correct", 5: "wrong"}, 2: {1: "wrong"}, 7: {}, 9: {4: "unclear"}}
        assert made.labels.problematic.tolist() == [False, True, False, True]
        assert (made.n_verdicts_differing, made.n_flags_differing, made.n_originals_differing) == (0, 0, 0)


# On item 0, class by class: wrong and correct; unclear and wrong; correct and unclear; alike; only one of them each.
FIRST = {0: {0: "wrong", 1: "unclear", 2: "correct", 3: "wrong", 4: "wrong"}}
SECOND = {0: {0: "correct", 1: "wrong", 2: "unclear", 3: "wrong", 5: "correct"}}


@pytest.mark.parametrize(
    ("how", "swapped", "expected"),
    [
        pytest.param("union", False, ["correct", "unclear", "correct", "wrong", "wrong", "correct"], id="union"),
        pytest.param("union", True, ["correct", "unclear", "correct", "wrong", "wrong", "correct"], id="union-swapped"),
        pytest.param("prefer", False, ["wrong", "unclear", "correct", "wrong", "wrong", "correct"], id="prefer-first"),
        pytest.param("prefer", True, ["correct", "wrong", "unclear", "wrong", "wrong", "correct"], id="prefer-second"),
    ],
)
def test_differing_verdicts(
    labels_of: LabelsOf, content_of: ContentOf, how: Combination, swapped: bool, expected: list[str]
) -> None:
    sources = [labels_of(FIRST), labels_of(SECOND)]
    made = combine_labels(sources[::-1] if swapped else sources, how=how)
    assert content_of(made.labels) == {0: dict(enumerate(expected))}
    assert made.n_verdicts_differing == 3


def test_a_pair_counts_once_however_many_differ(labels_of: LabelsOf, content_of: ContentOf) -> None:
    sources = [labels_of({0: {1: verdict}}) for verdict in ("unclear", "wrong", "correct")]
    made = combine_labels(sources, how="prefer")
    assert content_of(made.labels) == {0: {1: "unclear"}}
    assert made.n_verdicts_differing == 1


def test_problematic_where_any_says_so_or_as_the_first_that_covers_the_item_says(labels_of: LabelsOf) -> None:
    # Item 0: fine, then problematic. Item 1: the other way round. Item 2: only the second covers it. 3: both alike.
    one = labels_of({0: {}, 1: {}, 3: {}}, problematic={1, 3})
    other = labels_of({0: {}, 1: {}, 2: {}, 3: {}}, problematic={0, 2, 3})
    union, prefer = (combine_labels([one, other], how=how) for how in ("union", "prefer"))
    assert union.labels.problematic.tolist() == [True, True, True, True]
    assert prefer.labels.problematic.tolist() == [False, True, True, True]
    assert union.n_flags_differing == prefer.n_flags_differing == 2


def test_the_first_original_label_counts_under_both(labels_of: LabelsOf) -> None:
    one = with_originals(labels_of({0: {}, 1: {}, 2: {}}), 4, NO_LABEL, NO_LABEL)
    other = with_originals(labels_of({0: {}, 1: {}, 2: {}, 3: {}}), 5, 6, NO_LABEL, 7)
    for how in ("union", "prefer"):
        made = combine_labels([one, other], how=how)
        assert made.labels.original.tolist() == [4, 6, NO_LABEL, 7]
        assert made.n_originals_differing == 1


def test_combining_nothing_with_nothing(labels_of: LabelsOf, content_of: ContentOf) -> None:
    made = combine_labels([labels_of({}), labels_of({})], how="union")
    assert content_of(made.labels) == {}
    assert made.n_verdicts_differing == 0


def test_one_label_set_or_two_of_different_kinds_are_refused(labels_of: LabelsOf) -> None:
    labels = labels_of({0: {}})
    with pytest.raises(InputError, match="at least two label sets; got 1"):
        combine_labels([labels], how="union")
    with pytest.raises(InputError, match="split main with 10 classes; got one of split train"):
        combine_labels([labels, dataclasses.replace(labels, split="train")], how="prefer")
    with pytest.raises(InputError, match="split main with 10 classes; got one of split main with 9"):
        combine_labels([labels, labels, dataclasses.replace(labels, n_classes=9)], how="prefer")


contents = st.dictionaries(
    st.integers(0, 5), st.dictionaries(st.integers(0, 9), st.sampled_from([verdict.value for verdict in Verdict]))
)


@settings(deadline=None)  # the machine may be busy
@given(parts=st.lists(st.tuples(contents, st.frozensets(st.integers(0, 5))), min_size=2, max_size=4))
def test_both_ways_pair_by_pair(
    labels_of: LabelsOf,
    content_of: ContentOf,
    parts: list[tuple[dict[int, dict[int, str]], frozenset[int]]],
) -> None:
    # Settled here without arrays, source by source.
    rank = {"wrong": 0, "unclear": 1, "correct": 2}
    best: dict[int, dict[int, str]] = {}
    first: dict[int, dict[int, str]] = {}
    any_flag: dict[int, bool] = {}
    first_flag: dict[int, bool] = {}
    judged: dict[tuple[int, int], set[str]] = {}
    for content, flagged in parts:
        for item, verdicts in content.items():
            first_flag.setdefault(item, item in flagged)
            any_flag[item] = any_flag.get(item, False) or item in flagged
            best.setdefault(item, {})
            first.setdefault(item, {})
            for class_id, verdict in verdicts.items():
                judged.setdefault((item, class_id), set()).add(verdict)
                first[item].setdefault(class_id, verdict)
                best[item][class_id] = max(best[item].get(class_id, "wrong"), verdict, key=rank.__getitem__)
    sources = [labels_of(content, problematic=flagged & content.keys()) for content, flagged in parts]
    for how, expected, flags in (("union", best, any_flag), ("prefer", first, first_flag)):
        made = combine_labels(sources, how=how)  # type: ignore[arg-type]
        check_label_set(made.labels, 6)
        assert content_of(made.labels) == expected
        assert made.labels.problematic.tolist() == [flags[item] for item in sorted(flags)]
        assert made.n_verdicts_differing == sum(len(verdicts) > 1 for verdicts in judged.values())
