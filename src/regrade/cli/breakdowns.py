"""What `regrade grade --by class` and `--by group` print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

import typer

from regrade.cli.output import print_csv, print_json, say
from regrade.cli.tables import percent, percent_interval, print_notes, print_table

if TYPE_CHECKING:
    from regrade.records.grades import ClassGrade, GroupGrade

Row = TypeVar("Row", "ClassGrade", "GroupGrade")


def print_classes(rows: Sequence[ClassGrade], *, json: bool, csv: bool) -> None:
    """One line a model and class.

    Args:
        rows: Grades by one label set version and one policy; none: a line of words instead.
        json: Print them as JSON.
        csv: Print them as CSV.
    """
    columns = ("model", "class>", "name", "accuracy>", "95 %>", "graded>", "mistakes>", "unreviewed>")
    _print(rows, columns, _class_cells, json=json, csv=csv)


def print_groups(rows: Sequence[GroupGrade], *, json: bool, csv: bool) -> None:
    """One line a model and group of classes.

    Args:
        rows: Grades by one label set version and one policy; none: a line of words instead.
        json: Print them as JSON.
        csv: Print them as CSV.
    """
    columns = ("model", "group", "classes>", "MLA>", "95 %>", "items>", "95 %>", "graded>", "mistakes>", "unreviewed>")
    _print(rows, columns, _group_cells, json=json, csv=csv)


def _print(
    rows: Sequence[Row], columns: Sequence[str], cells: Callable[[Row], Sequence[object]], *, json: bool, csv: bool
) -> None:
    if json:
        print_json(rows)
        return
    if csv:
        names = [field.name for field in fields(rows[0])] if rows else []
        print_csv(names, ([_as_text(getattr(row, name)) for name in names] for row in rows))
        return
    if not rows:
        say("No predictions to grade yet: import some with `regrade predictions import`.")
        return
    typer.echo(f"labels {rows[0].labels} · policy {rows[0].policy}")
    print_table(columns, map(cells, rows))
    typer.echo("in percent")
    print_notes([(row.model, row.notes) for row in rows])


def _class_cells(row: ClassGrade) -> Sequence[object]:
    share = percent(row.accuracy), percent_interval(row.ci_low, row.ci_high)
    return row.model, row.class_id, row.name, *share, row.n_graded, row.n_mistakes, row.n_unreviewed


def _group_cells(row: GroupGrade) -> Sequence[object]:
    by_class = percent(row.multilabel_accuracy), percent_interval(row.multilabel_ci_low, row.multilabel_ci_high)
    by_item = percent(row.item_accuracy), percent_interval(row.item_ci_low, row.item_ci_high)
    counts = row.n_graded, row.n_mistakes, row.n_unreviewed
    return row.model, row.group, row.n_classes, *by_class, *by_item, *counts


def _as_text(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value
