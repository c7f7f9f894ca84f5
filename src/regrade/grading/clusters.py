"""Clusters of near-copies: models that make the same mistakes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from regrade.grading.lineup import Lineup
from regrade.grading.paired import PairCounts
from regrade.records.comparisons import Cluster
from regrade.records.grades import Policy

NEAR_COPIES: dict[Policy, float] = {"multilabel": 0.43, "real": 0.52, "single": 0.53}
"""From this share of shared mistakes on, two models are near-copies. The more mistakes the labels have, the more any
two models share, hence the higher thresholds under `real` and `single`."""
MIN_MISTAKES = 10
"""Fewer items that either gets wrong tell nothing about copies."""


def find_near_copies(pairs: PairCounts, threshold: float) -> npt.NDArray[np.bool_]:
    """(q,) which pairs are near-copies: of ten or more items that either gets wrong, they share the threshold or more.

    Where neither makes a mistake the share is undefined, and they are no copies.
    """
    return (pairs.n_wrong_by_either >= MIN_MISTAKES) & (pairs.shared_mistakes >= threshold)


def find_clusters(lineup: Lineup, pairs: PairCounts, threshold: float) -> tuple[Cluster, ...]:
    """Group the models that are linked by near-copies, directly or through others.

    Two models' shared mistakes are the share, of the items that either gets wrong, that both get wrong with the same
    predicted class. The share of all items on which they agree does not tell copies: two good models agree on most
    because both are right. On 67 networks graded by the multi-labels of ImageNet, ports of one network's weights to
    another framework share 45.5 to 67.1 % of their mistakes and every other pair at most 39.9 %; by agreement (89.4 to
    93.8 %) two different networks of high accuracy (90.6 %) stand among them. By ReaL and by the original labels of
    all images the same six pairs lead, with 53.0 and 57.0 % or more; the others share at most 50.1 and 51.8 %.

    Args:
        lineup: The models.
        pairs: What `count_pairs` gave for them.
        threshold: The least share of shared mistakes, 0..1; `NEAR_COPIES` has one for each policy.

    Returns:
        Clusters of two or more, in the order of their first models; which they are does not hang on that order.
    """
    linked = find_near_copies(pairs, threshold)
    clusters = _connected(pairs.first[linked], pairs.second[linked], len(lineup.models))
    return tuple(_describe(lineup, pairs, members) for members in clusters)


def _connected(
    first: npt.NDArray[np.intp], second: npt.NDArray[np.intp], n_models: int
) -> Iterator[npt.NDArray[np.intp]]:
    from scipy.sparse import coo_array  # noqa: PLC0415 - quick start: grading one model needs no scipy
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - takes long to import

    links = coo_array((np.ones(len(first), np.bool_), (first, second)), shape=(n_models, n_models))
    _, component = connected_components(links, directed=False)
    seen, first_member, sizes = np.unique(component, return_index=True, return_counts=True)
    for cluster in seen[np.argsort(first_member)]:
        if sizes[cluster] > 1:
            yield np.flatnonzero(component == cluster)


def _describe(lineup: Lineup, pairs: PairCounts, members: npt.NDArray[np.intp]) -> Cluster:
    inside = np.isin(pairs.first, members) & np.isin(pairs.second, members)
    agreement = float(pairs.agreement[inside].min())
    return Cluster(
        models=tuple(lineup.models[member] for member in members),
        least_shared_mistakes=float(np.nanmin(pairs.shared_mistakes[inside])),
        least_agreement=None if np.isnan(agreement) else agreement,
    )
