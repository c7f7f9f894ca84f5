"""Items whose answer differs between two versions of the labels: the list of mislabeled items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet
from regrade.workflow.label_diffs import LabelsDiff
from regrade.workflow.labels import load_labels
from regrade.workflow.named_classes import NamedClass, named_class
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RelabeledItem:
    """An item whose answer differs between two versions."""

    item_id: str
    label: NamedClass | None
    """The original label; None where it has none."""
    before: tuple[NamedClass, ...]
    """The classes that the one version accepts (correct or unclear)."""
    after: tuple[NamedClass, ...]
    """Those that the other accepts."""
    problematic_before: bool | None
    """None where the version does not cover the item."""
    problematic_after: bool | None
    by: tuple[str, ...]
    """Who made the changes, each once."""
    reasons: tuple[str, ...]
    """Why, each once."""

    @property
    def is_moved(self) -> bool:
        """Whether other classes are accepted, or the item's flag is another; else it is answered as before."""
        return (self.before, self.problematic_before) != (self.after, self.problematic_after)

    @property
    def label_accepted(self) -> bool | None:
        """Whether the other version still accepts the original label; None where there is none."""
        return None if self.label is None else self.label in self.after


def list_relabeled(ws: Workspace, diff: LabelsDiff) -> tuple[RelabeledItem, ...]:
    """The items of a diff that accept other classes than before or became problematic (or usable), by position."""
    old, new = load_labels(ws, diff.before), load_labels(ws, diff.after)
    originals = _originals(old) | _originals(new)
    rows = []
    for item, group in groupby(diff.changes, key=lambda change: change.item):
        changes = tuple(group)
        rows.append(
            RelabeledItem(
                item_id=changes[0].item_id,
                label=named_class(ws, originals[item]) if item in originals else None,
                before=_name_accepted(ws, item, old),
                after=_name_accepted(ws, item, new),
                problematic_before=old.is_problematic(item),
                problematic_after=new.is_problematic(item),
                by=_once(change.by for change in changes),
                reasons=_once(change.reason for change in changes),
            )
        )
    return tuple(row for row in rows if row.is_moved)


def _name_accepted(ws: Workspace, item: int, labels: LabelSet) -> tuple[NamedClass, ...]:
    return tuple(named_class(ws, class_id) for class_id in labels.accepted_classes(item))


def _originals(labels: LabelSet) -> dict[int, int]:
    """The original label of each covered item that has one."""
    pairs = zip(labels.items.tolist(), labels.original.tolist(), strict=True)
    return {item: label for item, label in pairs if label != NO_LABEL}


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(texts) if text)
