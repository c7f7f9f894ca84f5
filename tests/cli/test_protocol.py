"""`regrade protocol`."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from regrade.cli import protocol
from regrade.panel.protocols import BY_KEY, FIELDS
from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_the_options_are_the_protocols_fields() -> None:
    hints = get_type_hints(protocol.set_, include_extras=True)
    assert set(BY_KEY) == {name for name in hints if name not in {"ctx", "reason", "by", "json", "workspace", "return"}}
    for field in FIELDS:
        kind, option = get_args(hints[field.key])
        assert get_args(kind)[1] is type(None)  # what is not named stays
        if field.kind in {"count", "share"}:
            assert (option.min, option.max) == (1 if field.kind == "count" else 0, field.high)
        elif field.kind == "choice":
            assert get_args(get_args(kind)[0]) == field.choices


def test_it_shows_what_is_in_force(regrade: Regrade) -> None:
    shown = regrade("protocol", "show").rows
    assert shown[0].startswith("protocol 1, ")
    assert shown[0].endswith("by regrade.toml: as the workspace began")
    assert any(row.startswith("reviewers 2 how many reviewers judge each item") for row in shown)
    assert any(row.startswith("blind_peers yes reviewers do not see") for row in shown)
    as_json = regrade("protocol", "show", "1", "--json").json
    assert (as_json["number"], as_json["first_review_at"]) == (1, None)
    assert list(as_json["protocol"]) == [field.key for field in FIELDS]
    assert as_json["protocol"]["gold_share"] == 0


def test_it_is_changed_in_place_while_nobody_has_answered(regrade: Regrade) -> None:
    done = regrade(
        *("protocol", "set", "--reviewers", "3", "--rule", "majority", "--no-blind-model", "--gold-share", "0.1"),
        *("--order", "groups", "--adjudication", "vote", "--adjudicators", "5", "--reveal", "--by", "ann"),
    )
    assert done.rows == [
        "reviewers: 2 -> 3",
        "rule: unanimous -> majority",
        "blind_model: yes -> no",
        "adjudication: single -> vote",
        "adjudicators: 3 -> 5",
        "gold_share: 0.0 -> 0.1",
        "order: random -> groups",
        "reveal: no -> yes",
        "protocol 1: changed in place",
    ]
    (listed,) = regrade("protocol", "list", "--json").json
    assert (listed["author"], listed["protocol"]["adjudicators"]) == ("ann", 5)
    assert regrade("protocol", "list").rows[1].split()[0] == "1"


def test_the_same_again_is_no_change(regrade: Regrade) -> None:
    assert regrade("protocol", "set", "--reviewers", "2").out == "protocol 1 says so already\n"
    assert regrade("protocol", "set", "--json").json["changes"] == {}


def test_what_cannot_be_is_refused(regrade: Regrade) -> None:
    assert "--reviewers" in regrade("protocol", "set", "--reviewers", "101", code=2).err
    assert "loudest" in regrade("protocol", "set", "--rule", "loudest", code=2).err
    assert "--gold-share" in regrade("protocol", "set", "--gold-share", "0.9", code=2).err
    refused = regrade("protocol", "set", "--no-blind-peers", "--gold-share", "0.1", code=1).err
    assert "protocol.gold_share: expected 0 while blind_peers is off; got 0.1" in " ".join(refused.split())
    assert "no protocol 7" in regrade("protocol", "show", "7", code=1).err
