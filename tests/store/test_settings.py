"""Small settings."""

from __future__ import annotations

import pytest

from regrade.store import Store, settings


def test_a_value_replaces_the_one_before(empty_store: Store) -> None:
    with empty_store.write() as tx:
        assert settings.load_setting(tx, "a") is None
        settings.save_setting(tx, "a", "1")
        settings.save_setting(tx, "b", "2")
        assert settings.load_setting(tx, "a") == "1"
        settings.save_setting(tx, "a", "3")
        assert settings.load_setting(tx, "a") == "3"
    with empty_store.read() as tx:
        assert settings.load_setting(tx, "a") == "3"
        assert settings.load_setting(tx, "b") == "2"


def test_a_value_that_was_not_committed_is_not_remembered(empty_store: Store) -> None:
    def save_and_fail() -> None:
        with empty_store.write() as tx:
            settings.save_setting(tx, "a", "1")
            assert settings.load_setting(tx, "a") == "1"
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        save_and_fail()
    with empty_store.write() as tx:
        assert settings.load_setting(tx, "a") is None
