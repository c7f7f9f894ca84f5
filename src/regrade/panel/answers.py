"""Whether what a reviewer sends answers the screen that the reviewer was dealt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from regrade.errors import InputError
from regrade.panel.texts import check_text
from regrade.records.labels import Verdict
from regrade.records.panel import Answers, CategoryDefinition, Pass, Screen, Taxonomy

MAX_NOTE_LENGTH = 10_000
"""Characters of a note."""
MAX_SECONDS = 10_000_000
"""On one screen, a third of a year: more is no time, and would spoil the reviewer's figures."""


def check_answers(screen: Screen, answers: Answers, *, n_classes: int, taxonomy: Taxonomy) -> None:
    """Raise unless the answers are complete and fit the screen.

    In the first pass that is either `problematic` alone, or exactly one verdict for each class of the screen, with any
    number of added classes that were not on it (an added class is correct or unclear: nobody adds a class to call it
    wrong). In the second pass it is exactly one kind for the one class of the screen, in the taxonomy's words.

    Args:
        screen: What the reviewer was dealt.
        answers: What came back.
        n_classes: Number of classes C; an added class is in 0..C-1.
        taxonomy: The categories and severities in force.

    Raises:
        InputError: Something is missing, too much, doubled, out of range, or no word of the taxonomy.
    """
    check_text(answers.note, "a note", n_most=MAX_NOTE_LENGTH)
    if answers.seconds is not None and not 0 <= answers.seconds <= MAX_SECONDS:  # nor is NaN
        raise InputError(f"seconds from 0 to {MAX_SECONDS:,}", got=str(answers.seconds))
    if screen.pass_ is Pass.KIND:
        _check_kind(screen, answers, taxonomy)
    else:
        _check_verdicts(screen, answers, n_classes)


def _check_verdicts(screen: Screen, answers: Answers, n_classes: int) -> None:
    if answers.kinds:
        raise InputError("verdicts in the first pass", got="a category and severity")
    if answers.problematic:
        if answers.verdicts:
            raise InputError(
                "either verdicts or a problematic item",
                got="both",
                remedy="Clear the verdicts, or take back that the item is problematic.",
            )
        return
    _check_asked(screen.classes, (answer.class_id for answer in answers.verdicts if not answer.added))
    added = [answer for answer in answers.verdicts if answer.added]
    _refuse_doubles(answer.class_id for answer in added)
    for answer in added:
        if not 0 <= answer.class_id < n_classes:
            raise InputError(f"an added class in 0..{n_classes - 1}", got=str(answer.class_id))
        if answer.class_id in screen.classes:
            raise InputError(
                "an added class that is not on the screen",
                got=f"class {answer.class_id}",
                remedy="Give your verdict on it where it stands.",
            )
        if answer.verdict is Verdict.WRONG:
            raise InputError(
                "an added class to be correct or unclear",
                got=f"wrong for class {answer.class_id}",
                remedy="Leave out the class.",
            )


def _check_kind(screen: Screen, answers: Answers, taxonomy: Taxonomy) -> None:
    if answers.verdicts or answers.problematic:
        raise InputError("a category and a severity in the second pass", got="an answer of the first pass")
    _check_asked(screen.classes, (answer.class_id for answer in answers.kinds))
    for answer in answers.kinds:
        _check_word("category", answer.category, taxonomy.categories)
        _check_word("severity", answer.severity, taxonomy.severities)


def _check_word(field: str, word: str, definitions: tuple[CategoryDefinition, ...]) -> None:
    keys = [definition.key for definition in definitions]
    if word not in keys:
        raise InputError(f"a {field} out of {', '.join(keys)}", got=repr(word[:80]))


def _check_asked(asked: tuple[int, ...], answered: Iterable[int]) -> None:
    """Raise unless each asked class is answered exactly once, and no other."""
    answered = tuple(answered)
    _refuse_doubles(answered)
    if missing := sorted(set(asked) - set(answered)):
        raise InputError(
            "an answer for each class of the screen",
            got=f"none for {_class_words(missing)}",
            remedy="Answer every class, or skip the item.",
        )
    if other := sorted(set(answered) - set(asked)):
        raise InputError(
            "answers on the classes of the screen only",
            got=f"one on {_class_words(other)}",
            remedy="Load the page again.",
        )


def _refuse_doubles(class_ids: Iterable[int]) -> None:
    if doubles := sorted(class_id for class_id, n in Counter(class_ids).items() if n > 1):
        raise InputError("one answer a class", got=f"several for {_class_words(doubles)}")


def _class_words(class_ids: list[int]) -> str:
    return f"class {', '.join(map(str, class_ids[:5]))}{', ...' if len(class_ids) > 5 else ''}"
