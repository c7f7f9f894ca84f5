"""Tokens under their digests."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.users import ApiToken
from regrade.store import Store, tokens


def test_a_token_stands_for_its_user_until_it_is_revoked(store: Store, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        tokens.save_token(tx, "d1", "ann", "notebook", at)
        tokens.save_token(tx, "d2", "ann", "cluster", later)
        tokens.save_token(tx, "d3", "bob", "notebook", at)
    with store.read() as tx:
        assert [tokens.load_token_user(tx, digest) for digest in ("d1", "d2", "d3", "d4")] == [
            "ann",
            "ann",
            "bob",
            None,
        ]
        assert tokens.list_tokens(tx, "ann") == (ApiToken("cluster", later), ApiToken("notebook", at))
    with store.write() as tx:
        tokens.delete_token(tx, "ann", "notebook")
        left = [digest for digest in ("d1", "d2", "d3") if tokens.load_token_user(tx, digest)]
    assert left == ["d2", "d3"]


def test_all_tokens_of_a_user_end(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for digest, user in (("d1", "ann"), ("d2", "bob")):
            tokens.save_token(tx, digest, user, "notebook", at)
        tokens.delete_user_tokens(tx, "ann")
        assert (tokens.list_tokens(tx, "ann"), tokens.load_token_user(tx, "d2")) == ((), "bob")


def test_a_label_is_taken_once_a_user(store: Store, at: datetime) -> None:
    with store.write() as tx:
        tokens.save_token(tx, "d1", "ann", "notebook", at)
        with pytest.raises(ConflictError, match="ann has a token notebook already"):
            tokens.save_token(tx, "d2", "ann", "notebook", at)


def test_what_is_not_there_is_not_found(store: Store, at: datetime) -> None:
    with store.write() as tx:
        tokens.save_token(tx, "d1", "ann", "notebook", at)
        with pytest.raises(NotFoundError, match=r"ann has no token laptop\. There are: notebook\."):
            tokens.delete_token(tx, "ann", "laptop")
        for call in (
            lambda: tokens.save_token(tx, "d", "eve", "x", at),
            lambda: tokens.list_tokens(tx, "eve"),
            lambda: tokens.delete_token(tx, "eve", "x"),
            lambda: tokens.delete_user_tokens(tx, "eve"),
        ):
            with pytest.raises(NotFoundError, match="There is no user eve"):
                call()
