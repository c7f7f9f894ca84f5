"""Records to figures: charts as Vega-Lite specifications, and as files."""

from regrade.report.chart_files import CHART_SUFFIXES, render_chart
from regrade.report.kappa_chart import draw_kappas
from regrade.report.shift_chart import draw_shift

__all__ = ["CHART_SUFFIXES", "draw_kappas", "draw_shift", "render_chart"]
