from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.labelsets.check import check_label_set
from regrade.labelsets.diff import diff_labels
from regrade.labelsets.publish import publish_decisions
from regrade.records.labels import LabelSet, Verdict
from regrade.records.panel import Decision, DecisionMethod, Pass
from regrade.records.publication import Conflict, LabelChange, Publication

LabelsOf = Callable[..., LabelSet]
ContentOf = Callable[[LabelSet], dict[int, dict[int, str]]]
CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
ids: Iterator[int] = count(1)


def decide(
    item: int, class_id: int | None, verdict: str | None = None, base: str = "labels@1", *, usable: bool = False
) -> Decision:
    """A decision of the first pass; class None means problematic, or usable after all."""
    return Decision(
        id=next(ids),
        split="main",
        item=item,
        class_id=class_id,
        pass_=Pass.VERDICT,
        verdict=None if verdict is None else Verdict(verdict),
        category=None,
        severity=None,
        method=DecisionMethod.CONSENSUS,
        author="ann, bob",
        reason="",
        base=base,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        usable=usable,
    )


def publish(head: LabelSet, *decisions: Decision) -> Publication:
    return publish_decisions(head, "labels@1", decisions, {})


def test_exactly_the_decided_pairs_are_replaced(labels_of: LabelsOf, content_of: ContentOf) -> None:
    head = labels_of({0: {3: "correct"}, 2: {3: "correct", 5: "wrong"}, 4: {1: "unclear"}}, problematic={4})
    # In no order: a new verdict before, between and after the old ones of item 2, and one that takes another's place.
    decisions = [decide(2, 9, "wrong"), decide(2, 5, "unclear"), decide(0, 1, "wrong"), decide(2, 4, "correct")]
    published = publish(head, *decisions)
    check_label_set(published.labels, 5)
    assert content_of(published.labels) == {
        0: {1: "wrong", 3: "correct"},
        2: {3: "correct", 4: "correct", 5: "unclear", 9: "wrong"},
        4: {1: "unclear"},
    }
    assert published.labels.problematic.tolist() == [False, False, True]
    assert published.labels.original.tolist() == head.original.tolist()
    assert published.changes == (
        LabelChange(item=0, class_id=1, before=None, after=WRONG),
        LabelChange(item=2, class_id=4, before=None, after=CORRECT),
        LabelChange(item=2, class_id=5, before=WRONG, after=UNCLEAR),
        LabelChange(item=2, class_id=9, before=None, after=WRONG),
    )
    assert published.applied == tuple(decisions)
    assert (published.conflicts, published.held_back, published.held_back_items) == ((), (), ())
    # The head is as it was, and of the same types.
    assert content_of(head) == {0: {3: "correct"}, 2: {3: "correct", 5: "wrong"}, 4: {1: "unclear"}}
    assert published.labels.pair_items.dtype == published.labels.pair_classes.dtype == np.int32
    assert published.labels.pair_codes.dtype == np.int8


def test_no_decisions_leave_the_head(labels_of: LabelsOf, content_of: ContentOf) -> None:
    head = labels_of({0: {3: "correct"}, 1: {}})
    published = publish(head)
    assert content_of(published.labels) == content_of(head)
    assert not published.applied
    assert not published.changes
    assert not published.conflicts
    assert not published.held_back
    assert content_of(publish(labels_of({})).labels) == {}


def test_two_decisions_on_one_item_from_the_cases_of_two_models(labels_of: LabelsOf, content_of: ContentOf) -> None:
    # One model predicted 4, another 7; the panel finds 4 correct, 7 wrong, and the old label 3 wrong.
    head = labels_of({0: {3: "correct"}})
    published = publish(head, decide(0, 7, "wrong"), decide(0, 4, "correct"), decide(0, 3, "wrong"))
    assert content_of(published.labels) == {0: {3: "wrong", 4: "correct", 7: "wrong"}}
    assert len(published.applied) == 3


def test_a_decision_that_agrees_with_the_head_is_carried_and_changes_nothing(labels_of: LabelsOf) -> None:
    head = labels_of({0: {3: "correct"}, 1: {3: "correct"}}, problematic={1})
    decisions = (decide(0, 3, "correct"), decide(1, None))
    published = publish(head, *decisions)
    assert (published.changes, published.applied) == ((), decisions)


def test_an_item_that_is_usable_after_all_loses_the_flag(labels_of: LabelsOf, content_of: ContentOf) -> None:
    head = labels_of({0: {3: "correct"}, 1: {3: "correct"}, 2: {3: "wrong"}}, problematic={1, 2})
    usable = [decide(item, None, usable=True) for item in range(3)]
    published = publish(head, *usable)
    # Item 0 was usable: confirmed. Item 2 would be graded with nothing to be right about: held back.
    assert published.labels.problematic.tolist() == [False, False, True]
    assert published.changes == (LabelChange(item=1, class_id=None, before=None, after=None, problematic_after=False),)
    assert (published.applied, published.held_back) == (tuple(usable[:2]), (usable[2],))
    assert content_of(published.labels) == content_of(head)
    with_a_class = publish(head, usable[2], decide(2, 4, "correct"))
    assert with_a_class.labels.problematic.tolist() == [False, True, False]


def test_a_flag_that_another_version_changed_is_a_conflict(labels_of: LabelsOf) -> None:
    base = labels_of({0: {3: "correct"}, 1: {3: "correct"}}, problematic={1})
    head = labels_of({0: {3: "correct"}, 1: {3: "correct"}}, problematic={0})
    # Decided when 0 was usable and 1 problematic; another version has turned both round.
    confirms_the_base, agrees_with_the_head = decide(0, None, base="old@1", usable=True), decide(1, None, base="old@1")
    published = publish_decisions(head, "labels@1", [confirms_the_base, agrees_with_the_head], {"old@1": base})
    assert [row.decision for row in published.conflicts] == [confirms_the_base, agrees_with_the_head]
    same = publish_decisions(head, "labels@1", [decide(1, None, base="old@1", usable=True)], {"old@1": base})
    assert (same.conflicts, same.changes, len(same.applied)) == ((), (), 1)


def test_problematic_sets_the_flag_and_leaves_the_verdicts(labels_of: LabelsOf, content_of: ContentOf) -> None:
    head = labels_of({0: {3: "correct"}, 1: {3: "correct"}})
    published = publish(head, decide(1, None))
    assert published.labels.problematic.tolist() == [False, True]
    assert content_of(published.labels) == content_of(head)
    assert published.changes == (LabelChange(item=1, class_id=None, before=None, after=None, problematic_after=True),)


def test_a_second_publish_in_a_row(labels_of: LabelsOf, content_of: ContentOf) -> None:
    # Both decisions answer screens of version 1. The first publish carries one of them; version 2 differs from the
    # base of the other only in a pair that the other does not speak of.
    first = labels_of({0: {3: "correct"}})
    second = publish(first, decide(0, 4, "correct")).labels
    published = publish_decisions(second, "labels@2", [decide(0, 7, "wrong")], {"labels@1": first})
    assert content_of(published.labels) == {0: {3: "correct", 4: "correct", 7: "wrong"}}
    assert published.conflicts == ()


def test_a_pair_that_changed_since_the_base_is_a_conflict(labels_of: LabelsOf, content_of: ContentOf) -> None:
    first = labels_of({0: {3: "correct"}, 1: {3: "correct"}})
    second = labels_of({0: {3: "correct", 4: "wrong"}, 1: {3: "unclear"}})
    added, changed = decide(0, 4, "correct"), decide(1, 3, "wrong")
    clean = decide(0, 5, "unclear")
    published = publish_decisions(second, "labels@2", [added, clean, changed], {"labels@1": first})
    assert published.conflicts == (Conflict(added, None, WRONG), Conflict(changed, CORRECT, UNCLEAR))
    assert published.applied == (clean,)
    assert content_of(published.labels) == {0: {3: "correct", 4: "wrong", 5: "unclear"}, 1: {3: "unclear"}}


def test_a_removed_verdict_is_a_conflict_too(labels_of: LabelsOf) -> None:
    first, second = labels_of({0: {3: "correct", 4: "wrong"}}), labels_of({0: {3: "correct"}})
    decision = decide(0, 4, "correct")
    published = publish_decisions(second, "labels@2", [decision], {"labels@1": first})
    assert published.conflicts == (Conflict(decision, WRONG, None),)


def test_a_change_to_what_the_decision_says_is_no_conflict(labels_of: LabelsOf) -> None:
    first, second = labels_of({0: {3: "correct"}, 1: {}}), labels_of({0: {3: "correct", 4: "wrong"}, 1: {}})
    second = dataclasses.replace(second, problematic=np.array([False, True]))
    decisions = (decide(0, 4, "wrong"), decide(1, None))
    published = publish_decisions(second, "labels@2", decisions, {"labels@1": first})
    assert (published.applied, published.conflicts, published.changes) == (decisions, (), ())


def test_each_decision_is_compared_with_its_own_base(labels_of: LabelsOf) -> None:
    first = labels_of({0: {3: "correct"}, 1: {3: "correct"}})
    second = labels_of({0: {3: "unclear"}, 1: {3: "unclear"}})
    third = labels_of({0: {3: "unclear"}, 1: {3: "unclear"}, 2: {0: "correct"}})
    old, newer = decide(0, 3, "correct", base="labels@1"), decide(1, 3, "correct", base="labels@2")
    newest = decide(2, 0, "unclear", base="labels@3")
    bases = {"labels@1": first, "labels@2": second}
    published = publish_decisions(third, "labels@3", [old, newer, newest], bases)
    assert published.conflicts == (Conflict(old, CORRECT, UNCLEAR),)
    assert published.applied == (newer, newest)


def test_a_flag_that_was_taken_back_since_the_base_is_a_conflict(labels_of: LabelsOf) -> None:
    flagged, cleared = labels_of({0: {3: "correct"}}, problematic={0}), labels_of({0: {3: "correct"}})
    decision = decide(0, None)
    published = publish_decisions(cleared, "labels@2", [decision], {"labels@1": flagged})
    assert published.conflicts == (Conflict(decision, None, None),)
    assert not published.labels.problematic.any()


def test_a_change_of_the_flag_is_no_conflict_for_a_class(labels_of: LabelsOf) -> None:
    first, second = labels_of({0: {3: "correct"}}), labels_of({0: {3: "correct"}}, problematic={0})
    published = publish_decisions(second, "labels@2", [decide(0, 4, "wrong")], {"labels@1": first})
    assert len(published.applied) == 1


def test_an_item_that_the_base_did_not_cover_was_never_judged_there(labels_of: LabelsOf) -> None:
    first, second = labels_of({0: {}}), labels_of({0: {}, 1: {3: "correct"}})
    decisions = [decide(1, 3, "unclear"), decide(1, None)]
    published = publish_decisions(second, "labels@2", decisions, {"labels@1": first})
    assert published.conflicts == (Conflict(decisions[0], None, CORRECT),)
    assert published.applied == (decisions[1],)


def test_an_item_left_without_an_accepted_class_is_held_back_whole(labels_of: LabelsOf, content_of: ContentOf) -> None:
    # Item 0 would keep nothing: also its decision on 7, which confirms, stays out. Item 1 gets another class instead.
    # Item 2 keeps an unclear class.
    head = labels_of({0: {3: "correct", 7: "wrong"}, 1: {3: "correct"}, 2: {3: "correct", 4: "unclear"}})
    held = (decide(0, 7, "wrong"), decide(0, 3, "wrong"), decide(0, 4, "wrong"))
    fine = (decide(1, 3, "wrong"), decide(1, 8, "correct"), decide(2, 3, "wrong"))
    published = publish(head, *held, *fine)
    assert (published.held_back, published.held_back_items, published.applied) == (held, (0,), fine)
    assert content_of(published.labels) == {
        0: {3: "correct", 7: "wrong"},
        1: {3: "wrong", 8: "correct"},
        2: {3: "wrong", 4: "unclear"},
    }


def test_a_held_back_item_is_freed_by_an_added_class_or_by_being_problematic(labels_of: LabelsOf) -> None:
    head = labels_of({0: {3: "correct"}, 1: {3: "correct"}})
    decisions = [decide(0, 3, "wrong"), decide(1, 3, "wrong")]
    assert publish(head, *decisions).held_back_items == (0, 1)
    published = publish(head, *decisions, decide(0, 9, "unclear"), decide(1, None))
    assert published.held_back_items == ()
    assert published.labels.accepted_classes(0) == (9,)
    assert published.labels.accepted_classes(1) == ()
    assert published.labels.problematic.tolist() == [False, True]


def test_an_item_that_had_no_accepted_class_before(labels_of: LabelsOf, content_of: ContentOf) -> None:
    head = labels_of({0: {3: "wrong"}, 1: {3: "wrong"}, 2: {3: "wrong"}})
    confirms, changes = decide(0, 3, "wrong"), decide(0, 4, "wrong")
    only_confirms, gives_one = decide(1, 3, "wrong"), decide(2, 4, "correct")
    published = publish(head, confirms, changes, only_confirms, gives_one)
    # What changes something on item 0 waits; what confirms is carried.
    assert (published.held_back, published.held_back_items) == ((changes,), (0,))
    assert published.applied == (confirms, only_confirms, gives_one)
    assert content_of(published.labels) == {0: {3: "wrong"}, 1: {3: "wrong"}, 2: {3: "wrong", 4: "correct"}}


def test_a_conflict_does_not_save_an_item_from_being_held_back(labels_of: LabelsOf) -> None:
    # 4 would be the item's accepted class, but version 2 has called it wrong since.
    first, second = labels_of({0: {3: "correct"}}), labels_of({0: {3: "correct", 4: "wrong"}})
    rejects, accepts = decide(0, 3, "wrong"), decide(0, 4, "correct")
    published = publish_decisions(second, "labels@2", [rejects, accepts], {"labels@1": first})
    assert published.held_back == (rejects,)
    assert published.conflicts == (Conflict(accepts, None, WRONG),)
    assert not published.applied
    assert not published.changes


def test_items_that_no_decision_touches_are_not_held_back(labels_of: LabelsOf) -> None:
    head = labels_of({0: {3: "correct"}, 1: {}, 2: {5: "wrong"}})
    assert publish(head, decide(0, 4, "wrong")).held_back_items == ()


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        pytest.param(decide(1, 3, "wrong"), "covers; got one on the item at position 1", id="item-not-covered"),
        pytest.param(decide(9, None), "covers; got one on the item at position 9", id="item-beyond"),
        pytest.param(decide(0, 10, "wrong"), r"classes 0\.\.9; got wrong on class 10", id="class-too-high"),
        pytest.param(decide(0, -1, "wrong"), r"classes 0\.\.9; got wrong on class -1", id="class-below-0"),
        pytest.param(decide(0, 3), "a verdict on a class, or none on the item; got None on class 3", id="no-verdict"),
        pytest.param(decide(0, None, "wrong"), "or none on the item; got wrong on class None", id="verdict-on-item"),
        pytest.param(
            dataclasses.replace(decide(0, 3, "wrong"), method=DecisionMethod.REOPENED),
            "decisions of the first pass; got reopened of the pass verdict",
            id="reopened",
        ),
        pytest.param(
            dataclasses.replace(decide(0, 3, "wrong"), pass_=Pass.KIND),
            "decisions of the first pass; got consensus of the pass kind",
            id="second-pass",
        ),
        pytest.param(
            dataclasses.replace(decide(0, 3, "wrong"), split="train"), "on split main; got one on train", id="split"
        ),
        pytest.param(decide(0, 3, "wrong", base="labels@7"), "a base out of labels@1; got labels@7", id="base"),
    ],
)
def test_a_decision_that_cannot_be_applied_is_refused(labels_of: LabelsOf, decision: Decision, words: str) -> None:
    head = labels_of({0: {3: "correct", 4: "correct"}, 2: {}})
    with pytest.raises(InputError, match=words):
        publish(head, decide(2, 1, "correct"), decision)


def test_two_decisions_on_one_pair_are_refused(labels_of: LabelsOf) -> None:
    head = labels_of({0: {3: "correct"}})
    with pytest.raises(InputError, match=r"got several on class 4 of the item at position 0\. Give only the newest"):
        publish(head, decide(0, 4, "wrong"), decide(0, 4, "wrong"))
    with pytest.raises(InputError, match=r"got several on class None .*\(1 more like it\)"):
        publish(head, decide(0, None), decide(0, None), decide(0, 4, "wrong"), decide(0, 4, "correct"))


# -- laws --------------------------------------------------------------------------------------------------------

Content = dict[int, dict[int, str]]


@dataclass(frozen=True)
class Situation:
    """Two versions of 4 items and 6 classes, and what the panel decided against either of them."""

    base: Content
    base_flags: frozenset[int]
    head: Content
    head_flags: frozenset[int]
    decided: dict[tuple[int, int | None], tuple[str, str]]

    def publish(self, labels_of: LabelsOf) -> Publication:
        return publish_decisions(self.head_labels(labels_of), "labels@2", self.decisions, self.bases(labels_of))

    def head_labels(self, labels_of: LabelsOf) -> LabelSet:
        return labels_of(self.head, problematic=self.head_flags)

    def bases(self, labels_of: LabelsOf) -> dict[str, LabelSet]:
        return {"labels@1": labels_of(self.base, problematic=self.base_flags)}

    @cached_property
    def decisions(self) -> list[Decision]:
        return [
            decide(item, class_id, verdict, base)
            if class_id is not None
            else decide(item, None, base=base, usable=verdict == "correct")
            for (item, class_id), (verdict, base) in self.decided.items()
        ]


verdicts = st.sampled_from([verdict.value for verdict in Verdict])
contents = st.fixed_dictionaries({item: st.dictionaries(st.integers(0, 4), verdicts) for item in range(4)})
situations = st.builds(
    Situation,
    base=contents,
    base_flags=st.frozensets(st.integers(0, 3)),
    head=contents,
    head_flags=st.frozensets(st.integers(0, 3)),
    decided=st.dictionaries(
        st.tuples(st.integers(0, 3), st.none() | st.integers(0, 5)),
        st.tuples(verdicts, st.sampled_from(["labels@1", "labels@2"])),
        max_size=12,
    ),
)


@given(situation=situations)
def test_each_decision_goes_to_exactly_one_place(labels_of: LabelsOf, situation: Situation) -> None:
    published = situation.publish(labels_of)
    placed = [*published.applied, *(conflict.decision for conflict in published.conflicts), *published.held_back]
    assert sorted(decision.id for decision in placed) == [decision.id for decision in situation.decisions]
    assert published.held_back_items == tuple(sorted({decision.item for decision in published.held_back}))


@given(situation=situations)
def test_nothing_but_the_applied_decisions_changes(
    labels_of: LabelsOf, content_of: ContentOf, situation: Situation
) -> None:
    published = situation.publish(labels_of)
    # The same, done one by one without arrays.
    expected = {item: dict(pairs) for item, pairs in situation.head.items()}
    for decision in published.applied:
        if decision.class_id is not None:
            expected[decision.item][decision.class_id] = str(decision.verdict)
    whole = [decision for decision in published.applied if decision.class_id is None]
    flagged = {decision.item for decision in whole if not decision.usable}
    usable = {decision.item for decision in whole if decision.usable}
    check_label_set(published.labels, 4)
    assert content_of(published.labels) == expected
    assert set(np.flatnonzero(published.labels.problematic).tolist()) == (situation.head_flags | flagged) - usable
    assert published.changes == diff_labels(situation.head_labels(labels_of), published.labels)


@given(situation=situations)
def test_no_usable_item_loses_its_last_accepted_class(labels_of: LabelsOf, situation: Situation) -> None:
    head, after = situation.head_labels(labels_of), situation.publish(labels_of).labels
    for item in range(4):
        assert after.accepted_classes(item) or not head.accepted_classes(item) or after.is_problematic(item)
        # Nor does one become usable that has none.
        assert after.accepted_classes(item) or after.is_problematic(item) or not head.is_problematic(item)


@given(situation=situations)
def test_in_a_conflict_base_head_and_decision_differ(labels_of: LabelsOf, situation: Situation) -> None:
    for conflict in situation.publish(labels_of).conflicts:
        if conflict.decision.class_id is not None:
            assert conflict.at_base != conflict.at_head != conflict.decision.verdict


@given(situation=situations)
def test_publishing_the_same_decisions_again_changes_nothing(labels_of: LabelsOf, situation: Situation) -> None:
    once = situation.publish(labels_of)
    bases = {**situation.bases(labels_of), "labels@2": situation.head_labels(labels_of)}
    again = publish_decisions(once.labels, "labels@3", situation.decisions, bases)
    assert again.changes == ()
    assert again.applied == once.applied
    assert again.held_back == once.held_back
    assert [conflict.decision for conflict in again.conflicts] == [conflict.decision for conflict in once.conflicts]


@given(situation=situations)
def test_the_order_of_decisions_is_irrelevant(labels_of: LabelsOf, situation: Situation) -> None:
    head, bases = situation.head_labels(labels_of), situation.bases(labels_of)
    forward = situation.publish(labels_of)
    backward = publish_decisions(head, "labels@2", situation.decisions[::-1], bases)
    assert forward.changes == backward.changes
    assert forward.applied == backward.applied[::-1]
    assert forward.held_back == backward.held_back[::-1]
