"""`regrade protocol`: how the panel works, version by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regrade.cli.options import AsJson, Author, WorkspaceFolder
from regrade.cli.output import print_json
from regrade.cli.tables import print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.panel import ProtocolVersion

app = typer.Typer(
    name="protocol",
    help="How the panel works, version by version.",
    no_args_is_help=True,
)

# The choices and ranges are written out here, and held equal to the panel's by a test: importing it loads numpy.
RuleName = Literal["unanimous", "majority"]
AdjudicationName = Literal["single", "vote"]
OrderName = Literal["random", "groups"]


@app.command()
def show(
    ctx: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="The version; without it, the one in force.")
    ] = None,
    *,
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Show a version of the protocol."""
    from regrade.panel.protocols import FIELDS, tabulate_protocol
    from regrade.workflow.protocols import load_version

    with open_chosen(ctx, workspace) as ws:
        version = load_version(ws, number)
    if json:
        print_json(_flat(version))
        return
    typer.echo(
        f"protocol {version.number}, {version.created_at:%Y-%m-%d %H:%M} UTC by {version.author}: {version.reason}"
    )
    values = tabulate_protocol(version.content)
    print_table(("key", "value", "meaning"), ((field.key, _word(values[field.key]), field.says) for field in FIELDS))


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """List the versions of the protocol; the last is in force."""
    from regrade.workflow.protocols import list_versions

    with open_chosen(ctx, workspace) as ws:
        versions = list_versions(ws)
    if json:
        print_json([_flat(version) for version in versions])
        return
    print_table(
        ("protocol>", "made", "by", "first answer", "reason"),
        (
            (
                version.number,
                f"{version.created_at:%Y-%m-%d}",
                version.author,
                f"{version.first_review_at:%Y-%m-%d}" if version.first_review_at else None,
                version.reason,
            )
            for version in versions
        ),
    )


@app.command("set")
def set_(
    ctx: typer.Context,
    *,
    reviewers: Annotated[int | None, typer.Option(min=1, max=100, help="How many reviewers judge each item.")] = None,
    rule: Annotated[RuleName | None, typer.Option(help="Whether all of them must agree, or more than half.")] = None,
    blind_model: Annotated[bool | None, typer.Option(help="Hide from reviewers which model predicted a class.")] = None,
    blind_roles: Annotated[bool | None, typer.Option(help="Hide from reviewers which class is the label.")] = None,
    blind_peers: Annotated[bool | None, typer.Option(help="Hide from reviewers what others answered.")] = None,
    blind_suggestions: Annotated[
        bool | None, typer.Option(help="Hide why a class was proposed; from adjudicators, what the votes weigh.")
    ] = None,
    max_classes_per_screen: Annotated[int | None, typer.Option(min=1, max=100, help="Classes on one screen.")] = None,
    adjudication: Annotated[
        AdjudicationName | None, typer.Option(help="Whether one adjudicator decides, or adjudicators vote.")
    ] = None,
    adjudicators: Annotated[
        int | None, typer.Option(min=1, max=100, help="How many adjudicators vote; more than half of them decide.")
    ] = None,
    gold_share: Annotated[
        float | None,
        typer.Option(min=0, max=0.5, help="Share of the items that are asked again as gold; it needs blind peers."),
    ] = None,
    order: Annotated[
        OrderName | None, typer.Option(help="Random order, or group after group of similar classes.")
    ] = None,
    reveal: Annotated[
        bool | None, typer.Option(help="Show reviewers what others said, after their answer on a decided item.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; a new version needs a reason.")] = "",
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Change how the panel works; what is not named stays.

    While nobody has answered under the newest version, it is changed in place; from then on a new version is made.
    What is undecided is settled by it at once.
    """
    from regrade.workflow.protocols import edit_protocol

    given = {
        "reviewers": reviewers,
        "rule": rule,
        "blind_model": blind_model,
        "blind_roles": blind_roles,
        "blind_peers": blind_peers,
        "blind_suggestions": blind_suggestions,
        "max_classes_per_screen": max_classes_per_screen,
        "adjudication": adjudication,
        "adjudicators": adjudicators,
        "gold_share": gold_share,
        "order": order,
        "reveal": reveal,
    }
    values = {key: value for key, value in given.items() if value is not None}
    with open_chosen(ctx, workspace) as ws:
        report = edit_protocol(ws, values, by=by, reason=reason)
    changes = _by_key(report.changes)
    if json:
        print_json({**_flat(report.version), "is_new": report.is_new, "changes": changes})
        return
    for key, (before, after) in changes.items():
        typer.echo(f"{key}: {_word(before)} -> {_word(after)}")
    typer.echo(_tell(report.version.number, is_new=report.is_new, changed=bool(report.changes)))


def _by_key(changes: Mapping[str, tuple[object, object]]) -> dict[str, tuple[object, object]]:
    """Changes under the names that the options and regrade.toml have."""
    from regrade.panel.protocols import FIELDS

    keys = {field.name: field.key for field in FIELDS}
    return {keys[name]: both for name, both in changes.items()}


def _tell(number: int, *, is_new: bool, changed: bool) -> str:
    if not changed:
        return f"protocol {number} says so already"
    return f"protocol {number} is new and in force" if is_new else f"protocol {number}: changed in place"


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value}"


def _flat(version: ProtocolVersion) -> dict[str, object]:
    from regrade.panel import tabulate_protocol

    members = asdict(version)
    del members["content"]
    return {**members, "protocol": tabulate_protocol(version.content)}
