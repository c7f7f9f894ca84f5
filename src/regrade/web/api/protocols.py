"""The protocol: its versions, and changing it."""

from __future__ import annotations

from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.protocols import ProtocolEditIn, ProtocolReportOut, ProtocolVersionOut
from regrade.web.text import clean_text
from regrade.workflow.protocols import edit_protocol, list_versions

router = make_router("protocol")


@router.get("/protocol", responses=declare())
def list_protocols(ws: CurrentWorkspace) -> list[ProtocolVersionOut]:
    """All versions, oldest first; the last is in force."""
    return [ProtocolVersionOut.from_version(version) for version in list_versions(ws)]


@router.post("/protocol", responses=declare(409, 413, 415))
def change_protocol(ws: CurrentWorkspace, user: CurrentUser, edit: ProtocolEditIn) -> ProtocolReportOut:
    """Change some values: in place while nobody has answered under the newest version, else as a new one."""
    reason = clean_text(edit.reason)
    report = edit_protocol(ws, {**edit.values}, by=user.name, reason=reason, expected=edit.expected)
    return ProtocolReportOut.of(report, version=ProtocolVersionOut.from_version(report.version))
