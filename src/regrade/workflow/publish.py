"""Publish: the panel's decisions become the next version of the labels, and every model is graded again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from regrade.errors import ConflictError, InputError
from regrade.records.grades import Grade
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import DecisionMethod, Pass, ProtocolVersion, QuestionStatus
from regrade.records.publication import Conflict, LabelChange, Publication
from regrade.store import Transaction, decisions, journal, labelsets, protocols, questions
from regrade.workflow.clock import now
from regrade.workflow.drafts import Draft, draft_publication
from regrade.workflow.grade import grade_version
from regrade.workflow.label_diffs import ChangeView, view_changes
from regrade.workflow.labels import labels_of_split, resolve_labels
from regrade.workflow.media import item_token, media_token
from regrade.workflow.planning import CASE_ORIGINS
from regrade.workflow.protocols import apply_protocol
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class HeldBackView:
    """An item whose decisions wait, since they would leave it without an accepted class."""

    token: str
    """Of the item."""
    item_id: str
    media: str | None
    class_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicationPreview:
    """What publishing would do now."""

    head: LabelSetVersion
    next_ref: str
    changes: tuple[ChangeView, ...]
    n_decisions: int
    """Decisions that the new version would carry."""
    n_confirmed: int
    """Of these, decisions that agree with the labels as they are."""
    conflicts: tuple[ChangeView, ...]
    """Decisions on what another version has changed since; `before` is what the labels say now."""
    held_back: tuple[HeldBackView, ...]
    n_open_cases: int
    n_disputed_cases: int
    can_publish: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing did."""

    version: LabelSetVersion
    n_changes: int
    n_decisions: int
    n_conflicts: int
    n_held_back: int
    """Items held back."""
    n_open_cases: int
    """Undecided cases, which move on to the new version."""
    before: tuple[Grade, ...]
    after: tuple[Grade, ...]


def preview_publication(ws: Workspace, *, name: str | None = None, split: str = MAIN_SPLIT) -> PublicationPreview:
    """What publishing would do now; changes nothing."""
    head = _head(ws, name, split)
    with ws.store.read() as tx:
        draft = draft_publication(ws, tx, head)
        n_open, n_disputed = _count_cases(tx, head.split)
    publication = draft.publication
    made = {(row.item, row.class_id): row for row in draft.waiting}
    n_changed = len(publication.changes)
    return PublicationPreview(
        head=head,
        next_ref=_next_ref(head),
        changes=view_changes(ws, head.split, publication.changes, made),
        n_decisions=len(publication.applied),
        n_confirmed=len(publication.applied) - n_changed,
        conflicts=view_changes(ws, head.split, tuple(map(_as_change, publication.conflicts)), made),
        held_back=tuple(_view_held_back(ws, head.split, item, publication) for item in publication.held_back_items),
        n_open_cases=n_open,
        n_disputed_cases=n_disputed,
        can_publish=n_changed > 0,
        why_not="" if n_changed else _why_not(draft, head),
    )


def publish_labels(
    ws: Workspace,
    *,
    by: str,
    reason: str,
    name: str | None = None,
    split: str = MAIN_SPLIT,
    expected: str | None = None,
) -> PublishReport:
    """Make `NAME@N+1` from the newest version and the decisions that wait, then grade every stored model under both.

    It works with undecided cases left; what conflicts or would leave an item without an accepted class is kept back.

    Args:
        ws: The workspace.
        by: Who publishes.
        reason: What changed and why.
        name: The label set; default: the one that the split's panel works on.
        split: The split.
        expected: `NAME@N` that the caller was shown as the next version; None: whatever comes next.

    Raises:
        InputError: No reason was given.
        ConflictError: There is nothing to publish, or another version comes next than was expected.
    """
    if not reason.strip():
        raise InputError("a reason for the new version", got="none", remedy="Say in a few words what changed and why.")
    with ws.store.write() as tx:
        protocol = apply_protocol(ws, tx, at=now())
        head = _head(ws, name, split)
        if expected not in {None, _next_ref(head)}:
            raise ConflictError(
                f"The next version is {_next_ref(head)}, not {expected}: another was published meanwhile.",
                remedy="Look again at what publishing would do now.",
            )
        draft = draft_publication(ws, tx, head)
        publication = draft.publication
        if not publication.changes:
            raise ConflictError(_why_not(draft, head), remedy=_what_first(draft))
        facts = _tell_protocols(tx, head.split, publication, protocol) | {"reason": reason.strip()}
        version = _save(ws, tx, head, publication, by=by, facts=facts)
        n_open, n_disputed = _count_cases(tx, head.split)
    return PublishReport(
        version=version,
        n_changes=len(publication.changes),
        n_decisions=len(publication.applied),
        n_conflicts=len(publication.conflicts),
        n_held_back=len(publication.held_back_items),
        n_open_cases=n_open + n_disputed,
        before=grade_version(ws, head),
        after=grade_version(ws, version),
    )


def _next_ref(head: LabelSetVersion) -> str:
    return f"{head.name}@{head.version + 1}"


def _head(ws: Workspace, name: str | None, split: str) -> LabelSetVersion:
    if name is not None and "@" in name:
        raise InputError("the name of a label set", got=name, remedy="Leave the version out: the newest is the base.")
    return resolve_labels(ws, name) if name else labels_of_split(ws, split)


def _tell_protocols(
    tx: Transaction, split: str, publication: Publication, in_force: ProtocolVersion
) -> dict[str, object]:
    """How the panel works now, and the versions under which it was asked, and decided, about what is published."""
    items = {row.item for row in publication.applied}
    numbers = {*protocols.list_numbers_used(tx, split, items), *_list_decided_under(tx, publication)}
    return {"protocol": asdict(in_force.content), "protocols": sorted(numbers)}


def _list_decided_under(tx: Transaction, publication: Publication) -> Iterator[int]:
    """The version in force when each decision was made here: versions in use never change, and have their time."""
    versions = protocols.list_protocols(tx)
    for row in publication.applied:
        if row.method is not DecisionMethod.IMPORTED:
            yield from [version.number for version in versions if version.created_at <= row.created_at][-1:]


def _save(
    ws: Workspace,
    tx: Transaction,
    head: LabelSetVersion,
    publication: Publication,
    *,
    by: str,
    facts: Mapping[str, object],
) -> LabelSetVersion:
    at = now()
    saved = labelsets.save_label_set(
        tx,
        ws.store.arrays,
        publication.labels,
        name=head.name,
        parent=head.ref,
        author=by,
        reason=str(facts["reason"]),
        warnings=(),
        at=at,
    )
    decisions.save_published(tx, [row.id for row in publication.applied], saved.version.ref)
    line = {
        "labels": saved.version.ref,
        "digest": saved.version.digest,
        "n_changes": len(publication.changes),
        "n_decisions": len(publication.applied),
        **facts,
    }
    journal.save_line(tx, actor=by, action="labels.publish", facts=line, at=at)
    return saved.version


def _count_cases(tx: Transaction, split: str) -> tuple[int, int]:
    """Open and disputed cases of the first pass."""
    counts = [
        len(questions.load_pairs(tx, split, Pass.VERDICT, statuses=(status,), origins=CASE_ORIGINS).items)
        for status in (QuestionStatus.OPEN, QuestionStatus.DISPUTED)
    ]
    return counts[0], counts[1]


def _as_change(conflict: Conflict) -> LabelChange:
    decision = conflict.decision
    is_item = decision.class_id is None
    return LabelChange(
        decision.item,
        decision.class_id,
        conflict.at_head,
        decision.verdict,
        problematic_after=not decision.usable if is_item else None,
    )


def _view_held_back(ws: Workspace, split: str, item: int, publication: Publication) -> HeldBackView:
    classes = [row.class_id for row in publication.held_back if row.item == item and row.class_id is not None]
    return HeldBackView(
        token=item_token(ws, split, item),
        item_id=ws.split(split).ids[item],
        media=media_token(ws, split, item),
        class_names=tuple(ws.classes.titles[class_id] for class_id in np.unique(classes)) if classes else (),
    )


def _what_first(draft: Draft) -> str:
    """What to do before publishing, where it would change nothing."""
    publication = draft.publication
    waits = not publication.applied and (publication.conflicts or publication.held_back_items)
    return "Settle that on the page Adjudicate, and publish then." if waits else "Decide more cases first."


def _why_not(draft: Draft, head: LabelSetVersion) -> str:
    publication = draft.publication
    if publication.applied:
        return "All decisions agree with the labels as they are: there is nothing to change."
    if publication.conflicts or publication.held_back_items:
        return "What was decided waits for an adjudicator."
    if draft.n_outside:
        return f"{draft.n_outside} decisions are on items that {head.ref} does not cover."
    return "Nothing has been decided since the last version."
