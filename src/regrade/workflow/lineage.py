"""Where versions of labels come from: the line of their parents."""

from __future__ import annotations

from regrade.records.labels import LabelSetVersion
from regrade.store import Transaction, labelsets


def list_line(tx: Transaction, version: LabelSetVersion) -> tuple[LabelSetVersion, ...]:
    """A version, the one that it was made from, and so on down to the first, newest first."""
    line = [version]
    while line[-1].parent is not None:
        line.append(labelsets.load_version(tx, line[-1].parent))
    return tuple(line)


def list_versions_between(
    tx: Transaction, before: LabelSetVersion, after: LabelSetVersion
) -> tuple[LabelSetVersion, ...]:
    """The versions that lead to `after` and not to `before`, oldest first.

    The first of them was made from a version that both come from, or is an import; there is none if `before` comes
    from `after`.
    """
    known = {version.ref for version in list_line(tx, before)}
    return tuple(version for version in reversed(list_line(tx, after)) if version.ref not in known)
