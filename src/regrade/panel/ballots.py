"""Adjudication by vote: which votes count, and what more than half of the adjudicators say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from regrade.records.adjudication import BallotRow
from regrade.records.labels import Verdict
from regrade.records.panel import KindAnswer, Protocol

Word = TypeVar("Word", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the votes on one item decide in one pass; what they leave open is in none of the fields."""

    problematic: bool = False
    """Decided: then nothing else is."""
    usable: bool = False
    """Decided: the item is not problematic, where nothing else was asked of it."""
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    """By class id, those that are decided."""
    kinds: tuple[KindAnswer, ...] = ()
    """Second pass: those of which both category and severity are decided."""
    agreeing: tuple[BallotRow, ...] = ()
    """The votes for what is decided, in the order in which they were cast."""


def votes_needed(protocol: Protocol) -> int:
    """How many adjudicators must say the same: one, or more than half of those who vote."""
    return 1 if protocol.adjudication == "single" else protocol.n_adjudicators // 2 + 1


def counting_votes(rows: Iterable[BallotRow], newest: Mapping[int | None, int]) -> tuple[BallotRow, ...]:
    """The votes that count: of each adjudicator's newest ballot, those cast since the newest decision on their class.

    Whoever votes again takes all back that was voted before, also on classes that the new ballot does not name. A vote
    on the item as a whole is void once anything has been decided on it since.

    Args:
        rows: All votes on one item in one pass, in any order; may be empty.
        newest: Id of the newest decision on each class of the item in that pass, taken back or not; under None that on
            the item itself.

    Returns:
        In the order in which they were cast.
    """
    cast = sorted(rows, key=lambda row: row.id)
    newest_ballots = {row.voter: row.ballot for row in cast}
    return tuple(
        row for row in cast if row.ballot == newest_ballots[row.voter] and row.after == newest_on(row.class_id, newest)
    )


def newest_on(class_id: int | None, newest: Mapping[int | None, int]) -> int | None:
    """The newest decision that a vote on a class is cast after: on the class or the item; of the item, on anything."""
    known = newest.values() if class_id is None else [newest[key] for key in (class_id, None) if key in newest]
    return max(known, default=None)


def count_voters(votes: Iterable[BallotRow], classes: Sequence[int]) -> int:
    """How many adjudicators have voted on what waits.

    Args:
        votes: Those that count, on one item in one pass.
        classes: The classes that wait; empty where only the item itself does.
    """
    return len({row.voter for row in votes if row.class_id is None or not classes or row.class_id in classes})


def tally(votes: Sequence[BallotRow], *, n_needed: int) -> Tally:
    """What is decided: whatever enough adjudicators say, and nothing else as many.

    Args:
        votes: Those that count, on one item in one pass; may be empty.
        n_needed: How many must say the same, >= 1.

    Returns:
        `problematic` alone where enough say so. Else the classes on which enough give the same verdict; or, in the
        second pass, the same category and, counted apart, the same severity.
    """
    flags = tuple(row for row in votes if row.is_flag)
    usable = tuple(row for row in votes if row.class_id is None and not row.is_flag)
    if len(flags) >= n_needed > len(usable) or len(flags) > len(usable) >= n_needed:
        return Tally(problematic=True, agreeing=flags)
    if len(usable) >= n_needed > len(flags) or len(usable) > len(flags) >= n_needed:
        return Tally(usable=True, agreeing=usable)
    verdicts: dict[int, Verdict] = {}
    kinds: list[KindAnswer] = []
    agreeing: set[int] = set()
    for class_id in sorted({row.class_id for row in votes if row.class_id is not None}):
        here = [row for row in votes if row.class_id == class_id]
        verdict = _carried([row.verdict for row in here if row.verdict], n_needed)
        category = _carried([row.category for row in here if row.category], n_needed)
        severity = _carried([row.severity for row in here if row.severity], n_needed)
        if verdict is not None:
            verdicts[class_id] = verdict
            agreeing |= {row.id for row in here if row.verdict is verdict}
        elif category is not None and severity is not None:
            kinds.append(KindAnswer(class_id, category, severity))
            agreeing |= {row.id for row in here if row.category == category or row.severity == severity}
    return Tally(
        verdicts=verdicts,
        kinds=tuple(kinds),
        agreeing=tuple(row for row in votes if row.id in agreeing),
    )


def _carried(words: Sequence[Word], n_needed: int) -> Word | None:
    """The word that enough say and no other as often; None if there is none."""
    ranked = Counter(words).most_common(2)
    if not ranked or ranked[0][1] < n_needed or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]
