"""The versions of the labels, what differs between two of them, and publishing the next one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from regrade.web.api.parameters import Limit, Offset, Split
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.labels import (
    LabelsDiffOut,
    LabelSetOut,
    PublicationPlanOut,
    PublishedOut,
    PublishIn,
)
from regrade.web.text import clean_text
from regrade.workflow.label_diffs import diff_versions
from regrade.workflow.labels import list_labels, show_labels
from regrade.workflow.publish import preview_publication, publish_labels

router = make_router("labels")
Ref = Annotated[str, Query(description="`NAME@N` or `NAME` (its newest version).")]


@router.get("/labels", responses=declare())
def list_versions(ws: CurrentWorkspace) -> list[LabelSetOut]:
    """All versions with their counts, by name and version."""
    return [LabelSetOut.of(row) for row in list_labels(ws)]


@router.get("/labels/diff", responses=declare(404))
def show_diff(ws: CurrentWorkspace, before: Ref, after: Ref, offset: Offset = 0, limit: Limit = 100) -> LabelsDiffOut:
    """What differs between two versions, and who or what made each change."""
    diff = diff_versions(ws, before, after)
    return LabelsDiffOut.of(diff, n_total=len(diff.changes), changes=diff.changes[offset : offset + limit])


@router.get("/labels/{ref}", responses=declare(404))
def show_version(
    ws: CurrentWorkspace, ref: Annotated[str, Path(description="`NAME@N` or `NAME` (its newest version).")]
) -> LabelSetOut:
    """One version: where it comes from, and its counts."""
    return LabelSetOut.of(show_labels(ws, ref))


@router.get("/publication", responses=declare(404))
def plan_publication(
    ws: CurrentWorkspace, split: Split = "main", offset: Offset = 0, limit: Limit = 100
) -> PublicationPlanOut:
    """What publishing would do now: changes, conflicts and what is held back."""
    plan = preview_publication(ws, split=split)
    return PublicationPlanOut.of(plan, n_changes=len(plan.changes), changes=plan.changes[offset : offset + limit])


@router.post("/publication", status_code=201, responses=declare(404, 409, 413, 415))
def publish(ws: CurrentWorkspace, user: CurrentUser, asked: PublishIn, split: Split = "main") -> PublishedOut:
    """Make the next version of the labels, and grade every model by it."""
    reason = clean_text(asked.reason)
    report = publish_labels(ws, by=user.name, reason=reason, expected=asked.next_ref, split=split)
    return PublishedOut.of(report)
