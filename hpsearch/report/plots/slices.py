"""Slices: value against each parameter, one panel each."""

import math

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.figures.figure import Canvas, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, Panel, gutter, legend
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import (
    axis,
    legend_keys,
    scatter,
    shared_marks,
    trial_table,
    value_axis,
)
from hpsearch.types import Float64Array

HEIGHT = 150.0
PITCH = 245.0
"""Pixels that a panel needs from side to side, about."""
_GOLDEN = (math.sqrt(5) - 1) / 2


def plot_slice(report: StudyReport) -> Figure:
    """Return the figure of the slices: the values of the trials against each parameter."""
    return Figure(
        title="Value against each parameter",
        text="Each trial's value against what it had of each parameter, on the parameter's own scale. Marks "
        f"show where a trial was pruned.{_noise_text(report)}{shared_marks(report.trials)}",
        draw=lambda width: _draw(report, width),
        table=trial_table(report, report.parameters),
    )


def _noise_text(report: StudyReport) -> str:
    """Return the sentence on the band, a blank before it; empty where no noise is known."""
    if report.noise is None:
        return ""
    margin = rounded(report.noise.margin)
    return (
        f" Two runs of the same settings on fresh seeds are less than {margin} apart in "
        "95\N{NO-BREAK SPACE}% of cases, as the confirming runs show: the band is as wide. Differences "
        "inside it may be noise alone."
    )


def _band(report: StudyReport, panel: Panel) -> Markup:
    """Return the area from the best value of the search to where a difference is more than noise."""
    best = report.summary.status.best_value
    if report.noise is None or best is None:
        return Markup()
    other = best - report.trials.sign * report.noise.margin
    top, bottom = sorted(panel.up([best, other]).tolist())
    words = f"{rounded(best)} to {rounded(other)}: as far apart as runs of the same settings are"
    box = {"x": panel.left, "y": top, "width": panel.width, "height": max(bottom - top, 1.0)}
    return tag("rect", tag("title", words), **box, class_="fill-wash")


def _draw(report: StudyReport, width: float) -> Canvas:
    if not np.isfinite(report.trials.values).any():
        return Canvas.of_words("No trial has a value yet.", width=width)
    band = [] if report.noise is None else [Key(f"noise: {rounded(report.noise.margin)}", "box", "wash")]
    keys, top = legend([*legend_keys(report), *band], width=width)
    scale, title = value_axis(report.trials.values, report.metric)
    n_columns = max(1, min(len(report.parameters), int((width + 20) // PITCH)))
    pitch = (width + 18) / n_columns
    row = HEIGHT + 82
    left = gutter(scale, height=HEIGHT)
    parts = [keys, tag("text", title, x=2.0, y=top + 12)]
    for place, column in enumerate(report.parameters):
        panel = Panel(
            left=place % n_columns * pitch + left,
            top=top + 52 + place // n_columns * row,
            width=pitch - 18 - left - 6,
            height=HEIGHT,
            x=axis(column),
            y=scale,
        )
        parts.append(_panel(report, column, panel, left))
    n_rows = -(-len(report.parameters) // n_columns)
    return Canvas(height=top + 28 + n_rows * row - 20, content=joined(parts))


def _panel(report: StudyReport, column: ParameterColumn, panel: Panel, left: float) -> Markup:
    parts = [
        heading(column, x=panel.left - left + 2, y=panel.top - 11, width=panel.width + left - 4),
        _band(report, panel),
        panel.y_axis(room=left, pitch=28.0),
        panel.x_axis(),
        scatter(panel, _spread_choices(column), report, columns=[column]),
    ]
    return joined(parts)


def heading(column: ParameterColumn, *, x: float, y: float, width: float) -> Markup:
    """Return a parameter's name, and when it is there, as far as there is room to say it."""
    name = shortened(column.name, size=SIZE * 1.1, width=width)
    room = width - text_width(name, size=SIZE * 1.1)
    remark = [f"  when {' and '.join(column.when)}", "  conditional"] if column.when else []
    fitting = [text for text in remark if text_width(text, size=SIZE) <= room]
    return tag("text", tag("tspan", name, class_="strong"), fitting[0] if fitting else "", x=x, y=y)


def _spread_choices(column: ParameterColumn) -> Float64Array:
    """Return a parameter's values; the values of a choice are spread over its share of the axis."""
    if column.scale is not ScaleKind.CHOICE:
        return column.values
    numbers = np.arange(len(column.values))
    return column.values + 0.6 * (numbers * _GOLDEN % 1 - 0.5)
