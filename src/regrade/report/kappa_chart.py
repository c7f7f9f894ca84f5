"""Error consistency of each model with each: a square a pair, models that err alike side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from regrade.records.comparisons import Comparison, Comparisons

CELL = 11
"""Side of a square in pixels where there are many models."""
LEAST_SIDE, MOST_CELL = 320, 44
"""Few models get larger squares: up to this side, as long as the whole is smaller than that."""

_COPIES, _UNKNOWN = "#b3261e", "#e6e6e6"
_TOOLTIPS = {
    "model": "model",
    "other": "other model",
    "kappa": "kappa of being wrong",
    "shared": "shared mistakes",
    "agreement": "same class",
    "n_items": "items",
}


def draw_kappas(found: Comparisons) -> dict[str, Any]:
    """Draw the matrix of kappas (Geirhos et al. 2020); near-copies have a frame.

    Args:
        found: A comparison of two models or more. A kappa that is undefined leaves its square grey.

    Returns:
        A Vega-Lite specification with its data.
    """
    import altair as alt  # noqa: PLC0415 - takes a second to import

    order = order_models(found)
    side = len(order) * max(CELL, min(MOST_CELL, LEAST_SIDE // len(order)))
    squares = alt.Chart(alt.InlineData(values=_rows(found)))
    across = alt.X("other:N", sort=list(order), title=None, axis=alt.Axis(labelAngle=-90, labelLimit=220))
    down = alt.Y("model:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=220))
    color = alt.Color(
        "value:Q",
        title="kappa",
        # Darker is more alike; what is below 0, less alike than by chance, is as light as 0.
        scale=alt.Scale(domain=[0, 1], scheme="blues", clamp=True),
        legend=alt.Legend(gradientLength=min(side, 200)),
    )
    known = alt.condition("isValid(datum.value)", color, alt.value(_UNKNOWN))
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in _TOOLTIPS.items()]
    frames = squares.transform_filter("datum.copies").mark_rect(filled=False, stroke=_COPIES, strokeWidth=1.5)
    title = alt.TitleParams(text=_title(found), subtitle=_subtitles(found), anchor="start", offset=12)
    chart = alt.layer(
        squares.mark_rect().encode(x=across, y=down, color=known, tooltip=tooltip),
        frames.encode(x=across, y=down, tooltip=tooltip),
    )
    styled = chart.properties(width=side, height=side, title=title).configure_view(stroke=None)
    font = 9 if side == CELL * len(order) else 12
    spec: dict[str, Any] = styled.configure_axis(labelFontSize=font, ticks=False, domain=False).to_dict()
    return spec


def order_models(found: Comparisons) -> tuple[str, ...]:
    """The models by average linkage on 1 - kappa, so that those that err alike stand together (Bar-Joseph et al. 2001).

    An undefined kappa counts as 0.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage  # noqa: PLC0415 - takes a second to import
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - takes long to import

    kappa = np.array(found.kappa, dtype=np.float64)  # None becomes NaN
    distance = 1 - np.nan_to_num(kappa)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return tuple(found.models[place] for place in leaves_list(tree).tolist())


def _rows(found: Comparisons) -> list[dict[str, Any]]:
    """Both squares of every pair; none on the diagonal, where a model meets itself."""
    ends = ((pair, pair.model_a, pair.model_b) for pair in found.pairs)
    both = (row for pair, a, b in ends for row in ((pair, a, b), (pair, b, a)))
    return [_row(pair, model, other, found.near_copies) for pair, model, other in both]


def _row(pair: Comparison, model: str, other: str, near_copies: float) -> dict[str, Any]:
    return {
        "model": model,
        "other": other,
        "value": pair.kappa,
        "copies": pair.shared_mistakes is not None and pair.shared_mistakes >= near_copies,
        "kappa": "undefined" if pair.kappa is None else f"{pair.kappa:.3f}",
        "shared": _as_percent(pair.shared_mistakes),
        "agreement": _as_percent(pair.agreement),
        "n_items": f"{pair.n_items:,}",
    }


def _as_percent(share: float | None) -> str:
    return "undefined" if share is None else f"{100 * share:.1f} %"


def _title(found: Comparisons) -> str:
    return f"{len(found.models):,} models: how alike they err"


def _subtitles(found: Comparisons) -> list[str]:
    measure = "kappa of being wrong; 0: together as often as by chance, 1: always together"
    lines = [f"{found.labels}, policy {found.policy}, {measure}"]
    if found.clusters:
        lines.append(f"framed: near-copies, which share {100 * found.near_copies:.0f} % of their mistakes or more")
    return lines
