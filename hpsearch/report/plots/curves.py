"""Learning curves: the metric after each epoch; the curves of pruned trials are grey."""

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.figures.figure import TABLE_ROWS, Canvas, DataTable, Figure
from hpsearch.report.figures.hover import hover_lines
from hpsearch.report.figures.markup import Markup, joined, tag, tenths
from hpsearch.report.figures.panel import Key, Panel, gutter, legend, trace
from hpsearch.report.figures.scales import LinearAxis
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.trials import Trials
from hpsearch.report.plots.common import (
    HOVER_MOST,
    NONE,
    best_first,
    spread,
    trial_words,
    value_axis,
    winner,
    winner_label,
)
from hpsearch.search import TrialState
from hpsearch.types import IntArray

CURVES_MOST = 150
"""Curves of each kind that are drawn: complete, pruned."""
EPOCHS_MOST = 12
"""Columns of the table."""


def plot_curves(report: StudyReport) -> Figure:
    """Return the figure of the learning curves; the curves of pruned trials are grey."""
    complete, stopped, n_curves = _classes(report.trials)
    n_drawn = len(complete) + len(stopped)
    remark = f" {n_drawn:,} of {n_curves:,} curves are drawn." if n_drawn < n_curves else ""
    return Figure(
        title="Learning curves",
        text=f"{_what(report)}. Pruned trials, which ended before the last {report.step_word}, "
        f"are grey.{remark}",
        draw=lambda width: _draw(report, width),
        table=_table(report),
    )


def _what(report: StudyReport) -> str:
    """Return what a curve shows."""
    title = report.metric.title
    return f"Validation {title} after each epoch" if report.has_rows else f"The {title} at each report"


def _classes(trials: Trials) -> tuple[IntArray, IntArray, int]:
    """Return the complete and the stopped trials whose curves are drawn, and how many have one."""
    has = np.isfinite(trials.curves).any(axis=1) if trials.curves.size else np.zeros(len(trials), np.bool_)
    complete = np.flatnonzero(has & (trials.states == TrialState.COMPLETE))
    stopped = np.flatnonzero(has & (trials.states == TrialState.PRUNED))
    return spread(complete, CURVES_MOST), spread(stopped, CURVES_MOST), len(complete) + len(stopped)


def _table(report: StudyReport) -> DataTable:
    trials = report.trials
    epochs = spread(np.arange(trials.curves.shape[1]), EPOCHS_MOST).tolist()
    order = best_first(trials)
    rows = [
        [str(n), *(NONE if np.isnan(c := trials.curves[n, epoch]) else rounded(c) for epoch in epochs)]
        for n in order[:TABLE_ROWS].tolist()
    ]
    named = [f"{report.step_word} {trials.steps[e]}" for e in epochs]
    return DataTable(columns=["trial", *named], rows=rows, n_rows=len(order))


def _draw(report: StudyReport, width: float) -> Canvas:
    trials = report.trials
    complete, stopped, n_curves = _classes(trials)
    if not n_curves:
        return Canvas.of_words("No trial has a curve yet.", width=width)
    scale, title = value_axis(trials.curves, report.metric)
    pointed = winner(report)
    wanted = [
        (len(complete), Key("complete", "line", "soft")),
        (len(stopped), Key("pruned", "line", "quiet")),
        (pointed is not None, Key(winner_label(pointed) if pointed else "", "line", "deep")),
    ]
    keys, top = legend([key for there, key in wanted if there], width=width)
    left, first = gutter(scale, height=240), int(trials.steps[0])
    panel = Panel(
        left=left,
        top=top + 50,
        width=width - left - 12,
        height=240,
        x=LinearAxis(low=first, high=max(first + 1, int(trials.steps[-1])), whole=True),
        y=scale,
    )
    parts = [
        keys,
        panel.axes(x_title=report.step_word, y_title=title, lift=18),
        _lines(panel, trials, stopped, "quiet"),
        _lines(panel, trials, complete, "soft"),
        _rungs(report, panel),
    ]
    parts.append(_hover(report, panel, np.concatenate([stopped, complete])))
    if pointed is not None:
        parts.append(_lines(panel, trials, np.array([pointed[0]]), "deep", kind="line"))
    return Canvas(height=panel.bottom + 42, content=joined(parts))


def _lines(panel: Panel, trials: Trials, numbers: IntArray, colour: str, *, kind: str = "hair") -> Markup:
    """Return curves as one path; one of a single epoch is a dot."""
    epochs = trials.steps.astype(float)
    spaced = np.concatenate([trials.curves[numbers], np.full((len(numbers), 1), np.nan)], axis=1)
    xs = np.tile(np.append(epochs, np.nan), len(numbers))
    single = np.isfinite(trials.curves[numbers]).sum(axis=1) == 1
    dots = np.where(single[:, None], trials.curves[numbers], np.nan).ravel()
    return joined(
        [
            panel.line(xs, spaced.ravel(), colour=colour, kind=kind),
            panel.marks(np.tile(epochs, len(numbers)), dots, shape="dots", colour=colour),
        ]
    )


def _hover(report: StudyReport, panel: Panel, numbers: IntArray) -> Markup:
    """Return what shows a curve's trial under the pointer; a long curve is followed at a few epochs."""
    trials = report.trials
    traces = []
    for number in numbers.tolist():
        epochs = spread(np.flatnonzero(np.isfinite(trials.curves[number])), EPOCHS_MOST)
        xs, ys = panel.across(trials.steps[epochs].astype(float)), panel.up(trials.curves[number, epochs])
        traces.append(trace(xs, ys, steps=False) + ("h0" if len(epochs) == 1 else ""))
    columns = report.parameters if len(numbers) <= HOVER_MOST else []
    return hover_lines(traces, [trial_words(report, number, columns) for number in numbers.tolist()])


def _rungs(report: StudyReport, panel: Panel) -> Markup:
    """Return a broken line at each rung, with how many trials were pruned there."""
    parts = []
    for rung in report.rungs:
        (x,) = panel.across([rung.epoch]).tolist()
        d = f"M{tenths(x)} {tenths(panel.top - 14)}V{tenths(panel.bottom)}"
        parts.append(tag("path", d=d, class_="hair stroke-muted", stroke_dasharray="2 3"))
        if rung.n_stopped:
            # In the right half the label stands left of the line: there it has room.
            shift, anchor = (-4, "end") if x > panel.left + panel.width / 2 else (4, None)
            label = f"{rung.n_stopped:,} pruned"
            parts.append(tag("text", label, x=x + shift, text_anchor=anchor, y=panel.top - 6))
    return joined(parts)
