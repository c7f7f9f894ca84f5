"""Protocols: the versions, an admin's edits, and what follows when the panel is to work otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from regrade.errors import ConflictError, InputError
from regrade.panel import change_protocol, hides_more, shows_gold, votes_needed
from regrade.records.panel import Pass, Protocol, ProtocolVersion
from regrade.store import Transaction, journal, protocols, questions, reviews, settings, splits
from regrade.workflow.adjudicate import count_again
from regrade.workflow.asking import place_anew
from regrade.workflow.clock import now
from regrade.workflow.in_force import find_pending, save_taken
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.settings import SETTINGS_FILE
from regrade.workflow.settle import settle_first_pass, settle_second_pass
from regrade.workflow.workspace import Workspace

_APPLIED = "protocol applied"
"""Setting that holds the protocol by which everything was settled and placed last."""
MAX_REASON_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class ProtocolReport:
    """What an edit did."""

    version: ProtocolVersion
    """The version in force afterwards."""
    changes: dict[str, tuple[object, object]]
    """The record's fields that differ, with their values before and after; empty: nothing was to do."""
    is_new: bool
    """A new version was made; else the newest was written anew, since nothing rests on it."""


def list_versions(ws: Workspace) -> tuple[ProtocolVersion, ...]:
    """All versions, oldest first; the last is in force."""
    _take_over_now(ws)
    with ws.store.read() as tx:
        return protocols.list_protocols(tx)


def load_version(ws: Workspace, number: int | None = None) -> ProtocolVersion:
    """A version by its number; None: the one in force.

    Raises:
        NotFoundError: There is no such version.
    """
    _take_over_now(ws)
    with ws.store.read() as tx:
        newest = protocols.load_newest(tx) if number is None else protocols.load_protocol(tx, number)
    assert newest is not None  # noqa: S101 - what the file says is a version
    return newest


def is_in_use(ws: Workspace, version: ProtocolVersion) -> bool:
    """Whether the newest version stays as it is, since somebody has answered, voted or decided under it."""
    with ws.store.read() as tx:
        return _is_in_use(tx, version)


def edit_protocol(
    ws: Workspace, values: Mapping[str, object], *, by: str, reason: str = "", expected: int | None = None
) -> ProtocolReport:
    """Change some fields: in place while nobody has answered or decided under the newest version, else as a new one.

    What its reviewers may have seen already is not changed in place either: a blind that is switched on after screens
    were dealt without it makes a new version, and so does showing peers' answers after gold was dealt. Everything
    undecided is settled by the new one at once.

    Args:
        ws: The workspace.
        values: By key, as in `regrade.toml`; what is not named stays.
        by: Who does it.
        reason: Why; a new version needs one.
        expected: Number of the version that the editor saw; None: whatever there is.

    Raises:
        ConflictError: Another version came meanwhile.
        InputError: A key is none, a value cannot be, or a new version has no reason.
    """
    with ws.store.write() as tx:
        at = now()
        before = _take_over(ws, tx, at=at)
        if expected is not None and before.number != expected:
            raise ConflictError(
                f"Protocol {before.number} was made while you edited protocol {expected}.",
                remedy="Reload the page and look at it again.",
            )
        content = change_protocol(before.content, values)
        changes = _differences(before.content, content)
        if not changes:
            return ProtocolReport(before, {}, is_new=False)
        is_new = _must_stay(tx, before, content)
        version = _save(tx, before, content, by=by, reason=_check_reason(reason, needed=is_new), is_new=is_new, at=at)
        facts = {"protocol": version.number, "changes": changes, "is_new": is_new, "reason": version.reason}
        journal.save_line(tx, actor=by, action="protocol.edit", facts=facts, at=at)
        apply_protocol(ws, tx, at=at, by=by)
    return ProtocolReport(version, changes, is_new=is_new)


def apply_protocol(ws: Workspace, tx: Transaction, *, at: datetime, by: str = "local") -> ProtocolVersion:
    """Take over what `regrade.toml` says, and bring everything in line with the protocol in force, if it was not.

    Without it an item that had enough answers only since the protocol was changed would wait for an answer that nobody
    is asked for any more.

    Args:
        ws: The workspace.
        tx: A write transaction.
        at: When.
        by: Who changed the protocol, for the journal.

    Returns:
        The version in force.
    """
    version = _take_over(ws, tx, at=at)
    before = _load_applied(tx)
    if before == version.content:
        return version
    for split in splits.list_splits(tx):
        if before is not None and before.order != version.content.order:
            place_anew(ws, tx, split.name)
        if before is None or _settles_otherwise(before, version.content):
            _settle_all(ws, tx, split.name, at=at)
        if before is not None and _votes_otherwise(before, version.content):
            count_again(ws, tx, split.name, at=at)
    settings.save_setting(tx, _APPLIED, json.dumps(asdict(version.content)))
    if before is not None:
        facts = {"protocol": version.number, "changes": _differences(before, version.content)}
        journal.save_line(tx, actor=by, action="protocol.apply", facts=facts, at=at)
    return version


def _take_over_now(ws: Workspace) -> None:
    """Make what the file says a version, where it is none yet."""
    with ws.store.read() as tx:
        if find_pending(tx, ws.folder, ws.settings.protocol) is None:
            return
    with ws.store.write() as tx:
        _take_over(ws, tx, at=now())


def _take_over(ws: Workspace, tx: Transaction, *, at: datetime) -> ProtocolVersion:
    pending = find_pending(tx, ws.folder, ws.settings.protocol)
    newest = protocols.load_newest(tx)
    if pending is not None:
        save_taken(tx, pending)
    if newest is None or pending not in {None, newest.content}:
        content = pending or ws.settings.protocol
        reason = "as the workspace began" if newest is None else f"{SETTINGS_FILE} was edited"
        newest = protocols.save_protocol(tx, content, author=SETTINGS_FILE, reason=reason, at=at)
        facts = {"protocol": newest.number, "reason": reason}
        journal.save_line(tx, actor=SETTINGS_FILE, action="protocol.take_over", facts=facts, at=at)
        if newest.number == 1 and any(reviews.list_reviewers(tx, row.name) for row in splits.list_splits(tx)):
            # Answers from before there were versions: they were given under what the file says.
            protocols.save_first_review(tx, 1, at)
    return newest


def _is_in_use(tx: Transaction, version: ProtocolVersion) -> bool:
    return version.first_review_at is not None or protocols.has_adjudication(tx, version.created_at)


def _must_stay(tx: Transaction, before: ProtocolVersion, content: Protocol) -> bool:
    """Whether a version cannot be written anew: it is in use, or what was dealt under it would be seen otherwise."""
    if _is_in_use(tx, before):
        return True
    is_seen_otherwise = hides_more(before.content, content) or shows_gold(before.content, content)
    return is_seen_otherwise and protocols.has_screens(tx, before.number)


def _save(
    tx: Transaction, before: ProtocolVersion, content: Protocol, *, by: str, reason: str, is_new: bool, at: datetime
) -> ProtocolVersion:
    if not is_new:
        reason = reason or before.reason
        return protocols.save_content(tx, before.number, content, author=by, reason=reason, at=at)
    return protocols.save_protocol(tx, content, author=by, reason=reason, at=at)


def _check_reason(reason: str, *, needed: bool) -> str:
    text = reason.strip()
    if needed and not text:
        raise InputError("a reason for the new version", got="none", remedy="Say in a few words what changes and why.")
    if len(text) > MAX_REASON_LENGTH:
        raise InputError(f"a reason of at most {MAX_REASON_LENGTH:,} characters", got=f"{len(text):,}")
    return text


def _differences(before: Protocol, after: Protocol) -> dict[str, tuple[object, object]]:
    old, new = asdict(before), asdict(after)
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def _load_applied(tx: Transaction) -> Protocol | None:
    text = settings.load_setting(tx, _APPLIED)
    if text is None:
        return None
    if not text.startswith("{"):  # as workspaces kept it before there were versions: "2 unanimous"
        number, _, rule = text.partition(" ")
        return change_protocol(Protocol(), {"reviewers": int(number), "rule": rule})
    return Protocol(**json.loads(text))


def _settles_otherwise(before: Protocol, after: Protocol) -> bool:
    return (before.n_reviewers, before.rule) != (after.n_reviewers, after.rule)


def _votes_otherwise(before: Protocol, after: Protocol) -> bool:
    return votes_needed(before) != votes_needed(after)


def _settle_all(ws: Workspace, tx: Transaction, split: str, *, at: datetime) -> None:
    given = reviews.list_reviews(tx, split=split)
    answered = {pass_: sorted({row.item for row in given if row.pass_ is pass_}) for pass_ in Pass}
    for item in answered[Pass.VERDICT]:
        settle_first_pass(ws, tx, split, item, at=at)
    for item in answered[Pass.KIND]:
        for row in questions.list_item_questions(tx, split, item, Pass.KIND):
            if row.status in UNDECIDED:
                settle_second_pass(ws, tx, row, at=at)
