"""Names and what they stand for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from regrade.errors import NotFoundError
from regrade.records.items import Split
from regrade.store import Store, Transaction, splits, tables
from regrade.store.names import Ref, label_set_id, read_ref, split_id, user_id, user_key


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("a@1", Ref("a", 1)),
        ("a.b-c@12", Ref("a.b-c", 12)),
        ("a", None),
        ("a@", None),
        ("a@b", None),
        ("a@-1", None),
        ("a@999999999", Ref("a", 999999999)),
        ("a@" + "9" * 10, None),
        ("a@" + "9" * 5000, None),
    ],
)
def test_a_reference_is_read(text: str, ref: Ref | None) -> None:
    assert read_ref(text) == ref


def test_spellings_of_one_name_have_one_key() -> None:
    # U+FB01 is the ligature fi; U+212A the Kelvin sign; "ẞ" folds to "ss".
    assert user_key("ﬁ") == user_key("FI")
    assert user_key("\u212a") == user_key("k")
    assert user_key("Stra\u1e9ee") == user_key("strasse")
    assert user_key("ann") != user_key("anna")


def test_names_lead_to_rows(store: Store) -> None:
    with store.read() as tx:
        assert user_id(tx, "ANN") == user_id(tx, "ann") != user_id(tx, "bob")
        assert split_id(tx, "main") == 1
        assert label_set_id(tx, "key@1") == 1


def test_a_name_for_nothing_is_not_found(store: Store) -> None:
    with store.read() as tx:
        with pytest.raises(NotFoundError, match=r"no user eve"):
            user_id(tx, "eve")
        with pytest.raises(NotFoundError, match=r"no split test\. There are: main\."):
            split_id(tx, "test")
        for ref in ("key", "key@2", "other@1"):
            with pytest.raises(NotFoundError, match=rf"no label set {ref}\. There are: key@1\."):
                label_set_id(tx, ref)


def test_what_a_transaction_looked_up_is_forgotten_with_it(store: Store, split: Split, at: datetime) -> None:
    class UndoneError(Exception):
        pass

    def save(tx: Transaction, name: str) -> None:
        splits.save_split(tx, store.arrays, replace(split, name=name), media_root="m", at=at)
        rows = tables.splits
        assert split_id(tx, name) == tx.execute(select(rows.c.id).where(rows.c.name == name)).scalar_one()

    def save_and_fail() -> None:
        with store.write() as tx:
            save(tx, "one")
            raise UndoneError

    with pytest.raises(UndoneError, match=r"^$"):
        save_and_fail()
    with store.write() as tx:
        save(tx, "two")  # in SQLite under the id of the first, which was undone
        with pytest.raises(NotFoundError, match="no split one"):
            split_id(tx, "one")
