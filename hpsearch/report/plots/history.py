"""The history: each trial's value by its number, the best so far, the stages."""

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.figures.figure import Canvas, Figure
from hpsearch.report.figures.markup import Markup, joined, tag, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, Panel, gutter, legend
from hpsearch.report.figures.scales import LinearAxis
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.trials import StageSpan
from hpsearch.report.plots.common import legend_keys, scatter, shared_marks, trial_table, value_axis
from hpsearch.search import MODEL_NAMES

STAGES_MOST = 24
"""With more stages than this, as where other programs add trials in between, none is drawn."""


def plot_history(report: StudyReport) -> Figure:
    """Return the figure of the history: every trial's value, the best so far, the stages."""
    trials = report.trials
    best = report.summary.status.best_value
    remark = "no trial is complete yet" if best is None else f"the best value is {rounded(best)}"
    return Figure(
        title="How the search went",
        text=f"The value of each trial in the order of their numbers: {len(trials):,} trials, {remark}."
        f"{shared_marks(trials)}",
        draw=lambda width: _draw(report, width),
        table=trial_table(report),
    )


def _draw(report: StudyReport, width: float) -> Canvas:
    trials = report.trials
    if not np.isfinite(trials.values).any():
        return Canvas.of_words("No trial has a value yet.", width=width)
    keys, top = legend([*legend_keys(report), Key("best so far", "line", "deep")], width=width)
    scale, title = value_axis(report.trials.values, report.metric)
    left = gutter(scale, height=240)
    n = len(trials)
    panel = Panel(
        left=left,
        top=top + 48,
        width=width - left - 10,
        height=240,
        x=LinearAxis(low=-0.5, high=max(n - 0.5, 1.5), whole=True),
        y=scale,
    )
    numbers = np.arange(n, dtype=float)
    parts = [
        keys,
        _bands(report.stages, panel),
        panel.axes(x_title="trial", y_title=title, lift=16),
        scatter(panel, numbers, report, columns=report.parameters),
        panel.line(
            np.append(numbers, n - 0.5), np.append(trials.best, trials.best[-1]), colour="deep", steps=True
        ),
    ]
    return Canvas(height=panel.bottom + 42, content=joined(parts))


def _bands(stages: tuple[StageSpan, ...], panel: Panel) -> Markup:
    """Return every other stage shaded, with the names above of those that there is room for."""
    if len(stages) > STAGES_MOST:
        return Markup()
    shades, names = [], []
    taken = panel.left - 10
    for place, stage in enumerate(stages):
        ends = [stage.first_number - 0.5, stage.first_number + stage.n_trials - 0.5]
        left, right = panel.across(ends).tolist()
        if place % 2 == 0:
            size = {"x": left, "y": panel.top, "width": right - left, "height": panel.height}
            shades.append(tag("rect", **size, class_="fill-raised"))
        name = {**MODEL_NAMES, "": "others"}.get(stage.name, stage.name)
        wide = text_width(name, size=SIZE)
        at = min(max(left, taken + 10), panel.right - wide)
        if taken + 10 <= at < right:
            names.append(tag("text", name, x=at, y=panel.top - 6, class_="ink"))
            taken = at + wide
    return joined([*shades, *names])
