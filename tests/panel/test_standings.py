from __future__ import annotations

from collections.abc import Callable

from regrade.panel.standings import Standing, standings_of
from regrade.records.labels import Verdict
from regrade.records.panel import Review
from tests.panel.conftest import time_of

ReviewOf = Callable[..., Review]
CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG


def only(standings: tuple[Standing, ...]) -> Standing:
    (standing,) = standings
    return standing


def test_no_reviews_give_no_standings() -> None:
    assert standings_of([]) == ()


def test_each_reviewer_has_one_standing_by_name(review_of: ReviewOf) -> None:
    standings = standings_of([review_of(1, "bob", 5, "wrong"), review_of(2, "ann", 5, "correct")])
    assert [(standing.reviewer, standing.verdicts) for standing in standings] == [
        ("ann", {5: CORRECT}),
        ("bob", {5: WRONG}),
    ]


def test_the_latest_verdict_per_class_counts_in_any_order_of_the_list(review_of: ReviewOf) -> None:
    reviews = [review_of(3, "ann", 5, "unclear"), review_of(1, "ann", 5, "wrong"), review_of(2, "ann", 6, "correct")]
    assert only(standings_of(reviews)).verdicts == {5: UNCLEAR, 6: CORRECT}


def test_problematic_supersedes_the_verdicts_before_it(review_of: ReviewOf) -> None:
    standing = only(standings_of([review_of(1, "ann", 5, "wrong"), review_of(2, "ann", None)]))
    assert standing.problematic
    assert standing.verdicts == {}


def test_later_verdicts_supersede_problematic_and_bring_nothing_back(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 5, "wrong"), review_of(2, "ann", None), review_of(3, "ann", 6, "correct")]
    standing = only(standings_of(reviews))
    assert not standing.problematic
    assert standing.retracted
    assert standing.verdicts == {6: CORRECT}
    assert [only(standings_of(reviews[:n])).retracted for n in (1, 2)] == [False, False]
    again = only(standings_of([*reviews, review_of(4, "ann", None)]))
    assert (again.problematic, again.retracted) == (True, False)


def test_a_withdrawn_review_counts_for_nothing(review_of: ReviewOf) -> None:
    first, second = review_of(1, "ann", 5, "wrong"), review_of(2, "ann", None, withdrawn=True)
    # The verdict before the withdrawn `problematic` stands again.
    assert standings_of([first, second]) == standings_of([first])
    assert standings_of([second]) == ()


def test_the_second_pass_counts_for_nothing(review_of: ReviewOf) -> None:
    assert standings_of([review_of(1, "ann", 5, kind=("fine-grained", "minor"))]) == ()


def test_who_added_a_class_stays_known(review_of: ReviewOf) -> None:
    # Ann names class 8, and is later shown it like any other; her second answer does not make it somebody else's word.
    reviews = [review_of(1, "ann", 8, "correct", added=True), review_of(2, "ann", 8, "unclear")]
    standing = only(standings_of(reviews))
    assert standing.named == {8}
    assert standing.verdicts == {8: UNCLEAR}
    withdrawn = [review_of(1, "ann", 8, "correct", added=True, withdrawn=True), review_of(2, "ann", 8, "unclear")]
    assert only(standings_of(withdrawn)).named == frozenset()


def test_imported_judgements_alone_do_not_meet_the_item(review_of: ReviewOf) -> None:
    imported = review_of(1, "panel", 5, "wrong", source="judgements.json")
    assert not only(standings_of([imported])).met_item
    assert only(standings_of([imported])).verdicts == {5: WRONG}
    assert only(standings_of([imported, review_of(2, "panel", 6, "correct")])).met_item
    assert only(standings_of([review_of(1, "panel", None, source="judgements.json")])).met_item


def test_a_word_that_an_adjudicator_overruled_stands_as_taken_back(review_of: ReviewOf) -> None:
    """ann called the item problematic; an adjudicator took that back at the time of review 3."""
    flag = review_of(2, "ann", None)
    assert only(standings_of([flag], overruled=time_of(1))).problematic
    void = only(standings_of([review_of(1, "ann", 5, "wrong"), flag], overruled=time_of(3)))
    assert (void.problematic, void.verdicts, void.retracted, void.met_item) == (False, {}, True, False)
    # What she says afterwards counts, as of anybody.
    again = only(standings_of([flag, review_of(4, "ann", None)], overruled=time_of(3)))
    assert (again.problematic, again.met_item) == (True, True)
    verdict = only(standings_of([flag, review_of(4, "ann", 5, "wrong")], overruled=time_of(3)))
    assert (verdict.problematic, verdict.verdicts, verdict.retracted, verdict.met_item) == (
        False,
        {5: WRONG},
        True,
        True,
    )
    # Verdicts are nobody's to overrule here.
    assert standings_of([review_of(1, "ann", 5, "wrong")], overruled=time_of(3)) == standings_of(
        [review_of(1, "ann", 5, "wrong")]
    )
