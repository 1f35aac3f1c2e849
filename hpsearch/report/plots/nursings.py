"""Nursed trainings: training loss and the metric after each epoch, with the interventions between them."""

from collections.abc import Sequence

import numpy as np

from hpsearch.metrics import Measure
from hpsearch.number import rounded
from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, Panel, gutter, legend
from hpsearch.report.figures.scales import AxisScale, LinearAxis, value_scale
from hpsearch.report.numbers.nursings import NursingNumbers, intervention_words, way_of
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import HOVER_MOST, NONE, value_axis
from hpsearch.store import NursedEpoch
from hpsearch.types import Float64Array

MOST_DRAWN = 6
"""Nursings that are drawn, the last ones."""
VALUE_HEIGHT = 170.0
LOSS_HEIGHT = 90.0
MARK_PITCH = 14.0
"""Pixels between the heights at which neighbouring interventions are named."""
MARK_LINES = 3


def plot_nursings(report: StudyReport) -> Figure:
    """Return the figure of the nursings; what was trained and rewound is grey."""
    shown = report.nursings[-MOST_DRAWN:]
    n, drawn = len(report.nursings), len(shown)
    remark = f" The last {drawn} of {n} are drawn." if drawn < n else ""
    return Figure(
        title="Nursed trainings",
        text=f"Trainings that a person steered: {report.metric.title} and training loss after each epoch, "
        f"and what was changed between epochs. What was rewound is grey.{remark}",
        draw=lambda width: _draw(shown, report.metric, width),
        table=_table(report.nursings),
    )


def _table(nursings: Sequence[NursingNumbers]) -> DataTable:
    rows = [
        [
            str(one.number),
            one.origin,
            str(made.epoch),
            intervention_words(made),
            made.reason or NONE,
        ]
        for one in nursings
        for made in one.interventions
    ]
    still = [
        [str(one.number), one.origin, str(one.epoch), NONE, NONE] for one in nursings if not one.interventions
    ]
    return DataTable.of(["nursing", "goes on with", "after epoch", "intervention", "why"], rows + still)


def _draw(nursings: Sequence[NursingNumbers], metric: Measure, width: float) -> Canvas:
    drawn = [one for one in nursings if any(not point.diverged for part in one.parts for point in part)]
    if not drawn:
        return Canvas.of_words("No nursing has an epoch yet.", width=width)
    keys = [Key("the way to where it stands", "line", "deep"), Key("rewound", "line", "quiet")]
    parts, top = legend(keys, width=width)
    content = [parts]
    for one in drawn:
        markup, top = _nursing(one, metric, top=top + 14, width=width)
        content.append(markup)
    return Canvas(height=top + 8, content=joined(content))


def _nursing(one: NursingNumbers, metric: Measure, *, top: float, width: float) -> tuple[Markup, float]:
    """Return the two panels of a nursing, and where they end."""
    head = f"nursing {one.number}, {one.origin}: {one.state} after epoch {one.epoch}"
    # The loss of an epoch that diverged would leave no height for the others.
    points = [point for part in one.parts for point in part if not point.diverged]
    values, title = value_axis(_numbers([point.value for point in points]), metric)
    losses = value_scale(_numbers([point.loss for point in points]), share=False)
    left = max(gutter(values, height=VALUE_HEIGHT), gutter(losses, height=LOSS_HEIGHT))
    epochs = [point.epoch for point in points]
    x = LinearAxis(low=min(epochs), high=max(min(epochs) + 1, *epochs), whole=True)

    def panel(y: AxisScale, at: float, height: float) -> Panel:
        return Panel(left=left, top=at, width=width - left - 12, height=height, x=x, y=y)

    upper = panel(values, top + 40 + MARK_PITCH * MARK_LINES, VALUE_HEIGHT)
    lower = panel(losses, upper.bottom + 34, LOSS_HEIGHT)
    parts = [
        tag("text", shortened(head, size=SIZE, width=width - 4), x=2.0, y=top + 12, class_="strong"),
        upper.y_axis(title, lift=MARK_PITCH * MARK_LINES),
        lower.axes(x_title="epoch", y_title="training loss"),
        _marks(one, upper, lower),
    ]
    for where, name in ((upper, "value"), (lower, "loss")):
        parts += _curves(where, one, name)
    return joined(parts), lower.bottom + 46


def _curves(panel: Panel, one: NursingNumbers, name: str) -> list[Markup]:
    """Return what was rewound, a grey line a part, and above it the way to where the nursing stands."""
    way = way_of([point for part in one.parts for point in part], here=one.epoch)
    kept = {(point.part, point.epoch) for point in way}
    found = []
    for part in one.parts:
        lost = [point for point in part if (point.part, point.epoch) not in kept and not point.diverged]
        # A grey line begins at the epoch that it leaves the way at.
        begin = [point for point in way if lost and point.epoch == lost[0].epoch - 1]
        found.append(_line(panel, begin + lost, name, "quiet", "hair"))
    points = [point for part in one.parts for point in part if not point.diverged][:HOVER_MOST]
    epochs = np.array([point.epoch for point in points], float)
    numbers = [getattr(point, name) for point in points]
    words = [
        f"epoch {point.epoch}: {name} {NONE if number is None else rounded(number)}"
        for point, number in zip(points, numbers, strict=True)
    ]
    hover = panel.hover(epochs, _numbers(numbers), words)
    return [*found, _line(panel, way, name, "deep", "line"), hover]


def _line(panel: Panel, points: Sequence[NursedEpoch], name: str, colour: str, kind: str) -> Markup:
    epochs = np.array([point.epoch for point in points], float)
    numbers = _numbers([getattr(point, name) for point in points])
    if len(points) == 1:
        return panel.marks(epochs, numbers, shape="dots", colour=colour)
    return panel.line(epochs, numbers, colour=colour, kind=kind)


def _marks(one: NursingNumbers, upper: Panel, lower: Panel) -> Markup:
    """Return a broken line at each epoch after which something was changed, with what it was."""
    parts, taken = [], [-1e9] * MARK_LINES
    for epoch in sorted({made.epoch for made in one.interventions}):
        (x,) = upper.across([epoch]).tolist()
        for panel, start in ((upper, upper.top - 5), (lower, lower.top)):
            d = f"M{tenths(x)} {tenths(start)}V{tenths(panel.bottom)}"
            parts.append(tag("path", d=d, class_="hair stroke-muted", stroke_dasharray="2 3"))
        words = "; ".join(intervention_words(made) for made in one.interventions if made.epoch == epoch)
        text = shortened(words, size=SIZE, width=upper.width / 2)
        wide = text_width(text, size=SIZE)
        begin = min(max(upper.left, x - wide / 2), upper.right - wide)
        # The lowest line with room; where none has any, the table behind the figure says what it was.
        line = next((k for k in range(MARK_LINES) if taken[k] + 8 <= begin), None)
        if line is not None:
            taken[line] = begin + wide
            parts.append(tag("text", text, x=begin, y=upper.top - 10 - MARK_PITCH * line))
    return joined(parts)


def _numbers(values: Sequence[float | None]) -> Float64Array:
    return np.array([np.nan if value is None else value for value in values], float)
