"""The overview's chart, as a Vega-Lite specification. Its colors are the page's: the script fills them in."""

from __future__ import annotations

from typing import Any

from regrade.records.grades import Grade
from regrade.web.filters import as_percent, as_points
from regrade.web.grades import change, headline
from regrade.workflow.overview import ModelLine, Overview

ROW = 26
"""Pixels a model."""
MARGIN = 56
"""Pixels for the axis and its title."""


def chart_height(n_models: int) -> int:
    """Height of the chart in pixels, known before it is drawn."""
    return n_models * ROW + MARGIN


def draw_models(overview: Overview) -> dict[str, Any]:
    """Each model a line from its accuracy before to after, with intervals, best first.

    Returns:
        A Vega-Lite specification with its data. Marks carry styles (`before`, `after`, `change`, ...) and no colors.
        Models whose figure is undefined are left out; the table names them.
    """
    import altair as alt  # noqa: PLC0415 - takes a second to import

    both = overview.before.ref != overview.labels.ref
    rows = [_row(line, both) for line in overview.lines if headline(line.after) is not None]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, labelPadding=8, ticks=False)),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in _tooltips(both)],
    )
    scale = alt.Scale(zero=False, nice=True)
    after = alt.X("after:Q", title=f"accuracy, % ({overview.labels.ref})", scale=scale)
    layers = [
        base.mark_rule(style="interval-after", yOffset=4 if both else 0).encode(x="after_low:Q", x2="after_high:Q"),
        base.mark_point(style="after", yOffset=4 if both else 0).encode(x=after),
    ]
    if both:
        layers = [
            base.mark_rule(style="interval-before", yOffset=-4).encode(x="before_low:Q", x2="before_high:Q"),
            base.mark_rule(style="change").encode(x="before:Q", x2="after:Q"),
            *layers,
            base.mark_point(style="before", yOffset=-4).encode(x=alt.X("before:Q", scale=scale)),
        ]
    spec: dict[str, Any] = alt.layer(*layers).properties(width="container", height=alt.Step(ROW)).to_dict()
    return spec


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
    return [("model", "model"), *before, ("mistakes", "mistakes"), ("unreviewed", "never judged")]
