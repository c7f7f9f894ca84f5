from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from regrade.errors import InputError
from regrade.panel.answers import MAX_NOTE_LENGTH, check_answers
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, KindAnswer, Pass, Screen, VerdictAnswer
from regrade.records.settings import DEFAULT_TAXONOMY

SCREEN = Screen(
    id="a1",
    reviewer="ann",
    split="main",
    item=4,
    pass_=Pass.VERDICT,
    classes=(7, 2),
    part=0,
    n_parts=1,
    labels="original@1",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
KIND_SCREEN = dataclasses.replace(SCREEN, pass_=Pass.KIND, classes=(7,))
SEVEN, TWO = VerdictAnswer(7, Verdict.WRONG), VerdictAnswer(2, Verdict.CORRECT)
BOTH = (SEVEN, TWO)
KIND = KindAnswer(7, "fine-grained", "minor")


def check(answers: Answers, screen: Screen = SCREEN) -> None:
    check_answers(screen, answers, n_classes=10, taxonomy=DEFAULT_TAXONOMY)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(Answers(verdicts=BOTH), id="one-verdict-each"),
        pytest.param(Answers(verdicts=(TWO, SEVEN)), id="any-order"),
        pytest.param(Answers(problematic=True), id="problematic"),
        pytest.param(Answers(verdicts=(*BOTH, VerdictAnswer(9, Verdict.UNCLEAR, added=True))), id="added-highest"),
        pytest.param(Answers(verdicts=(*BOTH, VerdictAnswer(0, Verdict.CORRECT, added=True))), id="added-lowest"),
        pytest.param(Answers(verdicts=BOTH, note="n" * MAX_NOTE_LENGTH, seconds=0.0, discuss=True), id="note-and-time"),
    ],
)
def test_fitting_answers_of_the_first_pass_pass(answers: Answers) -> None:
    check(answers)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        pytest.param(Answers(), "an answer for each class of the screen; got none for class 2, 7", id="nothing"),
        pytest.param(Answers(verdicts=(SEVEN,)), "got none for class 2", id="missing"),
        pytest.param(Answers(verdicts=(*BOTH, SEVEN)), "one answer a class; got several for class 7", id="doubled"),
        pytest.param(
            Answers(verdicts=(*BOTH, VerdictAnswer(3, Verdict.WRONG))),
            "the classes of the screen only; got one on class 3",
            id="never-asked",
        ),
        pytest.param(Answers(verdicts=BOTH, problematic=True), "either verdicts or a problematic item", id="both"),
        pytest.param(Answers(verdicts=BOTH, kinds=(KIND,)), "verdicts in the first pass", id="kind"),
        pytest.param(Answers(problematic=True, kinds=(KIND,)), "verdicts in the first pass", id="problematic-kind"),
        pytest.param(
            Answers(verdicts=(*BOTH, VerdictAnswer(10, Verdict.CORRECT, added=True))),
            r"an added class in 0\.\.9; got 10",
            id="added-too-high",
        ),
        pytest.param(
            Answers(verdicts=(*BOTH, VerdictAnswer(-1, Verdict.CORRECT, added=True))),
            r"an added class in 0\.\.9; got -1",
            id="added-below-0",
        ),
        pytest.param(
            Answers(verdicts=(*BOTH, VerdictAnswer(7, Verdict.CORRECT, added=True))),
            "an added class that is not on the screen; got class 7",
            id="added-on-screen",
        ),
        pytest.param(
            Answers(verdicts=(SEVEN, dataclasses.replace(TWO, added=True))),
            "got none for class 2",
            id="added-instead-of-answered",
        ),
        pytest.param(
            Answers(verdicts=(*BOTH, VerdictAnswer(3, Verdict.WRONG, added=True))),
            "an added class to be correct or unclear; got wrong for class 3",
            id="added-wrong",
        ),
        pytest.param(
            Answers(verdicts=(*BOTH, *[VerdictAnswer(3, Verdict.CORRECT, added=True)] * 2)),
            "one answer a class; got several for class 3",
            id="added-twice",
        ),
        pytest.param(Answers(verdicts=BOTH, note="n" * 10_001), "at most 10,000 characters; got 10,001", id="long"),
        pytest.param(Answers(verdicts=BOTH, note="a\0b"), "a note of plain text", id="nul"),
        pytest.param(Answers(verdicts=BOTH, note="a\ud83db"), "a note of plain text", id="half-a-character"),
        pytest.param(Answers(verdicts=BOTH, seconds=-0.1), "seconds from 0 to 10,000,000.*-0.1", id="negative-time"),
        pytest.param(Answers(verdicts=BOTH, seconds=float("nan")), "seconds from 0 to 10,000,000", id="nan-time"),
        pytest.param(Answers(verdicts=BOTH, seconds=float("inf")), "seconds from 0 to 10,000,000", id="endless-time"),
        pytest.param(
            Answers(verdicts=BOTH, seconds=1.7e308), "seconds from 0 to 10,000,000", id="time-that-adds-up-to-no-end"
        ),
    ],
)
def test_other_answers_of_the_first_pass_are_refused(answers: Answers, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(answers)


def test_a_message_shortens_a_long_list_of_classes() -> None:
    screen = dataclasses.replace(SCREEN, classes=(0, 1, 2, 3, 4, 5))
    with pytest.raises(InputError, match=r"none for class 0, 1, 2, 3, 4, \.\.\."):
        check(Answers(), screen)


def test_a_fitting_kind_passes() -> None:
    check(Answers(kinds=(KIND,), note="looks like it", seconds=3.5), KIND_SCREEN)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        pytest.param(Answers(), "got none for class 7", id="nothing"),
        pytest.param(Answers(kinds=(KIND, KIND)), "got several for class 7", id="doubled"),
        pytest.param(Answers(kinds=(KIND, dataclasses.replace(KIND, class_id=2))), "got one on class 2", id="other"),
        pytest.param(Answers(kinds=(KIND,), problematic=True), "in the second pass", id="problematic"),
        pytest.param(Answers(kinds=(KIND,), verdicts=(SEVEN,)), "in the second pass", id="verdict"),
        pytest.param(
            Answers(kinds=(dataclasses.replace(KIND, category="odd"),)),
            "a category out of fine-grained, .*non-prototypical; got 'odd'",
            id="category",
        ),
        pytest.param(
            Answers(kinds=(dataclasses.replace(KIND, severity="Major"),)),
            "a severity out of major, borderline, minor; got 'Major'",
            id="severity",
        ),
        pytest.param(Answers(kinds=(KIND,), note="\0"), "a note of plain text", id="nul"),
    ],
)
def test_other_answers_of_the_second_pass_are_refused(answers: Answers, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(answers, KIND_SCREEN)
