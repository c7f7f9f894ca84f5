"""Which protocol is in force: the newest version, or what `regrade.toml` says if that has changed since.

The file says how a workspace begins and may be edited later. What it says is taken over as the next version, by the
first step that writes for the panel; until then it holds already.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from regrade.errors import InputError
from regrade.records.panel import Protocol
from regrade.store import Transaction, protocols, settings
from regrade.workflow.settings import read_settings

_TAKEN = "protocol of the file"
"""Setting that holds what the file said when it was taken over last."""


def protocol_in_force(tx: Transaction, folder: Path, given: Protocol) -> Protocol:
    """How the panel works now.

    Args:
        tx: A transaction.
        folder: The workspace's folder.
        given: What `regrade.toml` said when this process read it.
    """
    pending = find_pending(tx, folder, given)
    newest = protocols.load_newest(tx) if pending is None else None
    return pending or (newest.content if newest else given)


def find_pending(tx: Transaction, folder: Path, given: Protocol) -> Protocol | None:
    """What the file says, if that differs from what was taken over last; None: there is nothing to take over.

    A process that read the file before it was edited must not bring the old words back: where its own differ, it reads
    the file again.
    """
    taken = load_taken(tx)
    if taken is None or given == taken:
        return given if taken is None else None
    try:
        current = read_settings(folder).protocol
    except (InputError, OSError):  # somebody is at it; whoever opens the workspace next is told what is wrong
        return None
    return None if current == taken else current


def load_taken(tx: Transaction) -> Protocol | None:
    """What the file said when it was taken over last; None: it never was."""
    text = settings.load_setting(tx, _TAKEN)
    return None if text is None else Protocol(**json.loads(text))


def save_taken(tx: Transaction, content: Protocol) -> None:
    """Remember what was taken over."""
    settings.save_setting(tx, _TAKEN, json.dumps(asdict(content)))
