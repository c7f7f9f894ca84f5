"""What comparing models gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from regrade.records.grades import Policy
from regrade.records.predictions import PredictionKind

EnsembleRule = Literal["majority", "mean_probability", "any_right"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the items that both are graded on: A minus B.

    None is undefined, with a reason in `notes`, except where a line says otherwise.
    """

    model_a: str
    model_b: str
    kind_a: PredictionKind
    kind_b: PredictionKind
    labels: str
    """`NAME@N`."""
    policy: Policy
    n_items: int
    """Items that the policy grades and that both have a prediction for."""
    n_both_wrong: int
    n_only_a_wrong: int
    n_only_b_wrong: int
    mcnemar_p: float
    """Exact two-sided binomial p of the items that only one gets wrong; 1 if there are none. It tests items, not the
    class mean."""
    mcnemar_p_holm: float
    """The same, adjusted for all pairs that were compared at once (Holm); equal to `mcnemar_p` for one pair."""
    difference: float | None
    """Headline of A minus headline of B, -1..1: the class mean under `multilabel`, else the item mean."""
    ci_low: float | None
    """95 % interval of the difference."""
    ci_high: float | None
    n_unreviewed_a: int
    """A's mistakes among the items on a class that nobody ever judged on that item."""
    n_unreviewed_b: int
    difference_min: float | None
    """The difference if every unreviewed mistake of B alone were right, and all of A's were wrong."""
    difference_max: float | None
    """The difference if every unreviewed mistake of A alone were right, and all of B's were wrong."""
    kappa: float | None
    """Error consistency: Cohen's kappa of being wrong. 1: always wrong together; 0: as often as by chance."""
    agreement: float | None
    """Share of the items on which both predict the same class, right or wrong."""
    same_wrong_share: float | None
    """Of the items that both get wrong, the share with the same predicted class."""
    shared_mistakes: float | None
    """Of the items that either gets wrong, the share that both get wrong with the same predicted class."""
    only_a_wrong_items: tuple[str, ...] | None = None
    """Ids of the items that A gets wrong and B right; None where they were not asked for, without a note."""
    only_b_wrong_items: tuple[str, ...] | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Models that are near-copies of each other: each is linked to another one by the mistakes that the two share."""

    models: tuple[str, ...]
    least_shared_mistakes: float
    """The lowest `shared_mistakes` of any two of them; below the threshold where only others link these two."""
    least_agreement: float | None
    """The lowest `agreement` of any two of them; None where a source names only mistakes."""


@dataclass(frozen=True, slots=True)
class EnsembleScore:
    """One way to make one model of several."""

    rule: EnsembleRule
    """`majority`: the class that most name; `mean_probability`: the class with the highest mean probability;
    `any_right`: right if any is (no model, but the most that choosing among them could reach)."""
    accuracy: float | None
    """The policy's headline."""
    gain: float | None
    """That accuracy minus the best member's, -1..1: what diversity is worth by this rule."""
    gain_ci_low: float | None
    """95 % interval of the gain. It does not know that the best member was chosen on the same items."""
    gain_ci_high: float | None
    n_mistakes: int | None
    n_unreviewed: int | None
    """Of the mistakes, those that a review could still turn: nobody ever judged a class named there."""
    n_ties: int | None
    """Items on which several classes came first; the lowest class id was taken."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ensemble:
    """All models, or all human labelers, of a comparison taken together."""

    kind: PredictionKind
    members: tuple[str, ...]
    n_items: int
    """Items that all members are graded on."""
    best_member: str | None
    """The member with the highest accuracy on them, the first of several."""
    best_accuracy: float | None
    """The policy's headline."""
    scores: tuple[EnsembleScore, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemVotes:
    """How many get one item wrong."""

    item_id: str
    n_humans_wrong: int
    n_humans: int
    """Human labelers who answered it."""
    n_models_wrong: int
    n_models: int
    """Models that are graded on it."""


@dataclass(frozen=True, slots=True)
class HumanContrast:
    """Items on which humans and models part: more than half of the ones wrong, more than half of the others right."""

    n_items: int
    """Items with an answer of a human and a prediction of a model."""
    humans_wrong: tuple[ItemVotes, ...]
    """Most humans wrong, most models right; the clearest first."""
    models_wrong: tuple[ItemVotes, ...]
    """Most models wrong, most humans right; the clearest first."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Several models, each with each."""

    labels: str
    policy: Policy
    models: tuple[str, ...]
    """In the order named; rows and columns of `kappa`."""
    pairs: tuple[Comparison, ...]
    """The first with each after it, then the second, and so on."""
    kappa: tuple[tuple[float | None, ...], ...]
    """Error consistency of each with each; the diagonal is 1. None where it is undefined, as the pair's notes say; on
    the diagonal, of a model that gets everything right, or everything wrong."""
    near_copies: float
    """From this share of shared mistakes on, two models are linked as near-copies."""
    clusters: tuple[Cluster, ...]
    ensembles: tuple[Ensemble, ...]
    """One of the models, one of the human labelers: each where there are two or more."""
    humans: HumanContrast | None
    """None where humans or models are missing, without a note."""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
