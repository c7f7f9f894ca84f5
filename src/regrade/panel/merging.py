"""What a file of reviews, votes and decisions adds to those that are here already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from regrade.records.exchange import NOWHERE, EntryKind, PanelEntry, PanelMerge
from regrade.records.panel import DecisionMethod, Pass

_Question = tuple[int, int | None, Pass]
_SENT = frozenset({EntryKind.REVIEW, EntryKind.VOTE})
"""What is known by its submission."""


def merge_record(known: Sequence[PanelEntry], given: Sequence[PanelEntry]) -> PanelMerge:
    """Tell what is new, what is here already, and what must not be taken over.

    A review or vote is known by who sent it and the name of the submission; what it says must then be the same (a
    time that the file does not give is not compared, nor what tells only where it comes from). An answer that was
    undone on either side stays undone.

    The decisions on one question are a history, since each takes the place of the one before. If the file's history
    goes on from the one here, what follows is new. If both have gone their own ways, the one here stays.

    A class is proposed for an item once, by whoever came first.

    Args:
        known: What is here, in order.
        given: What the file holds, in order; people are named as they are here.

    Raises:
        InputError: A submission that is here says something else in the file. The message names the entry.
    """
    stored = {_name(entry): entry for entry in known if entry.kind in _SENT}
    sent = {name[:3] for name in stored}
    new, undone = _new_proposals(known, given), []
    for entry in given:
        if entry.kind not in _SENT:
            continue
        found = stored.get(_name(entry))
        if found is None and _name(entry)[:3] not in sent:
            new.append(entry)
        elif found is None or not _says_same(found, entry):
            raise entry.spot.error(
                f"the same answer as here, where {entry.author} has sent {entry.submission} before",
                got="another one" if found is not None else "one on another class",
                remedy="Give a later answer a submission of its own.",
            )
        elif entry.withdrawn_at is not None and found.withdrawn_at is None:
            undone.append(entry)
    decided, kept, n_differing = _merge_decisions(known, given)
    chosen = {id(entry) for entry in (*new, *decided)}
    return PanelMerge(tuple(entry for entry in given if id(entry) in chosen), tuple(undone), kept, n_differing)


def _new_proposals(known: Iterable[PanelEntry], given: Iterable[PanelEntry]) -> list[PanelEntry]:
    here = {(entry.item, entry.class_id) for entry in known if entry.kind is EntryKind.PROPOSAL}
    first = {(entry.item, entry.class_id): entry for entry in reversed([*given]) if entry.kind is EntryKind.PROPOSAL}
    return [entry for pair, entry in first.items() if pair not in here]


def _name(entry: PanelEntry) -> tuple[EntryKind, str, str, Pass, int | None]:
    return (entry.kind, entry.author, entry.submission, entry.pass_, entry.class_id)


def _says_same(here: PanelEntry, there: PanelEntry) -> bool:
    """Versions of labels and protocols, and how long it took, are a workspace's own; so is why a class was asked."""
    return _content(here) == _content(replace(there, created_at=there.created_at or here.created_at))


def _content(entry: PanelEntry) -> PanelEntry:
    return replace(
        entry,
        origin=None,
        labels=None,
        published_in=None,
        protocol=None,
        seconds=None,
        withdrawn_at=None,
        withdrawn_revealed=False,
        spot=NOWHERE,
    )


def _merge_decisions(
    known: Iterable[PanelEntry], given: Iterable[PanelEntry]
) -> tuple[list[PanelEntry], tuple[PanelEntry, ...], int]:
    """New decisions, those not taken over, and the number of questions that stand otherwise here."""
    here, there = _histories(known), _histories(given)
    new: list[PanelEntry] = []
    kept: list[PanelEntry] = []
    n_differing = 0
    for question, theirs in there.items():
        ours = here.get(question, [])
        n_common = sum(1 for _ in takewhile(lambda pair: _says_same(*pair), zip(ours, theirs, strict=False)))
        if n_common == len(ours):
            new.extend(theirs[n_common:])
        elif n_common < len(theirs):
            kept.extend(theirs[n_common:])
            n_differing += _outcome(ours[-1]) != _outcome(theirs[-1])
    return new, tuple(kept), n_differing


def _histories(entries: Iterable[PanelEntry]) -> dict[_Question, list[PanelEntry]]:
    found: dict[_Question, list[PanelEntry]] = {}
    for entry in entries:
        if entry.kind is EntryKind.DECISION:
            found.setdefault((entry.item, entry.class_id, entry.pass_), []).append(entry)
    return found


def _outcome(entry: PanelEntry) -> tuple[object, ...] | None:
    """What is in force after a decision; None: nothing."""
    if entry.method is DecisionMethod.REOPENED:
        return None
    return (entry.verdict, entry.problematic, entry.category, entry.severity)
