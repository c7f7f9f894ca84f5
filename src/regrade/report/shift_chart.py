"""Accuracy on one split against that on another: a point a model, the line they follow, the line of no change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

from regrade.records.shifts import ModelShift, ProbitLine, Shift

SIZE = 520
"""Sides of the plot in pixels."""
N_NAMED = 6
"""So many models are named in the chart: those farthest from the line whose names find room."""

_NORMAL = NormalDist()
_LOWEST, _HIGHEST = 0.001, 0.999
"""Where an interval is cut off: 0 and 1 are infinitely far away on probit scale."""
_TICKS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 65, 70, 75, 80, 85, 90, 92, 94, 96, 98, 99, 99.5, 99.9)
"""Percent at which the axes may be labeled."""
_AS_PERCENT = "format(100 * cumulativeNormal(datum.value), '.3~r') + ' %'"
_KINDS = MappingProxyType({"model": "#2563a8", "human": "#b45309"})
_LINE, _EVEN, _TEXT = "#b3261e", "#8a8a8a", "#333333"
_NAME_PLACES: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {"left": {"align": "right", "dx": -7}, "right": {"align": "left", "dx": 7}}
)
"""Models above the line have their names on the left, others on the right: away from it, as far as there is room."""
_NAME_WIDTH, _NAME_HEIGHT = 110, 13
_TOOLTIPS = MappingProxyType(
    {"model": "model", "before": "first", "after": "other", "change": "change", "above": "above the line"}
)


@dataclass(frozen=True, slots=True)
class _Axis:
    """One side of the chart, on probit scale."""

    title: str
    low: float
    high: float

    def place(self, channel: Any, field: str) -> Any:
        """The encoding of a field of the data along this side."""
        import altair as alt  # noqa: PLC0415 - takes a second to import

        ticks = [tick for tick in (_probit(percent / 100) for percent in _TICKS) if self.low <= tick <= self.high]
        return channel(
            f"{field}:Q",
            title=self.title,
            scale=alt.Scale(domain=[self.low, self.high], nice=False),
            axis=alt.Axis(values=ticks, labelExpr=_AS_PERCENT, gridColor="#ececec", domainColor=_EVEN),
        )

    def pixel(self, at: float) -> float:
        """Where a value stands, from the low end."""
        return SIZE * (at - self.low) / (self.high - self.low)


def draw_shift(shift: Shift) -> dict[str, Any]:
    """Draw the models of a comparison of two splits; both axes are on probit scale, on which models tend to a line.

    Args:
        shift: The comparison. Models whose accuracy is undefined, 0 or 1 on either split have no place in the chart.

    Returns:
        A Vega-Lite specification with its data.
    """
    import altair as alt  # noqa: PLC0415 - takes long to import

    rows = [_row(row) for row in shift.models if _has_place(row)]
    x = _axis(f"accuracy on {shift.from_split}", rows, "from")
    y = _axis(f"accuracy on {shift.to_split}", rows, "to")
    _name_some(rows, x, y)
    layers = [_draw_line(x, y, 1.0, 0.0, color=_EVEN, strokeDash=[5, 4])]
    if shift.line is not None:
        layers.append(_draw_line(x, y, shift.line.slope, shift.line.intercept, color=_LINE))
    title = alt.TitleParams(text=_title(shift), subtitle=_subtitles(shift), anchor="start", offset=12)
    chart = alt.layer(*layers, *_draw_models(x, y, rows)).properties(width=SIZE, height=SIZE, title=title)
    spec: dict[str, Any] = chart.configure_view(stroke=None).to_dict()
    return spec


def _draw_line(x: _Axis, y: _Axis, slope: float, intercept: float, **look: Any) -> Any:
    import altair as alt  # noqa: PLC0415 - takes long to import

    ends = [{"at": end, "height": slope * end + intercept} for end in (x.low, x.high)]
    line = alt.Chart(alt.InlineData(values=ends)).mark_line(clip=True, **look)
    return line.encode(x=x.place(alt.X, "at"), y=y.place(alt.Y, "height"))


def _draw_models(x: _Axis, y: _Axis, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Intervals in both directions, points, and the names of some."""
    import altair as alt  # noqa: PLC0415 - takes long to import

    color = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(_KINDS), range=list(_KINDS.values())),
        legend=alt.Legend(title=None) if len({row["kind"] for row in rows}) > 1 else None,
    )
    models = alt.Chart(alt.InlineData(values=list(rows)))
    across, upright = x.place(alt.X, "from"), y.place(alt.Y, "to")
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in _TOOLTIPS.items()]
    ranges = models.mark_rule(opacity=0.3, clip=True)
    names = [
        models.transform_filter(f"datum.name == '{side}'").mark_text(fontSize=10, dy=1, color=_TEXT, **place)
        for side, place in _NAME_PLACES.items()
    ]
    return [
        ranges.encode(x=x.place(alt.X, "from_low"), x2="from_high", y=upright, color=color),
        ranges.encode(x=across, y=y.place(alt.Y, "to_low"), y2="to_high", color=color),
        models.mark_circle(size=42, opacity=0.9).encode(x=across, y=upright, color=color, tooltip=tooltip),
        *(layer.encode(x=across, y=upright, text="model:N") for layer in names),
    ]


def _axis(title: str, rows: Sequence[dict[str, Any]], name: str) -> _Axis:
    """A side that holds all intervals with some room around them."""
    values = [row[f"{name}{end}"] for row in rows for end in ("", "_low", "_high")] or [-1.0, 1.0]
    room = 0.05 * (max(values) - min(values)) or 0.1
    return _Axis(title, min(values) - room, max(values) + room)


def _name_some(rows: Sequence[dict[str, Any]], x: _Axis, y: _Axis) -> None:
    """Say of the models farthest from the line on which side their names stand, as long as names do not overlap."""
    taken: list[tuple[float, float]] = []
    for row in sorted(rows, key=lambda row: -abs(row["distance"])):
        across, height = x.pixel(row["from"]), y.pixel(row["to"])
        is_left = across > SIZE - _NAME_WIDTH or (row["distance"] > 0 and across > _NAME_WIDTH)
        middle = across + (-1 if is_left else 1) * _NAME_WIDTH / 2
        is_free = all(abs(middle - at) >= _NAME_WIDTH or abs(height - up) >= _NAME_HEIGHT for at, up in taken)
        if is_free and len(taken) < N_NAMED:
            taken.append((middle, height))
            row["name"] = "left" if is_left else "right"


def _has_place(row: ModelShift) -> bool:
    return all(accuracy is not None and 0 < accuracy < 1 for accuracy in (row.from_accuracy, row.to_accuracy))


def _row(row: ModelShift) -> dict[str, Any]:
    shares = {
        "from": (row.from_accuracy, row.from_ci_low, row.from_ci_high),
        "to": (row.to_accuracy, row.to_ci_low, row.to_ci_high),
    }
    places = {
        f"{name}{end}": _probit(of[0] if share is None else share)
        for name, of in shares.items()
        for end, share in zip(("", "_low", "_high"), of, strict=True)
    }
    words = {
        "before": _as_percent(*shares["from"]),
        "after": _as_percent(*shares["to"]),
        "change": _as_points(row.change),
        "above": _as_points(row.above_line),
    }
    distance = places["to"] - _probit(row.expected_accuracy) if row.expected_accuracy is not None else 0.0
    return {"model": row.model, "kind": row.kind, "name": "", "distance": distance, **places, **words}


def _probit(share: float | None) -> float:
    """Probit, cut off far outside of every chart."""
    return _NORMAL.inv_cdf(min(max(share or 0.0, _LOWEST), _HIGHEST))


def _as_percent(share: float | None, low: float | None, high: float | None) -> str:
    if share is None:
        return "-"
    interval = "" if low is None or high is None else f" ({100 * low:.2f} to {100 * high:.2f})"
    return f"{100 * share:.2f} %{interval}"


def _as_points(change: float | None) -> str:
    return "-" if change is None else f"{100 * change:+.2f} points"


def _title(shift: Shift) -> str:
    n_placed = sum(map(_has_place, shift.models))
    return f"{n_placed:,} {'model' if n_placed == 1 else 'models'} on {shift.from_split} and on {shift.to_split}"


def _subtitles(shift: Shift) -> list[str]:
    figure = "class mean" if shift.policy == "multilabel" else "item mean"
    lines = [
        f"{shift.from_labels} and {shift.to_labels}, policy {shift.policy} ({figure}), 95 % intervals, probit scale"
    ]
    if shift.line is not None:
        lines.append(_describe_line(shift.line))
    if shift.mean_change is not None:
        lines.append(f"mean change {_as_points(shift.mean_change)}; dashed: no change")
    return lines


def _describe_line(line: ProbitLine) -> str:
    ends = (line.slope_ci_low, line.slope_ci_high, line.intercept_ci_low, line.intercept_ci_high)
    slope, intercept = f"slope {line.slope:.3f}", f"intercept {line.intercept:.3f}"
    if None not in ends:
        slope += f" ({ends[0]:.3f} to {ends[1]:.3f})"
        intercept += f" ({ends[2]:.3f} to {ends[3]:.3f})"
    return f"red: least squares, {slope}, {intercept}, R² {line.r_squared:.3f}"
