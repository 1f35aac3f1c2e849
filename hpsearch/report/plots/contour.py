"""The contour: the metric to be expected over the two parameters that mattered most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.explanation.surface import Surface
from hpsearch.report.figures.contours import region
from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Panel, gutter, legend
from hpsearch.report.figures.scales import LogAxis
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import (
    FAINT_FROM,
    axis,
    hovered,
    legend_keys,
    spread,
    trial_groups,
    trial_table,
    trial_words,
    winner,
)
from hpsearch.types import Float64Array

HEIGHT = 320.0
POINTS = 25
"""Points of the grid along each axis."""
SHARES = (0.2, 0.4, 0.6, 0.75, 0.87, 0.95)
"""Parts of the plane below the lines: even steps of the metric would leave the best values in one colour."""
OPACITY = "0.14"
"""Each region lies over those below it: the more of them, the stronger the colour."""
SWATCH = 62.0
MARKS_MOST = 2000
"""Trials that are drawn: more would hide the surface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plane:
    """The two parameters, and what their surface is made from."""

    x: ParameterColumn
    y: ParameterColumn
    surface: Surface


@dataclass(frozen=True, slots=True)
class _Grid:
    """The surface: values of the two parameters, ``(n,)`` and ``(m,)``, and the metric there, ``(m, n)``."""

    xs: Float64Array
    ys: Float64Array
    values: Float64Array


def plot_contour(report: StudyReport) -> Figure:
    """Return the contour of the two ranges that mattered most.

    The surface is the Gaussian process that chooses the finalists. The polynomials of the importances follow
    a cliff of the learning rate less well: on digits they give accuracies above 1 in the corners.
    """
    found = _plane(report)
    if isinstance(found, str):
        return Figure(
            title="The two that mattered most",
            text=found,
            draw=lambda width: Canvas.of_words(found, width=width),
            table=DataTable.of(["trial"], []),
        )
    others = [column.name for column in report.parameters if column not in (found.x, found.y)]
    stay = ", where the other parameters are the winner's" if others else ""
    xs, ys = _along(found.x), _along(found.y)
    values = found.surface.at((found.x.name, found.y.name), xs, ys)
    return Figure(
        title=f"{found.x.name} and {found.y.name} together",
        text=f"The {report.metric.title} to be expected over the two ranges that mattered most{stay}, "
        "smoothed over all trials. The stronger the colour, the better. Marks are the trials, whatever "
        f"their other parameters were.{_left_out(report)}",
        draw=lambda width: _draw(report, found, _Grid(xs, ys, values), width),
        table=trial_table(report, [found.x, found.y]),
    )


def _left_out(report: StudyReport) -> str:
    """Return how many trials are drawn, a blank before it; empty where all of them are."""
    n = int(np.isfinite(report.trials.values).sum())
    return f" {MARKS_MOST:,} of {n:,} trials are drawn, spread evenly." if n > MARKS_MOST else ""


def _plane(report: StudyReport) -> _Plane | str:
    """Return the parameters to draw, or why there are none."""
    if report.surface is None or not report.importances:
        return "Too few trials have a value to say which two parameters mattered most."
    columns = {column.name: column for column in report.parameters}
    ranges = [
        columns[found.name]
        for found in report.importances
        if columns[found.name].scale is not ScaleKind.CHOICE and report.surface.varies(found.name)
    ]
    if len(ranges) < 2:
        return "Fewer than two parameters are ranges that the winner has."
    return _Plane(x=ranges[0], y=ranges[1], surface=report.surface)


def _draw(report: StudyReport, plane: _Plane, grid: _Grid, width: float) -> Canvas:
    xs, ys, values = grid.xs, grid.ys, grid.values
    levels, sign = _levels(values, report.trials.sign), report.trials.sign
    keys, top = legend([replace(key, colour="ink") for key in legend_keys(report)], width=width)
    colours, top = _colour_scale(f"{report.metric.title} to be expected", levels, top=top, width=width)
    y_axis = axis(plane.y)
    left = gutter(y_axis, height=HEIGHT)
    panel = Panel(left=left, top=top + 40, width=width - left - 12, height=HEIGHT, x=axis(plane.x), y=y_axis)
    places = panel.across(xs), panel.up(ys)
    words = _words(levels, report.metric.title)
    # The ground is where the grid is: the axis of whole numbers goes half a unit further.
    ends = [float(edge[place]) for edge in places for place in (0, -1)]
    ground = {"x": ends[0], "y": ends[3], "width": ends[1] - ends[0], "height": ends[2] - ends[3]}
    surface = [tag("rect", tag("title", words[0]), **ground, class_="fill-raised")]
    for text, level in zip(words[1:], levels, strict=True):
        d = region(*places, sign * values, sign * level)
        surface.append(tag("path", tag("title", text), d=d, class_="fill-accent", fill_opacity=OPACITY))
    parts = [keys, colours, panel.y_axis(_named(plane.y)), *surface, panel.x_axis(_named(plane.x))]
    return Canvas(height=panel.bottom + 42, content=joined([*parts, _trials(report, plane, panel)]))


def _named(column: ParameterColumn) -> str:
    """Return a parameter's name, and whether its axis is logarithmic."""
    return f"{column.name}, log" if isinstance(axis(column), LogAxis) else column.name


def _along(column: ParameterColumn) -> Float64Array:
    """Return the grid's values of a parameter, even on its scale: the range, and beyond it to any trial."""
    seen = column.values[np.isfinite(column.values)]
    low = float(min(column.declared[0], seen.min(initial=np.inf)))
    high = float(max(column.declared[1], seen.max(initial=-np.inf)))
    if column.scale is ScaleKind.LOG and low > 0:
        found = np.geomspace(low, high, POINTS)
    elif column.scale is ScaleKind.MIRRORED and high < 1:
        found = 1 - np.geomspace(1 - low, 1 - high, POINTS)
    else:
        found = np.linspace(low, high, POINTS)
    return np.unique(np.round(found)) if column.whole else np.clip(found, low, high)


def _levels(values: Float64Array, sign: float) -> list[float]:
    """Return the heights of the lines, worst first: quantiles of the surface, as they are written."""
    found = sign * np.quantile(sign * values, SHARES)
    levels = dict.fromkeys(float(rounded(float(level))) for level in found)
    return [level for level in levels if values.min() < level <= values.max()]


def _words(levels: Sequence[float], title: str) -> list[str]:
    """Return the text of each region, from the one below all levels on."""
    texts = list(map(rounded, levels))
    between = [f"{title} to be expected: {a} to {b}" for a, b in pairwise(texts)]
    if not texts:
        return [f"{title} to be expected"]
    ends = f"{title} to be expected: worse than {texts[0]}", f"{title} to be expected: {texts[-1]} or better"
    return [ends[0], *between, ends[1]]


def _colour_scale(title: str, levels: Sequence[float], *, top: float, width: float) -> tuple[Markup, float]:
    """Return the legend of the surface: a box for each region, the levels between them, and where it ends."""
    wide = min(SWATCH, (width - 4) / (len(levels) + 1))
    parts = [tag("text", shortened(title, size=SIZE, width=width - 4), x=2.0, y=top + 16)]
    for place in range(len(levels) + 1):
        box = {"x": 2 + wide * place, "y": top + 24, "width": wide, "height": 12}
        parts.append(tag("rect", **box, class_="fill-raised"))
        parts += [tag("rect", **box, class_="fill-accent", fill_opacity=OPACITY) for _ in range(place)]
    for place, level in enumerate(levels, start=1):
        text = shortened(rounded(level), size=SIZE, width=wide - 4)
        parts.append(tag("text", text, x=2 + wide * place, y=top + 50, text_anchor="middle"))
    return joined(parts), top + 56


def _trials(report: StudyReport, plane: _Plane, panel: Panel) -> Markup:
    """Return a mark for each trial where its two values are, and a ring around the winner."""
    trials, (x, y) = report.trials, (plane.x.values, plane.y.values)
    drawn = np.zeros(len(trials), np.bool_)
    drawn[spread(np.flatnonzero(np.isfinite(trials.values)), MARKS_MOST)] = True
    marks = [
        panel.marks(
            x[group.mask & drawn],
            y[group.mask & drawn],
            shape=group.key.shape,
            colour="ink",
            faint=len(trials) >= FAINT_FROM,
        )
        for group in trial_groups(trials)
    ]
    pointed = winner(report)
    if pointed is not None:
        marks.append(panel.ring(float(x[pointed[0]]), float(y[pointed[0]])))
    numbers = hovered(trials)
    words = [trial_words(report, number, report.parameters) for number in numbers.tolist()]
    return joined([*marks, panel.hover(x[numbers], y[numbers], words)])
