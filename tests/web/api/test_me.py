"""Who asks, and the taxonomy."""

from __future__ import annotations

import httpx
import pytest

from regrade.records.settings import DEFAULT_TAXONOMY


@pytest.mark.parametrize(
    ("name", "roles", "actions"),
    [
        ("quillon", ["reviewer"], {"review", "discuss", "view media"}),
        ("ottilie", ["adjudicator"], {"adjudicate", "discuss", "view results", "view the panel", "view media"}),
    ],
)
def test_everybody_is_told_who_they_are(
    name: str, roles: list[str], actions: set[str], programs: dict[str, httpx.Client]
) -> None:
    me = programs[name].get("/me").json()
    assert (me["name"], me["roles"], set(me["actions"])) == (name, roles, actions)


def test_the_words_of_the_second_pass(programs: dict[str, httpx.Client]) -> None:
    taxonomy = programs["quillon"].get("/taxonomy").json()
    assert taxonomy["name"] == "bagel"
    assert [row["key"] for row in taxonomy["severities"]] == ["major", "borderline", "minor"]
    assert [row["definition"] for row in taxonomy["categories"]] == [
        row.definition for row in DEFAULT_TAXONOMY.categories
    ]
