"""Judgements made elsewhere: brought in with their source, as reviews, decisions and cases of both passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from regrade import formats
from regrade.errors import InputError, NotFoundError
from regrade.formats import FilePath
from regrade.records.labels import LabelSetVersion, Verdict
from regrade.records.panel import DecisionMethod, Judgement, Origin, Pass, QuestionStatus, Review
from regrade.records.users import User
from regrade.store import Transaction, decisions, journal, questions, reopenings, reviews, users
from regrade.workflow.asking import ask
from regrade.workflow.clock import now
from regrade.workflow.labels import labels_of_split
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class JudgementsReport:
    """What an import of judgements stored."""

    n_judgements: int
    """In the file."""
    n_new: int
    """Not brought in before."""
    n_cases: int
    """Cases made for them: pairs that nobody had asked about here."""
    warnings: tuple[str, ...]


def import_judgements(
    ws: Workspace,
    file: FilePath,
    *,
    by: str,
    format: str = "imagenet-mistakes",
    split: str = MAIN_SPLIT,
) -> JudgementsReport:
    """Bring in verdicts, categories and severities that a panel elsewhere gave, with their source.

    They make their cases even where the labels already say `wrong`. The same file again is no change; what the panel
    here has decided is not replaced, and what an adjudicator has reopened is left to adjudicators.

    Args:
        ws: The workspace.
        file: The judgements.
        by: Who judged (a panel, a paper): stands as the reviewer and never logs in.
        format: Name of the format.
        split: The split.

    Raises:
        InputError: The file is not what it must be, or `by` is empty or the name of a user who logs in.
    """
    file = Path(file)
    read = formats.read_judgements(
        file, format=format, split=ws.split(split), classes=ws.classes, taxonomy=ws.settings.taxonomy
    )
    with ws.store.write() as tx:
        at, version = now(), labels_of_split(ws, split)
        _save_panel(tx, by, at)
        known = {(row.item, row.class_id) for row in decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT)}
        known |= {(row.item, row.class_id) for row in reopenings.list_held(tx, split) if row.pass_ is Pass.VERDICT}
        new = [row for row in read.judgements if (row.item, row.class_id) not in known]
        n_cases = _save_questions(ws, tx, split, new, pass_=Pass.VERDICT, at=at)
        mistakes = [row for row in new if _has_kind(row)]
        _save_questions(ws, tx, split, mistakes, pass_=Pass.KIND, at=at)
        _save_reviews(tx, new, version, by=by, source=file.name, at=at)
        _save_decisions(tx, split, new, version, by=by, source=file.name, at=at)
        _mark_decided(tx, split, new)
        if new:
            facts = {"by": by, "file": file.name, "n_judgements": len(new)}
            journal.save_line(tx, actor=by, action="reviews.import", facts=facts, at=at)
    return JudgementsReport(len(read.judgements), len(new), n_cases, read.warnings)


def _save_panel(tx: Transaction, by: str, at: datetime) -> None:
    if not by.strip():
        raise InputError("who made the judgements", got="an empty name", remedy="Say it with --by NAME.")
    try:
        user = users.load_user(tx, by)
    except NotFoundError:
        users.save_user(tx, User(by, "external", frozenset(), disabled=False, created_at=at), password_hash=None, at=at)
        return
    if user.kind != "external":
        raise InputError("a name for a panel elsewhere", got=f"{by}, who reviews here", remedy="Choose another name.")


def _save_questions(
    ws: Workspace, tx: Transaction, split: str, rows: Sequence[Judgement], *, pass_: Pass, at: datetime
) -> int:
    items, classes = [row.item for row in rows], [row.class_id for row in rows]
    return ask(ws, tx, split, items, classes, pass_=pass_, origin=Origin.IMPORTED, at=at)


def _save_reviews(
    tx: Transaction, rows: Iterable[Judgement], version: LabelSetVersion, *, by: str, source: str, at: datetime
) -> None:
    made = []
    for row in rows:
        submission = f"{source}/{row.item}/{row.class_id}"
        verdict = Review(
            id=0,
            submission=submission,
            reviewer=by,
            split=version.split,
            item=row.item,
            class_id=row.class_id,
            pass_=Pass.VERDICT,
            verdict=row.verdict,
            problematic=False,
            category=None,
            severity=None,
            note=row.note,
            discuss=False,
            added=False,
            labels=version.ref,
            source=source,
            created_at=at,
        )
        made.append(verdict)
        if _has_kind(row):
            made.append(_as_kind(verdict, row))
    reviews.save_reviews(tx, made)


def _as_kind(verdict: Review, row: Judgement) -> Review:
    return replace(verdict, pass_=Pass.KIND, verdict=None, category=row.category, severity=row.severity)


def _save_decisions(
    tx: Transaction,
    split: str,
    rows: Iterable[Judgement],
    version: LabelSetVersion,
    *,
    by: str,
    source: str,
    at: datetime,
) -> None:
    for row in rows:
        save = partial(
            decisions.save_decision,
            tx,
            split=split,
            item=row.item,
            class_id=row.class_id,
            method=DecisionMethod.IMPORTED,
            author=by,
            reason=f"imported from {source}",
            base=version.ref,
            at=at,
        )
        save(pass_=Pass.VERDICT, verdict=row.verdict, category=None, severity=None)
        if _has_kind(row):
            save(pass_=Pass.KIND, verdict=None, category=row.category, severity=row.severity)


def _mark_decided(tx: Transaction, split: str, rows: Sequence[Judgement]) -> None:
    """Their questions are decided, and cases whatever they were before."""
    for pass_ in Pass:
        wanted = {(row.item, row.class_id) for row in rows if pass_ is Pass.VERDICT or _has_kind(row)}
        asked = questions.list_questions(tx, split=split, pass_=pass_) if wanted else ()
        found = [row for row in asked if (row.item, row.class_id) in wanted]
        ids = [row.id for row in found]
        questions.save_status(tx, ids, QuestionStatus.DECIDED)
        questions.save_held(tx, ids, held=False)
        riding = [row.id for row in found if row.origin in {Origin.LABEL, Origin.ADDED, Origin.PROPOSED}]
        questions.save_origin(tx, riding, Origin.IMPORTED)


def _has_kind(row: Judgement) -> bool:
    return row.verdict is Verdict.WRONG and bool(row.category and row.severity)
