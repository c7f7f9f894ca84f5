"""Which roles go together, and who keeps the keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from regrade.errors import InputError
from regrade.panel import check_roles, has_admin
from regrade.records.panel import Protocol
from regrade.records.users import Role, User, UserKind

BLIND = Protocol()
OPEN = Protocol(blind_model=False, blind_roles=False, blind_peers=False, blind_suggestions=False)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_stands_alone(role: Role) -> None:
    check_roles([role], BLIND)


@pytest.mark.parametrize(
    "protocol",
    [BLIND, Protocol(blind_model=True, blind_roles=False), Protocol(blind_model=False, blind_roles=True)],
    ids=["blind", "models", "roles"],
)
def test_a_blind_reviewer_is_no_viewer(protocol: Protocol) -> None:
    with pytest.raises(InputError, match="expected a viewer or a reviewer; got both, while reviewers are blind"):
        check_roles([Role.REVIEWER, Role.VIEWER, Role.ADMIN], protocol)
    check_roles([Role.REVIEWER, Role.VIEWER], OPEN)


def test_all_else_goes_together() -> None:
    check_roles(set(Role) - {Role.VIEWER}, BLIND)
    check_roles(set(Role) - {Role.REVIEWER}, BLIND)


def test_nobody_has_no_role() -> None:
    with pytest.raises(
        InputError, match=r"at least one role; got none\. Choose from reviewer, adjudicator, admin, viewer"
    ):
        check_roles([], OPEN)


def user(name: str, *roles: Role, kind: UserKind = "password", disabled: bool = False) -> User:
    return User(name, kind, frozenset(roles), disabled=disabled, created_at=datetime(2026, 1, 1, tzinfo=UTC))


ADMIN = user("ann", Role.ADMIN)
REVIEWER = user("bob", Role.REVIEWER)
LOCAL = user("local", *Role, kind="local")
PANEL = user("a panel", kind="external")


@pytest.mark.parametrize(
    ("users", "with_password", "expected"),
    [
        pytest.param([ADMIN, REVIEWER], ["ann", "bob"], True, id="an admin"),
        pytest.param([ADMIN, REVIEWER], ["bob"], False, id="an admin who has yet to choose a password"),
        pytest.param([user("ann", Role.ADMIN, disabled=True), REVIEWER], ["ann", "bob"], False, id="a disabled admin"),
        pytest.param([REVIEWER, LOCAL], ["bob"], False, id="no link any more"),
        pytest.param([ADMIN, REVIEWER, LOCAL], [], True, id="the local user's link"),
        pytest.param([ADMIN, user("local", *Role, kind="local", disabled=True)], [], False, id="a disabled local user"),
        pytest.param([PANEL], [], True, id="a link that is yet to be made"),
        pytest.param([], [], True, id="nobody"),
    ],
)
def test_somebody_can_let_others_in(users: list[User], with_password: list[str], expected: bool) -> None:
    assert has_admin(users, with_password) is expected
