"""`regrade mistakes`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.class_texts import class_cells, class_text
from regrade.cli.options import AsCsv, AsJson, SplitName, WorkspaceFolder
from regrade.cli.output import print_csv, print_json, refuse_both, say
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.workflow.mistakes import MistakesPage, Tile

_COLUMNS = (
    *("item", "label_id", "label_name", "predicted_id", "predicted_name", "accepted_ids", "accepted_names"),
    *("status", "models", "confidence", "category", "severity"),
)


def mistakes(
    ctx: typer.Context,
    *,
    model: Annotated[str | None, typer.Option(metavar="MODEL", help="Only mistakes of this model.")] = None,
    class_id: Annotated[
        int | None, typer.Option("--class", min=0, metavar="ID", help="Only items of this original class.")
    ] = None,
    predicted: Annotated[int | None, typer.Option(min=0, metavar="ID", help="Only this predicted class.")] = None,
    group: Annotated[
        str | None, typer.Option(metavar="GROUP", help="Only items whose original class is in this group.")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            metavar="STATUS",
            help="Only what stands so. By the labels: unreviewed (all that nobody has judged, as grade counts it, open "
            "cases too), judged wrong, unclear rejected. By the panel since: open, disputed, decided wrong, decided "
            "unclear, decided correct, problematic.",
        ),
    ] = None,
    category: Annotated[str | None, typer.Option(metavar="CATEGORY", help="Only this category.")] = None,
    severity: Annotated[str | None, typer.Option(metavar="SEVERITY", help="Only this severity.")] = None,
    min_models: Annotated[int, typer.Option(min=1, metavar="N", help="Only what at least N models share.")] = 1,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="X", help="Only from this confidence up.")
    ] = None,
    max_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="X", help="Only up to this confidence.")
    ] = None,
    query: Annotated[str, typer.Option(metavar="TEXT", help="Only with this text in item id or class name.")] = "",
    sort: Annotated[str, typer.Option(metavar="ORDER", help="By models (most first), confidence or item.")] = "models",
    offset: Annotated[int, typer.Option(min=0, metavar="N", help="Leave out the first N.")] = 0,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Print at most N, up to 1000; without it 100, as CSV all."),
    ] = None,
    split: SplitName = "main",
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Find mistakes of the models.

    Each (item, predicted class) stands there once. Says what models predicted: not for a reviewer who has yet to
    answer.
    """
    from regrade.workflow.known_filters import search_known
    from regrade.workflow.mistake_filters import parse_filters

    refuse_both(json=json, csv=csv)
    given = {
        "model": model,
        "class_id": class_id,
        "predicted": predicted,
        "group": group,
        "status": status,
        "category": category,
        "severity": severity,
        "min_models": min_models,
        "min_confidence": min_confidence,
        "max_confidence": max_confidence,
        "query": query,
        "sort": sort,
        "offset": offset,
        "limit": limit,
    }
    filters = parse_filters({name: str(value) for name, value in given.items() if value is not None})
    if csv and limit is None:
        filters = replace(filters, limit=sys.maxsize)
    with open_chosen(ctx, workspace) as ws:
        page = search_known(ws, filters, split=split)
    if csv:
        print_csv(_COLUMNS, map(_as_cells, page.tiles))
        _say_more(page)
    elif json:
        print_json(page)
    else:
        _print_page(page)


def _print_page(page: MistakesPage) -> None:
    typer.echo(f"labels {page.labels.ref}: {counted(page.n_total, 'mistake')} on {counted(page.n_items, 'item')}")
    print_table(
        ("item", "predicted", "accepted", "status", "models>", "confidence>", "category", "severity"),
        (
            (
                tile.item_id,
                class_text(tile.predicted.class_id, tile.predicted.name),
                ", ".join(class_text(accepted.class_id, accepted.name) for accepted in tile.accepted),
                tile.status,
                tile.n_models,
                None if tile.confidence is None else f"{tile.confidence:.3f}",
                tile.category,
                tile.severity,
            )
            for tile in page.tiles
        ),
    )
    _say_more(page)


def _as_cells(tile: Tile) -> tuple[object, ...]:
    """The cells of a mistake in the order of the columns."""
    label = (None, None) if tile.original is None else (tile.original.class_id, tile.original.name)
    kind = (tile.category, tile.severity)
    ids, names = class_cells(tile.accepted)
    return (
        tile.item_id,
        *label,
        tile.predicted.class_id,
        tile.predicted.name,
        ids,
        names,
        tile.status,
        tile.n_models,
        tile.confidence,
        *kind,
    )


def _say_more(page: MistakesPage) -> None:
    shown = page.filters.offset + len(page.tiles)
    if shown < page.n_total:
        say(f"{page.n_total - shown:,} more: go on with --offset {shown}")
