"""People by API: invited, given roles, kept out and let in again."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from regrade.workflow.invitations import find_invitation
from regrade.workflow.workspace import Workspace

Ask = Callable[[str], httpx.Client]


def names(client: httpx.Client) -> dict[str, tuple[list[str], str]]:
    return {row["user"]["name"]: (row["user"]["roles"], row["state"]) for row in client.get("/users").json()}


def test_an_invitation_is_shown_once_and_leads_in(ask: Ask, ws: Workspace) -> None:
    admin = ask("ursula")
    made = admin.post("/users", json={"name": "vera", "roles": ["viewer"]})
    assert made.status_code == 201
    secret = made.json()["path"].removeprefix("/invitation?token=")
    assert find_invitation(ws, secret, address="1").user == "vera"
    assert names(admin)["vera"] == (["viewer"], "invited")
    assert secret not in admin.get("/users").text
    assert admin.post("/users", json={"name": "Vera", "roles": ["viewer"]}).status_code == 409
    again = admin.post("/users/link", json={"name": "vera"})
    assert (again.status_code, again.json()["user"], again.json()["path"] != made.json()["path"]) == (201, "vera", True)


def test_roles_change_at_once_and_the_last_admin_stays(ask: Ask, ws: Workspace) -> None:
    admin, reviewer = ask("ursula"), ask("quillon")
    assert reviewer.get("/overview").status_code == 403
    done = admin.post("/users/roles", json={"name": "quillon", "roles": ["viewer", "adjudicator"]})
    assert (done.status_code, done.json()["roles"]) == (200, ["adjudicator", "viewer"])
    assert reviewer.get("/overview").status_code == 200
    assert reviewer.get("/review/verdicts").status_code == 403
    for path, body in (
        ("/users/roles", {"name": "ursula", "roles": ["viewer"]}),
        ("/users/disable", {"name": "ursula"}),
    ):
        refused = admin.post(path, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")
    for roles in ([], ["king"], ["reviewer", "viewer"], "admin"):
        assert admin.post("/users/roles", json={"name": "zebedee", "roles": roles}).status_code == 422
    assert names(admin)["zebedee"] == (["reviewer"], "active")


def test_a_disabled_user_is_out_until_enabled(ask: Ask) -> None:
    admin, reviewer = ask("ursula"), ask("quillon")
    assert admin.post("/users/disable", json={"name": "quillon"}).status_code == 204
    assert reviewer.get("/me").status_code == 401
    assert names(admin)["quillon"][1] == "disabled"
    assert admin.post("/users/enable", json={"name": "quillon"}).status_code == 204
    assert names(admin)["quillon"][1] == "active"
    assert reviewer.get("/me").status_code == 401  # the token is gone for good
    for path in ("/users/disable", "/users/enable", "/users/link"):
        assert admin.post(path, json={"name": "nobody"}).status_code == 404
