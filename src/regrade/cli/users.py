"""`regrade users`: who may log in, and what they may do."""

from __future__ import annotations

import getpass
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from regrade.cli.options import AsJson, Author, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import print_table
from regrade.cli.workspaces import open_chosen
from regrade.errors import InputError
from regrade.records.users import Role

app = typer.Typer(
    name="users",
    help="People who log in to review.",
    no_args_is_help=True,
)

UserName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.", show_default=False)]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin instead of asking.")
]


@app.command()
def add(
    ctx: typer.Context,
    name: UserName,
    *,
    role: Annotated[
        list[Role],
        typer.Option("--role", help="What the user may do; may be repeated. An admin may do everything."),
    ],
    password_stdin: PasswordStdin = False,
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """Add a user, who logs in with a password.

    It is asked for twice. While there are no users, `regrade serve` prints a one-time link for you alone.
    """
    from regrade.workflow.accounts import add_user

    with open_chosen(ctx, workspace) as ws:
        user = add_user(ws, name, _read_password(password_stdin), role, by=by)
    typer.echo(f"{user.name}: {', '.join(sorted(user.roles))}")


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """List the users.

    The kind `external` stands for a panel elsewhere, which never logs in.
    """
    from regrade.workflow.accounts import list_users

    with open_chosen(ctx, workspace) as ws:
        users = list_users(ws)
    if json:
        print_json([{**asdict(user), "roles": sorted(user.roles)} for user in users])
        return
    print_table(
        ("name", "kind", "roles", "state", "since"),
        (
            (
                user.name,
                user.kind,
                ", ".join(sorted(user.roles)) or None,
                "disabled" if user.disabled else "active",
                f"{user.created_at:%Y-%m-%d}",
            )
            for user in users
        ),
    )
    if not users:
        say("No users yet: add one with `regrade users add NAME --role reviewer`.")


@app.command()
def disable(ctx: typer.Context, name: UserName, *, by: Author = "local", workspace: WorkspaceFolder = None) -> None:
    """Keep a user out from now on.

    What the user has reviewed stays.
    """
    from regrade.workflow.accounts import disable_user

    with open_chosen(ctx, workspace) as ws:
        disable_user(ws, name, by=by)
    typer.echo(f"{name}: disabled")


@app.command()
def password(
    ctx: typer.Context,
    name: UserName,
    *,
    password_stdin: PasswordStdin = False,
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """Give a user a new password.

    It is asked for twice, and the user is logged out everywhere.
    """
    from regrade.workflow.accounts import change_password

    with open_chosen(ctx, workspace) as ws:
        change_password(ws, name, _read_password(password_stdin), by=by)
    typer.echo(f"{name}: password changed")


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise InputError("the same password twice", got="two that differ", remedy="Run the command again.")
    return first
