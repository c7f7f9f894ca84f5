"""What `regrade reviews agreement` says of decisions that reliable reviewers speak against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from regrade.cli.tables import counted, percent, print_notes, print_table

if TYPE_CHECKING:
    from regrade.records.agreement import Topic
    from regrade.workflow.posteriors import ContestedView

N_SHOWN = 20


def print_contested(rows: Sequence[ContestedView], why_not: Mapping[Topic, str]) -> None:
    """The decisions that are less likely than another verdict, and why the votes on a question are not weighed."""
    shown = rows[:N_SHOWN]
    if shown:
        typer.echo("")
        print_table(
            ("item", "class", "decided", "by", "likelier", "%>", "wrong>", "unclear>", "correct>"),
            (
                (
                    row.item_id,
                    row.class_name,
                    row.contested.decided,
                    "adjudicator" if row.contested.by_adjudicator else "reviewers",
                    row.contested.likeliest,
                    _share(row),
                    *row.contested.posterior.votes,
                )
                for row in shown
            ),
        )
        typer.echo("weighed by how reliable each reviewer is, the votes speak for another verdict")
    if len(rows) > len(shown):
        typer.echo(f"the {len(shown)} least likely of {counted(len(rows), 'decision')}")
    print_notes([(topic, [f"weighed votes: not identifiable: {why}"] if why else []) for topic, why in why_not.items()])


def _share(row: ContestedView) -> str:
    chances = row.contested.posterior.probabilities
    return percent(None if chances is None else chances[row.contested.likeliest.code])
