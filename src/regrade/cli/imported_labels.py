"""What an import of labels stored, and which label set is the default from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from regrade.cli.output import say
from regrade.cli.tables import counted

if TYPE_CHECKING:
    from regrade.workflow.labels import LabelsReport

_MAIN = "main"
"""The split whose label sets can be the default."""


def print_imported(report: LabelsReport) -> None:
    """The version with its counts, and a word on the default label set."""
    what = "imported" if report.created else "there already, nothing changed"
    typer.echo(
        f"{report.version.ref}: {what}: {counted(report.n_items, 'item')} ({report.n_problematic:,} problematic),"
        f" {counted(report.n_verdicts, 'verdict')}"
    )
    _say_default(report)


def _say_default(report: LabelsReport) -> None:
    """Say which label set is the default where that has changed, or is not the one imported."""
    name, before = report.version.name, report.default_before
    if report.default != before:
        say(f"{name} is now the default label set, in place of {before}; `regrade labels use NAME` changes it")
    elif report.created and name != before and report.version.split == _MAIN:
        say(f"the default label set is still {before}; `regrade labels use {name}` makes it {name}")
