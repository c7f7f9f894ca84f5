"""`regrade labels diff`: what differs between two versions of the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.class_texts import class_cells, class_text
from regrade.cli.options import AsCsv, AsJson, Limit, WorkspaceFolder
from regrade.cli.output import print_csv, print_json, refuse_both, say
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.workflow.label_diffs import ClassChangesView
    from regrade.workflow.relabeled import RelabeledItem

_COLUMNS = (
    *("item", "label_id", "label_name", "label_accepted", "before_ids", "before_names", "after_ids", "after_names"),
    *("problematic_before", "problematic_after", "by", "reason"),
)


def diff(
    ctx: typer.Context,
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="NAME[@N] of one version.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="NAME[@N] of the other version.", show_default=False)],
    *,
    limit: Limit = None,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Show what differs between two versions.

    How many verdicts were added, removed and changed, and how many items became problematic or are so no more; class
    by class, and one by one with who decided. As CSV one row for each item whose answer differs: its label, and the
    classes accepted before and after.
    """
    from regrade.workflow.label_diffs import diff_versions
    from regrade.workflow.relabeled import list_relabeled

    refuse_both(json=json, csv=csv)
    with open_chosen(ctx, workspace) as ws:
        found = diff_versions(ws, before, after)
        items = list_relabeled(ws, found) if csv else ()
    if json:
        print_json(found)
        return
    if csv:
        print_csv(_COLUMNS, map(_as_cells, items[:limit]))
        n_left = found.counts.n_items - len(items)
        if n_left:
            say(f"left out: {counted(n_left, 'item')} with the same classes accepted as before")
        return
    counts = found.counts
    typer.echo(f"{found.before.ref} to {found.after.ref}: {counted(len(found.changes), 'change')}")
    if not found.changes:
        return
    typer.echo(f"verdicts: {counts.n_added:,} added, {counts.n_removed:,} removed, {counts.n_changed:,} changed")
    typer.echo(f"items: {counts.n_made_problematic:,} made problematic, {counts.n_made_usable:,} problematic no more")
    typer.echo(f"in all: {counted(counts.n_items, 'item')}, {counted(len(found.classes), 'class', 'classes')}")
    print_class_changes(found.classes, limit)
    print_table(
        ("item", "class", "before", "after", "by", "reason"),
        (
            (row.item_id, class_text(row.class_id, row.class_name), row.before, row.after, row.by, row.reason)
            for row in found.changes[:limit]
        ),
    )


def print_class_changes(classes: Sequence[ClassChangesView], limit: int | None) -> None:
    """The classes of a diff as a table, those with the most changes first."""

    def n_changes(row: ClassChangesView) -> int:
        return row.n_added + row.n_removed + row.n_changed + row.n_made_problematic + row.n_made_usable

    print_table(
        ("class", "added>", "removed>", "changed>", "problematic>", "no more>"),
        (
            (
                class_text(row.class_id, row.class_name),
                row.n_added,
                row.n_removed,
                row.n_changed,
                row.n_made_problematic,
                row.n_made_usable,
            )
            for row in sorted(classes, key=n_changes, reverse=True)[:limit]
        ),
    )


def _as_cells(row: RelabeledItem) -> tuple[object, ...]:
    """The cells of an item in the order of the columns; flags as 0 and 1, empty where undefined."""
    label = (None, None) if row.label is None else (row.label.class_id, row.label.name)
    return (
        row.item_id,
        *label,
        _as_digit(row.label_accepted),
        *class_cells(row.before),
        *class_cells(row.after),
        _as_digit(row.problematic_before),
        _as_digit(row.problematic_after),
        ", ".join(row.by),
        "; ".join(row.reasons),
    )


def _as_digit(flag: bool | None) -> int | None:
    return None if flag is None else int(flag)
