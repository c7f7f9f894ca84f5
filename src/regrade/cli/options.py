"""Options that several commands share, each with its help text and its environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

# The choices and the port are written out here, and held equal to the records' and the server's by a test: importing
# those would load numpy and FastAPI.
PolicyName = Literal["multilabel", "real", "single"]
UnclearName = Literal["accept", "reject"]
KindName = Literal["model", "human"]
GroupByName = Literal["original", "accepted"]
CaseStatus = Literal["open", "disputed", "decided", "closed"]
PassName = Literal["verdict", "kind"]
TopicName = Literal["predicted", "accepted", "category", "severity", "problematic"]

_WORKSPACE_HELP = "The workspace's folder; without it, the nearest one upward that holds a regrade.toml."

RootWorkspace = Annotated[
    Path | None,
    typer.Option(metavar="DIR", envvar="REGRADE_WORKSPACE", help=_WORKSPACE_HELP, show_default=False),
]
WorkspaceFolder = Annotated[Path | None, typer.Option("--workspace", metavar="DIR", help=_WORKSPACE_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
AsCsv = Annotated[
    bool, typer.Option("--csv", help="Print CSV instead of a table; text that a spreadsheet would run is guarded.")
]
SplitName = Annotated[
    str, typer.Option("--split", metavar="SPLIT", envvar="REGRADE_SPLIT", help="The set of items to work on.")
]
LabelsRef = Annotated[
    str | None,
    typer.Option(
        "--labels",
        metavar="NAME[@N]",
        envvar="REGRADE_LABELS",
        help="The label set version; without @N the newest, without this option the default label set.",
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="MODEL", help="A model, as `predictions list` names it; may be repeated."),
]
PolicyChoice = Annotated[PolicyName, typer.Option("--policy", envvar="REGRADE_POLICY", help="How to grade.")]
UnclearChoice = Annotated[
    UnclearName,
    typer.Option("--unclear", envvar="REGRADE_UNCLEAR", help="What a class marked unclear counts as."),
]
Equivalences = Annotated[
    Path | None,
    typer.Option(
        "--equivalences",
        metavar="FILE",
        help="CSV of label, accepts: where the one is accepted, so is the other.",
    ),
]
Author = Annotated[
    str, typer.Option("--by", metavar="NAME", envvar="REGRADE_BY", help="Who does this, for the journal.")
]
ItemsFile = Annotated[
    Path | None, typer.Option("--items", metavar="FILE", help="CSV of items: id or file, and if there path, label.")
]
ImagesFolder = Annotated[
    Path | None, typer.Option("--images", metavar="DIR", help="A folder of images, or of one folder per class.")
]
MediaFolder = Annotated[
    Path | None,
    typer.Option("--media", metavar="DIR", help="Where the items' files stand; without it, beside the items file."),
]
IdColumn = Annotated[
    str | None,
    typer.Option("--id", metavar="COLUMN", help="The column with the items' ids, if it is neither id nor file."),
]
Reviewers = Annotated[
    int,
    typer.Option("--reviewers", min=1, max=100, envvar="REGRADE_REVIEWERS", help="How many reviewers judge each item."),
]
Host = Annotated[
    str,
    typer.Option("--host", envvar="REGRADE_HOST", help="The address to serve on; beyond this machine it needs users."),
]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, envvar="REGRADE_PORT", help="The port; 0: any free one.")
]
DEFAULT_PORT = 8321
Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Print at most N rows.")]
