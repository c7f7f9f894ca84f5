"""Label sets made from others: several combined into one, and classes that mean the same accepted for one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.grading import accept_equivalences
from regrade.labelsets import Combination, CombinedLabels, combine_labels, count_changes, diff_labels
from regrade.records.labels import LabelSet, LabelSetVersion
from regrade.store import journal, labelsets
from regrade.workflow.clock import now
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.named import list_names
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CombineReport:
    """What combining label sets stored."""

    version: LabelSetVersion
    created: bool
    """False: the same content was there already."""
    sources: tuple[str, ...]
    """`NAME@N` of each, in the order given."""
    how: Combination
    n_items: int
    n_verdicts: int
    n_problematic: int
    n_verdicts_differing: int
    """(item, class) pairs that several of them judged, and not alike."""
    n_flags_differing: int
    """Items that several of them cover, problematic in one and not in another."""
    n_originals_differing: int


@dataclass(frozen=True, slots=True)
class EquivalencesReport:
    """What accepting classes for one another stored."""

    version: LabelSetVersion
    created: bool
    """False: nothing was to be changed, or the same content was there already."""
    source: str
    """`NAME@N` that it was made from."""
    n_pairs: int
    """Directed pairs of classes in the file."""
    n_added: int
    """(item, class) pairs that nobody had judged and that are accepted now."""
    n_raised: int
    """(item, class) pairs whose verdict was worse."""
    n_items: int
    """Items with either."""


def combine_versions(
    ws: Workspace, name: str, sources: Sequence[str], *, how: Combination, reason: str = "", by: str = "local"
) -> CombineReport:
    """Make the label set `name` of several versions; `regrade.labelsets.combine_labels` says how they are settled.

    Args:
        ws: The workspace.
        name: A new name; the same name with the same content is no change.
        sources: `NAME@N` or `NAME` (newest) of at least two; with `prefer` the first one counts most. The first becomes
            the parent of the new version; its reason names all.
        how: `union` or `prefer`.
        reason: Why, put behind the names of the sources.
        by: Who does it, for the journal.

    Raises:
        ConflictError: The name holds other content.
        InputError: There are fewer than two sources, one stands twice, they are of different splits, or `name` is the
            name of one of them.
        NotFoundError: There is no such label set.
    """
    versions = [resolve_labels(ws, ref) for ref in list_names(sources, "sources")]
    refs = tuple(version.ref for version in versions)
    if len(set(refs)) < len(refs):
        raise InputError("different label sets", got=", ".join(refs), remedy="Name each version once.")
    if name in {version.name for version in versions}:
        raise InputError(
            "a new name for the combined label set",
            got=f"{name}, one of those combined",
            remedy="Choose another name; `regrade labels use` makes it the default.",
        )
    combined = combine_labels([load_labels(ws, version) for version in versions], how=how)
    words = f"{'union of' if how == 'union' else 'preferring in this order'} {', '.join(refs)}"
    saved = _save(
        ws,
        combined.labels,
        name=name,
        parent=versions[0],
        reason=_with_reason(words, reason),
        warnings=_warn(combined, how),
        action="labels.combine",
        facts={"sources": refs, "how": how},
        by=by,
    )
    return CombineReport(
        version=saved.version,
        created=saved.created,
        sources=refs,
        how=how,
        n_items=len(combined.labels.items),
        n_verdicts=len(combined.labels.pair_items),
        n_problematic=int(combined.labels.problematic.sum()),
        n_verdicts_differing=combined.n_verdicts_differing,
        n_flags_differing=combined.n_flags_differing,
        n_originals_differing=combined.n_originals_differing,
    )


def apply_equivalences(
    ws: Workspace, ref: str, file: formats.FilePath, *, new_name: str | None = None, reason: str = "", by: str = "local"
) -> EquivalencesReport:
    """Accept classes that mean the same for one another, as a version of its own.

    Args:
        ws: The workspace.
        ref: The label set; without `new_name` a bare name, whose newest version gets a successor.
        file: CSV of directed pairs: where `label` is accepted, `accepts` is accepted too. Pairs are not chained.
        new_name: Make it a label set of its own instead.
        reason: Why, put behind the name of the file.
        by: Who does it, for the journal.

    Returns:
        The new version, or the one that was there where nothing changes.

    Raises:
        ConflictError: `new_name` holds other content, or another version came in between.
        InputError: The file is not what it must be, or `ref` carries a version and there is no `new_name`.
        NotFoundError: There is no such label set.
    """
    if "@" in ref and new_name is None:
        raise InputError(
            "the name of a label set",
            got=ref,
            remedy="Leave the version out (the newest is the base), or give the result a name of its own with --as.",
        )
    source = resolve_labels(ws, ref)
    before = load_labels(ws, source)
    file = Path(file)
    pairs = formats.read_equivalences(file, classes=ws.classes)
    after = accept_equivalences(before, pairs)
    counts = count_changes(diff_labels(before, after))
    saved = labelsets.SavedLabelSet(source, created=False)
    if new_name is not None or counts.n_items:
        saved = _save(
            ws,
            after,
            name=new_name or source.name,
            parent=source,
            reason=_with_reason(f"classes that mean the same, by {file.name}", reason),
            warnings=(),
            action="labels.equivalences",
            facts={"sources": [source.ref], "file": file.name, "n_pairs": len(pairs.labels)},
            by=by,
        )
    return EquivalencesReport(
        version=saved.version,
        created=saved.created,
        source=source.ref,
        n_pairs=len(pairs.labels),
        n_added=counts.n_added,
        n_raised=counts.n_changed,
        n_items=counts.n_items,
    )


def _save(
    ws: Workspace,
    labels: LabelSet,
    *,
    name: str,
    parent: LabelSetVersion,
    reason: str,
    warnings: Sequence[str],
    action: str,
    facts: Mapping[str, object],
    by: str,
) -> labelsets.SavedLabelSet:
    """A successor where the name is the parent's, else a label set of its own."""
    follows = name == parent.name
    with ws.store.write() as tx:
        at = now()
        saved = labelsets.save_label_set(
            tx,
            ws.store.arrays,
            labels,
            name=name,
            parent=parent.ref if follows else None,
            source=None if follows else parent.ref,
            author=by,
            reason=reason,
            warnings=warnings,
            at=at,
        )
        if saved.created:
            line = {"labels": saved.version.ref, "digest": saved.version.digest, **facts}
            journal.save_line(tx, actor=by, action=action, facts=line, at=at)
    return saved


def _with_reason(words: str, reason: str) -> str:
    return f"{words}: {reason.strip()}" if reason.strip() else words


def _warn(combined: CombinedLabels, how: Combination) -> list[str]:
    """What had to be settled, in words."""
    union = how == "union"
    found = (
        (
            combined.n_verdicts_differing,
            "(item, class) pairs are judged differently",
            "correct counts before unclear before wrong"
            if union
            else "the first label set that judges the pair counts",
        ),
        (
            combined.n_flags_differing,
            "items are problematic in one and not in another",
            "they are problematic here" if union else "the first label set that covers the item counts",
        ),
        (
            combined.n_originals_differing,
            "items have different original labels",
            "the first label set that has one counts",
        ),
    )
    return [f"{count:,} {what}: {settled}." for count, what, settled in found if count]
