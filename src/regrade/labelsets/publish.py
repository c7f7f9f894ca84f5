"""Publish: apply the panel's decisions to the newest version of a label set."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.labelsets.diff import diff_labels, verdict_of
from regrade.labelsets.lookup import WHOLE_ITEM, count_accepted, find, pair_keys, values_at
from regrade.records.labels import LabelSet
from regrade.records.panel import Decision, DecisionMethod, Pass
from regrade.records.publication import Conflict, Publication


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The decisions as aligned arrays, one entry each."""

    items: npt.NDArray[np.int32]
    classes: npt.NDArray[np.int32]
    """Class id, or WHOLE_ITEM."""
    values: npt.NDArray[np.int8]
    """Verdict code; for the whole item the flag: 1 problematic, 0 usable after all."""

    def select(self, chosen: npt.NDArray[np.bool_]) -> _Table:
        return _Table(items=self.items[chosen], classes=self.classes[chosen], values=self.values[chosen])


def publish_decisions(
    head: LabelSet, head_ref: str, decisions: Sequence[Decision], bases: Mapping[str, LabelSet]
) -> Publication:
    """Replace the verdict of each decided (item, class) in the head, and nothing else.

    - A decision that the item is problematic sets that flag, one that it is usable after all clears it; the item's
      verdicts stay as they are.
    - A decision is a conflict, and not applied, where the same (item, class), or the item's flag, differs between the
      decision's base and the head, unless the head already says what the decision says.
    - An item that would be left without an accepted class (correct or unclear) and is not problematic is held back
      whole: none of its decisions is applied. If it had none before either, those that change something are held back
      and those that only confirm the head are applied.
    - A decision that agrees with the head is applied and changes nothing.

    Args:
        head: The newest content.
        head_ref: Its `NAME@N`.
        decisions: Decisions of the first pass that no version carries yet, the newest per (item, class); any order.
        bases: Content of each other version that is a decision's base, by `NAME@N`.

    Returns:
        The new content and where each decision went: exactly one of applied, conflicts, held back, each in the order
        given. Without decisions the content is the head's.

    Raises:
        InputError: A decision is none of the first pass, stands twice, or is of another split, an item that the head
            does not cover, a class that it does not know, or a base that is not given.
    """
    _check_decisions(head, decisions, {head_ref, *bases})
    table = _tabulate(decisions)
    _check_covered(head, table)
    at_head = values_at(head, table.items, table.classes)
    at_base = _values_at_bases(table, [decision.base for decision in decisions], {**bases, head_ref: head})
    conflicting = (at_base != at_head) & (at_head != table.values)
    held = _held_back(head, table, candidate=~conflicting, changing=at_head != table.values)
    applied = ~conflicting & ~held
    labels = _apply(head, table.select(applied))
    return Publication(
        labels=labels,
        changes=diff_labels(head, labels),
        applied=tuple(compress(decisions, applied)),
        conflicts=tuple(
            _conflict(decisions[at], int(at_base[at]), int(at_head[at])) for at in np.flatnonzero(conflicting).tolist()
        ),
        held_back=tuple(compress(decisions, held)),
        held_back_items=tuple(np.unique(table.items[held]).tolist()),
    )


def _check_decisions(head: LabelSet, decisions: Sequence[Decision], known_bases: set[str]) -> None:
    for decision in decisions:
        if decision.pass_ is not Pass.VERDICT or decision.method is DecisionMethod.REOPENED:
            raise InputError("decisions of the first pass", got=f"{decision.method} of the pass {decision.pass_}")
        if (decision.class_id is None) != (decision.verdict is None) or (decision.usable and decision.verdict):
            raise InputError("a verdict on a class, or none on the item", got=_words(decision))
        if decision.class_id is not None and not 0 <= decision.class_id < head.n_classes:
            raise InputError(f"decisions on classes 0..{head.n_classes - 1}", got=_words(decision))
        if decision.split != head.split:
            raise InputError(f"decisions on split {head.split}", got=f"one on {decision.split}")
        if decision.base not in known_bases:
            raise InputError(f"a base out of {', '.join(sorted(known_bases))}", got=decision.base)
    counts = Counter((decision.item, decision.class_id) for decision in decisions)
    if doubles := [pair for pair, n in counts.items() if n > 1]:
        raise InputError(
            "one decision an (item, class)",
            got=f"several on class {doubles[0][1]} of the item at position {doubles[0][0]}",
            remedy="Give only the newest.",
            n_more=len(doubles) - 1,
        )


def _words(decision: Decision) -> str:
    return f"{decision.verdict} on class {decision.class_id} of the item at position {decision.item}"


def _tabulate(decisions: Sequence[Decision]) -> _Table:
    return _Table(
        items=np.array([decision.item for decision in decisions], np.int32),
        classes=np.array(
            [WHOLE_ITEM if decision.class_id is None else decision.class_id for decision in decisions], np.int32
        ),
        values=np.array([_value(decision) for decision in decisions], np.int8),
    )


def _value(decision: Decision) -> int:
    return int(not decision.usable) if decision.verdict is None else decision.verdict.code


def _check_covered(head: LabelSet, table: _Table) -> None:
    outside = table.items[~np.isin(table.items, head.items)]
    if len(outside):
        raise InputError(
            "decisions on items that the label set covers",
            got=f"one on the item at position {outside[0]}",
            remedy="Publish to a label set that covers the item.",
            n_more=len(outside) - 1,
        )


def _values_at_bases(table: _Table, refs: Sequence[str], contents: Mapping[str, LabelSet]) -> npt.NDArray[np.int8]:
    """What each decision's own base says where it stands."""
    values = np.empty(len(refs), np.int8)
    all_refs = np.array(refs, np.str_)
    for ref in set(refs):
        chosen = all_refs == ref
        values[chosen] = values_at(contents[ref], table.items[chosen], table.classes[chosen])
    return values


def _held_back(
    head: LabelSet, table: _Table, *, candidate: npt.NDArray[np.bool_], changing: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the candidates would leave their item without an accepted class."""
    trial = _apply(head, table.select(candidate))
    left_empty: npt.NDArray[np.bool_] = (count_accepted(trial) == 0) & ~trial.problematic
    had_some = count_accepted(head) > 0
    row = np.searchsorted(head.items, table.items)
    whole_or_changing: npt.NDArray[np.bool_] = had_some[row] | changing
    return candidate & left_empty[row] & whole_or_changing


def _apply(head: LabelSet, table: _Table) -> LabelSet:
    """The head with the values of the table in place."""
    whole = table.classes == WHOLE_ITEM
    problematic = head.problematic.copy()
    problematic[np.searchsorted(head.items, table.items[whole])] = table.values[whole] == 1
    wanted = pair_keys(table.items[~whole], table.classes[~whole], head.n_classes)
    order = np.argsort(wanted)
    wanted, values = wanted[order], table.values[~whole][order]
    keys = pair_keys(head.pair_items, head.pair_classes, head.n_classes)
    at, known = find(keys, wanted)
    codes = head.pair_codes.copy()
    codes[at[known]] = values[known]
    items, classes = np.divmod(np.insert(keys, at[~known], wanted[~known]), head.n_classes)
    return dataclasses.replace(
        head,
        problematic=problematic,
        pair_items=items.astype(np.int32),
        pair_classes=classes.astype(np.int32),
        pair_codes=np.insert(codes, at[~known], values[~known]),
    )


def _conflict(decision: Decision, at_base: int, at_head: int) -> Conflict:
    if decision.class_id is None:
        return Conflict(decision=decision, at_base=None, at_head=None)
    return Conflict(decision=decision, at_base=verdict_of(at_base), at_head=verdict_of(at_head))
