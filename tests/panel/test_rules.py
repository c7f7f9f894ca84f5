from __future__ import annotations

import pytest

from regrade.panel.rules import agreed
from regrade.records.panel import Rule


@pytest.mark.parametrize(
    ("votes", "rule", "n_against", "expected"),
    [
        pytest.param("", "unanimous", 0, None, id="unanimous-none"),
        pytest.param("", "majority", 0, None, id="majority-none"),
        pytest.param("a", "unanimous", 0, "a", id="unanimous-one"),
        pytest.param("aaa", "unanimous", 0, "a", id="unanimous-all"),
        pytest.param("aab", "unanimous", 0, None, id="unanimous-one-differs"),
        pytest.param("aa", "unanimous", 1, None, id="unanimous-one-against"),
        pytest.param("aab", "majority", 0, "a", id="majority-2-of-3"),
        pytest.param("ab", "majority", 0, None, id="majority-tie"),
        pytest.param("abc", "majority", 0, None, id="majority-all-differ"),
        pytest.param("aabc", "majority", 0, None, id="majority-half-is-not-enough"),
        pytest.param("aa", "majority", 1, "a", id="majority-2-of-3-one-against"),
        pytest.param("aa", "majority", 2, None, id="majority-half-against"),
    ],
)
def test_rule(votes: str, rule: Rule, n_against: int, expected: str | None) -> None:
    assert agreed(votes, rule, n_against=n_against) == expected


def test_a_false_that_carries_is_not_none() -> None:
    assert agreed([False, False, True], "majority") is False
