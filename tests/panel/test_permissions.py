from __future__ import annotations

from datetime import UTC, datetime

import pytest

from regrade.errors import PermissionDeniedError
from regrade.panel.permissions import ALLOWED, Action, may, require
from regrade.panel.protocols import change_protocol
from regrade.records.panel import Protocol
from regrade.records.users import Role, User, UserKind

BLIND = Protocol()
OPEN = Protocol(blind_model=False, blind_roles=False, blind_peers=False, blind_suggestions=False)
ONE_BLIND = ("blind_model", "blind_roles", "blind_peers", "blind_suggestions")

# Written out once more by hand: what each role may do under a blind protocol.
TABLE = {
    Role.REVIEWER: "review, discuss, view media",
    Role.ADJUDICATOR: "adjudicate, discuss, view results, view the panel, view media",
    Role.ADMIN: (
        "review, discuss, adjudicate, view results, view the panel, publish, manage users, edit the protocol,"
        " view media, propose"
    ),
    Role.VIEWER: "view results, view the panel, view media",
    Role.PROPOSER: "propose, view media",
}


def user(*roles: Role, disabled: bool = False, kind: UserKind = "password") -> User:
    return User(
        name="ann",
        kind=kind,
        roles=frozenset(roles),
        disabled=disabled,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_the_table_knows_every_role() -> None:
    assert set(ALLOWED) == set(Role) == set(TABLE)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_every_role_and_action(role: Role, action: Action) -> None:
    assert may(user(role), action, protocol=BLIND) is (action.value in TABLE[role].split(", "))


@pytest.mark.parametrize("action", list(Action))
def test_several_roles_add_up_and_none_allow_nothing(action: Action) -> None:
    both = user(Role.REVIEWER, Role.ADJUDICATOR)
    only_admins = {Action.PUBLISH, Action.MANAGE_USERS, Action.EDIT_PROTOCOL}
    assert may(both, action, protocol=BLIND) is (action not in only_admins | {Action.PROPOSE})
    assert not may(user(), action, protocol=OPEN)


@pytest.mark.parametrize("action", list(Action))
def test_disabled_users_and_panels_elsewhere_may_do_nothing(action: Action) -> None:
    assert not may(user(*Role, disabled=True), action, protocol=OPEN)
    assert not may(user(*Role, kind="external"), action, protocol=OPEN)


@pytest.mark.parametrize("action", [Action.VIEW_RESULTS, Action.VIEW_PANEL])
@pytest.mark.parametrize("roles", [(Role.REVIEWER,), (Role.REVIEWER, Role.VIEWER)])
def test_a_reviewer_sees_results_only_if_nothing_of_them_is_blind(action: Action, roles: tuple[Role, ...]) -> None:
    """Both roles at once: the protocol may have been changed since they were given."""
    assert may(user(*roles), action, protocol=OPEN)
    for blind in ONE_BLIND:
        assert not may(user(*roles), action, protocol=change_protocol(OPEN, {blind: True})), blind
    assert not may(user(*roles), action, protocol=BLIND)
    assert not may(user(*roles), Action.PUBLISH, protocol=OPEN)


@pytest.mark.parametrize("action", [Action.VIEW_RESULTS, Action.VIEW_PANEL])
def test_no_blind_keeps_results_from_those_who_see_them_by_their_office(action: Action) -> None:
    assert may(user(Role.PROPOSER, Role.VIEWER), action, protocol=BLIND)
    assert may(user(Role.REVIEWER, Role.VIEWER, Role.ADJUDICATOR), action, protocol=BLIND)


def test_require_passes_in_silence_or_says_who_may() -> None:
    require(user(Role.REVIEWER), Action.REVIEW, protocol=BLIND)
    with pytest.raises(
        PermissionDeniedError,
        match=r"may not view results: expected the role adjudicator or admin or viewer; got reviewer\. Ask an admin",
    ):
        require(user(Role.REVIEWER), Action.VIEW_RESULTS, protocol=BLIND)
    with pytest.raises(PermissionDeniedError, match=r"ann may not publish: expected the role admin; got no role\."):
        require(user(), Action.PUBLISH, protocol=BLIND)


def test_require_says_that_a_user_is_disabled_or_elsewhere() -> None:
    with pytest.raises(PermissionDeniedError, match=r"ann is disabled and may not review\."):
        require(user(*Role, disabled=True), Action.REVIEW, protocol=BLIND)
    with pytest.raises(PermissionDeniedError, match=r"ann stands for a panel elsewhere and may not review\."):
        require(user(*Role, kind="external"), Action.REVIEW, protocol=BLIND)
