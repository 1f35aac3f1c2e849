"""The timeline: a row for each worker, a bar for each trial that it had in hand."""

from collections.abc import Mapping, Sequence

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.figures.figure import TABLE_ROWS, Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, Panel, legend
from hpsearch.report.figures.scales import LinearAxis
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.time import BarKind, TrialBar

WORKERS_MOST = 24
"""Workers that are drawn, the first ones."""
ROW, LANE = 22.0, 5.0
"""Pixels of a worker with one trial in hand at a time, and of each trial where it had several."""
COLOURS: Mapping[BarKind, str] = {
    BarKind.COMPLETE: "accent",
    BarKind.PRUNED: "soft",
    BarKind.CONFIRMING: "deep",
    BarKind.FAILED: "warning",
    BarKind.LOST: "quiet",
    BarKind.RUNNING: "wash",
}
_UNITS = ((7200.0, 3600.0, "hours"), (600.0, 60.0, "minutes"), (0.0, 1.0, "seconds"))
"""From so many seconds on, the seconds of a unit, and its name."""


def plot_timeline(report: StudyReport) -> Figure:
    """Return the timeline: who trained what, from when to when; gaps are time without a trial."""
    bars = report.timeline.bars
    n, n_workers = report.timeline.n_attempts, len(_rows(bars))
    remark = f" {len(bars):,} of {n:,} attempts are drawn, spread evenly." if len(bars) < n else ""
    if n_workers > WORKERS_MOST:
        remark += f" The first {WORKERS_MOST} of {n_workers} workers are drawn."
    rows = [
        [bar.worker, str(bar.number), bar.kind, f"{bar.begin:.2f}", f"{bar.end:.2f}"]
        for bar in bars[:TABLE_ROWS]
    ]
    columns = ["worker", "trial", "ended", "from second", "to second"]
    return Figure(
        title="Who worked when",
        text="A row for each worker, a bar for each trial from its claim to its end. A worker that trains "
        f"several trials together has their bars below each other.{remark}",
        draw=lambda width: _draw(report, width),
        table=DataTable(columns=columns, rows=rows, n_rows=len(bars), more="the database has all of them"),
    )


def _rows(bars: Sequence[TrialBar]) -> dict[str, list[TrialBar]]:
    """Return worker -> its bars, in the order of their beginnings."""
    found: dict[str, list[TrialBar]] = {}
    for bar in bars:
        found.setdefault(bar.worker, []).append(bar)
    return found


def _draw(report: StudyReport, width: float) -> Canvas:
    rows = dict(list(_rows(report.timeline.bars).items())[:WORKERS_MOST])
    if not rows:
        return Canvas.of_words("No trial has been claimed yet.", width=width)
    drawn = [bar for bars in rows.values() for bar in bars]
    kinds = {bar.kind for bar in drawn}
    keys, top = legend([Key(kind, "box", COLOURS[kind]) for kind in COLOURS if kind in kinds], width=width)
    left = min(0.34 * width, max(text_width(name, size=SIZE) for name in rows) + 12)
    longest = max(bar.end for bar in drawn) or 1.0
    _, unit_s, unit = next(entry for entry in _UNITS if longest >= entry[0])
    places = {name: _lanes(bars) for name, bars in rows.items()}
    heights = [max(ROW, LANE * (max(lanes) + 1) + 8) for lanes in places.values()]
    panel = Panel(
        left=left,
        top=top + 8,
        width=width - left - 12,
        height=sum(heights),
        x=LinearAxis(low=0.0, high=longest / unit_s),
        y=LinearAxis(low=0.0, high=1.0),
    )
    parts: list[Markup] = [keys, panel.x_axis(f"{unit} since the first claim")]
    y = panel.top
    for (name, bars), height in zip(rows.items(), heights, strict=True):
        label = shortened(name, size=SIZE, width=left - 10)
        parts.append(tag("text", label, x=0, y=y + height / 2 + 4, class_="ink"))
        parts += _bars(report, bars, places[name], panel, unit_s=unit_s, top=y + 4, height=height - 8)
        y += height
    return Canvas(height=panel.bottom + 42, content=joined(parts))


def _lanes(bars: Sequence[TrialBar]) -> list[int]:
    """Return the lane of each bar, from 0: the first one that is free when the bar begins."""
    free: list[float] = []
    found = []
    for bar in bars:
        lane = next((place for place, end in enumerate(free) if end <= bar.begin + 1e-9), len(free))
        free[lane : lane + 1] = [bar.end]
        found.append(lane)
    return found


def _bars(  # noqa: PLR0913 - what is drawn, and where
    report: StudyReport,
    bars: Sequence[TrialBar],
    lanes: Sequence[int],
    panel: Panel,
    *,
    unit_s: float,
    top: float,
    height: float,
) -> list[Markup]:
    """Return the bars of a worker, a group for each kind."""
    each = height / (max(lanes) + 1)
    lefts = panel.across(np.array([bar.begin for bar in bars]) / unit_s).tolist()
    rights = panel.across(np.array([bar.end for bar in bars]) / unit_s).tolist()
    groups: dict[BarKind, list[Markup]] = {}
    for bar, lane, x, right in zip(bars, lanes, lefts, rights, strict=True):
        mark = tag(
            "rect",
            tag("title", _words(report, bar)),
            x=x,
            y=top + each * lane,
            width=max(right - x - 0.6, 0.8),
            height=max(each - 0.8, 1.0),
        )
        groups.setdefault(bar.kind, []).append(mark)
    return [tag("g", *marks, class_=f"fill-{COLOURS[kind]}") for kind, marks in groups.items()]


def _words(report: StudyReport, bar: TrialBar) -> str:
    """Return a bar in words, such as ``"trial 62: complete, 0.9720, from 1.20 s to 1.94 s"``."""
    values = report.trials.values
    searched = bar.kind in {BarKind.COMPLETE, BarKind.PRUNED} and bar.number < len(values)
    value = f", {rounded(values[bar.number])}" if searched and np.isfinite(values[bar.number]) else ""
    who = "confirming run" if bar.kind is BarKind.CONFIRMING else "trial"
    state = "" if bar.kind is BarKind.CONFIRMING else f"{bar.kind}{value}, "
    return f"{who} {bar.number}: {state}from {bar.begin:.2f} s to {bar.end:.2f} s"
