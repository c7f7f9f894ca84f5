"""Label sets as ReaL's JSON."""

from __future__ import annotations

import json

from regrade.formats.exports.real import write_real
from regrade.records.items import NO_LABEL
from regrade.records.provenance import LabelSheet
from tests.formats.exports.conftest import Rows, SheetOf


def test_accepted_classes_of_every_item_and_all_losses_counted(sheet: LabelSheet) -> None:
    document = write_real(sheet)
    assert json.loads(document.content) == [[0, 3], [], []]
    assert document.warnings == (
        "2 verdicts `wrong` cannot be held: read again, they are never judged.",
        "1 verdicts `unclear` cannot be held: read again, they are `correct`.",
        "1 problematic items cannot be held: read again, they are usable ones.",
        "1 items that are not covered cannot be held: read again, they are covered ones without a verdict.",
    )


def test_nothing_is_lost_of_what_it_can_hold(sheet_of: SheetOf) -> None:
    rows: Rows = [(0, 0, {0: "correct", 2: "correct"}, False), (1, 1, {}, False), (2, NO_LABEL, {3: "correct"}, False)]
    document = write_real(sheet_of(rows))
    assert json.loads(document.content) == [[0, 2], [], [3]]
    assert document.warnings == ()


def test_an_original_label_that_only_the_label_set_has_is_a_loss(sheet_of: SheetOf) -> None:
    rows: Rows = [(0, 0, {}, False), (1, 1, {}, False), (2, 3, {}, False)]
    (warning,) = write_real(sheet_of(rows)).warnings
    assert warning.startswith("1 original labels that the items do not carry themselves cannot be held")


def test_a_label_set_that_covers_nothing_is_a_list_of_empty_lists(sheet_of: SheetOf) -> None:
    document = write_real(sheet_of([]))
    assert json.loads(document.content) == [[], [], []]
    assert len(document.warnings) == 1
