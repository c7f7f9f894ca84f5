"""The versions of the labels, and what differs between two of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from regrade.web.changes import group_changes
from regrade.web.deps import CurrentWorkspace, Page
from regrade.web.grades import compare_versions
from regrade.workflow.label_diffs import diff_versions
from regrade.workflow.labels import list_labels, show_labels

router = APIRouter()
N_CHANGES = 500
"""Changes shown on one page; the rest are counted."""


@router.get("/labels")
def show_versions(ws: CurrentWorkspace, page: Page) -> Response:
    """All versions, newest first."""
    rows = sorted(list_labels(ws), key=lambda row: row.version.created_at, reverse=True)
    return page("labels.html", rows=rows)


@router.get("/labels/diff")
def show_diff(ws: CurrentWorkspace, page: Page, before: str, after: str) -> Response:
    """What differs between two versions."""
    diff = diff_versions(ws, before, after)
    groups = group_changes(diff.changes, most=N_CHANGES)
    return page("diff.html", diff=diff, groups=groups, grades=compare_versions(ws, diff))


@router.get("/labels/{ref}")
def show_version(ws: CurrentWorkspace, page: Page, ref: str) -> Response:
    """One version: where it comes from, what it changed, and every model before and after."""
    row = show_labels(ws, ref)
    diff = diff_versions(ws, row.version.parent, row.version.ref) if row.version.parent else None
    return page(
        "version.html",
        row=row,
        diff=diff,
        groups=group_changes(diff.changes if diff else (), most=N_CHANGES),
        grades=compare_versions(ws, diff) if diff else (),
    )
