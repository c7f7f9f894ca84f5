"""The fields of a protocol."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from regrade.errors import InputError
from regrade.panel.protocols import BY_KEY, FIELDS, FieldKind, change_protocol, tabulate_protocol
from regrade.records.panel import Protocol


def test_every_field_of_the_record_has_its_key() -> None:
    assert {field.name for field in FIELDS} == {field.name for field in fields(Protocol)}
    assert len(BY_KEY) == len(FIELDS)
    assert {field.kind for field in FIELDS} == set(get_args(FieldKind))


def test_what_is_not_named_stays() -> None:
    before = Protocol(n_reviewers=3, blind_model=False)
    changed = change_protocol(before, {"rule": "majority", "gold_share": 0.1, "adjudicators": 5, "reveal": True})
    assert changed == Protocol(
        n_reviewers=3, blind_model=False, rule="majority", gold_share=0.1, n_adjudicators=5, reveal=True
    )
    assert change_protocol(before, {}) == before


def test_a_table_of_the_values_gives_the_protocol_again() -> None:
    protocol = Protocol(4, "majority", blind_roles=False, adjudication="vote", order="groups", gold_share=0.25)
    table = tabulate_protocol(protocol)
    assert (table["reviewers"], table["adjudication"], table["gold_share"]) == (4, "vote", 0.25)
    assert change_protocol(Protocol(), table) == protocol


def test_a_share_may_be_written_as_a_whole_number() -> None:
    share = change_protocol(Protocol(gold_share=0.1), {"gold_share": 0}).gold_share
    assert (share, type(share)) == (0.0, float)


@pytest.mark.parametrize(
    ("before", "values"),
    [
        pytest.param(Protocol(), {"blind_peers": False, "gold_share": 0.1}, id="both"),
        pytest.param(Protocol(gold_share=0.1), {"blind_peers": False}, id="peers-beside-gold"),
        pytest.param(Protocol(blind_peers=False), {"gold_share": 0.1}, id="gold-beside-peers"),
    ],
)
def test_gold_is_not_dealt_to_those_who_see_what_others_answered(before: Protocol, values: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"protocol\.gold_share: expected 0 while blind_peers is off; got 0\.1\. Gold"):
        change_protocol(before, values)


def test_gold_goes_when_peers_are_shown() -> None:
    values = {"blind_peers": False, "gold_share": 0}
    assert change_protocol(Protocol(gold_share=0.1), values) == Protocol(blind_peers=False)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("reviewers", 0, "a whole number from 1 to 100; got 0", id="no-reviewer"),
        pytest.param("reviewers", 101, "a whole number from 1 to 100", id="too-many"),
        pytest.param("reviewers", 2.0, "a whole number", id="a-float"),
        pytest.param("reviewers", True, "a whole number", id="a-switch-for-a-count"),
        pytest.param("gold_share", 0.51, "a share from 0 to 0.5; got 0.51", id="more-gold-than-work"),
        pytest.param("gold_share", -0.1, "a share", id="less-than-none"),
        pytest.param("gold_share", float("nan"), "a share", id="nan"),
        pytest.param("gold_share", True, "a share", id="a-switch-for-a-share"),
        pytest.param("rule", "loudest", '"unanimous" or "majority"', id="no-such-rule"),
        pytest.param("order", ["random"], '"random" or "groups"', id="a-list"),
        pytest.param("reveal", 1, "true or false", id="a-number-for-a-switch"),
        pytest.param("blind", True, "one of the keys adjudication", id="no-such-key"),
    ],
)
def test_what_cannot_be_is_refused(key: str, value: object, expected: str) -> None:
    with pytest.raises(InputError, match=rf"protocol\.{key}: expected {expected}"):
        change_protocol(Protocol(), {key: value})
