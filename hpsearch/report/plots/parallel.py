"""Parallel coordinates: one axis a parameter, one line a trial."""

import numpy as np

from hpsearch.report.figures.figure import Canvas, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, Panel, legend, trace
from hpsearch.report.figures.scales import AxisScale, LinearAxis
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import NONE, axis, best_first, spread, trial_table, value_axis
from hpsearch.types import Float64Array, IntArray

ROW = 54.0
"""Pixels from axis to axis, at least."""
HEIGHT = 270.0
"""Pixels from the first axis to the last, at least: lines between near axes lie too flat to follow."""
LINES_MOST = 300
"""Lines of the trials that are not among the best; more would be a grey area."""
BEST_MOST = 100
ABSENT = 12.0
"""Where a line meets the axis of a parameter that its trial did not have, left of it, in pixels."""


def plot_parallel(report: StudyReport) -> Figure:
    """Return the figure of parallel coordinates: each trial is a line through its parameters."""
    best, rest, n_rest = _classes(report)
    remark = f"; of the other {n_rest:,} trials {len(rest):,} are drawn" if len(rest) < n_rest else ""
    return Figure(
        title="Parameters together",
        text="Each line is a trial: read from top to bottom what it had of each parameter and what it "
        f"came to. The best {len(best):,} stand out{remark}.",
        draw=lambda width: _draw(report, width),
        table=trial_table(report, report.parameters),
    )


def _classes(report: StudyReport) -> tuple[IntArray, IntArray, int]:
    """Return the best tenth of the trials, the others that are drawn, and how many others there are."""
    order = best_first(report.trials)
    n_best = min(BEST_MOST, -(-len(order) // 10))
    return order[:n_best], spread(order[n_best:], LINES_MOST), len(order) - n_best


def _draw(report: StudyReport, width: float) -> Canvas:
    best, rest, _ = _classes(report)
    if not len(best):
        return Canvas.of_words("No trial has a value yet.", width=width)
    keys, top = legend([Key("the best tenth", "line", "accent"), Key("others", "line", "quiet")], width=width)
    value_scale, value_title = value_axis(report.trials.values, report.metric)
    rows: list[tuple[str, AxisScale, Float64Array]] = [
        (column.name, axis(column), column.values) for column in report.parameters
    ]
    rows.append((value_title, value_scale, report.trials.values))
    left, span = ABSENT + 14, width - ABSENT - 34
    row = max(ROW, HEIGHT / (len(rows) - 1))
    ys = [top + 34 + row * place for place in range(len(rows))]
    xs = np.stack([_places(scale, values, left=left, span=span) for _, scale, values in rows], axis=1)
    shown = np.concatenate([best, rest])
    lines = [
        _lines(xs[rest], ys, "hair stroke-quiet faint"),
        _lines(xs[best[::-1]], ys, "hair stroke-accent"),
    ]
    axes = [
        _axis(
            name,
            Panel(left=left, top=y, width=span, height=0, x=scale, y=LinearAxis(low=0, high=1)),
            absent=bool(np.isnan(values[shown]).any()),
        )
        for (name, scale, values), y in zip(rows, ys, strict=True)
    ]
    return Canvas(height=ys[-1] + 30, content=joined([keys, *lines, *axes]))


def _lines(xs: Float64Array, ys: list[float], class_: str) -> Markup:
    heights = np.asarray(ys)
    d = "".join(trace(row, heights, steps=False) for row in xs)
    return tag("path", d=d, class_=class_) if d else Markup()


def _places(scale: AxisScale, values: Float64Array, *, left: float, span: float) -> Float64Array:
    """Return where lines meet an axis, in pixels, ``(n,)``."""
    return np.where(np.isnan(values), ABSENT, left + span * scale.at(values))


def _axis(name: str, panel: Panel, *, absent: bool) -> Markup:
    """Return an axis with its name above its left end and its labels below, readable over the lines."""
    label = shortened(name, size=SIZE * 1.1, width=panel.width)
    title = tag("text", label, x=2.0, y=panel.top - 9, class_="strong halo")
    none = tag("text", NONE, x=ABSENT, y=panel.top + 4, text_anchor="middle") if absent else ""
    return joined([tag("g", none, panel.x_axis(pitch=110.0), class_="labels"), title])
