"""Versions of the protocol."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Protocol, ProtocolVersion
from regrade.store import Store, protocols

MAJORITY = Protocol(n_reviewers=3, rule="majority", blind_peers=False, gold_share=0.05, order="groups", reveal=True)
MINUTE = timedelta(minutes=1)


def test_versions_are_numbered_and_the_newest_is_in_force(store: Store, at: datetime) -> None:
    with store.write() as tx:
        assert protocols.load_newest(tx) is None
        first = protocols.save_protocol(tx, Protocol(), author="ann", reason="as it begins", at=at)
        assert protocols.load_newest(tx) == first
        second = protocols.save_protocol(tx, MAJORITY, author="bob", reason="more of us", at=at + MINUTE)
    assert first == ProtocolVersion(1, Protocol(), "ann", "as it begins", at)
    assert second == ProtocolVersion(2, MAJORITY, "bob", "more of us", at + MINUTE)
    with store.read() as tx:
        assert protocols.load_newest(tx) == second
        assert protocols.load_protocol(tx, 1) == first
        assert protocols.list_protocols(tx) == (first, second)
        with pytest.raises(NotFoundError, match="no protocol 3"):
            protocols.load_protocol(tx, 3)


def test_a_version_can_be_written_anew_until_somebody_answers(store: Store, at: datetime) -> None:
    with store.write() as tx:
        protocols.save_protocol(tx, Protocol(), author="ann", reason="", at=at)
        assert protocols.load_newest(tx) == protocols.load_protocol(tx, 1)
        edited = protocols.save_content(tx, 1, MAJORITY, author="bob", reason="typo", at=at + MINUTE)
        assert protocols.load_newest(tx) == edited
        assert protocols.list_protocols(tx) == (edited,)
        protocols.save_first_review(tx, 1, at + 2 * MINUTE)
        protocols.save_first_review(tx, 1, at + 3 * MINUTE)
        assert protocols.load_newest(tx) == replace(edited, first_review_at=at + 2 * MINUTE)
        with pytest.raises(ConflictError, match=r"Protocol 1 has answers.*new version"):
            protocols.save_content(tx, 1, Protocol(), author="bob", reason="", at=at)
        with pytest.raises(NotFoundError, match="no protocol 2"):
            protocols.save_content(tx, 2, Protocol(), author="bob", reason="", at=at)
        assert protocols.load_protocol(tx, 1).content == MAJORITY


def test_no_screen_was_dealt_under_a_version_at_first(store: Store, at: datetime) -> None:
    with store.write() as tx:
        protocols.save_protocol(tx, Protocol(), author="ann", reason="", at=at)
        assert not protocols.has_screens(tx, 1)
