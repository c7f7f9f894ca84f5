"""The gallery's filters as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.workflow.mistake_filters import STATUSES, MistakeFilters, format_filters, parse_filters


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"colour": "red"}, "a filter out of"),
        ({"status": "odd"}, "status out of"),
        ({"class_id": "-1"}, "class_id as a whole number"),
        ({"class_id": "1.5"}, "class_id as a whole number"),
        ({"offset": "9" * 30}, "offset as a whole number"),
        ({"limit": "0"}, "limit from 1"),
        ({"min_confidence": "nan"}, "min_confidence as a number"),
        ({"max_confidence": "2"}, "max_confidence as a number"),
        ({"sort": "; drop table"}, "sort out of"),
    ],
)
def test_unknown_filters_and_values_are_refused(values: dict[str, str], match: str) -> None:
    with pytest.raises(InputError, match=match):
        parse_filters(values)


@given(
    st.builds(
        MistakeFilters,
        model=st.none() | st.sampled_from(["alpha", "b c"]),
        class_id=st.none() | st.integers(0, 999),
        status=st.none() | st.sampled_from(STATUSES),
        min_models=st.integers(0, 100),
        min_confidence=st.none() | st.floats(0, 1),
        sort=st.sampled_from(["models", "confidence", "item"]),
        limit=st.integers(1, 1000),
    )
)
def test_filters_survive_the_url(filters: MistakeFilters) -> None:
    assert parse_filters(format_filters(filters)) == filters
