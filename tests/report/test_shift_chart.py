"""The chart of two splits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scipy.stats import norm

from regrade.records.predictions import PredictionKind
from regrade.records.shifts import ModelShift, ProbitLine, Shift
from regrade.report import draw_shift
from regrade.report.shift_chart import N_NAMED, SIZE


def model(name: str, before: float | None, after: float | None, kind: PredictionKind = "model") -> ModelShift:
    """A model whose intervals reach 0.01 to both sides; the line keeps every accuracy."""
    low = [None if share is None else max(0.0, share - 0.01) for share in (before, after)]
    high = [None if share is None else min(1.0, share + 0.01) for share in (before, after)]
    change = None if before is None or after is None else after - before
    return ModelShift(
        name, kind, before, low[0], high[0], 100, 1, after, low[1], high[1], 100, 1,
        change, change, change, before, change,
    )  # fmt: skip


LINE = ProbitLine(1.0, 0.0, 0.9, 1.1, -0.1, 0.1, 0.98, 3)


def draw(*models: ModelShift, line: ProbitLine | None = LINE) -> dict[str, Any]:
    return draw_shift(Shift("main", "v2", "key@1", "key-v2@1", "single", models, line, -0.1, (), ()))


def points_of(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    """The data of a layer: Altair keeps every table once, under a name, and shares one that several layers use."""
    data = layer.get("data", spec.get("data", {}))
    found: list[dict[str, Any]] = spec["datasets"][data["name"]] if "name" in data else data["values"]
    return found


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The data of the models."""
    return points_of(spec, spec["layer"][-1])


def test_models_stand_at_the_probits_of_their_accuracies() -> None:
    (row,) = rows_of(draw(model("net", 0.8, 0.7)))
    names = ("from", "from_low", "from_high", "to", "to_low", "to_high")
    expected = norm.ppf([0.8, 0.79, 0.81, 0.7, 0.69, 0.71])
    assert [row[name] for name in names] == pytest.approx(expected)
    assert (row["before"], row["after"], row["change"]) == (
        "80.00 % (79.00 to 81.00)",
        "70.00 % (69.00 to 71.00)",
        "-10.00 points",
    )


def test_axes_are_labeled_in_percent_and_hold_every_interval() -> None:
    spec = draw(model("net", 0.8, 0.7), model("other", 0.6, 0.5))
    for layer in spec["layer"]:
        low, high = layer["encoding"]["x"]["scale"]["domain"]
        assert low < norm.ppf(0.59) < norm.ppf(0.81) < high
        assert norm.cdf(layer["encoding"]["x"]["axis"]["values"]) == pytest.approx([0.6, 0.65, 0.7, 0.75, 0.8])
        assert "cumulativeNormal" in layer["encoding"]["x"]["axis"]["labelExpr"]


def test_both_lines_are_drawn_and_described() -> None:
    spec = draw(model("net", 0.8, 0.7), line=replace(LINE, slope=2.0, intercept=-1.0))
    even, fitted = (points_of(spec, layer) for layer in spec["layer"][:2])
    assert all(point["at"] == point["height"] for point in even)
    assert all(point["height"] == pytest.approx(2 * point["at"] - 1) for point in fitted)
    assert "slope 2.000 (0.900 to 1.100), intercept -1.000 (-0.100 to 0.100), R² 0.980" in spec["title"]["subtitle"][1]


def test_without_a_line_there_is_none() -> None:
    spec = draw(model("net", 0.8, 0.7), line=None)
    assert len(spec["layer"]) == len(draw(model("net", 0.8, 0.7))["layer"]) - 1
    assert "slope" not in "".join(spec["title"]["subtitle"])
    bare = replace(LINE, slope_ci_low=None, slope_ci_high=None, intercept_ci_low=None, intercept_ci_high=None)
    assert "slope 1.000, intercept 0.000" in draw(model("net", 0.8, 0.7), line=bare)["title"]["subtitle"][1]


def test_what_has_no_probit_has_no_place() -> None:
    spec = draw(model("net", 0.8, 0.7), model("none", None, 0.7), model("zero", 0.5, 0.0), model("one", 1.0, 0.7))
    assert [row["model"] for row in rows_of(spec)] == ["net"]
    assert spec["title"]["text"] == "1 model on main and on v2"
    assert draw(model("none", None, None))["title"]["text"] == "0 models on main and on v2"


def test_an_interval_that_reaches_1_is_cut_off() -> None:
    (row,) = rows_of(draw(model("net", 0.995, 0.7)))
    assert row["from_high"] == pytest.approx(norm.ppf(0.999))


def test_human_labelers_have_a_color_of_their_own_and_a_legend() -> None:
    def legend(*models: ModelShift) -> object:
        return draw(*models)["layer"][-3]["encoding"]["color"]["legend"]

    assert legend(model("net", 0.8, 0.7)) is None
    assert legend(model("net", 0.8, 0.7), model("ann", 0.9, 0.89, "human")) == {"title": None}


def test_names_stand_away_from_the_line_and_do_not_overlap() -> None:
    apart = [model(f"m{at}", 0.3 + at / 20, (0.3 + at / 20) + (0.05 if at % 2 else -0.08)) for at in range(10)]
    rows = rows_of(draw(*apart))
    named = {row["model"]: row["name"] for row in rows if row["name"]}
    assert len(named) == N_NAMED
    sides = {name: "left" if int(name[1:]) % 2 else "right" for name in named}
    sides.update({name: side for name, side in (("m1", "right"), ("m8", "left")) if name in named})  # or they stick out
    assert named == sides
    heaped = [model(f"m{at}", 0.7 + at / 10_000, 0.6) for at in range(5)]
    alone = model("far", 0.3, 0.2)
    rows = rows_of(draw(*heaped, alone))
    assert sorted(row["model"][0] for row in rows if row["name"]) == ["f", "m"]


def test_the_plot_has_its_size() -> None:
    spec = draw(model("net", 0.8, 0.7))
    assert (spec["width"], spec["height"]) == (SIZE, SIZE)
