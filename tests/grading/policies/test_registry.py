"""The registry of policies."""

from __future__ import annotations

from typing import get_args

import pytest

from regrade.errors import ConflictError, InputError
from regrade.grading import policy_names
from regrade.grading.policies import get_policy
from regrade.grading.policies.real import real
from regrade.grading.policies.registry import register_policy
from regrade.records.grades import Policy


def test_every_policy_of_the_records_is_registered() -> None:
    assert policy_names() == tuple(sorted(get_args(Policy)))


def test_a_policy_is_found_by_its_name() -> None:
    assert get_policy("real") is real


def test_a_taken_name_is_refused() -> None:
    with pytest.raises(ConflictError, match="a policy real already"):
        register_policy("real")(real)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"one of the policies multilabel, real, single; got top1"):
        get_policy("top1")
