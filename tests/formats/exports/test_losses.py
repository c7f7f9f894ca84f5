"""What is lost, in words."""

from __future__ import annotations

from regrade.formats.exports.losses import count_lost, count_lost_originals
from regrade.records.items import NO_LABEL
from tests.formats.exports.conftest import SheetOf


def test_nothing_lost_is_no_line() -> None:
    assert count_lost(0, "things", "others") == ()
    assert count_lost(1200, "things", "others") == ("1,200 things cannot be held: read again, they are others.",)


def test_original_labels_are_lost_where_they_are_not_the_items_own(sheet_of: SheetOf) -> None:
    # a carries 0, b carries 1, c none
    assert count_lost_originals(sheet_of([(0, 0, {}, False), (2, NO_LABEL, {}, False)])) == ()
    (line,) = count_lost_originals(sheet_of([(0, 0, {}, False), (1, NO_LABEL, {}, False), (2, 3, {}, False)]))
    assert line.startswith("2 original labels")
