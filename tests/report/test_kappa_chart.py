"""The matrix of kappas as a chart."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from regrade.records.comparisons import Cluster, Comparison, Comparisons
from regrade.report import draw_kappas, render_chart
from regrade.report.kappa_chart import order_models

PAIR = Comparison(
    "", "", "model", "model", "key@1", "single", 1_000, 10, 5, 5, 1.0, 1.0, 0.0, -0.1, 0.1, 0, 0, 0.0, 0.0, 0.5, 0.9,
    0.8, 0.2,
)  # fmt: skip
KAPPAS: dict[tuple[str, str], float | None] = {
    ("a1", "b1"): 0.1,
    ("a1", "a2"): 0.9,
    ("a1", "b2"): 0.2,
    ("b1", "a2"): 0.15,
    ("b1", "b2"): 0.8,
    ("a2", "b2"): None,
}
MODELS = ("a1", "b1", "a2", "b2")


def compare() -> Comparisons:
    """Two pairs of copies, named so that they do not stand together; the first one shares enough mistakes."""
    pairs = [
        replace(
            PAIR, model_a=a, model_b=b, kappa=KAPPAS[a, b], shared_mistakes={"a1a2": 0.6, "a2b2": None}.get(a + b, 0.5)
        )
        for a, b in combinations(MODELS, 2)
    ]
    rows = [[1.0 if a == b else KAPPAS.get((a, b), KAPPAS.get((b, a))) for b in MODELS] for a in MODELS]
    return Comparisons(
        labels="key@1",
        policy="single",
        models=MODELS,
        pairs=tuple(pairs),
        kappa=tuple(map(tuple, rows)),
        near_copies=0.53,
        clusters=(Cluster(("a1", "a2"), 0.6, 0.9),),
        ensembles=(),
        humans=None,
    )


def rows_of(spec: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    (rows,) = spec["datasets"].values()
    return {(row["model"], row["other"]): row for row in rows}


def test_models_that_err_alike_stand_together() -> None:
    order = order_models(compare())
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset({"a1", "a2"}), frozenset({"b1", "b2"})}


def test_every_pair_has_two_squares_and_a_model_none_with_itself() -> None:
    spec = draw_kappas(compare())
    rows = rows_of(spec)
    assert set(rows) == {(a, b) for a in MODELS for b in MODELS if a != b}
    for (a, b), kappa in KAPPAS.items():
        assert rows[a, b]["value"] == rows[b, a]["value"] == kappa
    assert {pair for pair, row in rows.items() if row["copies"]} == {("a1", "a2"), ("a2", "a1")}
    assert (rows["b2", "a2"]["kappa"], rows["b2", "a2"]["shared"]) == ("undefined", "undefined")
    assert (rows["b1", "a1"]["kappa"], rows["b1", "a1"]["shared"]) == ("0.100", "50.0 %")
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["sort"] == layer["encoding"]["y"]["sort"] == list(order_models(compare()))


def test_it_says_what_it_shows() -> None:
    title = draw_kappas(compare())["title"]
    assert title["text"] == "4 models: how alike they err"
    assert title["subtitle"][0].startswith("key@1, policy single, kappa of being wrong")
    assert title["subtitle"][1] == "framed: near-copies, which share 53 % of their mistakes or more"
    assert len(draw_kappas(replace(compare(), clusters=()))["title"]["subtitle"]) == 1


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<svg"), (".png", b"\x89PNG")])
def test_it_can_be_drawn(suffix: str, start: bytes) -> None:
    assert render_chart(draw_kappas(compare()), Path(f"kappa{suffix}"), title="").startswith(start)
