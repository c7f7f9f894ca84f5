"""`regrade users`: who takes part, and what they may do."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from regrade.cli.options import AsJson, Author, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import print_table
from regrade.cli.workspaces import open_chosen
from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.users import Account, Role, User

app = typer.Typer(
    name="users",
    help="People who log in: who they are, and what they may do.",
    no_args_is_help=True,
)

UserName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.", show_default=False)]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin instead of asking.")
]
Roles = Annotated[
    list[Role],
    typer.Option("--role", help="What the user may do; may be repeated. An admin may do everything."),
]
ServerAddress = Annotated[
    str,
    typer.Option(
        "--address",
        metavar="URL",
        envvar="REGRADE_ADDRESS",
        help="Where the pages are served, as the invited person reaches them.",
    ),
]
TokenLabel = Annotated[str, typer.Argument(metavar="LABEL", help="What the token is called.", show_default=False)]


@app.command()
def add(
    ctx: typer.Context,
    name: UserName,
    *,
    role: Roles,
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
    typer.echo(_roles_line(user))


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """List the users and what they have done.

    Their roles and state, when they were last here, and how many screens they have answered. A screen
    asks of several classes: `reviews agreement` counts the answers to each. The kind `external` stands for a panel
    elsewhere, which never logs in: its judgements are counted.
    """
    from regrade.workflow.accounts import list_accounts

    with open_chosen(ctx, workspace) as ws:
        accounts = list_accounts(ws)
    if json:
        print_json([_as_json(row) for row in accounts])
        return
    print_table(("name", "kind", "roles", "state", "since", "last seen", "screens>"), map(_as_cells, accounts))
    if not accounts:
        say("No users yet: add one with `regrade users add NAME --role reviewer`.")


@app.command()
def disable(ctx: typer.Context, name: UserName, *, by: Author = "local", workspace: WorkspaceFolder = None) -> None:
    """Keep a user out from now on.

    What the user has reviewed stays. Sessions, tokens and an open invitation end for good. The last admin stays.
    """
    from regrade.workflow.accounts import disable_user

    with open_chosen(ctx, workspace) as ws:
        disable_user(ws, name, by=by)
    typer.echo(f"{name}: disabled")


@app.command()
def enable(ctx: typer.Context, name: UserName, *, by: Author = "local", workspace: WorkspaceFolder = None) -> None:
    """Let a disabled user in again, with the same password and roles."""
    from regrade.workflow.accounts import enable_user

    with open_chosen(ctx, workspace) as ws:
        enable_user(ws, name, by=by)
    typer.echo(f"{name}: enabled")


@app.command()
def roles(
    ctx: typer.Context,
    name: UserName,
    *,
    role: Roles,
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """Give a user these roles in place of those before.

    They hold from the user's next request on. The last admin stays one.
    """
    from regrade.workflow.accounts import change_roles

    with open_chosen(ctx, workspace) as ws:
        user = change_roles(ws, name, role, by=by)
    typer.echo(_roles_line(user))


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

    It is asked for twice. The user is logged out everywhere, and the user's tokens end.
    """
    from regrade.workflow.accounts import change_password

    with open_chosen(ctx, workspace) as ws:
        change_password(ws, name, _read_password(password_stdin), by=by)
    typer.echo(f"{name}: password changed")


@app.command()
def invite(
    ctx: typer.Context,
    name: UserName,
    *,
    role: Annotated[
        list[Role] | None,
        typer.Option("--role", help="What the new user may do; may be repeated. An admin may do everything."),
    ] = None,
    address: ServerAddress = "http://127.0.0.1:8321",
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """Print a link by which somebody chooses a password and enters.

    It works once, within a week. With --role a new user is added; without it, a user that there is gets a new link, and
    the one before ends: for a lost link, or a forgotten password.
    """
    from regrade.workflow.accounts import has_user
    from regrade.workflow.invitations import invite_user, renew_invitation

    with open_chosen(ctx, workspace) as ws:
        _check_invited(name, is_there=has_user(ws, name), is_new=bool(role))
        made = invite_user(ws, name, role, by=by) if role else renew_invitation(ws, name, by=by)
    say(f"Send this link to {made.user}. It works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC:")
    typer.echo(f"{address.rstrip('/')}{made.path}")


def _check_invited(name: str, *, is_there: bool, is_new: bool) -> None:
    """Check that --role is given for a new user, and only then.

    Raises:
        ConflictError: The user is there already.
        NotFoundError: There is no such user.
    """
    if is_new and is_there:
        remedy = "Leave out --role for a new link; `regrade users roles` changes what a user may do."
        raise ConflictError(f"There is a user {name} already.", remedy=remedy)
    if not is_new and not is_there:
        remedy = "Say what the new user may do, with --role reviewer, say; `regrade users list` lists those there are."
        raise NotFoundError(f"There is no user {name}.", remedy=remedy)


@app.command()
def token(
    ctx: typer.Context,
    name: UserName,
    label: TokenLabel = "default",
    *,
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """Print a token by which a program asks in a user's name.

    It may do what the user may, until it is revoked. It is never shown again.
    """
    from regrade.workflow.tokens import make_token

    with open_chosen(ctx, workspace) as ws:
        made = make_token(ws, name, label, by=by)
    say(f"Keep this token of {name} ({label}): it is not shown again.")
    typer.echo(made)


@app.command()
def tokens(ctx: typer.Context, name: UserName, *, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """List a user's tokens, which themselves are not kept."""
    from regrade.workflow.tokens import list_tokens

    with open_chosen(ctx, workspace) as ws:
        found = list_tokens(ws, name)
    if json:
        print_json([{"label": row.label, "created_at": row.created_at} for row in found])
        return
    print_table(("label", "since"), ((row.label, f"{row.created_at:%Y-%m-%d}") for row in found))


@app.command()
def revoke(
    ctx: typer.Context,
    name: UserName,
    label: TokenLabel,
    *,
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """End a user's token: from now on it is worth nothing."""
    from regrade.workflow.tokens import revoke_token

    with open_chosen(ctx, workspace) as ws:
        revoke_token(ws, name, label, by=by)
    typer.echo(f"{name}: token {label} revoked")


def _as_json(row: Account) -> dict[str, object]:
    return {
        "name": row.user.name,
        "kind": row.user.kind,
        "roles": sorted(row.user.roles),
        "state": row.state,
        "disabled": row.user.disabled,
        "created_at": row.user.created_at,
        "invited_until": row.invited_until,
        "last_seen": row.last_seen,
        "n_screens": row.n_screens,
    }


def _as_cells(row: Account) -> Sequence[object]:
    return (
        row.user.name,
        row.user.kind,
        ", ".join(sorted(row.user.roles)) or None,
        row.state,
        f"{row.user.created_at:%Y-%m-%d}",
        f"{row.last_seen:%Y-%m-%d}" if row.last_seen else None,
        row.n_screens,
    )


def _roles_line(user: User) -> str:
    return f"{user.name}: {', '.join(sorted(user.roles))}"


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise InputError("the same password twice", got="two that differ", remedy="Run the command again.")
    return first
