"""The panel's words on classes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regrade.errors import NotFoundError, StoreError
from regrade.records.guide import GuideText
from regrade.store import Store, guide


def test_the_newest_text_of_a_class_is_in_force_and_the_others_stay(store: Store, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        guide.save_guide_text(tx, class_id=7, number=1, text="round", author="ann", at=at)
        guide.save_guide_text(tx, class_id=3, number=1, text="flat", author="bob", at=at)
        saved = guide.save_guide_text(tx, class_id=7, number=2, text="rounder", author="bob", at=later)
    assert saved == GuideText(7, 2, "rounder", "bob", later)
    with store.read() as tx:
        assert guide.load_guide_texts(tx, [7, 3, 5]) == {
            3: GuideText(3, 1, "flat", "bob", at),
            7: GuideText(7, 2, "rounder", "bob", later),
        }
        assert guide.load_guide_texts(tx, []) == {}
        assert [row.text for row in guide.list_guide_texts(tx, 7)] == ["round", "rounder"]
        assert guide.list_guide_texts(tx, 5) == ()


def test_classes_are_listed_by_their_last_change_and_not_once_they_say_nothing(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for class_id, number, text in ((1, 1, "a"), (2, 1, "b"), (1, 2, "c"), (4, 1, "d"), (4, 2, "")):
            guide.save_guide_text(tx, class_id=class_id, number=number, text=text, author="ann", at=at)
        assert guide.list_guide_classes(tx) == (1, 2)


def test_two_texts_cannot_be_the_same_version(store: Store, at: datetime) -> None:
    with store.write() as tx:
        guide.save_guide_text(tx, class_id=7, number=1, text="round", author="ann", at=at)
    with pytest.raises(StoreError, match=r"(?i)unique"), store.write() as tx:
        guide.save_guide_text(tx, class_id=7, number=1, text="square", author="bob", at=at)


def test_nobody_writes_without_a_name(store: Store, at: datetime) -> None:
    with pytest.raises(NotFoundError, match="no user eve"), store.write() as tx:
        guide.save_guide_text(tx, class_id=7, number=1, text="round", author="eve", at=at)
