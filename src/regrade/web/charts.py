"""The overview's chart, as a Vega-Lite specification. The page's script puts the page's colors into it."""

from __future__ import annotations

from typing import Any

from regrade.records.grades import Grade
from regrade.web.filters import as_percent, as_points
from regrade.web.grades import change, headline
from regrade.workflow.overview import ModelLine, Overview

ROW = 26
"""Pixels a model, where there are few."""
DENSE_ROW = 14
"""Pixels a model, where there are many."""
ROOM = 640
"""Pixels that all models get before their rows become lower."""
MARGIN = 64
"""Pixels for the axis and its title."""


def chart_height(n_models: int) -> int:
    """Height of the chart in pixels, known before it is drawn."""
    return n_models * row_height(n_models) + MARGIN


def row_height(n_models: int) -> int:
    """Height of one model's row in pixels: the lower, the more models there are."""
    return max(DENSE_ROW, min(ROW, ROOM // max(1, n_models)))


def draw_models(overview: Overview) -> dict[str, Any]:
    """Each model a line from its accuracy before to after, with intervals, best first.

    Returns:
        A Vega-Lite specification with its data. Its colors are names of the page's tokens: `token(accent)`.
        Models whose figure is undefined are left out; the table names them.
    """
    import altair as alt  # noqa: PLC0415 - takes a second to import

    both = overview.before.ref != overview.labels.ref
    rows = [_row(line, both) for line in overview.lines if headline(line.after) is not None]
    row = row_height(len(overview.lines))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=alt.Axis(**_names_axis(row))),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in _tooltips(both)],
    )
    low = row // 6 if both else 0
    after_low = alt.X(
        "after_low:Q",
        title="accuracy, %",
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(tickCount=8, labelFlush=False, orient="top" if row < ROW else "bottom"),
    )
    layers = [
        base.mark_rule(**_line("accent", 1.5, low)).encode(x=after_low, x2="after_high:Q"),
        base.mark_point(**_dot("accent", "accent", low, row)).encode(x="after:Q"),
    ]
    if both:
        layers = [
            base.mark_rule(**_line("line-strong", 1.5, -low)).encode(x="before_low:Q", x2="before_high:Q"),
            base.mark_rule(**_line("line", row // 5, 0)).encode(x="before:Q", x2="after:Q"),
            *layers,
            base.mark_point(**_dot("surface", "line-strong", -low, row)).encode(x="before:Q"),
        ]
    autosize = alt.AutoSizeParams(type="fit-x", contains="padding")
    chart = alt.layer(*layers).properties(width="container", height=len(rows) * row, autosize=autosize)
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _line(color: str, width: float, offset: int) -> dict[str, Any]:
    return {"stroke": f"token({color})", "strokeWidth": width, "yOffset": offset, "opacity": 1}


def _names_axis(row: int) -> dict[str, Any]:
    axis: dict[str, Any] = {"labelLimit": 220, "labelPadding": 8, "ticks": False}
    return axis if row == ROW else axis | {"labelFontSize": max(11, row // 2), "labelOverlap": False}


def _dot(fill: str, stroke: str, offset: int, row: int) -> dict[str, Any]:
    dot = {"fill": f"token({fill})", "stroke": f"token({stroke})", "strokeWidth": 2, "size": (row / 3.25) ** 2}
    return dot | {"yOffset": offset, "opacity": 1}


def _row(line: ModelLine, both: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "model": line.model,
        "mistakes": f"{line.after.n_mistakes:,} of {line.after.n_graded:,}",
        "unreviewed": f"{line.after.n_unreviewed:,}",
        "shown": _as_text(line.after),
        **_figures("after", line.after),
    }
    if both:
        row |= _figures("before", line.before)
        row |= {"was": _as_text(line.before), "moved": as_points(change(line.before, line.after))}
    return row


def _figures(name: str, grade: Grade) -> dict[str, float | None]:
    figures = {name: headline(grade), f"{name}_low": grade.ci_low, f"{name}_high": grade.ci_high}
    return {key: None if value is None else 100 * value for key, value in figures.items()}


def _as_text(grade: Grade) -> str:
    return f"{as_percent(headline(grade))} % ({as_percent(grade.ci_low)}–{as_percent(grade.ci_high)})"


def _tooltips(both: bool) -> list[tuple[str, str]]:
    before = [("was", "before"), ("shown", "after"), ("moved", "points")] if both else [("shown", "accuracy")]
    return [("model", "model"), *before, ("mistakes", "mistakes"), ("unreviewed", "unreviewed")]
