"""How figures and verdicts are written."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from regrade.records.labels import Verdict
from regrade.web.filters import FILTERS, GLYPHS, as_glyph, as_letter, as_percent, as_points, as_time


def test_every_verdict_has_a_sign_of_its_own() -> None:
    signs = [as_glyph(str(verdict)) for verdict in Verdict]
    assert len(set(signs)) == len(signs)
    assert all(signs)
    assert as_glyph("never judged") == ""
    assert set(GLYPHS) >= set(Verdict)


@pytest.mark.parametrize(("change", "text"), [(0.00004, "0.00"), (-0.00004, "0.00"), (-0.5, "−50.00"), (1, "+100.00")])
def test_a_change_that_rounds_to_nothing_has_no_sign(change: float, text: str) -> None:
    assert as_points(change) == text


def test_undefined_is_never_zero() -> None:
    assert as_percent(None) == as_points(None) == FILTERS["count"](None) == "–"


def test_times_are_written_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    assert as_time(datetime(2026, 3, 1, 1, 5, tzinfo=zone)) == "2026-02-28 23:05 UTC"


def test_letters_go_on_after_z() -> None:
    assert [as_letter(index) for index in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
