"""Hand a panel's work on: proposals, reviews, votes and decisions as one file, in the order of their making."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.records.adjudication import BallotRow
from regrade.records.exchange import EntryKind, PanelEntry
from regrade.records.panel import Decision, Origin, Pass, Proposal, Review, Screen
from regrade.store import Transaction, ballots, decisions, proposals, questions, reopenings, reviews, screens, users
from regrade.workflow.answered_tasks import save_answered_tasks
from regrade.workflow.files import save_file
from regrade.workflow.named import list_names
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

Origins = dict[tuple[Pass, int, int | None], Origin]


@dataclass(frozen=True, slots=True)
class ReviewsExport:
    """What an export of reviews wrote."""

    file: Path
    format: str
    n_reviews: int
    n_proposals: int
    n_votes: int
    n_decisions: int
    n_left_out: int = 0
    """Reviews that have no place in the format: undone, gold, imported judgements."""


def export_reviews(
    ws: Workspace,
    file: formats.FilePath,
    *,
    format: str | None = None,
    reviewers: Sequence[str] | None = None,
    only_reviews: bool = False,
    pass_: Pass | None = None,
    split: str = MAIN_SPLIT,
) -> ReviewsExport:
    """Write what the panel has said and decided, so that `import_reviews` gives the same in another workspace.

    Args:
        ws: The workspace.
        file: Where; a file of that name is replaced.
        format: `csv`, `jsonl`, `parquet` or `label-studio`; default: told by the file's name. Label Studio's tasks take
            the reviews of one pass, as annotations; beside them its labeling configuration is written (.xml).
        reviewers: Only the reviews of these people, and nothing else; default: everything.
        only_reviews: Leave out adjudicators' votes and what was decided.
        pass_: Only what belongs to this pass; default: both, in Label Studio's tasks the first.
        split: The split.

    Raises:
        InputError: The format is unknown, there is nothing to write, or the file cannot be written.
    """
    file = Path(file)
    name = formats.choose_review_export(file, format)
    if name == formats.TASKS and pass_ is None:
        pass_ = Pass.VERDICT
    entries = load_record(ws, split, reviewers=reviewers, only_reviews=only_reviews)
    entries = tuple(entry for entry in entries if pass_ in {None, entry.pass_})
    if name == formats.TASKS:
        written = save_answered_tasks(ws, file, entries, split)
        return ReviewsExport(file, name, written.n_reviews, 0, 0, 0, n_left_out=written.n_left_out)
    if not entries:
        raise InputError("a review", got="none", remedy="Nothing has been reviewed here yet.")
    save_file(file, formats.write_reviews(entries, split=ws.split(split), classes=ws.classes, format=name))
    count = {kind: sum(entry.kind is kind for entry in entries) for kind in EntryKind}
    return ReviewsExport(
        file,
        name,
        n_reviews=count[EntryKind.REVIEW],
        n_proposals=count[EntryKind.PROPOSAL],
        n_votes=count[EntryKind.VOTE],
        n_decisions=count[EntryKind.DECISION],
    )


def load_record(
    ws: Workspace,
    split: str = MAIN_SPLIT,
    *,
    reviewers: Sequence[str] | None = None,
    only_reviews: bool = False,
) -> tuple[PanelEntry, ...]:
    """The proposals, reviews, votes and decisions on a split as entries, in the order in which they were made.

    Args:
        ws: The workspace.
        split: The split.
        reviewers: Only reviews of these people; default: of everybody.
        only_reviews: Leave out votes and decisions; so does naming reviewers.

    Raises:
        NotFoundError: There is no such split or reviewer.
    """
    ws.split(split)
    with ws.store.read() as tx:
        return list_entries(tx, split, reviewers=reviewers, only_reviews=only_reviews)


def list_entries(
    tx: Transaction, split: str, *, reviewers: Sequence[str] | None = None, only_reviews: bool = False
) -> tuple[PanelEntry, ...]:
    """The same within a transaction.

    What came at one time came in this order: proposals, answers, the votes on them, what they decide.
    """
    origins: Origins = {
        (row.pass_, row.item, row.class_id): row.origin for row in questions.list_questions(tx, split=split)
    }
    said = _list_reviews(tx, split, origins)
    if reviewers is not None:
        wanted = {users.load_user(tx, name).name for name in list_names(reviewers, "reviewers")}
        return tuple(entry for entry in said if entry.author in wanted)
    proposed = [_as_proposal(row, origins) for row in proposals.list_proposals(tx, split)]
    if only_reviews:
        return tuple(heapq.merge(proposed, said, key=_time))
    held = reopenings.list_line_ids(tx, split)
    voted = [_as_vote(row, origins) for row in ballots.list_ballots(tx, split)]
    decided = [_as_decision(row, origins, row.id in held) for row in decisions.list_history(tx, split)]
    return tuple(heapq.merge(proposed, said, voted, decided, key=_time))


def _time(entry: PanelEntry) -> datetime:
    assert entry.created_at is not None  # noqa: S101 - all that is stored has its time
    return entry.created_at


def _list_reviews(tx: Transaction, split: str, origins: Origins) -> list[PanelEntry]:
    undone = {(row.reviewer, row.submission): row for row in reviews.list_withdrawals(tx, split)}
    answered = {screen.submission: screen for screen in screens.list_answered(tx, split)}
    return [
        _as_review(row, origins, undone.get((row.reviewer, row.submission)), answered.get(row.submission))
        for row in reviews.list_reviews(tx, split=split, purpose=None)
    ]


def _as_review(row: Review, origins: Origins, undone: reviews.Withdrawal | None, screen: Screen | None) -> PanelEntry:
    dealt = screen if screen is not None and screen.reviewer == row.reviewer else None
    return PanelEntry(
        kind=EntryKind.REVIEW,
        submission=row.submission,
        author=row.reviewer,
        item=row.item,
        class_id=row.class_id,
        pass_=row.pass_,
        verdict=row.verdict,
        problematic=row.problematic,
        category=row.category,
        severity=row.severity,
        note=row.note,
        discuss=row.discuss,
        added=row.added,
        revealed=row.revealed,
        purpose=row.purpose,
        origin=origins.get((row.pass_, row.item, row.class_id)),
        labels=row.labels,
        source=row.source,
        protocol=dealt.protocol if dealt else None,
        seconds=dealt.seconds if dealt else None,
        created_at=row.created_at,
        withdrawn_at=undone.at if undone else None,
        withdrawn_revealed=undone.revealed if undone else False,
    )


def _as_proposal(row: Proposal, origins: Origins) -> PanelEntry:
    return PanelEntry(
        kind=EntryKind.PROPOSAL,
        submission="",
        author=row.proposer,
        item=row.item,
        class_id=row.class_id,
        pass_=Pass.VERDICT,
        note=row.reason,
        origin=origins.get((Pass.VERDICT, row.item, row.class_id)),
        labels=row.labels,
        created_at=row.created_at,
    )


def _as_vote(row: BallotRow, origins: Origins) -> PanelEntry:
    return PanelEntry(
        kind=EntryKind.VOTE,
        submission=row.ballot,
        author=row.voter,
        item=row.item,
        class_id=row.class_id,
        pass_=row.pass_,
        verdict=row.verdict,
        problematic=row.is_flag,
        category=row.category,
        severity=row.severity,
        note=row.reason,
        origin=origins.get((row.pass_, row.item, row.class_id)),
        labels=row.labels,
        created_at=row.created_at,
    )


def _as_decision(row: Decision, origins: Origins, held: bool) -> PanelEntry:
    return PanelEntry(
        kind=EntryKind.DECISION,
        submission="",
        author=row.author,
        item=row.item,
        class_id=row.class_id,
        pass_=row.pass_,
        verdict=row.verdict,
        problematic=row.class_id is None and not row.usable,
        category=row.category,
        severity=row.severity,
        note=row.reason,
        origin=origins.get((row.pass_, row.item, row.class_id)),
        method=row.method,
        held=held,
        labels=row.base,
        published_in=row.published_in,
        created_at=row.created_at,
    )
