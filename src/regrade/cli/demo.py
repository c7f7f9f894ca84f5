"""`regrade demo`."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.grade import print_grades
from regrade.cli.options import DEFAULT_PORT, Host, Port, Reviewers
from regrade.cli.progress import show_progress
from regrade.cli.tables import counted


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made if need be.")] = Path("regrade-demo"),
    *,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Print the grades and the next command, and end.")
    ] = False,
    reviewers: Reviewers = 2,
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
) -> None:
    """Make a workspace ready to try, and serve it.

    scikit-learn's 1,797 scanned digits: real scans, real classifiers, and some hundreds of cases to review. A folder
    that already holds the demo is served as it is.
    """
    from regrade.workflow.demo import make_demo
    from regrade.workflow.workspace import open_workspace

    with show_progress("making the demo") as progress:
        report = make_demo(folder, n_reviewers=reviewers, progress=progress)
    print_grades(report.grades)
    typer.echo(f"undecided: {counted(report.cases.n_cases, 'case')} on {counted(report.cases.n_items, 'item')}")
    if no_serve:
        typer.echo(f"next: {shlex.join([_program(), 'serve', '--workspace', str(report.folder)])}")
        return
    from regrade.web.serve import serve

    with open_workspace(folder) as ws:
        serve(ws, host=host, port=port, say=typer.echo)


def _program() -> str:
    """What to type to run this program again, from the folder where it was started."""
    started = Path(sys.argv[0])
    if shutil.which("regrade") or started.name != "regrade":
        return "regrade"
    return str(started.relative_to(Path.cwd()) if started.is_relative_to(Path.cwd()) else started)
