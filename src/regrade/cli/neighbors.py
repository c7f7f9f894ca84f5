"""`regrade neighbors`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.class_texts import class_cells, class_text
from regrade.cli.options import AsCsv, AsJson, SplitName, WorkspaceFolder
from regrade.cli.output import print_csv, print_json, refuse_both, say
from regrade.cli.tables import print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.workflow.neighbors import ItemNeighbors, NeighborsReport

_COLUMNS = ("item", "rank", "neighbor", "similarity", "class_ids", "class_names")


def neighbors(
    ctx: typer.Context,
    items: Annotated[list[str], typer.Argument(metavar="ITEM...", help="Ids of items.", show_default=False)],
    *,
    split: SplitName = "main",
    among: Annotated[
        str | None,
        typer.Option(metavar="SPLIT", help="Where to search; without it, the only other split with embeddings."),
    ] = None,
    embeddings: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="By which embeddings; without it, the only ones of both splits."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, metavar="K", help="How many neighbors of each item.")] = 10,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Find the nearest items, by the cosine of their embeddings.

    Among training images, mostly (`--among train`); among the items' own split, each item itself is left out. Exact;
    of two that are equally near, the first of the split comes first.
    """
    from regrade.workflow.neighbors import find_neighbors

    refuse_both(json=json, csv=csv)
    with open_chosen(ctx, workspace) as ws:
        report = find_neighbors(ws, items, split=split, among=among, embeddings=embeddings, k=k)
    if csv:
        print_csv(_COLUMNS, _list_cells(report))
    elif json:
        print_json(report)
    else:
        _print_tables(report)


def _print_tables(report: NeighborsReport) -> None:
    say(f"nearest items of {report.among}, by {report.embeddings}")
    for item in report.items:
        typer.echo(item.item_id)
        if not item.neighbors:
            say("No neighbors: it has no vector, or nothing else has.")
            continue
        print_table(("neighbor", "similarity>", "class"), _list_rows(item))


def _list_rows(item: ItemNeighbors) -> Iterator[tuple[object, ...]]:
    for near in item.neighbors:
        classes = ", ".join(class_text(row.class_id, row.name) for row in near.classes)
        yield near.item_id, f"{near.similarity:.4f}", classes or None


def _list_cells(report: NeighborsReport) -> Iterator[tuple[object, ...]]:
    for item in report.items:
        for rank, near in enumerate(item.neighbors, start=1):
            yield item.item_id, rank, near.item_id, near.similarity, *class_cells(near.classes)
