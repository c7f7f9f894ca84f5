"""Publishing: look at what would change, say why, confirm."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regrade.web.changes import group_changes
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import require_field
from regrade.web.routes.labels import N_CHANGES
from regrade.workflow.publish import preview_publication, publish_labels

router = APIRouter()


@router.get("/publish")
def show_publication(ws: CurrentWorkspace, page: Page) -> Response:
    """What publishing would do now."""
    preview = preview_publication(ws)
    return page("publish.html", preview=preview, groups=group_changes(preview.changes, most=N_CHANGES))


@router.post("/publish")
def publish(ws: CurrentWorkspace, user: CurrentUser, fields: Fields) -> Response:
    """Make the next version, then show it. A form that was made for another version changes nothing."""
    expected = require_field(fields, "next_ref")
    report = publish_labels(ws, by=user.name, reason=fields.get("reason", ""), expected=expected)
    return RedirectResponse(f"/labels/{report.version.ref}", status_code=303)
