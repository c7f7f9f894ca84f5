"""The choices that the options name are those of the records."""

from __future__ import annotations

from typing import get_args

from regrade.cli.options import (
    DEFAULT_PORT,
    CaseStatus,
    GroupByName,
    KindName,
    PassName,
    PolicyName,
    TopicName,
    UnclearName,
)
from regrade.records.agreement import TOPICS
from regrade.records.grades import GroupBy, Policy, UnclearRule
from regrade.records.panel import Pass, QuestionStatus
from regrade.records.predictions import PredictionKind
from regrade.web.serve import DEFAULT_PORT as SERVER_PORT


def test_choices_are_the_records() -> None:
    assert get_args(PolicyName) == get_args(Policy)
    assert get_args(UnclearName) == get_args(UnclearRule)
    assert get_args(GroupByName) == get_args(GroupBy)
    assert get_args(KindName) == get_args(PredictionKind)
    assert get_args(TopicName) == TOPICS
    assert get_args(CaseStatus) == tuple(QuestionStatus)
    assert get_args(PassName) == tuple(Pass)


def test_the_port_is_the_server_s() -> None:
    assert DEFAULT_PORT == SERVER_PORT
