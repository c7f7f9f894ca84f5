"""Where versions of labels come from: the line of their parents, and all that they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regrade.records.labels import LabelSetVersion
from regrade.store import Transaction, journal, labelsets

_MAKERS = ("labels.publish", "labels.combine", "labels.equivalences")
"""Lines of the journal that say how a version was made of others."""


def load_making(tx: Transaction) -> dict[str, Mapping[str, Any]]:
    """What the journal says of the making of each version that was made of others, by `NAME@N`."""
    return {str(line.facts["labels"]): line.facts for line in journal.list_lines(tx, actions=_MAKERS)}


def sources_of(version: LabelSetVersion, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """`NAME@N` of each version that it was made of; empty for an import."""
    parents = () if version.parent is None else (version.parent,)
    return tuple(facts.get("sources", parents))


def list_ancestors(
    tx: Transaction, version: LabelSetVersion, making: Mapping[str, Mapping[str, Any]]
) -> tuple[LabelSetVersion, ...]:
    """The version, those that it was made of, and so on, each once, the nearest first."""
    found = {version.ref: version}
    waiting = list(sources_of(version, making.get(version.ref, {})))
    while waiting:
        ref = waiting.pop(0)
        if ref not in found:
            found[ref] = labelsets.load_version(tx, ref)
            waiting.extend(sources_of(found[ref], making.get(ref, {})))
    return tuple(found.values())


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
