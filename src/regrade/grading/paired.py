"""Counting pairs of models on the items that both are graded on: each model against all after it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.buckets import Buckets, headline_buckets
from regrade.grading.differences import paired_differences
from regrade.grading.keys import AnswerKey
from regrade.grading.lineup import Lineup


@dataclass(frozen=True, slots=True, eq=False)
class PairCounts:
    """Pairs of models, (q,) arrays in the order of (first, second), first < second. A is the first, B the second."""

    first: npt.NDArray[np.intp]
    """Which model of the lineup is A."""
    second: npt.NDArray[np.intp]
    n_items: npt.NDArray[np.int64]
    """Items that both are graded on; the other counts are among them."""
    n_both_wrong: npt.NDArray[np.int64]
    n_same_wrong: npt.NDArray[np.int64]
    """Both wrong with the same predicted class."""
    n_only_a: npt.NDArray[np.int64]
    n_only_b: npt.NDArray[np.int64]
    n_unreviewed_a: npt.NDArray[np.int64]
    n_unreviewed_b: npt.NDArray[np.int64]
    n_agreed: npt.NDArray[np.float64]
    """Same predicted class, right or wrong; NaN where a source names only mistakes."""
    n_discordant: npt.NDArray[np.int64]
    """Only one wrong, of the items that the headline's mean goes over."""
    difference: npt.NDArray[np.float64]
    """Headline of A minus headline of B; NaN is undefined."""
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    gain_a: npt.NDArray[np.float64]
    """What the difference would rise by if every unreviewed mistake of A were right, except those that B made too: they
    raise both. NaN where the difference is."""
    gain_b: npt.NDArray[np.float64]
    """What it would fall by if every unreviewed mistake of B were right, except those that A made too."""

    @property
    def shared_mistakes(self) -> npt.NDArray[np.float64]:
        """(q,) of the items that either gets wrong, the share that both get wrong alike; NaN where there are none."""
        return _ratio(self.n_same_wrong, self.n_wrong_by_either)

    @property
    def n_wrong_by_either(self) -> npt.NDArray[np.int64]:
        """(q,) items that A or B gets wrong."""
        return self.n_both_wrong + self.n_only_a + self.n_only_b

    @property
    def agreement(self) -> npt.NDArray[np.float64]:
        """(q,) share of the items with the same predicted class; NaN where it is not known or there are none."""
        return _ratio(self.n_agreed, self.n_items)

    @property
    def same_wrong_share(self) -> npt.NDArray[np.float64]:
        """(q,) of the items that both get wrong, the share with the same predicted class; NaN where there are none."""
        return _ratio(self.n_same_wrong, self.n_both_wrong)


def count_pairs(lineup: Lineup, key: AnswerKey) -> PairCounts:
    """Count every pair of models.

    Args:
        lineup: Two or more models, marked by the key.
        key: The labels and the policy.

    Returns:
        Counts on the items that both of a pair are graded on, and the difference of the policy's headline there. Of 0
        items every count is 0 and the difference NaN.

    Raises:
        InputError: There are fewer than two models.
    """
    if len(lineup.models) < 2:
        raise InputError("two or more models to compare", got=", ".join(lineup.models) or "none")
    buckets = headline_buckets(key)
    coverages = _group_by_coverage(lineup.graded)
    blocks: list[PairCounts] = []
    for rows in coverages:
        for others in coverages:
            if rows[0] < others[-1]:
                ground = _prepare_ground(lineup, key, buckets, rows[0], others)
                blocks += [_against(lineup, ground, a, others[others > a]) for a in rows if a < others[-1]]
    columns = {
        field.name: np.concatenate([getattr(block, field.name) for block in blocks]) for field in fields(PairCounts)
    }
    order = np.lexsort((columns["second"], columns["first"]))
    return PairCounts(**{name: column[order] for name, column in columns.items()})


def one_sided_items(lineup: Lineup, a: int, b: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The items that only one of two models gets wrong, of those that both are graded on.

    Returns:
        Indices into the graded items of the key, ascending: those that only `a` gets wrong, then those of `b`.
    """
    shared = lineup.graded[a] & lineup.graded[b]
    wrong_a, wrong_b = lineup.wrong[a], lineup.wrong[b]
    return np.flatnonzero(shared & wrong_a & ~wrong_b), np.flatnonzero(shared & wrong_b & ~wrong_a)


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """What one coverage shares with another, and what the models of the other one do there; s shared items."""

    shared: npt.NDArray[np.intp] | slice
    """Indices of the shared items; a slice of all is no copy."""
    is_shared: npt.NDArray[np.bool_]
    """(g,) the same as a mask."""
    buckets: Buckets
    n_items: int
    bucket_sizes: npt.NDArray[np.int64]
    """(C,) shared items of each bucket."""
    others: npt.NDArray[np.intp]
    """(b,) the models of the other coverage, ascending."""
    wrong: npt.NDArray[np.int64]
    """(b, C) their mistakes in each bucket."""
    n_wrong: npt.NDArray[np.int64]
    """(b,) their mistakes, those in no bucket too."""
    unreviewed: npt.NDArray[np.int64]
    """(b, C) their unreviewed mistakes in each bucket."""
    n_unreviewed: npt.NDArray[np.int64]
    can_change: bool
    """Whether a review can change a grade: not where the policy looks at no verdict."""


def _group_by_coverage(graded: npt.NDArray[np.bool_]) -> Sequence[npt.NDArray[np.intp]]:
    """The models that are graded on the same items, group by group, ascending in each."""
    groups: dict[bytes, list[int]] = {}
    for model, packed in enumerate(np.packbits(graded, axis=1)):
        groups.setdefault(packed.tobytes(), []).append(model)
    return [np.array(models, np.intp) for models in groups.values()]


def _prepare_ground(
    lineup: Lineup, key: AnswerKey, buckets: Buckets, row: np.intp, others: npt.NDArray[np.intp]
) -> _Ground:
    is_shared = lineup.graded[row] & lineup.graded[others[0]]
    shared: npt.NDArray[np.intp] = np.flatnonzero(is_shared)
    wrong_rows, wrong_items = np.nonzero(lineup.wrong[others] & is_shared)
    open_rows, open_items = np.nonzero(lineup.unreviewed[others] & is_shared)
    n_others = len(others)
    return _Ground(
        shared=slice(None) if is_shared.all() else shared,
        is_shared=is_shared,
        buckets=buckets,
        n_items=len(shared),
        bucket_sizes=buckets.count(shared),
        others=others,
        wrong=buckets.count_rows(wrong_rows, wrong_items, n_others),
        n_wrong=np.bincount(wrong_rows, minlength=n_others),
        unreviewed=buckets.count_rows(open_rows, open_items, n_others),
        n_unreviewed=np.bincount(open_rows, minlength=n_others),
        can_change=key.rubric.accepts == "verdicts",
    )


def _against(lineup: Lineup, ground: _Ground, a: np.intp, others: npt.NDArray[np.intp]) -> PairCounts:
    """One model against all after it of one coverage; for most counts only its own mistakes need be looked at."""
    n_others, buckets = len(others), ground.buckets
    at = slice(len(ground.others) - n_others, None)  # they are the last ones
    wrong_a = np.flatnonzero(lineup.wrong[a] & ground.is_shared)
    open_a = np.flatnonzero(lineup.unreviewed[a] & ground.is_shared)
    rows, columns = np.nonzero(lineup.wrong[np.ix_(others, wrong_a)])
    items = wrong_a[columns]
    same = lineup.top[others[rows], items] == lineup.top[a, items]
    open_same = same & lineup.unreviewed[a, items]
    n_both = np.bincount(rows, minlength=n_others)
    both = buckets.count_rows(rows, items, n_others)
    found = paired_differences(buckets.count(wrong_a) - both, ground.wrong[at] - both, ground.bucket_sizes)
    moved_together = buckets.count_rows(rows[open_same], items[open_same], n_others)
    return PairCounts(
        first=np.full(n_others, a, np.intp),
        second=others,
        n_items=np.full(n_others, ground.n_items),
        n_both_wrong=n_both,
        n_same_wrong=np.bincount(rows[same], minlength=n_others),
        n_only_a=len(wrong_a) - n_both,
        n_only_b=ground.n_wrong[at] - n_both,
        n_unreviewed_a=np.full(n_others, len(open_a)),
        n_unreviewed_b=ground.n_unreviewed[at],
        n_agreed=_count_agreed(lineup, ground, a, others),
        n_discordant=found.n_discordant,
        difference=found.value,
        low=found.low,
        high=found.high,
        gain_a=_gain(buckets.count(open_a) - moved_together, ground),
        gain_b=_gain(ground.unreviewed[at] - moved_together, ground),
    )


def _gain(n_turned: npt.NDArray[np.int64], ground: _Ground) -> npt.NDArray[np.float64]:
    """(b,) what the headline would rise by if so many mistakes of each bucket were right."""
    there = ground.bucket_sizes > 0
    if not there.any():
        return np.full(len(n_turned), np.nan)
    if not ground.can_change:
        return np.zeros(len(n_turned))
    gain: npt.NDArray[np.float64] = (n_turned[:, there] / ground.bucket_sizes[there]).mean(axis=1)
    return gain


def _count_agreed(lineup: Lineup, ground: _Ground, a: np.intp, others: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    agreed = np.count_nonzero(lineup.top[others][:, ground.shared] == lineup.top[a][ground.shared], axis=1)
    return np.where(lineup.names_all[a] & lineup.names_all[others], agreed, np.nan)


def _ratio(part: npt.NDArray[np.number], whole: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    shares = np.full(len(whole), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
