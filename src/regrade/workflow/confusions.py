"""Reviewers' answers held against what the panel decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.labelsets.lookup import find
from regrade.panel.agreement import UNDECIDED, TopicRatings, confusion_tables, unit_key
from regrade.records.agreement import Confusion, Held
from regrade.store import Transaction, decided
from regrade.store.decided import DecidedKinds
from regrade.workflow.ratings import PanelRatings


class _Decisions(NamedTuple):
    """What was decided of one question, by ascending key."""

    keys: npt.NDArray[np.int64]
    """(m,) item and class."""
    codes: npt.NDArray[np.int64]
    """(m,) the answer that was decided."""
    adjudicated: npt.NDArray[np.bool_]


class _Tables(NamedTuple):
    """(R, K, K) answers of each reviewer (last) by what was decided."""

    all: npt.NDArray[np.int64]
    adjudicated: npt.NDArray[np.int64]


def confuse_reviewers(tx: Transaction, split: str, ratings: PanelRatings) -> Mapping[str, tuple[Confusion, ...]]:
    """The confusions of verdict, category and severity of each reviewer who has answered, by name."""
    topics = ratings.topics
    verdicts = _load_verdicts(tx, split)
    predicted, accepted = _confuse(topics["predicted"], verdicts), _confuse(topics["accepted"], verdicts)
    both = _Tables(predicted.all + accepted.all, predicted.adjudicated + accepted.adjudicated)
    found: dict[str, list[Confusion]] = {}
    _describe(found, "verdict", topics["predicted"], both)
    kinds = decided.load_decided_kinds(tx, split)
    _describe(found, "category", topics["category"], _confuse_kinds(topics["category"], kinds, kinds.categories))
    _describe(found, "severity", topics["severity"], _confuse_kinds(topics["severity"], kinds, kinds.severities))
    return {name: tuple(rows) for name, rows in found.items()}


def _load_verdicts(tx: Transaction, split: str) -> _Decisions:
    rows = decided.load_decided(tx, split)
    of_class = rows.classes >= 0
    keys = unit_key(rows.items[of_class], rows.classes[of_class])
    return _in_order(keys, rows.verdicts[of_class], rows.adjudicated[of_class])


def _confuse_kinds(asked: TopicRatings, kinds: DecidedKinds, words: Sequence[str]) -> _Tables:
    """One half of the second pass; a word that no reviewer and no taxonomy uses (any more) counts as undecided."""
    code_of = {word: code for code, word in enumerate(asked.answers)}
    codes = np.array([code_of.get(word, UNDECIDED) for word in words], np.int64)
    return _confuse(asked, _in_order(unit_key(kinds.items, kinds.classes), codes, kinds.adjudicated))


def _in_order(
    keys: npt.NDArray[np.int64], codes: npt.NDArray[np.int64], adjudicated: npt.NDArray[np.bool_]
) -> _Decisions:
    order = np.argsort(keys)
    return _Decisions(keys[order], codes[order], adjudicated[order])


def _confuse(asked: TopicRatings, decisions: _Decisions) -> _Tables:
    assert asked.classes is not None  # noqa: S101 - only questions of classes are held against decisions
    at, found = find(decisions.keys, unit_key(asked.items, asked.classes))
    truth, adjudicated = np.full(len(found), UNDECIDED), np.full(len(found), UNDECIDED)
    rows = at[found]
    truth[found] = decisions.codes[rows]
    adjudicated[found] = np.where(decisions.adjudicated[rows], decisions.codes[rows], UNDECIDED)
    return _Tables(confusion_tables(asked.ratings, truth), confusion_tables(asked.ratings, adjudicated))


def _describe(found: dict[str, list[Confusion]], held: Held, asked: TopicRatings, tables: _Tables) -> None:
    for name, table, adjudicated in zip(asked.reviewers, tables.all, tables.adjudicated, strict=True):
        n = int(table.sum())
        confusion = Confusion(
            question=held,
            answers=asked.answers,
            table=tuple(tuple(row) for row in table.tolist()),
            n=n,
            agreement=int(np.trace(table)) / n if n else None,
            n_adjudicated=int(adjudicated.sum()),
            n_adjudicated_same=int(np.trace(adjudicated)),
        )
        found.setdefault(name, []).append(confusion)
