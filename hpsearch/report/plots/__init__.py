"""The figures of a study, each a pure function of its numbers."""

from collections.abc import Callable, Mapping

from hpsearch.report.figures.figure import Figure
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.confusion import plot_confusion
from hpsearch.report.plots.contour import plot_contour
from hpsearch.report.plots.curves import plot_curves
from hpsearch.report.plots.funnel import plot_funnel
from hpsearch.report.plots.history import plot_history
from hpsearch.report.plots.importance import plot_importance
from hpsearch.report.plots.nursings import plot_nursings
from hpsearch.report.plots.parallel import plot_parallel
from hpsearch.report.plots.race import plot_race
from hpsearch.report.plots.rungs import plot_rungs
from hpsearch.report.plots.slices import plot_slice
from hpsearch.report.plots.time import plot_time
from hpsearch.report.plots.timeline import plot_timeline

PLOTS: Mapping[str, Callable[[StudyReport], Figure]] = {
    "race": plot_race,
    "confusion": plot_confusion,
    "history": plot_history,
    "funnel": plot_funnel,
    "slice": plot_slice,
    "parallel": plot_parallel,
    "curves": plot_curves,
    "importance": plot_importance,
    "contour": plot_contour,
    "rungs": plot_rungs,
    "nursings": plot_nursings,
    "time": plot_time,
    "timeline": plot_timeline,
}
"""The figures by name, in the order of a report."""
