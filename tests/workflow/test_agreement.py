"""Agreement of a small panel: worked by hand, what counts, and how long figures are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.errors import NotFoundError
from regrade.records.agreement import TOPICS, TopicAgreement
from regrade.records.labels import Verdict
from regrade.records.panel import Purpose, Review
from regrade.records.users import User
from regrade.store import reviews
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.cases import make_cases
from regrade.workflow.judgements import import_judgements
from regrade.workflow.workspace import Workspace
from tests.said import SAID
from tests.workflow.conftest import (
    answer_all,
    flag,
    give,
    give_kind,
    predict,
    set_protocol,
    undo,
    write_judgements,
    write_labels,
)

WRONG, UNCLEAR, CORRECT = Verdict.WRONG, Verdict.UNCLEAR, Verdict.CORRECT
ADA = {0: {0: CORRECT}, 3: {1: CORRECT}, 7: {3: CORRECT}}
BO = {0: {0: CORRECT, 1: UNCLEAR}, 3: {1: CORRECT, 2: CORRECT}, 7: {3: UNCLEAR}}
"""By item and class; `wrong` for what is not named. Asked are the labels and (0, 1), (0, 2), (3, 2), (7, 0)."""


@pytest.fixture
def answered(ws: Workspace, people: dict[str, User]) -> Workspace:
    """A panel of two that has answered everything in the first pass."""
    make_cases(ws)
    answer_all(ws, people["ada"], ADA)
    answer_all(ws, people["bo"], BO)
    return ws


def of(ws: Workspace) -> dict[str, TopicAgreement]:
    return {row.question: row for row in measure_agreement(ws).questions}


def test_predicted_and_accepted_classes_by_hand(answered: Workspace) -> None:
    found = measure_agreement(answered)
    predicted, accepted = found.questions[:2]
    assert (found.n_reviewers, found.n_answers, found.notes) == (2, 14, ())
    # Four units: wrong unclear, wrong wrong, wrong correct, wrong wrong. n = 8: 6, 1 and 1; S = 2 + 2.
    # alpha = 1 - 7 * 4 / (64 - 38). ada always says wrong: Cohen's kappa is 0.
    assert predicted.n_answers == (6, 1, 1)
    assert (predicted.n_units, predicted.n_compared, predicted.n_items, predicted.n_differing) == (4, 4, 3, 2)
    assert predicted.alpha.value == pytest.approx(1 - 28 / 26)
    assert predicted.alpha.why_no_interval == "only 2 of 3 items have an answer other than the commonest one"
    assert predicted.percent.value == pytest.approx(0.5)
    # Fleiss: (1/2 - 38/64) / (1 - 38/64).
    assert predicted.fleiss.value == pytest.approx((32 - 38) / (64 - 38))
    assert [(row.first, row.second, row.n, row.agreement, row.kappa) for row in predicted.pairs] == [
        ("ada", "bo", 4, 0.5, 0.0)
    ]
    assert [(row.class_name, row.n, row.n_differing, row.agreement) for row in predicted.classes] == [
        ("bagel", 1, 0, 1.0),
        ("dough", 1, 1, 0.0),
        ("pretzel", 2, 1, 0.5),
    ]
    # Three units: correct correct twice, correct unclear. n = 6: 5 and 1; S = 2: alpha = 1 - 5 * 2 / (36 - 26) = 0.
    assert accepted.n_answers == (0, 1, 5)
    assert accepted.alpha.value == pytest.approx(0)
    assert accepted.percent.value == pytest.approx(2 / 3)


def test_nobody_was_asked_for_the_kind_and_nobody_found_an_item_problematic(answered: Workspace) -> None:
    found = of(answered)
    for question in ("category", "severity"):
        assert (found[question].n_units, found[question].alpha.value) == (0, None)
        assert found[question].alpha.why == "no two reviewers have answered the same question"
        assert found[question].pairs == ()
    problematic = found["problematic"]
    assert (problematic.answers, problematic.n_answers) == (("usable", "problematic"), (6, 0))
    assert problematic.alpha.why.startswith("all answers are the same")
    assert problematic.pairs[0].why.startswith("both gave one and the same answer")
    assert problematic.classes == ()


def test_kinds(answered: Workspace, people: dict[str, User]) -> None:
    # (7, 0) is decided wrong, and nothing else of its item is open; item 0 and 3 wait for an adjudicator.
    give_kind(answered, people["ada"], "minor")
    give_kind(answered, people["bo"], "major")
    found = of(answered)
    assert found["category"].n_answers == (2, 0, 0, 0)
    assert found["category"].percent.value == 1
    assert found["severity"].answers == ("major", "borderline", "minor")
    assert found["severity"].n_answers == (1, 0, 1)
    assert (found["severity"].n_compared, found["severity"].n_differing) == (1, 1)
    # n = 2, one each, S = 2: alpha = 1 - 1 * 2 / (4 - 2) = 0.
    assert found["severity"].alpha.value == pytest.approx(0)
    assert measure_agreement(answered).n_answers == 14 + 2


def test_what_is_undone_is_left_out_and_what_is_called_problematic_counts_there(
    answered: Workspace, people: dict[str, User]
) -> None:
    before = of(answered)
    undo(answered, people["bo"])
    assert sum(of(answered)["predicted"].n_answers) < sum(before["predicted"].n_answers)
    flag(answered, people["bo"])
    found = of(answered)
    assert found["problematic"].n_answers == (5, 1)
    assert found["problematic"].n_differing == 1
    assert (
        measure_agreement(answered).n_answers
        == sum(sum(found[question].n_answers) for question in ("predicted", "accepted")) + 1
    )


def review_of(item: int, class_id: int, verdict: Verdict, **fields: object) -> Review:
    blank = replace(SAID, submission="extra", reviewer="bo", item=item, class_id=class_id, verdict=verdict)
    return replace(blank, **fields)  # type: ignore[arg-type]


def save(ws: Workspace, *rows: Review) -> None:
    with ws.store.write() as tx:
        reviews.save_reviews(tx, rows)


def test_gold_and_added_classes_are_left_out(answered: Workspace) -> None:
    before = measure_agreement(answered)
    save(
        answered,
        review_of(0, 1, WRONG, purpose=Purpose.GOLD, reviewer="ada"),
        review_of(0, 3, CORRECT, added=True),
    )
    assert measure_agreement(answered) == before


def test_a_class_is_accepted_or_not_by_the_labels_of_its_screen(answered: Workspace) -> None:
    write_labels(answered, "later", {0: "0;1,,,0"})
    save(answered, review_of(0, 1, CORRECT, labels="later@1"))
    found = of(answered)
    # bo's answer on (0, 1) stands among the accepted ones now; ada's stays among the predicted ones, alone.
    assert (found["predicted"].n_units, found["predicted"].n_compared) == (4, 3)
    assert (found["accepted"].n_units, found["accepted"].n_compared) == (4, 3)


def test_figures_are_kept_until_somebody_answers(answered: Workspace, people: dict[str, User]) -> None:
    first = measure_agreement(answered)
    assert measure_agreement(answered) is first
    undo(answered, people["ada"])
    assert measure_agreement(answered) != first


def test_notes_say_what_to_know(answered: Workspace, people: dict[str, User]) -> None:
    import_judgements(answered, write_judgements(answered, {6: 1}), by="the paper")
    set_protocol(answered, blind_peers=False)
    found = measure_agreement(answered)
    elsewhere = "The judgements that were imported under the name the paper count as one reviewer's answers."
    assert found.notes == (elsewhere,)  # nobody has answered under that protocol yet
    # A panel elsewhere judged a class and did not meet the item.
    assert {row.question: row.n_units for row in found.questions}["predicted"] == 5
    assert {row.question: row.n_units for row in found.questions}["problematic"] == 3
    predict(answered, "gamma", {5: 0})
    give(answered, people["ada"], {})
    sighted = "Under protocol 2 reviewers could see what others had answered: those are no independent answers."
    assert measure_agreement(answered).notes == (sighted, elsewhere)


def test_nobody_has_answered(ws: Workspace) -> None:
    found = measure_agreement(ws)
    assert (found.n_reviewers, found.n_answers) == (0, 0)
    assert tuple(row.question for row in found.questions) == TOPICS
    assert all(row.alpha.value is None and not row.pairs for row in found.questions)


def test_an_unknown_split(ws: Workspace) -> None:
    with pytest.raises(NotFoundError, match="There is no split elsewhere"):
        measure_agreement(ws, split="elsewhere")
