"""Everything that is said of the agreement on one topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.alpha import ONE_VALUE, group_alphas, krippendorff_alpha
from regrade.panel.agreement.cohen import cohen_kappa
from regrade.panel.agreement.fleiss import fleiss_kappa
from regrade.panel.agreement.pairs import pair_tables
from regrade.panel.agreement.percent import percent_agreement, unit_agreements
from regrade.panel.agreement.ratings import Ratings, count_ratings
from regrade.panel.agreement.resampling import alpha_interval
from regrade.records.agreement import Alpha, ClassAgreement, PairAgreement, Topic, TopicAgreement

SAME_HABIT = "both gave one and the same answer throughout: agreement by chance would be as perfect"


@dataclass(frozen=True, eq=False)
class TopicRatings:
    """The answers to one topic, and what their units are."""

    topic: Topic
    answers: tuple[str, ...]
    """(K,) what each code stands for."""
    reviewers: tuple[str, ...]
    """(R,) names."""
    ratings: Ratings
    items: npt.NDArray[np.integer]
    """(U,) item of each unit."""
    classes: npt.NDArray[np.integer] | None
    """(U,) class of each unit; None where units are items."""


def unit_key(items: npt.ArrayLike, classes: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Item and class in one number, in the order of (item, class)."""
    return np.asarray(items, np.int64) << 32 | np.asarray(classes, np.int64)


def rate_units(
    topic: Topic,
    answers: tuple[str, ...],
    reviewers: tuple[str, ...],
    *,
    by: npt.NDArray[np.integer],
    items: npt.NDArray[np.integer],
    classes: npt.NDArray[np.integer] | None,
    codes: npt.NDArray[np.integer],
) -> TopicRatings:
    """Number the units that were answered: each (item, class), or each item.

    Args:
        topic: What was asked.
        answers: (K,) what each code stands for.
        reviewers: (R,) names.
        by: (n,) who answered, 0..R-1; of each unit every reviewer at most once.
        items: (n,) positions.
        classes: (n,) class ids; None: items are the units.
        codes: (n,) what was answered, 0..K-1.

    Returns:
        Units ascending by item, then class.
    """
    keys = unit_key(items, 0 if classes is None else classes)
    different, units = np.unique(keys, return_inverse=True)
    return TopicRatings(
        topic=topic,
        answers=answers,
        reviewers=reviewers,
        ratings=Ratings(by, units, codes, len(reviewers), len(different), len(answers)),
        items=different >> 32,
        classes=None if classes is None else different & (2**32 - 1),
    )


def describe_topic(asked: TopicRatings, class_names: Sequence[str]) -> TopicAgreement:
    """Give alpha with its interval, percent agreement and Fleiss' kappa, then pairs of reviewers and classes.

    Args:
        asked: The answers.
        class_names: Name of each class of the benchmark.

    Returns:
        Figures over the units with two answers or more, undefined ones with a reason; no pairs and no classes where
        nobody has answered the same as another.
    """
    counts = count_ratings(asked.ratings)
    n_ratings = counts.sum(axis=1)
    compared = n_ratings > 1
    differing = compared & (counts.max(axis=1, initial=0) < n_ratings)
    return TopicAgreement(
        question=asked.topic,
        answers=asked.answers,
        n_answers=tuple(map(int, counts.sum(axis=0))),
        n_units=int(np.count_nonzero(n_ratings)),
        n_compared=int(np.count_nonzero(compared)),
        n_items=len(np.unique(asked.items[compared])),
        n_differing=int(np.count_nonzero(differing)),
        n_reviewers=len(np.unique(asked.ratings.reviewers)),
        alpha=_describe_alpha(counts, asked.items),
        percent=percent_agreement(counts),
        fleiss=fleiss_kappa(counts[compared]),
        pairs=_describe_pairs(asked),
        classes=() if asked.classes is None else _describe_classes(counts, differing, asked.classes, class_names),
    )


def _describe_alpha(counts: npt.NDArray[np.int64], items: npt.NDArray[np.integer]) -> Alpha:
    alpha, interval = krippendorff_alpha(counts), alpha_interval(counts, items)
    return Alpha(alpha.value, alpha.n, interval.low, interval.high, alpha.why, interval.why)


def _describe_pairs(asked: TopicRatings) -> tuple[PairAgreement, ...]:
    pairs = pair_tables(asked.ratings)
    n = pairs.tables.sum(axis=(1, 2))
    shares = np.trace(pairs.tables, axis1=1, axis2=2) / n
    columns = (pairs.first, pairs.second, n, shares, cohen_kappa(pairs.tables))
    return tuple(
        PairAgreement(
            asked.reviewers[first],
            asked.reviewers[second],
            n_both,
            share,
            None if np.isnan(kappa) else kappa,
            SAME_HABIT if np.isnan(kappa) else "",
        )
        for first, second, n_both, share, kappa in zip(*(column.tolist() for column in columns), strict=True)
    )


def _describe_classes(
    counts: npt.NDArray[np.int64],
    differing: npt.NDArray[np.bool_],
    classes: npt.NDArray[np.integer],
    class_names: Sequence[str],
) -> tuple[ClassAgreement, ...]:
    n_classes = len(class_names)
    n_units, alphas = group_alphas(counts, classes, n_groups=n_classes)
    n_differing = np.bincount(classes[differing], minlength=n_classes)
    shares = np.bincount(classes, np.nan_to_num(unit_agreements(counts)), minlength=n_classes)
    return tuple(
        ClassAgreement(
            class_id,
            class_names[class_id],
            n=int(n_units[class_id]),
            n_differing=int(n_differing[class_id]),
            agreement=float(shares[class_id] / n_units[class_id]),
            alpha=None if np.isnan(alphas[class_id]) else float(alphas[class_id]),
            why=ONE_VALUE if np.isnan(alphas[class_id]) else "",
        )
        for class_id in map(int, np.flatnonzero(n_units))
    )
