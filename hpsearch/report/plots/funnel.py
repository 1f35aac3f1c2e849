"""The funnel: how the box of each parameter moved, from the declared range to the last trials."""

from itertools import pairwise

import numpy as np

from hpsearch.report.cells import range_text
from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Panel
from hpsearch.report.figures.scales import LinearAxis
from hpsearch.report.numbers.boxes import RoundBox, Side
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import axis, shown, winner
from hpsearch.report.plots.slices import heading
from hpsearch.search import MODEL_NAMES, PROPOSED, Stage
from hpsearch.types import BoolArray

ROW = 30.0
BAR = 16.0
LABELS = 62.0
PITCH = 370.0


def plot_funnel(report: StudyReport) -> Figure:
    """Return the figure of the boxes, parameter by parameter, and of the trials drawn from them."""
    columns = [column for column in report.parameters if column.scale is not ScaleKind.CHOICE]
    return Figure(
        title="How the ranges moved",
        text="For each parameter the ranges that trials were proposed in, from top to bottom, with a stroke "
        "for each trial. About one trial in seven of a random round is drawn from the declared ranges.",
        draw=lambda width: _draw(report, columns, width),
        table=_table(report, columns),
    )


def _side(box: RoundBox, column: ParameterColumn) -> Side | None:
    return next((side for side in box.sides if side.name == column.name), None)


def _table(report: StudyReport, columns: list[ParameterColumn]) -> DataTable:
    rows = []
    for box in report.boxes:
        for column in columns:
            side = _side(box, column)
            if side is not None:
                ends = [shown(column, side.low), shown(column, side.high)]
                rows.append([box.stage, str(box.first_number), column.name, *ends, box.reason])
    return DataTable.of(["stage", "from trial", "parameter", "low", "high", "why"], rows)


def _draw(report: StudyReport, columns: list[ParameterColumn], width: float) -> Canvas:
    if not report.boxes or not columns:
        return Canvas.of_words("No trial has begun.", width=width)
    n_columns = max(1, min(len(columns), int((width + 20) // PITCH)))
    pitch = (width + 22) / n_columns
    rows = _rows(report)
    height = ROW * len(rows) + 84
    parts = []
    for place, column in enumerate(columns):
        left, top = place % n_columns * pitch, place // n_columns * height
        panel = Panel(
            left=left + LABELS,
            top=top + 44,
            width=pitch - 22 - LABELS - 8,
            height=ROW * len(rows),
            x=axis(column),
            y=LinearAxis(low=0, high=1),
        )
        parts.append(heading(column, x=left + 2, y=top + 14, width=pitch - 30))
        parts.append(_funnel(report, column, panel, rows))
    return Canvas(height=-(-len(columns) // n_columns) * height, content=joined(parts))


def _rows(report: StudyReport) -> list[tuple[str, RoundBox | None, BoolArray]]:
    """Return the rows of the funnel: a label, a box, and which trials were proposed in it, ``(n,)``.

    Before version 3 of a study its model had no box.
    """
    numbers = np.arange(len(report.trials.stages))
    stages = [Stage.of(name) for name in report.trials.stages]
    learned = np.array([stage is Stage.LEARNED for stage in stages])
    proposed = np.array([stage in PROPOSED for stage in stages]) & ~learned
    by_model = np.array([stage in {*MODEL_NAMES, Stage.RANDOM} for stage in stages])
    rows: list[tuple[str, RoundBox | None, BoolArray]] = []
    if learned.any():
        rows.append((Stage.LEARNED, None, learned))
    ends = [*(box.first_number for box in report.boxes[1:]), len(numbers)]
    for box, end in zip(report.boxes, ends, strict=True):
        name = MODEL_NAMES.get(box.stage)
        mine = (numbers >= box.first_number) & (numbers < end) & proposed & (by_model == (name is not None))
        rows.append((name or box.stage, box, mine))
    if by_model.any() and not any(box.stage in MODEL_NAMES for box in report.boxes):
        rows.append((MODEL_NAMES[Stage.TPE], None, by_model))
    return rows


def _funnel(
    report: StudyReport,
    column: ParameterColumn,
    panel: Panel,
    rows: list[tuple[str, RoundBox | None, BoolArray]],
) -> Markup:
    spans: list[tuple[float, float, float, str]] = []
    strokes, labels = [], []
    for place, (label, box, mine) in enumerate(rows):
        middle = panel.top + ROW * (place + 0.5)
        side = None if box is None else _side(box, column)
        if side is not None:
            left, right = panel.across([side.low, side.high]).tolist()
            words = f"{label}: {column.name} {range_text(column, side.low, side.high)}"
            spans.append((left, right, middle, words))
        xs = np.unique(np.round(panel.across(column.values[mine])))
        d = "".join(f"M{tenths(x)} {tenths(middle - 5)}v10" for x in xs[np.isfinite(xs)].tolist())
        words = f"{label}: {column.name} in {int(np.isfinite(column.values[mine]).sum()):,} trials"
        strokes.append(tag("path", tag("title", words), d=d, class_="hair stroke-deep") if d else "")
        text = shortened(label, size=SIZE, width=LABELS - 8)
        labels.append(tag("text", text, x=panel.left - 8, y=middle + 4, text_anchor="end"))
    return joined(
        [_sleeves(spans), _bars(spans), panel.x_axis(), *strokes, *labels, _winner(report, column, panel)]
    )


def _sleeves(spans: list[tuple[float, float, float, str]]) -> Markup:
    """Return the areas that lead from each bar to the next."""
    parts = []
    for (a, b, y, _), (c, d, below, _) in pairwise(spans):
        corners = [(a, y + BAR / 2), (b, y + BAR / 2), (d, below - BAR / 2), (c, below - BAR / 2)]
        path = "L".join(f"{tenths(px)} {tenths(py)}" for px, py in corners)
        parts.append(tag("path", d=f"M{path}z", class_="fill-raised"))
    return joined(parts)


def _bars(spans: list[tuple[float, float, float, str]]) -> Markup:
    return joined(
        tag(
            "rect",
            tag("title", words),
            x=a,
            y=y - BAR / 2,
            width=max(b - a, 2.0),
            height=BAR,
            rx=3,
            class_="fill-wash",
        )
        for a, b, y, words in spans
    )


def _winner(report: StudyReport, column: ParameterColumn, panel: Panel) -> Markup:
    """Return a line through all rounds where the winner lies."""
    pointed = winner(report)
    if pointed is None or np.isnan(column.values[pointed[0]]):
        return Markup()
    (x,) = panel.across(column.values[[pointed[0]]]).tolist()
    line = f"M{tenths(x)} {tenths(panel.top - 4)}V{tenths(panel.bottom)}"
    value = f"{pointed[1]} {shown(column, column.values[pointed[0]])}"
    half = text_width(value, size=SIZE) / 2
    at = min(max(x, panel.left + half), panel.right - half)
    label = tag("text", value, x=at, y=panel.top - 9, text_anchor="middle", class_="ink halo")
    return joined([tag("path", d=line, class_="hair stroke-ink"), label])
