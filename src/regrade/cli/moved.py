"""What `regrade grade --against` prints: every model under two versions, and the items that moved the most models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from regrade.cli.class_texts import class_text
from regrade.cli.options import UnclearName
from regrade.cli.output import print_csv, print_json, say
from regrade.cli.tables import counted, percent, print_notes, print_table

if TYPE_CHECKING:
    from regrade.workflow.moved import MovedItem, MovedModel, MovedReport


def print_moved(report: MovedReport, *, unclear: UnclearName = "accept", json: bool = False, csv: bool = False) -> None:
    """Every model, best first, with its rank and figures under both; then the items that moved the most models.

    Args:
        report: What `grade_against` gave.
        unclear: Whether a class marked unclear was accepted.
        json: Print the list that `grade --json` prints instead, with what the other version says beside it.
        csv: Print the same as CSV.
    """
    if json:
        print_json([_flat(row) for row in report.models])
    elif csv:
        rows = [_flat(row) for row in report.models]
        columns = tuple(rows[0]) if rows else ()
        print_csv(columns, ([_as_text(row[column]) for column in columns] for row in rows))
    else:
        _print_tables(report, unclear)


def _print_tables(report: MovedReport, unclear: UnclearName) -> None:
    if not report.models:
        say("No predictions to grade yet: import some with `regrade predictions import`.")
        return
    if report.labels == report.against:
        say(f"{report.labels.ref} is compared with itself: nothing can differ; name another version with --against")
    by_class = report.policy == "multilabel"
    typer.echo(
        f"labels {report.labels.ref} against {report.against.ref} · policy {report.policy}"
        + (f" · unclear: {unclear}" if report.policy != "single" else "")
    )
    print_table(
        (
            *("rank>", "was>", "model", "MLA>" if by_class else "items>", "was>", "change>"),
            *("mistakes>", "was>", "became right>", "became wrong>", "dropped>", "added>"),
        ),
        (_cells(row) for row in sorted(report.models, key=_place)),
    )
    typer.echo(f"in percent; {_count_ranks(report)}")
    _print_items(report)
    print_notes([(row.grade.model, row.notes) for row in report.models])


def _flat(row: MovedModel) -> dict[str, object]:
    against = row.against
    return {
        **asdict(row.grade),
        "against": against.labels,
        "rank": row.rank,
        "rank_against": row.rank_against,
        "multilabel_accuracy_against": against.multilabel_accuracy,
        "item_accuracy_against": against.item_accuracy,
        "n_mistakes_against": against.n_mistakes,
        **row.moves._asdict(),
        "notes": row.notes,
    }


def _as_text(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value


def _place(row: MovedModel) -> tuple[float, str]:
    return float("inf") if row.rank is None else row.rank, row.grade.model


def _cells(row: MovedModel) -> tuple[object, ...]:
    now, was = (
        grade.multilabel_accuracy if grade.policy == "multilabel" else grade.item_accuracy
        for grade in (row.grade, row.against)
    )
    change = None if now is None or was is None else f"{100 * (now - was):+.2f}"
    figures = (percent(now), percent(was), change, row.grade.n_mistakes, row.against.n_mistakes)
    return row.rank, row.rank_against, row.grade.model, *figures, *row.moves


def _count_ranks(report: MovedReport) -> str:
    n_moved = sum(row.rank != row.rank_against for row in report.models)
    return f"{n_moved:,} of {counted(len(report.models), 'model')} changed rank"


def _print_items(report: MovedReport) -> None:
    typer.echo(
        f"\n{counted(report.n_changed_items, 'item')} changed, {report.n_moved_items:,} of them moved a model"
        + (f"; the {len(report.items)} that moved the most:" if report.n_moved_items > len(report.items) else "")
    )
    if report.items:
        print_table(
            (
                *("item", "became right>", "became wrong>", "dropped>", "added>"),
                *("class", "before", "after", "by", "reason"),
            ),
            (cells for item in report.items for cells in _item_cells(report, item)),
        )
    if report.n_moved_items > len(report.items):
        say(f"All changes: `regrade labels diff {report.against.ref} {report.labels.ref}`.")


def _item_cells(report: MovedReport, item: MovedItem) -> Iterator[tuple[object, ...]]:
    """One row a change; the counts stand in the first one only."""
    head: tuple[object, ...] = (item.item_id, *item.moves)
    if not item.changes:
        yield *head, "", "covered or labeled otherwise", f"in {report.labels.ref}", "", ""
    for change in item.changes:
        yield (
            *head,
            class_text(change.class_id, change.class_name),
            change.before,
            change.after,
            change.by,
            change.reason,
        )
        head = ("", "", "", "", "")
