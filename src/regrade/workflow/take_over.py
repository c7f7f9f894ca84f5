"""Save what came from a panel elsewhere as if it had been said here: at its own times, under its own names."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from regrade.panel import newest_on
from regrade.records.adjudication import BallotRow
from regrade.records.exchange import EntryKind, PanelEntry, PanelMerge
from regrade.records.labels import LabelSet
from regrade.records.panel import Decision, Origin, Pass, Proposal, Purpose, Review, Screen
from regrade.store import (
    Transaction,
    ballots,
    decisions,
    given_screens,
    proposals,
    questions,
    reopenings,
    reviews,
    screens,
)
from regrade.workflow.asking import ask
from regrade.workflow.planning import CASE_ORIGINS
from regrade.workflow.restate import restate_items
from regrade.workflow.workspace import Workspace

_BY_WEIGHT = (Origin.LABEL, Origin.ADDED, Origin.PROPOSED, Origin.IMPORTED, Origin.PREDICTION)
"""A question that is here becomes what it is elsewhere, if that stands later."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """One import within one transaction."""

    ws: Workspace
    tx: Transaction
    split: str
    labels: LabelSet
    """In force now: tells which classes ride along."""
    refs: Mapping[str | None, str]
    """What a file calls a label set version -> the version here that stands for it."""
    at: datetime
    """For what comes without a time."""

    def save(self, merge: PanelMerge) -> int:
        """Save what is new and settle what it is about; gives the number of new cases."""
        n_cases = self._save_questions([*merge.new, *merge.undone])
        said = [entry for entry in merge.new if entry.kind is EntryKind.REVIEW]
        reviews.save_reviews(self.tx, map(self._as_review, said))
        self._save_screens(said)
        self._save_withdrawals([*(entry for entry in said if entry.withdrawn_at), *merge.undone])
        for entry in merge.new:
            if entry.kind is EntryKind.PROPOSAL:
                proposals.save_proposal(self.tx, self._as_proposal(entry, entry.class_id or 0))
            elif entry.kind is EntryKind.VOTE:
                ballots.save_ballot(self.tx, [self._as_vote(entry)])
            elif entry.kind is EntryKind.DECISION:
                self._save_decision(entry)
        items = {entry.item for entry in (*merge.new, *merge.undone)}
        restate_items(self.ws, self.tx, self.split, items, at=self.at)
        return n_cases

    def _save_questions(self, entries: Iterable[PanelEntry]) -> int:
        """Ask what was asked elsewhere; what rides along here and was a case there becomes one."""
        wanted: dict[tuple[Pass, int, int], Origin] = {}
        for entry in entries:
            if entry.class_id is not None and entry.purpose is Purpose.PANEL and _asks(entry):
                pair = (entry.pass_, entry.item, entry.class_id)
                wanted[pair] = entry.origin or wanted.get(pair) or self._guess_origin(entry, entry.class_id)
        n_cases = 0
        for pass_, origin in sorted({(pair[0], origin) for pair, origin in wanted.items()}):
            pairs = [pair[1:] for pair, found in wanted.items() if (pair[0], found) == (pass_, origin)]
            n_new = self._ask(pairs, pass_, origin)
            n_cases += n_new if pass_ is Pass.VERDICT and origin in CASE_ORIGINS else 0
        return n_cases

    def _guess_origin(self, entry: PanelEntry, class_id: int) -> Origin:
        if entry.kind is EntryKind.PROPOSAL:
            return Origin.PROPOSED
        if entry.added:
            return Origin.ADDED
        return Origin.LABEL if class_id in self.labels.accepted_classes(entry.item) else Origin.IMPORTED

    def _ask(self, pairs: Sequence[tuple[int, int]], pass_: Pass, origin: Origin) -> int:
        items, classes = np.array(pairs, dtype=np.int32).T
        n_new = ask(self.ws, self.tx, self.split, items, classes, pass_=pass_, origin=origin, at=self.at)
        weaker = _BY_WEIGHT[: _BY_WEIGHT.index(origin)]
        found = questions.list_questions(self.tx, split=self.split, pass_=pass_, origins=weaker) if weaker else ()
        raised = set(pairs)
        questions.save_origin(self.tx, [row.id for row in found if (row.item, row.class_id) in raised], origin)
        return n_new

    def _as_review(self, entry: PanelEntry) -> Review:
        return Review(
            id=0,
            submission=entry.submission,
            reviewer=entry.author,
            split=self.split,
            item=entry.item,
            class_id=entry.class_id,
            pass_=entry.pass_,
            verdict=entry.verdict,
            problematic=entry.problematic,
            category=entry.category,
            severity=entry.severity,
            note=entry.note,
            discuss=entry.discuss,
            added=entry.added,
            labels=self.refs[entry.labels],
            source=entry.source,
            created_at=entry.created_at or self.at,
            purpose=entry.purpose,
            revealed=entry.revealed,
        )

    def _as_proposal(self, entry: PanelEntry, class_id: int) -> Proposal:
        return Proposal(
            id=0,
            proposer=entry.author,
            split=self.split,
            item=entry.item,
            class_id=class_id,
            reason=entry.note,
            labels=self.refs[entry.labels],
            created_at=entry.created_at or self.at,
        )

    def _save_screens(self, said: Iterable[PanelEntry]) -> None:
        """Each answer that stands holds its reviewer's place at the cases, as if it had been dealt here."""
        sent: dict[tuple[str, str], list[PanelEntry]] = {}
        for entry in said:
            if entry.source is None and entry.withdrawn_at is None:
                sent.setdefault((entry.author, entry.submission), []).append(entry)
        given_screens.save_given_answers(self.tx, [self._as_screen(entries) for entries in sent.values()])

    def _as_screen(self, entries: Sequence[PanelEntry]) -> Screen:
        first, time = entries[0], entries[0].created_at or self.at
        return Screen(
            id=secrets.token_urlsafe(12),
            reviewer=first.author,
            split=self.split,
            item=first.item,
            pass_=first.pass_,
            classes=self._classes_shown(entries),
            part=0,
            n_parts=1,
            labels=self.refs[first.labels],
            created_at=time,
            answered_at=time,
            submission=first.submission,
            purpose=first.purpose,
            seconds=first.seconds,
        )

    def _classes_shown(self, entries: Sequence[PanelEntry]) -> tuple[int, ...]:
        """Who calls an item problematic has answered for all that is asked of it."""
        shown = [entry.class_id for entry in entries if entry.class_id is not None]
        if not shown:
            asked = questions.list_item_questions(self.tx, self.split, entries[0].item, entries[0].pass_)
            shown = [row.class_id for row in asked]
        return tuple(shown)

    def _save_withdrawals(self, undone: Iterable[PanelEntry]) -> None:
        answers = {(entry.author, entry.submission): entry for entry in undone}
        for (reviewer, submission), entry in answers.items():
            time = entry.withdrawn_at or self.at
            reviews.save_withdrawal(self.tx, submission, reviewer, time, revealed=entry.withdrawn_revealed)
            screens.save_taken_back(self.tx, submission, time)

    def _as_vote(self, entry: PanelEntry) -> BallotRow:
        newest = decisions.load_newest_ids(self.tx, self.split, entry.item, entry.pass_)
        return BallotRow(
            id=0,
            ballot=entry.submission,
            voter=entry.author,
            split=self.split,
            item=entry.item,
            class_id=entry.class_id,
            pass_=entry.pass_,
            verdict=entry.verdict,
            category=entry.category,
            severity=entry.severity,
            reason=entry.note,
            labels=self.refs[entry.labels],
            after=newest_on(entry.class_id, newest),
            created_at=entry.created_at or self.at,
        )

    def _save_decision(self, entry: PanelEntry) -> None:
        assert entry.method is not None  # noqa: S101 - checked when the file was read
        before = self._find_before(entry) if entry.held else None
        line = decisions.save_decision(
            self.tx,
            split=self.split,
            item=entry.item,
            class_id=entry.class_id,
            pass_=entry.pass_,
            verdict=entry.verdict,
            category=entry.category,
            severity=entry.severity,
            method=entry.method,
            author=entry.author,
            reason=entry.note,
            base=self.refs[entry.labels],
            at=entry.created_at or self.at,
            usable=entry.class_id is None and not entry.problematic,
        )
        if before is not None:
            reopenings.save_reopening(self.tx, line.id, reopened=before.id)
        elif entry.held and entry.class_id is not None:
            reopenings.save_waiting(self.tx, [line.id])

    def _find_before(self, entry: PanelEntry) -> Decision | None:
        """The decision that an entry takes back; None where a class waits because its item was reopened."""
        current = decisions.list_current_decisions(self.tx, self.split, pass_=entry.pass_, item=entry.item)
        return next((row for row in current if row.class_id == entry.class_id), None)


def _asks(entry: PanelEntry) -> bool:
    """Whether the panel is asked about an entry's class: a vote may name one that nobody else has named."""
    return entry.kind is not EntryKind.VOTE or entry.origin is not None
