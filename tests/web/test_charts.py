"""The chart's specification."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from regrade.records.grades import Grade
from regrade.web.charts import chart_height, draw_models
from regrade.workflow.overview import Overview, load_overview
from regrade.workflow.workspace import Workspace


@pytest.fixture
def overview(still_ws: Workspace) -> Overview:
    return load_overview(still_ws)


def shifted(overview: Overview, change: Callable[[Grade], Grade]) -> Overview:
    """The overview as if a second version had been published that changes every grade."""
    lines = tuple(replace(line, after=change(line.after)) for line in overview.lines)
    return replace(overview, labels=replace(overview.labels, version=2), lines=lines)


def rows_of(spec: dict[str, object]) -> list[dict[str, object]]:
    datasets = spec.get("datasets")
    data = next(iter(datasets.values())) if isinstance(datasets, dict) else spec["data"]["values"]  # type: ignore[index]
    return list(data)


def test_one_version_is_one_dot_a_model(overview: Overview) -> None:
    spec = draw_models(overview)
    assert len(spec["layer"]) == 2
    assert [row["model"] for row in rows_of(spec)] == ["xylograph", "quagmire"]
    assert "before" not in rows_of(spec)[0]


def test_two_versions_are_a_line_from_before_to_after(overview: Overview) -> None:
    spec = draw_models(shifted(overview, lambda grade: replace(grade, multilabel_accuracy=0.9)))
    (first, _) = rows_of(spec)
    assert (first["before"], first["after"], first["moved"]) == (75.0, 90.0, "+15.00")
    assert len(spec["layer"]) == 5
    encoded = [layer["encoding"] for layer in spec["layer"]]
    assert {"before", "after"} <= {row["x"]["field"] for row in encoded}


def test_an_undefined_figure_is_left_out_not_drawn_at_zero(overview: Overview) -> None:
    undefined = replace(overview.lines[0].after, multilabel_accuracy=None, item_accuracy=None)
    lines = (replace(overview.lines[0], after=undefined), overview.lines[1])
    assert [row["model"] for row in rows_of(draw_models(replace(overview, lines=lines)))] == ["quagmire"]


def test_colors_are_names_of_tokens_and_nothing_is_loaded(overview: Overview) -> None:
    spec = draw_models(shifted(overview, lambda grade: grade))
    text = json.dumps({key: value for key, value in spec.items() if key != "$schema"})
    assert "token(accent)" in text
    assert "#" not in text
    assert "url" not in text


def test_no_models_give_an_empty_chart(overview: Overview) -> None:
    spec = draw_models(replace(overview, lines=()))
    assert rows_of(spec) == []
    assert chart_height(0) < chart_height(1) < chart_height(2)


def test_many_models_stand_closer_under_an_axis_at_the_top(overview: Overview) -> None:
    # 640 pixels for all rows: 26 each up to 24 models, 20 for 32, and never less than 14; 64 for the axis.
    assert [chart_height(n) for n in (24, 32, 70)] == [24 * 26 + 64, 32 * 20 + 64, 70 * 14 + 64]
    lines = tuple(replace(overview.lines[0], model=f"model{number}") for number in range(70))
    many, few = draw_models(replace(overview, lines=lines)), draw_models(overview)
    assert (many["height"], few["height"]) == (70 * 14, 2 * 26)
    assert [spec["layer"][0]["encoding"]["x"]["axis"]["orient"] for spec in (many, few)] == ["top", "bottom"]
