"""Versions of the labels: listed, compared, and the next one published."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from regrade.workflow.workspace import Workspace

Ask = Callable[[str], httpx.Client]


def test_versions_are_listed_and_shown(programs: dict[str, httpx.Client]) -> None:
    (row,) = programs["ottilie"].get("/labels").json()
    counts = {name: row[name] for name in ("n_items", "n_problematic", "n_correct", "n_unclear", "n_wrong")}
    assert counts == {"n_items": 8, "n_problematic": 0, "n_correct": 8, "n_unclear": 0, "n_wrong": 0}
    assert (row["version"]["ref"], row["version"]["parent"], row["is_default"]) == ("original@1", None, True)
    for ref in ("original@1", "original"):
        assert programs["ottilie"].get(f"/labels/{ref}").json() == row
    for ref in ("original@2", "original@x", "none", "@", "original@99999999999999999999", "%00", "a%2Fb"):
        assert programs["ottilie"].get(f"/labels/{ref}").status_code in {404, 422}, ref


def test_the_plan_the_publication_and_what_differs_say_the_same(disputed: str, ask: Ask, ws: Workspace) -> None:
    admin = ask("ursula")
    plan = admin.get("/publication").json()
    # Two reviewers agreed on all but (0, 2): of the six decisions, three confirm labels and three are new.
    assert (plan["head"]["ref"], plan["next_ref"], plan["can_publish"]) == ("original@1", "original@2", True)
    assert (plan["n_decisions"], plan["n_confirmed"], plan["n_changes"], plan["n_disputed_cases"]) == (6, 3, 3, 1)
    assert (plan["conflicts"], plan["held_back"]) == ([], [])
    assert len(admin.get("/publication?offset=1&limit=1").json()["changes"]) == 1
    body = {"next_ref": "original@2", "reason": "the panel's first day"}
    for wrong in (body | {"next_ref": "original@3"}, body | {"next_ref": "x"}):
        answer = admin.post("/publication", json=wrong)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    for wrong in (body | {"reason": " "}, {"next_ref": "original@2"}, {"reason": "x"}, {}):
        assert admin.post("/publication", json=wrong).status_code == 422
    made = admin.post("/publication", json=body)
    assert made.status_code == 201
    assert (made.json()["version"]["ref"], made.json()["version"]["author"]) == ("original@2", "ursula")
    assert (made.json()["n_changes"], made.json()["n_open_cases"]) == (3, 1)
    assert [grade["labels"] for grade in made.json()["after"]] == ["original@2"] * 2
    again = admin.post("/publication", json=body)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    assert "another was published meanwhile" in again.json()["error"]["message"]
    diff = admin.get("/labels/diff?before=original@1&after=original@2").json()
    assert (diff["counts"]["n_added"], diff["counts"]["n_changed"], diff["n_total"]) == (3, 0, 3)
    assert [(row["item_id"], row["class_id"], row["after"], row["method"]) for row in diff["changes"]] == [
        ("img_0.png", 1, "wrong", "consensus"),
        ("img_3.png", 2, "wrong", "consensus"),
        ("img_7.png", 0, "wrong", "consensus"),
    ]
    paged = admin.get("/labels/diff?before=original@1&after=original@2&offset=2&limit=1").json()
    assert (paged["changes"], paged["n_total"]) == (diff["changes"][2:], 3)


@pytest.mark.parametrize("query", ["before=none&after=original", "before=original@1&after=original@9"])
def test_what_there_is_not_cannot_be_compared(query: str, programs: dict[str, httpx.Client]) -> None:
    assert programs["ottilie"].get(f"/labels/diff?{query}").status_code == 404
