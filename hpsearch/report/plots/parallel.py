"""Parallel coordinates: one upright axis a parameter, one line a trial, coloured by its value."""

from dataclasses import dataclass

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.figures.figure import NARROW, Canvas, Figure
from hpsearch.report.figures.hover import hover_lines
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, Panel, legend, trace
from hpsearch.report.figures.scales import AxisScale, LinearAxis, LogAxis, MirroredAxis
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import (
    NONE,
    axis,
    best_first,
    shown,
    spread,
    trial_table,
    trial_words,
    value_axis,
)
from hpsearch.types import Float64Array, IntArray

HEIGHT = 270.0
AXES_MOST = 8
"""Axes of parameters: between more of them names and lines have no room on a page."""
LINES_MOST = 300
"""Lines of the trials that are not among the best; more would be a grey area."""
BEST_MOST = 100
WORDS_MOST = 200
"""Lines that show their trial under the pointer, the best ones."""
ABSENT = 22.0
"""Where a line meets the axis of a parameter that its trial did not have, below it, in pixels."""
SHARES = (("best tenth", 0.1), ("best third", 1 / 3), ("best two thirds", 2 / 3), ("others", 1.0))
"""Groups of trials by rank, and the share of trials up to which each reaches."""
LOOKS = ("line stroke-deep", "hair stroke-accent", "hair stroke-soft", "hair stroke-quiet faint")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """An axis: its name, its scale in a word, a value a trial, ``(n,)``, and its two ends with texts."""

    name: str
    remark: str
    scale: AxisScale
    values: Float64Array
    ends: tuple[tuple[float, str], ...]


def plot_parallel(report: StudyReport) -> Figure:
    """Return the figure of parallel coordinates: each trial is a line through its parameters.

    It has the eight parameters that mattered most. On a telephone it is left out: axes 40 pixels apart leave
    no room for names, and turned by a quarter, as it was once, it cannot be read beside other figures. The
    slices show the same trials there.
    """
    _, rest, n_rest = _classes(report)
    columns = _columns(report)
    remark = f" Of the other {n_rest:,} trials {len(rest):,} are drawn." if len(rest) < n_rest else ""
    if len(columns) < len(report.parameters):
        why = "that mattered most" if report.importances else "that the study file has first"
        remark += f" Of {len(report.parameters)} parameters it shows the {len(columns)} {why}."
    return Figure(
        title="Parameters together",
        text="Each line is a trial: read from left to right what it had of each parameter and what it "
        f"came to. The best trials lie on top, in the strongest colour.{remark}",
        draw=lambda width: _draw(report, columns, width),
        table=trial_table(report, report.parameters),
    )


def _classes(report: StudyReport) -> tuple[IntArray, IntArray, int]:
    """Return the best tenth of the trials, the others that are drawn, and how many others there are."""
    order = best_first(report.trials)
    n_best = min(BEST_MOST, -(-len(order) // 10))
    return order[:n_best], spread(order[n_best:], LINES_MOST), len(order) - n_best


def _columns(report: StudyReport) -> list[ParameterColumn]:
    """Return the parameters that have an axis, in the order of the study file."""
    if len(report.parameters) <= AXES_MOST:
        return list(report.parameters)
    names = [found.name for found in report.importances] or [column.name for column in report.parameters]
    return [column for column in report.parameters if column.name in names[:AXES_MOST]]


def _draw(report: StudyReport, columns: list[ParameterColumn], width: float) -> Canvas:
    best, rest, _ = _classes(report)
    if not len(best):
        return Canvas.of_words("No trial has a value yet.", width=width)
    if width <= NARROW:
        return Canvas.of_words("A wider screen shows this figure.", width=width)
    order = best_first(report.trials)
    groups = _groups(np.concatenate([best, rest]), order)
    keys, top = legend(_keys(report, order), width=width)
    axes = [_parameter_axis(column) for column in columns]
    axes.append(_value_axis(report))
    # Names are centred on their axes; the first and the last one need half of their width outside.
    left, right = _room(axes[0], 70.0), max(_room(axes[-1], 70.0), 64.0)
    pitch = (width - left - right) / max(1, len(axes) - 1)
    xs = left + pitch * np.arange(len(axes))
    top += 46
    panels = [
        Panel(left=float(x), top=top, width=0, height=HEIGHT, x=LinearAxis(low=0, high=1), y=one.scale)
        for x, one in zip(xs, axes, strict=True)
    ]
    ys = np.stack([_places(panel, one.values) for panel, one in zip(panels, axes, strict=True)], axis=1)
    traces = {
        number: trace(np.asarray(xs, np.float64), ys[number], steps=False)
        for group in groups
        for number in group.tolist()
    }
    lines = [
        tag("path", d="".join(traces[number] for number in group.tolist()), class_=look)
        for group, look in reversed(list(zip(groups, LOOKS, strict=True)))
        if len(group)
    ]
    hovered = [number for group in groups for number in group.tolist()][:WORDS_MOST][::-1]
    words = [trial_words(report, number, report.parameters) for number in hovered]
    drawn = np.concatenate(groups)
    upright = [
        _upright(
            panel,
            one,
            room=2 * min(left, pitch / 2) if not place else min(pitch, 2 * (width - panel.left)),
            beside=min(pitch, width - panel.left) - 14,
            absent=_absent(one, drawn),
        )
        for place, (panel, one) in enumerate(zip(panels, axes, strict=True))
    ]
    hover = hover_lines([traces[number] for number in hovered], words)
    return Canvas(height=top + HEIGHT + ABSENT + 16, content=joined([keys, *lines, *upright, hover]))


def _groups(drawn: IntArray, order: IntArray) -> list[IntArray]:
    """Return the drawn trials by their rank among all, a group for each of ``SHARES``."""
    rank = np.empty(int(order.max()) + 1)
    rank[order] = np.arange(len(order)) / len(order)
    found, low = [], 0.0
    for _, high in SHARES:
        found.append(drawn[(rank[drawn] >= low) & (rank[drawn] < high)])
        low = high
    return found


def _keys(report: StudyReport, order: IntArray) -> list[Key]:
    """Return the legend: each group with its colour and the values that it goes from and to."""
    keys, low = [], 0.0
    for (label, high), look in zip(SHARES, LOOKS, strict=True):
        places = np.arange(len(order)) / len(order)
        values = report.trials.values[order[(places >= low) & (places < high)]]
        low = high
        if len(values):
            first, last = rounded(values.min()), rounded(values.max())
            ends = first if first == last else f"{first} to {last}"
            keys.append(Key(f"{label}: {ends}", "line", look.split()[1].removeprefix("stroke-")))
    return keys


def _parameter_axis(column: ParameterColumn) -> _Axis:
    scale = axis(column)
    seen = column.values[np.isfinite(column.values)]
    low = float(min(column.declared[0], seen.min(initial=np.inf)))
    high = float(max(column.declared[1], seen.max(initial=-np.inf)))
    choice = column.scale is ScaleKind.CHOICE
    remark = "log" if isinstance(scale, LogAxis) else "log near 1" * isinstance(scale, MirroredAxis)
    ends = () if choice else tuple((end, shown(column, end)) for end in (low, high))
    return _Axis(name=column.name, remark=remark, scale=scale, values=column.values, ends=ends)


def _value_axis(report: StudyReport) -> _Axis:
    scale, _ = value_axis(report.trials.values, report.metric)
    values = report.trials.values[np.isfinite(report.trials.values)]
    remark = "log of the error" if isinstance(scale, MirroredAxis) else ""
    return _Axis(
        name=report.metric.title,
        remark=remark,
        scale=scale,
        values=report.trials.values,
        ends=tuple((float(end), rounded(end)) for end in (values.min(), values.max())),
    )


def _room(one: _Axis, most: float) -> float:
    """Return the room beside the first or the last axis for its name and its labels, in pixels."""
    words = [text_width(one.name, size=SIZE * 1.1) / 2, text_width(one.remark, size=SIZE) / 2]
    return min(most, max(24.0, *words) + 8)


def _absent(one: _Axis, drawn: IntArray) -> bool:
    return bool(np.isnan(one.values[drawn]).any())


def _places(panel: Panel, values: Float64Array) -> Float64Array:
    """Return where lines meet an axis, in pixels, ``(n,)``."""
    return np.where(np.isnan(values), panel.bottom + ABSENT, panel.up(values))


def _upright(panel: Panel, one: _Axis, *, room: float, beside: float, absent: bool) -> Markup:
    """Return an axis with its name above, its two ends or its names of choices, readable over the lines.

    Args:
        panel: The axis is its left side.
        one: The axis.
        room: Pixels for the name.
        beside: Pixels for a label right of it.
        absent: Whether lines pass below it.
    """
    x, middle = panel.left, {"x": panel.left, "text_anchor": "middle"}
    line = f"M{tenths(x)} {tenths(panel.top)}V{tenths(panel.bottom)}"
    parts = [tag("path", d=line, class_="axis")]
    name = shortened(one.name, size=SIZE * 1.1, width=room - 8)
    parts.append(tag("text", name, y=panel.top - 24, class_="strong halo", **middle))
    if one.remark:
        remark = shortened(one.remark, size=SIZE, width=room - 8)
        parts.append(tag("text", remark, y=panel.top - 11, class_="halo", **middle))
    for y, label in _labels(panel, one):
        text = shortened(label, size=SIZE, width=beside)
        parts.append(tag("path", d=f"M{tenths(x - 3)} {tenths(y)}h6", class_="axis"))
        parts.append(tag("text", text, x=x + 7, y=y + 4, class_="ink halo"))
    if absent:
        parts.append(tag("text", NONE, y=panel.bottom + ABSENT + 4, class_="halo", **middle))
    return joined(parts)


def _labels(panel: Panel, one: _Axis) -> list[tuple[float, str]]:
    """Return height and text of what stands at an axis: its ends and round numbers between, or names."""
    ticks = one.scale.ticks(6)
    found = [(panel.bottom - panel.height * tick.at, tick.label) for tick in ticks]
    if one.ends:
        texts = [text for _, text in one.ends]
        ends = [
            next((place for place in found if abs(place[0] - y) < 1), (y, label))
            for y, label in zip(panel.up([end for end, _ in one.ends]), texts, strict=True)
        ]
        between = [place for place in found if all(abs(place[0] - y) >= 14 for y, _ in ends)]
        return [*dict.fromkeys(ends), *between]
    kept: list[tuple[float, str]] = []
    for y, label in sorted(found):
        if not kept or y - kept[-1][0] >= 12:
            kept.append((y, label))
    return kept
