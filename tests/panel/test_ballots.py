"""Adjudication by vote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.panel.ballots import Tally, count_voters, counting_votes, newest_on, tally, votes_needed
from regrade.records.adjudication import BallotRow
from regrade.records.labels import Verdict
from regrade.records.panel import KindAnswer, Pass, Protocol

CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
Vote = Callable[..., BallotRow]


def vote(
    id_: int,
    voter: str,
    class_id: int | None,
    said: Verdict | tuple[str, str] | None = None,
    *,
    after: int | None = None,
) -> BallotRow:
    category, severity = said if isinstance(said, tuple) else (None, None)
    return BallotRow(
        id=id_,
        ballot=f"b{id_}",
        voter=voter,
        split="main",
        item=0,
        class_id=class_id,
        pass_=Pass.KIND if category else Pass.VERDICT,
        verdict=said if isinstance(said, Verdict) else None,
        category=category,
        severity=severity,
        reason="r",
        labels="original@1",
        after=after,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("protocol", "n_needed"),
    [
        pytest.param(Protocol(), 1, id="one-decides"),
        pytest.param(Protocol(n_adjudicators=5), 1, id="one-decides-whatever-the-number"),
        pytest.param(Protocol(adjudication="vote", n_adjudicators=1), 1, id="a-vote-of-one"),
        pytest.param(Protocol(adjudication="vote", n_adjudicators=2), 2, id="half-is-not-enough"),
        pytest.param(Protocol(adjudication="vote", n_adjudicators=3), 2, id="two-of-three"),
        pytest.param(Protocol(adjudication="vote", n_adjudicators=4), 3, id="three-of-four"),
    ],
)
def test_more_than_half_is_needed(protocol: Protocol, n_needed: int) -> None:
    assert votes_needed(protocol) == n_needed


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        pytest.param([], {}, id="nobody"),
        pytest.param([("a", CORRECT)], {}, id="one-of-two"),
        pytest.param([("a", CORRECT), ("b", CORRECT)], {7: CORRECT}, id="two-agree"),
        pytest.param([("a", CORRECT), ("b", WRONG)], {}, id="a-tie-waits"),
        pytest.param([("a", CORRECT), ("b", WRONG), ("c", UNCLEAR)], {}, id="three-ways"),
        pytest.param([("a", CORRECT), ("b", WRONG), ("c", UNCLEAR), ("d", WRONG)], {7: WRONG}, id="one-more"),
        pytest.param([("a", CORRECT), ("b", WRONG), ("c", CORRECT), ("d", WRONG)], {}, id="two-against-two"),
    ],
)
def test_what_enough_say_is_decided(votes: list[tuple[str, Verdict]], expected: dict[int, Verdict]) -> None:
    rows = [vote(number, name, 7, said) for number, (name, said) in enumerate(votes)]
    counted = tally(rows, n_needed=2)
    assert dict(counted.verdicts) == expected
    assert {row.verdict for row in counted.agreeing} == set(expected.values())


def test_every_class_is_decided_for_itself() -> None:
    rows = [
        vote(1, "a", 7, CORRECT),
        vote(2, "a", 8, WRONG),
        vote(3, "b", 7, CORRECT),
        vote(4, "b", 8, UNCLEAR),
        vote(5, "b", 9, CORRECT),
    ]
    counted = tally(rows, n_needed=2)
    assert (dict(counted.verdicts), [row.id for row in counted.agreeing]) == ({7: CORRECT}, [1, 3])


def test_problematic_stands_against_every_verdict() -> None:
    rows = [vote(1, "a", None), vote(2, "b", None), vote(3, "c", 7, CORRECT), vote(4, "d", 7, CORRECT)]
    assert tally(rows, n_needed=2) == Tally(problematic=True, agreeing=tuple(rows[:2]))
    assert tally(rows[1:], n_needed=2) == Tally(verdicts={7: CORRECT}, agreeing=tuple(rows[2:]))


def test_an_item_of_which_nothing_else_is_asked_may_be_usable() -> None:
    usable = [vote(number, name, None, CORRECT) for number, name in enumerate("ab")]
    assert tally(usable, n_needed=2) == Tally(usable=True, agreeing=tuple(usable))
    assert tally([*usable, vote(3, "c", None)], n_needed=2).usable
    tie = [*usable, vote(3, "c", None), vote(4, "d", None)]
    assert tally(tie, n_needed=2) == Tally()


def test_category_and_severity_are_counted_apart() -> None:
    """Fine-grained has two of three, major two of three, though only one said both."""
    rows = [
        vote(1, "a", 7, ("fine-grained", "major")),
        vote(2, "b", 7, ("fine-grained", "minor")),
        vote(3, "c", 7, ("spurious", "major")),
    ]
    counted = tally(rows, n_needed=2)
    assert counted.kinds == (KindAnswer(7, "fine-grained", "major"),)
    assert [row.id for row in counted.agreeing] == [1, 2, 3]
    assert tally(rows[:2], n_needed=2) == Tally()


def test_the_newest_ballot_of_an_adjudicator_counts() -> None:
    first = [replace(row, ballot="b0") for row in (vote(1, "a", 7, CORRECT), vote(2, "a", 8, WRONG))]
    assert [row.id for row in counting_votes(first[::-1], {})] == [1, 2]
    # The second says nothing of class 8: what was said of it before is taken back.
    assert [row.id for row in counting_votes([vote(3, "a", 7, WRONG), *first], {})] == [3]
    assert [row.id for row in counting_votes([*first, vote(4, "a", None)], {})] == [4]
    assert [row.id for row in counting_votes([vote(1, "a", None), vote(2, "a", 7, WRONG)], {})] == [2]
    # Two adjudicators may call their ballots alike.
    assert len(counting_votes([*first, replace(vote(5, "b", 7, WRONG), ballot="b0")], {})) == 3


@pytest.mark.parametrize(
    ("row", "newest", "counts"),
    [
        pytest.param(vote(1, "a", 7, WRONG), {}, True, id="nothing-decided"),
        pytest.param(vote(1, "a", 7, WRONG), {8: 5}, True, id="another-class-decided-since"),
        pytest.param(vote(1, "a", 7, WRONG), {7: 5}, False, id="decided-since"),
        pytest.param(vote(1, "a", 7, WRONG), {None: 5}, False, id="the-item-decided-since"),
        pytest.param(vote(1, "a", 7, WRONG, after=5), {7: 5, None: 3}, True, id="cast-after-it"),
        pytest.param(vote(1, "a", 7, WRONG, after=5), {7: 6, None: 3}, False, id="decided-again"),
        pytest.param(vote(1, "a", None, after=5), {7: 5, 8: 4}, True, id="on-the-item"),
        pytest.param(vote(1, "a", None, after=5), {7: 5, 8: 6}, False, id="anything-decided-since"),
    ],
)
def test_a_vote_counts_until_something_is_decided_on_it(
    row: BallotRow, newest: dict[int | None, int], counts: bool
) -> None:
    assert counting_votes([row], newest) == ((row,) if counts else ())
    assert (newest_on(row.class_id, newest) == row.after) is counts


def test_voters_are_counted_on_what_waits() -> None:
    rows = [vote(1, "a", 7, WRONG), vote(2, "b", 8, WRONG), vote(3, "c", None)]
    assert [count_voters(rows, classes) for classes in ((7,), (8,), (7, 8), ())] == [2, 2, 3, 3]


words = st.sampled_from([CORRECT, UNCLEAR, WRONG])


@given(votes=st.dictionaries(st.sampled_from("abcdefg"), words), n=st.integers(1, 7), seed=st.randoms())
def test_laws_of_a_vote(votes: dict[str, Verdict], n: int, seed: object) -> None:
    """Who carries a word are enough; the order of votes is irrelevant; one more vote for a word keeps it carried."""
    rows = [vote(number, name, 7, said) for number, (name, said) in enumerate(votes.items())]
    n_needed = n // 2 + 1
    counted = tally(rows, n_needed=n_needed)
    for verdict in counted.verdicts.values():
        n_for = sum(said is verdict for said in votes.values())
        assert n_for == len(counted.agreeing) >= n_needed
        more = tally([*rows, vote(99, "z", 7, verdict)], n_needed=n_needed)
        assert more.verdicts == counted.verdicts
    shuffled = rows[:]
    seed.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert tally(shuffled, n_needed=n_needed).verdicts == counted.verdicts
