"""First pass: what the reviews of an item settle, and what they leave to an adjudicator or to further reviewers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from regrade.panel.rules import agreed
from regrade.panel.standings import Standing, standings_of
from regrade.records.panel import ItemOutcome, Proposal, Protocol, Review, Settled


def settle_item(
    reviews: Sequence[Review],
    asked: Sequence[int],
    protocol: Protocol,
    *,
    proposals: Iterable[Proposal] = (),
    overruled: datetime | None = None,
) -> ItemOutcome:
    """Apply the protocol's rule to everything that was said of one item in the first pass.

    Whether the item is problematic comes first, and is asked of all who met the item, m of them, as soon as m >= n:
    it is decided if the rule carries it (unanimous: all m say so; majority: more than half), voted down if the rule
    carries the contrary, and disputed otherwise. Once decided, nothing else on the item is.

    A class waits until n reviewers have met it: those with a verdict on it and those who find the item problematic.
    Then it is settled if the rule carries a verdict, where everyone who finds the item problematic stands against all
    verdicts; else it is disputed. Who called the item problematic and has since given verdicts, but none on this class,
    may never be asked for it again: if n have met the class only with such reviewers counted, it is disputed, so that
    nothing waits for ever. A class is never settled on the word of the one reviewer who added or proposed it: with
    n >= 2 it waits for others like any class, and with n = 1, where nobody else would be asked, it is disputed, so that
    an adjudicator gives the second word.

    Args:
        reviews: All stored reviews of the item, in any order; those of the second pass and withdrawn ones are ignored.
        asked: Class ids with an undecided question on the item: cases, added classes, accepted labels.
        protocol: Number of reviewers n and the rule.
        proposals: Those on the item. A proposal is no answer: its proposer has a say as a reviewer only.
        overruled: When an adjudicator took back that the item is problematic, if one did.

    Returns:
        Each asked class in exactly one of settled, disputed and waiting, each ascending by class id; nothing in them
        if the item is decided problematic. Without reviews every class waits.
    """
    standings = standings_of(reviews, overruled=overruled)
    named_by = {(row.proposer, row.class_id) for row in proposals}
    named_by |= {(row.reviewer, class_id) for row in standings for class_id in row.named}
    met = [standing for standing in standings if standing.met_item]
    enough_met = len(met) >= protocol.n_reviewers
    is_problematic = agreed([standing.problematic for standing in met], protocol.rule)
    if enough_met and is_problematic:
        flaggers = tuple(standing.reviewer for standing in met if standing.problematic)
        return ItemOutcome(problematic=Settled(class_id=None, verdict=None, reviewers=flaggers))
    settled: list[Settled] = []
    disputed: list[int] = []
    waiting: list[int] = []
    for class_id in sorted(set(asked)):
        n_voices, n_silent = _count_met(standings, class_id)
        if n_voices + n_silent < protocol.n_reviewers:
            waiting.append(class_id)
        elif n_voices >= protocol.n_reviewers and (outcome := _settle_class(standings, class_id, protocol, named_by)):
            settled.append(outcome)
        else:
            disputed.append(class_id)
    return ItemOutcome(
        settled=tuple(settled),
        disputed=tuple(disputed),
        waiting=tuple(waiting),
        problematic_disputed=enough_met and is_problematic is None,
    )


def _count_met(standings: Sequence[Standing], class_id: int) -> tuple[int, int]:
    """How many have a say on a class, and how many may have met it and have none left."""
    n_voices = sum(standing.problematic or class_id in standing.verdicts for standing in standings)
    n_silent = sum(standing.retracted and class_id not in standing.verdicts for standing in standings)
    return n_voices, n_silent


def _settle_class(
    standings: Sequence[Standing], class_id: int, protocol: Protocol, named_by: Container[tuple[str, int]]
) -> Settled | None:
    """The verdict that the rule carries on a class that enough reviewers have met; None if it is disputed."""
    voters = [standing for standing in standings if class_id in standing.verdicts]
    if len(voters) == 1 and (voters[0].reviewer, class_id) in named_by:
        return None
    verdict = agreed(
        [standing.verdicts[class_id] for standing in voters],
        protocol.rule,
        n_against=sum(standing.problematic for standing in standings),
    )
    if verdict is None:
        return None
    agreeing = tuple(standing.reviewer for standing in voters if standing.verdicts[class_id] is verdict)
    return Settled(class_id=class_id, verdict=verdict, reviewers=agreeing)
