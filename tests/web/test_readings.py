"""Readings of agreement in plain words, and places on a scale."""

from __future__ import annotations

from typing import get_args

import pytest

from regrade.records.agreement import Alpha, Topic, TopicAgreement
from regrade.records.metrics import Figure
from regrade.web import readings


def test_every_question_has_its_words() -> None:
    assert set(readings.QUESTIONS) == set(readings.ASKED) == set(get_args(Topic))


@pytest.mark.parametrize(
    ("alpha", "said"),
    [
        pytest.param(Alpha(None, 0, None, None, "nobody"), "Undefined: nobody.", id="undefined"),
        pytest.param(Alpha(0.9, 90, 0.85, 0.95), "Reliable: even the low end", id="reliable"),
        pytest.param(Alpha(0.9, 90, 0.7, 0.95), "Reliable as far as it is known", id="wide"),
        pytest.param(Alpha(0.9, 9, None, None), "Reliable as far as it is known", id="no interval"),
        pytest.param(Alpha(0.7, 90, 0.6, 0.85), "Enough for tentative conclusions", id="tentative"),
        pytest.param(Alpha(0.5, 90, 0.4, 0.6), "Too little to build on", id="low"),
        pytest.param(Alpha(0.0, 90, -0.1, 0.1), "No better than chance", id="chance"),
        pytest.param(Alpha(-0.4, 90, -0.5, -0.3), "No better than chance", id="below chance"),
    ],
)
def test_alpha_in_words(alpha: Alpha, said: str) -> None:
    assert readings.read_alpha(alpha).startswith(said)


def topic(percent: Figure, n_answers: tuple[int, ...]) -> TopicAgreement:
    return TopicAgreement(
        question="accepted",
        answers=("wrong", "unclear", "correct"),
        n_answers=n_answers,
        n_units=2,
        n_compared=2,
        n_items=2,
        n_differing=0,
        n_reviewers=2,
        alpha=Alpha(None, 2, None, None, "x"),
        percent=percent,
        fleiss=Figure(None, 2, "x"),
        pairs=(),
        classes=(),
    )


def test_agreement_beside_chance() -> None:
    # 0.9^2 + 0.1^2 = 0.82
    said = readings.read_chance(topic(Figure(0.84, 2), (10, 0, 90)))
    assert said == "Two reviewers say the same 84 times in 100; with these answers drawn by chance it would be 82."
    assert readings.read_chance(topic(Figure(None, 0, "x"), (0, 0, 0))) == ""


def test_places_on_a_scale() -> None:
    assert readings.place_alpha(Alpha(None, 0, None, None, "x"), 0.0) is None
    assert readings.place_alpha(Alpha(0.5, 9, None, None), 0.0) == (50.0, None, None)
    assert readings.place_alpha(Alpha(0.0, 9, -0.5, 0.5), -0.5) == pytest.approx((100 / 3, 0.0, 200 / 3))
    assert readings.place(2.0) == 100.0
