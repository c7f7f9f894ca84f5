"""Grades go out with the keys of the command line's JSON."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest

from regrade.records.grades import Grade
from regrade.records.labels import LabelSetVersion
from regrade.web.schemas.grades import GradeOut
from regrade.web.schemas.items import ModelVoteOut
from regrade.web.schemas.labels import LabelSetVersionOut
from regrade.workflow.item import ModelVote


def test_a_grade_has_the_keys_of_the_record() -> None:
    assert list(GradeOut.model_fields) == [field.name for field in fields(Grade)]


def test_a_version_has_the_keys_of_the_record_and_its_name() -> None:
    assert set(LabelSetVersionOut.model_fields) == {field.name for field in fields(LabelSetVersion)} | {"ref"}


@pytest.mark.parametrize(("score", "sent"), [(0.5, 0.5), (math.nan, None), (None, None)])
def test_what_is_undefined_is_null(score: float | None, sent: float | None) -> None:
    assert ModelVoteOut.of(ModelVote("net", score)).confidence == sent
