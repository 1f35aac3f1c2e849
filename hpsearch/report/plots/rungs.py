"""Rank correlation of each epoch with the final value, and the rungs that stopped trials."""

import numpy as np

from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, tag, tenths
from hpsearch.report.figures.panel import Panel, gutter
from hpsearch.report.figures.scales import LinearAxis
from hpsearch.report.numbers.rungs import RungTrack
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import NONE
from hpsearch.search.rungs import CORRELATION_LEAST


def plot_rungs(report: StudyReport) -> Figure:
    """Return the figure of the rank correlation of each epoch with the final value, and of the rungs."""
    agreement = report.agreement
    rungs = report.has_stages  # Optuna's pruners have no rungs
    stopped = {rung.epoch: rung.n_stopped for rung in report.rungs}
    rows = [
        [str(step), NONE if np.isnan(c) else f"{c:.2f}", str(n)] + [str(stopped.get(step, NONE))] * rungs
        for step, c, n in zip(
            report.trials.steps.tolist(),
            agreement.correlations.tolist(),
            agreement.n_trials.tolist(),
            strict=False,
        )
    ]
    word, least = report.step_word, f" A rung below {CORRELATION_LEAST:g} prunes no trial." * rungs
    columns = [word, "rank correlation", "trials", *(["pruned there"] * rungs)]
    return Figure(
        title=f"What the first {word}s tell",
        text=f"Rank correlation of the metric after each {word} with the final value, over the first trials "
        f"that ran to the end.{least}",
        draw=lambda width: _draw(report, width),
        table=DataTable.of(columns, rows),
    )


def _draw(report: StudyReport, width: float) -> Canvas:
    correlations = report.agreement.correlations
    if not np.isfinite(correlations).any():
        return Canvas.of_words("Too few trials ran to the end to tell.", width=width)
    epochs = report.trials.steps[: len(correlations)].astype(float)
    y = LinearAxis(low=min(0.0, float(np.nanmin(correlations))), high=1.0)
    left = gutter(y, height=170)
    panel = Panel(
        left=left,
        top=30,
        width=width - left - 12,
        height=170,
        x=LinearAxis(low=epochs[0], high=max(epochs[0] + 1, epochs[-1]), whole=True),
        y=y,
    )
    parts = [
        panel.axes(x_title=report.step_word, y_title="rank correlation with the final value"),
        _least(panel) if report.has_stages else Markup(),
        panel.line(epochs, correlations, colour="accent"),
        panel.marks(epochs, correlations, shape="dots", colour="accent"),
        *(
            panel.ring(
                rung.epoch, correlations[rung.epoch - 1], f"rung {rung.epoch}: {rung.n_stopped:,} pruned"
            )
            for rung in _reached(report)
        ),
        panel.hover(epochs, correlations, _words(report)),
    ]
    return Canvas(height=panel.bottom + 42, content=joined(parts))


def _words(report: StudyReport) -> list[str]:
    """Return the text of each point under the pointer."""
    found = report.agreement
    return [
        f"{report.step_word} {step}: rank correlation {correlation:.2f} over {n:,} trials"
        for step, correlation, n in zip(
            report.trials.steps.tolist(), found.correlations.tolist(), found.n_trials.tolist(), strict=False
        )
    ]


def _reached(report: StudyReport) -> list[RungTrack]:
    correlations = report.agreement.correlations
    return [
        rung
        for rung in report.rungs
        if rung.epoch <= len(correlations) and np.isfinite(correlations[rung.epoch - 1])
    ]


def _least(panel: Panel) -> Markup:
    (level,) = panel.up([CORRELATION_LEAST]).tolist()
    line = f"M{tenths(panel.left)} {tenths(level)}H{tenths(panel.right)}"
    words = "below this a rung prunes no trial"
    label = tag("text", words, x=panel.right, y=level + 14, text_anchor="end", class_="halo")
    return joined([tag("path", d=line, class_="hair stroke-muted", stroke_dasharray="2 3"), label])
