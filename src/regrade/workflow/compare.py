"""Compare stored models with each other on the items that they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading import (
    NEAR_COPIES,
    AnswerKey,
    Lineup,
    contrast_kinds,
    count_pairs,
    describe_pairs,
    find_clusters,
    kappa_matrix,
    line_up,
    one_sided_items,
    score_ensemble,
)
from regrade.grading.comparisons import can_change_sign
from regrade.grading.votes import ClassProbabilities, spread_ranks
from regrade.records.comparisons import Comparison, Comparisons, HumanContrast, ItemVotes
from regrade.records.grades import Policy, UnclearRule
from regrade.records.items import Split
from regrade.records.predictions import PredictionKind
from regrade.report import draw_kappas, render_chart
from regrade.store import predictions
from regrade.workflow.files import save_file
from regrade.workflow.grade import answer_key, choose_version
from regrade.workflow.predictions import choose_predictions, load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

_KINDS: tuple[PredictionKind, ...] = ("model", "human")


def compare_pair(
    ws: Workspace,
    model_a: str,
    model_b: str,
    *,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    near_copies: float | None = None,
) -> Comparison:
    """Compare two models on the items that both are graded on; nothing is stored.

    Args:
        ws: The workspace.
        model_a: One name.
        model_b: Another one.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        near_copies: From this share of shared mistakes on, a warning calls them near-copies; default: the policy's.

    Returns:
        A minus B, with the ids of the items that only one gets wrong.

    Raises:
        InputError: The label set is of another split, or the two names are one.
        NotFoundError: An unknown label set or model.
    """
    key = _key(ws, labels, policy, unclear, split)
    lineup = _line_up(ws, (model_a, model_b), split, key)
    pair = describe_pairs(lineup, count_pairs(lineup, key), key, near_copies=_threshold(near_copies, policy))[0]
    pair = _with_items(pair, lineup, key, ws.split(split))
    return replace(pair, notes=(*_general_notes(lineup, key), *pair.notes))


def compare_models(
    ws: Workspace,
    models: Sequence[str] | None = None,
    *,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    split: str = MAIN_SPLIT,
    near_copies: float | None = None,
) -> Comparisons:
    """Compare several models, each with each on the items that the two share; nothing is stored.

    Args:
        ws: The workspace.
        models: Names, two or more; default: all that have predictions on the split.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted.
        split: The split.
        near_copies: From this share of shared mistakes on, two models are near-copies; default: the policy's.

    Returns:
        All pairs, the kappa matrix, clusters, ensembles, and what humans and models part on. The pairs of a human and a
        model name the items that only one of them gets wrong.

    Raises:
        InputError: The label set is of another split, or there are fewer than two models.
        NotFoundError: An unknown label set or model.
    """
    key = _key(ws, labels, policy, unclear, split)
    lineup = _line_up(ws, models, split, key)
    counts = count_pairs(lineup, key)
    threshold = _threshold(near_copies, policy)
    pairs = describe_pairs(lineup, counts, key, near_copies=threshold)
    items = ws.split(split)
    ensembles = (
        score_ensemble(lineup, key, kind, lambda names: _load_probabilities(ws, names, split)) for kind in _KINDS
    )
    return Comparisons(
        labels=key.labels,
        policy=policy,
        models=lineup.models,
        pairs=tuple(_with_items(pair, lineup, key, items) if pair.kind_a != pair.kind_b else pair for pair in pairs),
        kappa=kappa_matrix(lineup, counts),
        near_copies=threshold,
        clusters=find_clusters(lineup, counts, threshold),
        ensembles=tuple(ensemble for ensemble in ensembles if ensemble is not None),
        humans=_contrast(lineup, key, items),
        warnings=_summarize(pairs),
        notes=_general_notes(lineup, key),
    )


def save_kappa_chart(found: Comparisons, file: Path) -> None:
    """Write the chart of a comparison of several models, whole or not at all; a file of that name is replaced.

    Raises:
        InputError: The name has no ending of a chart, or the file cannot be written.
    """
    save_file(file, render_chart(draw_kappas(found), file, title="How alike models err"))


def _key(ws: Workspace, labels: str | None, policy: Policy, unclear: UnclearRule, split: str) -> AnswerKey:
    return answer_key(ws, choose_version(ws, labels, split), policy=policy, unclear=unclear)


def _line_up(ws: Workspace, models: Sequence[str] | None, split: str, key: AnswerKey) -> Lineup:
    chosen = choose_predictions(ws, models, split)
    if len(chosen) < 2:
        raise InputError(
            "two or more different models to compare",
            got=", ".join(row.model for row in chosen) or "none",
            remedy="`regrade predictions list` names those there are.",
        )
    return line_up(load_predictions(ws, [row.model for row in chosen], split, scores=False), key)


def _load_probabilities(ws: Workspace, models: Sequence[str], split: str) -> Iterator[ClassProbabilities]:
    """What is kept of all classes, else what the ranks say."""
    for stored in choose_predictions(ws, models, split):
        values = predictions.load_probabilities(ws.store.arrays, stored)
        if values is None:
            yield spread_ranks(predictions.load_predictions(ws.store.arrays, stored))
        else:
            yield ClassProbabilities(stored.model, values)


def _threshold(near_copies: float | None, policy: Policy) -> float:
    return NEAR_COPIES[policy] if near_copies is None else near_copies


def _with_items(pair: Comparison, lineup: Lineup, key: AnswerKey, split: Split) -> Comparison:
    a, b = lineup.models.index(pair.model_a), lineup.models.index(pair.model_b)
    only_a, only_b = one_sided_items(lineup, a, b)
    return replace(pair, only_a_wrong_items=_ids(only_a, key, split), only_b_wrong_items=_ids(only_b, key, split))


def _ids(graded: npt.NDArray[np.intp], key: AnswerKey, split: Split) -> tuple[str, ...]:
    return tuple(split.ids[position] for position in key.items[graded].tolist())


def _contrast(lineup: Lineup, key: AnswerKey, split: Split) -> HumanContrast | None:
    found = contrast_kinds(lineup)
    if found is None:
        return None

    def votes(graded: npt.NDArray[np.intp]) -> tuple[ItemVotes, ...]:
        counts = (found.n_humans_wrong, found.n_humans, found.n_models_wrong, found.n_models)
        rows = zip(_ids(graded, key, split), *(count[graded].tolist() for count in counts), strict=True)
        return tuple(ItemVotes(*row) for row in rows)

    return HumanContrast(found.n_items, votes(found.humans_wrong), votes(found.models_wrong))


def _general_notes(lineup: Lineup, key: AnswerKey) -> tuple[str, ...]:
    of_models = (f"{model}: {note}" for model, notes in zip(lineup.models, lineup.notes, strict=True) for note in notes)
    return (*key.notes, *of_models)


def _summarize(pairs: Sequence[Comparison]) -> tuple[str, ...]:
    n_open = sum(map(can_change_sign, pairs))
    if not n_open:
        return ()
    return (f"Pairs in which unreviewed mistakes could change which model is better: {n_open:,} of {len(pairs):,}.",)
