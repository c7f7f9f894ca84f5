"""Small settings."""

from __future__ import annotations

from regrade.store import Store, settings


def test_a_value_replaces_the_one_before(empty_store: Store) -> None:
    with empty_store.write() as tx:
        assert settings.load_setting(tx, "a") is None
        settings.save_setting(tx, "a", "1")
        settings.save_setting(tx, "b", "2")
        settings.save_setting(tx, "a", "3")
    with empty_store.read() as tx:
        assert settings.load_setting(tx, "a") == "3"
        assert settings.load_setting(tx, "b") == "2"
