"""Ensembles: what several models would reach together, and how much that is above the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.grading.buckets import Buckets, headline_accuracy, headline_buckets
from regrade.grading.differences import MIN_DISCORDANT, paired_differences
from regrade.grading.keys import AnswerKey
from regrade.grading.lineup import Lineup
from regrade.grading.marking import mark
from regrade.grading.votes import ClassProbabilities, Vote, majority_vote, mean_probability_vote
from regrade.records.comparisons import Ensemble, EnsembleRule, EnsembleScore
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.predictions import NO_CLASS, PredictionKind, Predictions

LoadProbabilities = Callable[[Sequence[str]], Iterable[ClassProbabilities]]
"""Gives the probabilities of the named models, one after the other."""


def score_ensemble(lineup: Lineup, key: AnswerKey, kind: PredictionKind, load: LoadProbabilities) -> Ensemble | None:
    """Score the models, or the human labelers, of a lineup as ensembles, on the items that all of them are graded on.

    Args:
        lineup: Models, marked by the key.
        key: The labels and the policy.
        kind: Whose ensemble: the others are left out, and so are sources that name only mistakes.
        load: Called once with the members' names; what follows one without probabilities is not asked for.

    Returns:
        Three scores (`majority`, `mean_probability`, `any_right`), each with its gain over the best member; what is
        undefined is None with a note. None where there are fewer than two members.
    """
    of_kind = np.array([found == kind for found in lineup.kinds], np.bool_)
    members = np.flatnonzero(of_kind & lineup.names_all)
    if len(members) < 2:
        return None
    names = tuple(lineup.models[member] for member in members)
    left_out = [lineup.models[member] for member in np.flatnonzero(of_kind & ~lineup.names_all)]
    notes = (f"Left out, since they name only mistakes: {', '.join(left_out)}.",) if left_out else ()
    items = np.flatnonzero(lineup.graded[members].all(axis=0))
    ground = _Ground.prepare(lineup, headline_buckets(key), members, items)
    if np.isnan(ground.best_accuracy):
        return Ensemble(kind, names, len(items), None, None, (), (*notes, _why_nothing(len(items))))
    votes: dict[EnsembleRule, Vote] = {
        "majority": majority_vote(lineup.top[np.ix_(members, items)]),
        "mean_probability": mean_probability_vote(load(names), key.items[items]),
    }
    scores = [_score_vote(rule, vote, key, ground) for rule, vote in votes.items()]
    all_wrong: npt.NDArray[np.bool_] = np.logical_and.reduce(lineup.wrong[members])
    still_open = all_wrong & np.logical_or.reduce(lineup.unreviewed[members])
    scores.append(_score("any_right", all_wrong, still_open, ground))
    return Ensemble(
        kind=kind,
        members=names,
        n_items=len(items),
        best_member=lineup.models[ground.best],
        best_accuracy=ground.best_accuracy,
        scores=tuple(scores),
        notes=notes,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """The items that all members are graded on, and the best member there."""

    buckets: Buckets
    items: npt.NDArray[np.intp]
    """(s,) which graded items of the key."""
    sizes: npt.NDArray[np.int64]
    """(C,) of these, how many in each bucket."""
    best: int
    """Which model of the lineup is best, the first of several."""
    best_wrong: npt.NDArray[np.bool_]
    """(g,) its mistakes."""
    best_accuracy: float
    """NaN where no item is in a bucket."""

    @classmethod
    def prepare(
        cls, lineup: Lineup, buckets: Buckets, members: npt.NDArray[np.intp], items: npt.NDArray[np.intp]
    ) -> _Ground:
        """Find the best of the members."""
        sizes = buckets.count(items)
        rows, at = np.nonzero(lineup.wrong[np.ix_(members, items)])
        accuracies = headline_accuracy(buckets.count_rows(rows, items[at], len(members)), sizes)
        place = 0 if np.isnan(accuracies).all() else int(np.argmax(accuracies))
        best = int(members[place])
        return cls(buckets, items, sizes, best, lineup.wrong[best], float(accuracies[place]))


def _why_nothing(n_items: int) -> str:
    why = "no item that all members share has an original label" if n_items else "no item is graded for all members"
    return f"Every score is undefined: {why}."


def _score_vote(rule: EnsembleRule, vote: Vote, key: AnswerKey, ground: _Ground) -> EnsembleScore:
    if vote.classes is None:
        note = f"{rule} is undefined: {vote.why_undefined}."
        return EnsembleScore(rule, None, None, None, None, None, None, None, (note,))
    classes = np.full((len(key.ranked_labels), 1), NO_CLASS, np.int32)
    classes[key.items[ground.items], 0] = vote.classes
    marks = mark(Predictions(rule, key.split, "model", key.n_classes, classes, None, "none"), key)
    wrong, unreviewed = np.zeros((2, len(key.items)), np.bool_)
    wrong[marks.wrong] = True
    unreviewed[marks.wrong[marks.codes == UNREVIEWED_CODE]] = True
    return _score(rule, wrong, unreviewed, ground, n_ties=vote.n_ties)


def _score(
    rule: EnsembleRule,
    wrong: npt.NDArray[np.bool_],
    unreviewed: npt.NDArray[np.bool_],
    ground: _Ground,
    *,
    n_ties: int | None = None,
) -> EnsembleScore:
    """Score (g,) mistakes against those of the best member."""
    at = ground.items
    wrong, best_wrong = wrong[at], ground.best_wrong[at]
    count = ground.buckets.count
    found = paired_differences(count(at[wrong & ~best_wrong]), count(at[best_wrong & ~wrong]), ground.sizes)
    has_interval = not np.isnan(found.low)
    few = found.n_discordant < MIN_DISCORDANT
    n_differing = f"items that differ from the best member: {found.n_discordant}; it takes {MIN_DISCORDANT}"
    why = n_differing if few else "every item differs alike"
    return EnsembleScore(
        rule=rule,
        accuracy=float(headline_accuracy(count(at[wrong]), ground.sizes)),
        gain=float(found.value),
        gain_ci_low=float(found.low) if has_interval else None,
        gain_ci_high=float(found.high) if has_interval else None,
        n_mistakes=int(np.count_nonzero(wrong)),
        n_unreviewed=int(np.count_nonzero(unreviewed[at])),
        n_ties=n_ties,
        notes=() if has_interval else (f"{rule} has no interval: {why}.",),
    )
