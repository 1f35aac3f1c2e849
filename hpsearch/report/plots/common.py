"""What all plots share: axes of parameters, groups of trials and their marks, the table of trials."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.metrics import Measure, Metric
from hpsearch.number import rounded
from hpsearch.report.cells import value_text
from hpsearch.report.figures.figure import TABLE_ROWS, DataTable
from hpsearch.report.figures.markup import Markup, joined
from hpsearch.report.figures.panel import Key, Panel
from hpsearch.report.figures.scales import (
    AxisScale,
    CategoryAxis,
    LinearAxis,
    LogAxis,
    MirroredAxis,
    value_scale,
)
from hpsearch.report.foreign import is_foreign
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.trials import Trials
from hpsearch.report.text import STATE_WORDS
from hpsearch.search import TrialState
from hpsearch.types import BoolArray, Float64Array, IntArray

NONE = "\N{EN DASH}"
"""The text of a cell without a value."""
FAINT_FROM = 1000
"""From so many trials on, marks are translucent."""
HOVER_MOST = 300
"""With more trials only the best ``TABLE_ROWS`` have words of their own under the pointer."""
PARAMETERS_MOST = 8
"""Parameters of a trial that its words name."""
TEXT_MOST = 40
"""Characters of a parameter's value in them."""
_RUNG_MARKS = (("triangles", "soft"), ("squares", "quiet"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGroup:
    """Trials that ended in the same way.

    Attributes:
        key: Their entry in the legend: words, shape and colour.
        mask: Which trials, ``(n,)``.
    """

    key: Key
    mask: BoolArray


def trial_groups(trials: Trials) -> list[TrialGroup]:
    """Return the groups of trials that have a value; complete trials come last, so that they lie on top."""
    found = [
        TrialGroup(
            key=Key(f"pruned at epoch {epoch}", *_RUNG_MARKS[min(place, len(_RUNG_MARKS) - 1)]),
            mask=trials.stopped_at == epoch,
        )
        for place, epoch in enumerate(np.unique(trials.stopped_at[trials.stopped_at > 0]).tolist()[::-1])
    ]
    pruned = (trials.states == TrialState.PRUNED) & (trials.stopped_at == 0)
    word = "diverged" if bool(trials.diverged.any()) else "pruned"
    found.append(TrialGroup(key=Key(word, "crosses", "quiet"), mask=pruned))
    found.append(TrialGroup(key=Key("complete", "dots", "accent"), mask=trials.states == TrialState.COMPLETE))
    return [group for group in found if bool((group.mask & np.isfinite(trials.values)).any())]


def legend_keys(report: StudyReport) -> list[Key]:
    """Return the entries of the groups that there are, and of the winner."""
    pointed = winner(report)
    keys = [group.key for group in reversed(trial_groups(report.trials))]
    return keys + ([] if pointed is None else [Key(winner_label(pointed), "ring", "ink")])


def scatter(
    panel: Panel, x: Float64Array, report: StudyReport, *, columns: Sequence[ParameterColumn]
) -> Markup:
    """Return a mark for each trial, of the shape of its group, and a ring around the winner.

    Args:
        panel: Where they stand.
        x: A place for each trial, ``(n,)``.
        report: The study.
        columns: The parameters whose values are shown under the pointer.
    """
    trials = report.trials
    numbers = hovered(trials)
    marks = [
        panel.marks(
            x[group.mask],
            trials.values[group.mask],
            shape=group.key.shape,
            colour=group.key.colour,
            faint=len(trials) >= FAINT_FROM,
            words=group_words(group, trials) if len(numbers) < np.isfinite(trials.values).sum() else "",
        )
        for group in trial_groups(trials)
    ]
    pointed = winner(report)
    if pointed is not None and np.isfinite(x[pointed[0]]):
        marks.append(panel.ring(float(x[pointed[0]]), float(trials.values[pointed[0]])))
    words = [trial_words(report, number, columns) for number in numbers.tolist()]
    marks.append(panel.hover(x[numbers], trials.values[numbers], words))
    return joined(marks)


def hovered(trials: Trials) -> IntArray:
    """Return the trials that have words of their own under the pointer, the best ones last, on top."""
    order = best_first(trials)
    return (order if len(order) <= HOVER_MOST else order[:TABLE_ROWS])[::-1]


def trial_words(report: StudyReport, number: int, columns: Sequence[ParameterColumn]) -> str:
    """Return a trial in words, such as ``"trial 62: 0.9720, lr 0.0021, dropout 0.1"``."""
    trials = report.trials
    state = TrialState(trials.states[number])
    value = trials.values[number]
    said = [rounded(value)] if np.isfinite(value) else []
    said += [STATE_WORDS[state]] if state is not TrialState.COMPLETE else []
    there = [column for column in columns if not np.isnan(column.values[number])]
    for column in there[:PARAMETERS_MOST]:
        text = value_text(column, column.values[number])
        said.append(f"{column.name} {text if len(text) <= TEXT_MOST else text[: TEXT_MOST - 1] + '…'}")
    more = len(there) - PARAMETERS_MOST
    return f"trial {number}: {', '.join(said)}" + (f" and {more} more" if more > 0 else "")


def group_words(group: TrialGroup, trials: Trials) -> str:
    """Return a group of trials in words: how many there are, and their values from end to end."""
    values = trials.values[group.mask & np.isfinite(trials.values)]
    return f"{group.key.label}: {len(values):,} trials, {rounded(values.min())} to {rounded(values.max())}"


def shared_marks(trials: Trials) -> str:
    """Return the sentence that a scatter of many trials needs, a blank before it; empty for few."""
    return " Trials on the same spot share a mark." if len(trials) >= FAINT_FROM else ""


def value_axis(values: Float64Array, metric: Measure) -> tuple[AxisScale, str]:
    """Return the axis of values of a metric, of any shape, and its title."""
    scale = value_scale(values, share=metric.bounds == (0, 1))
    remark = ", log of the error" if isinstance(scale, MirroredAxis) else ""
    of = "validation " if isinstance(metric, Metric) else ""
    return scale, f"{of}{metric.title}{remark}"


def axis(column: ParameterColumn) -> AxisScale:
    """Return the axis of a parameter: its declared range, and as far beyond as trials have gone."""
    if column.scale is ScaleKind.CHOICE:
        return CategoryAxis(column.choices)
    seen = column.values[np.isfinite(column.values)]
    low = float(min(column.declared[0], seen.min(initial=np.inf)))
    high = float(max(column.declared[1], seen.max(initial=-np.inf)))
    if column.scale is ScaleKind.MIRRORED and high < 1:
        return MirroredAxis(low=low, high=high)
    if column.whole:
        low, high = low - 0.5, high + 0.5
    if column.scale is ScaleKind.LOG and low > 0:
        return LogAxis(low=low, high=high)
    return LinearAxis(low=low, high=high, whole=column.whole)


def shown(column: ParameterColumn, value: float) -> str:
    """Return a parameter's value as people read it; a dash where it is not active."""
    return NONE if np.isnan(value) else value_text(column, value)


def best_first(trials: Trials) -> IntArray:
    """Return the numbers of the trials that have a value: complete ones by their value, then the others."""
    numbers = np.flatnonzero(np.isfinite(trials.values))
    early = trials.states[numbers] != TrialState.COMPLETE
    return numbers[np.lexsort([numbers, -trials.scores[numbers], early])]


def trial_table(report: StudyReport, columns: Sequence[ParameterColumn] = ()) -> DataTable:
    """Return a table of the best trials: value, state, stage, and the values of some parameters."""
    trials = report.trials
    order = best_first(trials)
    staged = report.has_stages
    rows = [
        [
            str(number),
            rounded(trials.values[number]),
            STATE_WORDS[TrialState(trials.states[number])],
            *([trials.stages[number] or NONE] if staged else []),
            *(shown(column, column.values[number]) for column in columns),
        ]
        for number in order[:TABLE_ROWS].tolist()
    ]
    names = [column.name for column in columns]
    head = ["trial", "value", "state", *(["stage"] if staged else []), *names]
    return DataTable(columns=head, rows=rows, n_rows=len(order))


def winner(report: StudyReport) -> tuple[int, str] | None:
    """Return the number of the trial to point at, and what it is in a word or two; ``None`` without one."""
    best = report.summary.best
    if best is None or best.number is None or best.number >= len(report.trials):
        return None
    so_far = report.top.lower() if is_foreign(report.summary.status) else "best so far"
    who = "winner" if best.final else so_far
    return best.number, who


def winner_label(pointed: tuple[int, str]) -> str:
    """Return the legend's words for the trial that ``winner`` points at."""
    return f"{pointed[1]}: trial {pointed[0]}"


def spread(numbers: IntArray, most: int) -> IntArray:
    """Return at most ``most`` of the numbers, evenly spaced."""
    if len(numbers) <= most:
        return numbers
    return numbers[np.linspace(0, len(numbers) - 1, most).round().astype(np.int64)]
