"""The protocol: its versions, and a form to change it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regrade.errors import InputError
from regrade.panel.protocols import BY_KEY, tabulate_protocol
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import read_protocol, require_field
from regrade.workflow.protocols import edit_protocol, is_in_use, list_versions

router = APIRouter()
SECTIONS = {
    "Reviewing": ("reviewers", "rule", "max_classes_per_screen", "order", "gold_share"),
    "Blind": ("blind_model", "blind_roles", "blind_peers", "blind_suggestions"),
    "Adjudication": ("adjudication", "adjudicators"),
    "Afterwards": ("reveal",),
}
"""The form's parts with the keys of their fields."""


@router.get("/protocol")
def show_protocol(ws: CurrentWorkspace, page: Page) -> Response:
    """The version in force as a form, and all versions below it."""
    versions = list_versions(ws)[::-1]
    return page(
        "protocol.html",
        versions=versions,
        in_use=is_in_use(ws, versions[0]),
        values=tabulate_protocol(versions[0].content),
        sections={title: [BY_KEY[key] for key in keys] for title, keys in SECTIONS.items()},
    )


@router.post("/protocol")
def change(ws: CurrentWorkspace, user: CurrentUser, fields: Fields) -> Response:
    """Change it, then show it. A form that was made for another version changes nothing."""
    number = require_field(fields, "number")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise InputError("the number of the version", got=repr(number[:80]), remedy="Reload the page and try again.")
    reason = fields.get("reason", "").replace("\r\n", "\n")
    edit_protocol(ws, read_protocol(fields), by=user.name, reason=reason, expected=int(number))
    return RedirectResponse("/protocol", status_code=303)
