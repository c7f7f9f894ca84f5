"""From fields to records."""

from __future__ import annotations

import pytest

from regrade.errors import InputError
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, VerdictAnswer
from regrade.web.forms import is_ticked, read_adjudication, read_answers, read_kinds, require_field
from regrade.workflow.workspace import Workspace


def test_a_first_pass_is_read(still_ws: Workspace) -> None:
    fields = {
        "screen": "s",
        "verdict-2": "wrong",
        "verdict-0": "correct",
        "added-3": "unclear",
        "note": " a\r\nb ",
        "discuss": "1",
        "seconds": "2.5",
        "category-2": "ignored here",
    }
    assert read_answers(still_ws, fields, Pass.VERDICT) == Answers(
        verdicts=(
            VerdictAnswer(2, Verdict.WRONG),
            VerdictAnswer(0, Verdict.CORRECT),
            VerdictAnswer(3, Verdict.UNCLEAR, added=True),
        ),
        note="a\nb",
        discuss=True,
        seconds=2.5,
    )


def test_a_second_pass_is_read(still_ws: Workspace) -> None:
    fields = {"category-2": "fine-grained", "severity-2": "minor", "problematic": "1", "verdict-2": "wrong"}
    assert read_answers(still_ws, fields, Pass.KIND) == Answers(kinds=(KindAnswer(2, "fine-grained", "minor"),))


def test_half_a_kind_is_kept_as_half_so_that_the_panel_can_refuse_it() -> None:
    assert read_kinds({"severity-7": "minor"}) == (KindAnswer(7, "", "minor"),)
    assert read_kinds({}) == ()


def test_a_class_is_named_by_its_key_or_its_whole_name(still_ws: Workspace) -> None:
    for text in ("bun", " BUN ", "k3"):
        (added,) = read_answers(still_ws, {"also": text}, Pass.VERDICT).verdicts
        assert added == VerdictAnswer(3, Verdict.CORRECT, added=True)
    for text in ("bu", "k", "brioche"):
        with pytest.raises(InputError, match="the name or key of one class"):
            read_answers(still_ws, {"also": text}, Pass.VERDICT)


def test_a_problematic_item_needs_no_verdicts(still_ws: Workspace) -> None:
    read = read_adjudication(still_ws, {"problematic": "1", "verdict-2": "wrong", "reason": " dark "})
    assert (read.problematic, read.verdicts, read.reason) == (True, {}, "dark")


def test_an_adjudication_may_name_classes_that_nobody_asked_about(still_ws: Workspace) -> None:
    read = read_adjudication(still_ws, {"verdict-0": "wrong", "added-1": "correct", "also": "bun", "reason": "x"})
    assert read.verdicts == {0: Verdict.WRONG, 1: Verdict.CORRECT, 3: Verdict.CORRECT}


@pytest.mark.parametrize("value", ["", "0"])
def test_a_box_that_is_not_ticked(value: str) -> None:
    assert not is_ticked({"problematic": value}, "problematic")
    assert not is_ticked({}, "problematic")


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="the field screen"):
        require_field({"screen": ""}, "screen")
