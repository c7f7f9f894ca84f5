"""Comparisons of stored models, worked out by hand on the small benchmark.

Under original@1 alpha is wrong on items 0 (as dough) and 3 (as pretzel), beta on 0 (as pretzel), 3 (as pretzel) and 7
(as bagel); nobody has judged anything. Each of the four classes has two items.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.comparisons import ItemVotes
from regrade.records.predictions import PredictionKind
from regrade.store import predictions
from regrade.workflow.compare import compare_models, compare_pair
from regrade.workflow.predictions import choose_predictions, import_predictions
from regrade.workflow.workspace import Workspace

EVE = "file,predicted_class\nimg_0.png,0\nimg_1.png,1\nimg_3.png,1\nimg_7.png,3\n"
"""Wrong on item 1 only, of the four that she answered."""
GUS = "file,predicted_class\nimg_0.png,0\nimg_1.png,0\n"


def add(ws: Workspace, folder: Path, name: str, text: str, kind: PredictionKind = "human") -> None:
    (folder / f"{name}.csv").write_text(text)
    import_predictions(ws, [(name, folder / f"{name}.csv")], kind=kind)


def test_a_pair_by_hand(ws: Workspace) -> None:
    pair = compare_pair(ws, "alpha", "beta")
    assert (pair.model_a, pair.model_b, pair.labels, pair.policy) == ("alpha", "beta", "original@1", "multilabel")
    assert (pair.n_items, pair.n_both_wrong, pair.n_only_a_wrong, pair.n_only_b_wrong) == (8, 2, 0, 1)
    assert (pair.only_a_wrong_items, pair.only_b_wrong_items) == ((), ("img_7.png",))
    assert pair.mcnemar_p == pair.mcnemar_p_holm == 1.0
    assert (pair.n_unreviewed_a, pair.n_unreviewed_b) == (2, 3)
    # item 7 is one of two of its class: 1/2/4. Item 3 moves both; 0 could move alpha, 0 and 7 beta.
    assert (pair.difference_min, pair.difference, pair.difference_max) == (-0.125, 0.125, 0.25)
    assert pair.kappa == pytest.approx(2 * 2 * 5 / (2 * 5 + 3 * 6))
    assert (pair.same_wrong_share, pair.shared_mistakes, pair.agreement) == (0.5, 1 / 3, 6 / 8)
    assert pair.ci_low is pair.ci_high is None
    assert pair.notes == ("No interval: items that only one gets wrong: 1; it takes 10.",)
    assert pair.warnings[0].startswith("The unreviewed mistakes (2 of alpha, 3 of beta) could change which is better")


def test_the_order_of_the_names_is_kept(ws: Workspace) -> None:
    pair = compare_pair(ws, "beta", "alpha")
    assert (pair.model_a, pair.difference) == ("beta", -0.125)
    assert compare_models(ws, ["beta", "alpha"]).models == ("beta", "alpha")


def test_a_human_is_compared_on_what_she_answered(ws: Workspace, tmp_path: Path) -> None:
    add(ws, tmp_path, "eve", EVE)
    pair = compare_pair(ws, "eve", "beta")
    assert (pair.kind_a, pair.kind_b, pair.n_items) == ("human", "model", 4)
    assert pair.only_a_wrong_items == ("img_1.png",)
    assert pair.only_b_wrong_items == ("img_0.png", "img_3.png", "img_7.png")
    assert "On the 4 items that both are graded on; eve is graded on 4, beta on 8." in pair.notes
    assert "eve: Items that the policy would grade but that have no prediction: 4." in pair.notes


def test_all_models_and_humans(ws: Workspace, tmp_path: Path) -> None:
    add(ws, tmp_path, "eve", EVE)
    add(ws, tmp_path, "gus", GUS)
    found = compare_models(ws)
    assert found.models == ("alpha", "beta", "eve", "gus")
    assert [(pair.model_a, pair.model_b, pair.n_items) for pair in found.pairs] == [
        ("alpha", "beta", 8),
        ("alpha", "eve", 4),
        ("alpha", "gus", 2),
        ("beta", "eve", 4),
        ("beta", "gus", 2),
        ("eve", "gus", 2),
    ]
    # lists only where a human stands against a model
    assert [pair.only_a_wrong_items for pair in found.pairs] == [
        None,
        ("img_0.png", "img_3.png"),
        ("img_0.png",),
        ("img_0.png", "img_3.png", "img_7.png"),
        ("img_0.png",),
        None,
    ]
    assert [pair.only_b_wrong_items for pair in found.pairs] == [None, ("img_1.png",), (), ("img_1.png",), (), None]
    assert found.humans is not None
    assert found.humans.n_items == 4
    # item 1: one of two humans wrong is neither; 7: one of two models
    assert found.humans.humans_wrong == ()
    assert found.humans.models_wrong == (ItemVotes("img_0.png", 0, 2, 2, 2), ItemVotes("img_3.png", 0, 1, 2, 2))
    assert [(row.kind, row.members, row.n_items) for row in found.ensembles] == [
        ("model", ("alpha", "beta"), 8),
        ("human", ("eve", "gus"), 2),
    ]
    assert found.warnings == ("Pairs in which unreviewed mistakes could change which model is better: 6 of 6.",)


def test_models_alone(ws: Workspace) -> None:
    found = compare_models(ws)
    assert (found.humans, found.clusters, found.near_copies) == (None, (), 0.43)
    assert found.pairs == (
        replace(compare_pair(ws, "alpha", "beta"), only_a_wrong_items=None, only_b_wrong_items=None),
    )
    kappa = found.pairs[0].kappa
    assert found.kappa == ((1.0, kappa), (kappa, 1.0))
    (ensemble,) = found.ensembles
    # alpha 1/2, 1/2, 1, 1. A tie goes to the lower class: item 0 to dough, 7 to bagel; 3 is pretzel. All wrong: 0, 3.
    assert (ensemble.best_member, ensemble.best_accuracy) == ("alpha", 0.75)
    assert [row.gain for row in ensemble.scores] == [-0.125, None, 0.0]
    assert [row.n_unreviewed for row in ensemble.scores] == [3, None, 2]
    assert ensemble.scores[1].notes == ("mean_probability is undefined: alpha has no probabilities.",)


def test_mean_probability_of_ranks_and_of_kept_probabilities(ws: Workspace, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    shares = {name: rng.dirichlet(np.ones(4), 8) for name in ("net", "vit", "mlp")}
    for name, values in shares.items():
        np.save(tmp_path / f"{name}.npy", values)
        import_predictions(ws, [(name, tmp_path / f"{name}.npy")])
    top = sum(shares.values()).argmax(axis=1)  # type: ignore[union-attr]  # three arrays, never 0
    accuracy = np.mean(top == np.repeat([0, 1, 2, 3], 2))

    def score() -> float | None:
        return compare_models(ws, list(shares), policy="real").ensembles[0].scores[1].accuracy

    assert score() == accuracy
    # Kept probabilities go before the ranks: here they name the label everywhere, so that the sum does.
    (stored,) = choose_predictions(ws, ["net"])
    digest = ws.store.arrays.save_npy((10 * np.eye(4)[np.repeat([0, 1, 2, 3], 2)]).astype(np.float32))
    with ws.store.write() as tx:
        predictions.save_probabilities(tx, stored, digest)
    assert score() == 1.0


def test_policy_and_labels_are_those_asked_for(ws: Workspace) -> None:
    pair = compare_pair(ws, "alpha", "beta", labels="original@1", policy="single", near_copies=0.2)
    assert (pair.labels, pair.policy, pair.difference) == ("original@1", "single", 1 / 8)
    assert pair.difference_min == pair.difference_max == 1 / 8
    assert compare_models(ws, policy="single").near_copies == 0.53


def test_fewer_than_ten_mistakes_make_no_near_copies(ws: Workspace, tmp_path: Path) -> None:
    for name in ("one", "two"):
        np.save(tmp_path / f"{name}.npy", np.array([1, 1, 0, 0, 3, 3, 2, 2]))
        import_predictions(ws, [(name, tmp_path / f"{name}.npy")])
    # both wrong on all eight items, alike
    found = compare_models(ws, ["one", "two"])
    assert (found.pairs[0].shared_mistakes, found.clusters) == (1.0, ())


@pytest.mark.parametrize("names", [["alpha"], ["alpha", "alpha"]])
def test_it_takes_two_different_models(ws: Workspace, names: list[str]) -> None:
    with pytest.raises(InputError, match="two or more different models to compare; got alpha"):
        compare_models(ws, names)


def test_unknown_names_are_refused(ws: Workspace) -> None:
    with pytest.raises(NotFoundError, match="No predictions of gamma on the split main"):
        compare_pair(ws, "alpha", "gamma")
    with pytest.raises(NotFoundError, match="nothing"):
        compare_pair(ws, "alpha", "beta", labels="nothing")
