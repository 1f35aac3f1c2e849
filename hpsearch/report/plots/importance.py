"""Importance: how much each parameter mattered, with its interval."""

from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.numbers.study import StudyReport, modelled, near_best_lines
from hpsearch.search import Importance

ROW = 30.0


def plot_importance(report: StudyReport) -> Figure:
    """Return the figure of the importances: a bar for each parameter, with its 95 % interval."""
    found = report.importances
    lead = f" {found[0].name} mattered most, with {_percent(found[0].share)}." if found else ""
    text = (
        "The share of each parameter in the value's variance over the whole space, by a model of "
        f"{modelled(report)}."
        f"{lead} The line is the 95\N{NO-BREAK SPACE}% interval."
    )
    rows = [[i.name, *map(_percent, (i.share, *i.interval))] for i in found]
    return Figure(
        title="Which parameters mattered",
        text=" ".join([text, *near_best_lines(found)]),
        draw=lambda width: _draw(found, width),
        table=DataTable.of(["parameter", "share", "from", "to"], rows),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def _draw(found: tuple[Importance, ...], width: float) -> Canvas:
    if not found:
        return Canvas.of_words("Too few results to tell.", width=width)
    names = min(0.34 * width, max(text_width(i.name, size=SIZE) for i in found) + 14)
    span = width - names - 52
    largest = max(max(i.share, i.interval[1]) for i in found) or 1.0
    rows = [
        _row(importance, 6 + ROW * place, names, span / largest) for place, importance in enumerate(found)
    ]
    return Canvas(height=12 + ROW * len(found), content=joined(rows))


def _row(importance: Importance, top: float, left: float, unit: float) -> Markup:
    middle = top + ROW / 2
    low, high = (left + unit * end for end in importance.interval)
    whisker = f"M{tenths(low)} {tenths(middle)}H{tenths(high)}m0-4v8M{tenths(low)} {tenths(middle - 4)}v8"
    end = max(high, left + unit * importance.share)
    name = shortened(importance.name, size=SIZE, width=left - 10)
    bar = {"x": left, "y": middle - 7, "width": max(unit * importance.share, 1.0), "height": 14, "rx": 2}
    ends = " to ".join(map(_percent, importance.interval))
    words = f"{importance.name}: {_percent(importance.share)}, 95\N{NO-BREAK SPACE}% interval {ends}"
    return joined(
        [
            tag("text", name, x=0, y=middle + 4, class_="ink"),
            tag("rect", tag("title", words), **bar, class_="fill-soft"),
            tag("path", tag("title", words), d=whisker, class_="hair stroke-ink", stroke_width=1.4),
            tag("text", _percent(importance.share), x=end + 8, y=middle + 4, class_="strong"),
        ]
    )
