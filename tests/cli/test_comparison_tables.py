"""Comparisons as tables: what is undefined, tiny p-values, clusters, long lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.cli.comparison_tables import MAX_MATRIX, print_comparison, print_comparisons
from regrade.records.comparisons import (
    Cluster,
    Comparison,
    Comparisons,
    Ensemble,
    EnsembleScore,
    HumanContrast,
    ItemVotes,
)

PAIR = Comparison(
    model_a="a",
    model_b="b",
    kind_a="model",
    kind_b="model",
    labels="made@1",
    policy="real",
    n_items=0,
    n_both_wrong=0,
    n_only_a_wrong=0,
    n_only_b_wrong=0,
    mcnemar_p=1.0,
    mcnemar_p_holm=1.0,
    difference=None,
    ci_low=None,
    ci_high=None,
    n_unreviewed_a=0,
    n_unreviewed_b=0,
    difference_min=None,
    difference_max=None,
    kappa=None,
    agreement=None,
    same_wrong_share=None,
    shared_mistakes=None,
    only_a_wrong_items=(),
    only_b_wrong_items=(),
    warnings=("look out",),
    notes=("nothing is shared", "nothing is shared"),
)
MANY = Comparisons(
    labels="made@1",
    policy="multilabel",
    models=("a", "b"),
    pairs=(PAIR,),
    kappa=((1.0, None), (None, 1.0)),
    near_copies=0.43,
    clusters=(Cluster(("a", "b"), 0.5, None),),
    ensembles=(),
    humans=None,
)


def rows(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_what_is_undefined_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparison(PAIR, limit=5, unclear="reject")
    said = capsys.readouterr()
    assert [" ".join(line.split()) for line in said.out.splitlines()] == [
        "labels made@1 · policy real · unclear: reject · 0 shared items",
        "a b",
        "wrong 0 0",
        "only this one wrong 0 0",
        "wrong, unreviewed 0 0",
        "",
        "both wrong 0",
        "difference (item mean) -",
        "after all reviews -",
        "McNemar, exact p = 1.0000",
        "error consistency kappa = -",
        "mistakes shared -",
        "same class predicted -",
    ]
    assert said.err == "warning: look out\nnote: nothing is shared\n"


@pytest.mark.parametrize(
    ("p", "shown"),
    [(0.03, "p = 0.0300"), (0.0001, "p = 0.0001"), (0.000012, "p = 1e-05"), (5e-120, "p <1e-99"), (0.0, "p <1e-99")],
)
def test_small_p_values(capsys: pytest.CaptureFixture[str], p: float, shown: str) -> None:
    print_comparison(replace(PAIR, mcnemar_p=p), limit=5, unclear="accept")
    assert f"McNemar, exact {shown}" in rows(capsys)


def test_a_difference_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    pair = replace(PAIR, difference=0.0123, ci_low=-0.001, ci_high=0.0256, difference_min=0.0, difference_max=0.02)
    print_comparison(pair, limit=5, unclear="accept")
    found = rows(capsys)
    assert "difference (item mean) +1.23 points, 95 %: -0.10 to +2.56" in found
    assert "after all reviews +0.00 to +2.00" in found


def test_clusters_and_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparisons(MANY, limit=5, unclear="accept")
    found = rows(capsys)
    assert found[2] == "a b 0 0 0 0 - - 1.0000 -"
    assert "a, b 50.0 % -" in found
    assert "1 a 1.000 -" in found


def test_a_matrix_too_wide_to_read_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    names = tuple(f"m{at}" for at in range(MAX_MATRIX + 1))
    print_comparisons(replace(MANY, models=names), limit=5, unclear="accept")
    assert not any("error consistency" in row for row in rows(capsys))


def test_the_most_alike_stand_first_and_undefined_last(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tuple(replace(PAIR, model_a=name, kappa=kappa) for name, kappa in (("x", None), ("y", 0.2), ("z", 0.7)))
    print_comparisons(replace(MANY, pairs=pairs, clusters=()), limit=2, unclear="accept")
    found = rows(capsys)
    assert [row.split()[0] for row in found[2:4]] == ["z", "y"]
    assert found[4] == "the most alike first; A - B in points; 1 more pair with --limit"


def test_ensembles_and_humans(capsys: pytest.CaptureFixture[str]) -> None:
    scores = (
        EnsembleScore("majority", 0.91, 0.01, -0.005, 0.025, 1200, 30, 4),
        EnsembleScore("mean_probability", None, None, None, None, None, None, None, ("no probabilities",)),
        EnsembleScore("any_right", 0.95, 0.05, None, None, 12, 3, None),
    )
    votes = tuple(ItemVotes(f"item{at}", 2, 3, 0, 9) for at in range(3))
    found = replace(
        MANY,
        ensembles=(
            Ensemble("human", ("a", "b"), 1, "a", 0.9, scores),
            Ensemble("model", ("c", "d"), 0, None, None, ()),
        ),
        humans=HumanContrast(30, votes, ()),
    )
    print_comparisons(found, limit=2, unclear="accept")
    said = rows(capsys)
    assert "2 human labelers together, on 1 item" in said
    assert "best: a 90.00" in said
    assert "majority of the classes named 91.00 +1.00 -0.50 to +2.50 1,200 30 4" in said
    assert "highest mean probability - - - - - -" in said
    assert "right if any member is 95.00 +5.00 - 12 3 -" in said
    assert "2 models together, on 0 items" in said
    assert "most humans wrong, most models right: 3 items" in said
    assert "item1 2 of 3 0 of 9" in said
    assert "item2 2 of 3 0 of 9" not in said
    assert "1 more: --limit or --json" in said
