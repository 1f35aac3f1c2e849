"""Confusion: which class the winner's networks take for which, on the test rows."""

import numpy as np

from hpsearch.report.cells import number_text
from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.numbers.classes import class_scores, networks_judged
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import NONE
from hpsearch.search import Verdict

LARGEST, LEAST = 54.0, 18.0
"""Pixels of a cell, at most, and of one whose column has a name."""
SHADE = 0.6
"""Opacity of a cell that holds all rows of its class: a count on it stays readable."""


def plot_confusion(report: StudyReport) -> Figure:
    """Return the figure of the confusion matrix: a row for each class, a column for each prediction."""
    best = report.summary.best
    scores = class_scores(best)
    networks = networks_judged(best) if best else 0
    over = f", summed over {networks} networks" if networks > 1 else ""
    rows = [
        [one.name, f"{one.rows:,}", number_text(one.recall), number_text(one.precision), one.mistaken or NONE]
        for one in scores
    ]
    return Figure(
        title="Which class is taken for which",
        text=f"Test rows by their class, from top to bottom, and by what the winner predicts{over}. "
        "The stronger the colour of a cell, the larger its share of the class.",
        draw=lambda width: _draw(best, width),
        table=DataTable.of(["class", "rows", "recall", "precision", "most often taken for"], rows),
    )


def _draw(best: Verdict | None, width: float) -> Canvas:
    if best is None or not best.confusion:
        return Canvas.of_words("No classes have been judged.", width=width)
    counts = np.array(best.confusion)
    n = len(counts)
    left = min(0.3 * width, max(text_width(name, size=SIZE) for name in best.classes) + 14)
    side = min(LARGEST, (width - left - 4) / n)
    top = 40.0 if side >= LEAST else 22.0
    share = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    parts = [tag("text", "predicted", x=left, y=12.0)]
    for k, name in enumerate(best.classes):
        middle = (k + 0.5) * side
        row = shortened(name, size=SIZE, width=left - 10)
        # Of many classes every second or third has a name, as there is room for a line.
        if k % max(1, int(np.ceil(SIZE * 1.2 / side))) == 0:
            parts.append(tag("text", row, x=0.0, y=top + middle + 4, class_="ink"))
        if side >= LEAST:
            column = shortened(name, size=SIZE, width=side - 4)
            parts.append(tag("text", column, x=left + middle, y=32.0, text_anchor="middle", class_="ink"))
        parts += [
            _cell(
                int(counts[k, j]),
                float(share[k, j]),
                left + j * side,
                top + k * side,
                side,
                words=_words(int(counts[k, j]), float(share[k, j]), name, best.classes[j]),
            )
            for j in range(n)
        ]
    return Canvas(height=top + n * side + 6, content=joined(parts))


def _words(count: int, share: float, name: str, predicted: str) -> str:
    """Return a cell in words; empty where nothing was taken for that class: most cells of many classes."""
    if not count:
        return ""
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return f"class {name}, predicted {predicted}: {rows}, {100 * share:.1f}\N{NO-BREAK SPACE}% of the class"


def _cell(  # noqa: PLR0913 - what it holds, and its place
    count: int, share: float, x: float, y: float, side: float, *, words: str
) -> Markup:
    """Return a cell with its count, which is left out where it is 0 or does not fit."""
    box = {"x": x + 0.5, "y": y + 0.5, "width": side - 1, "height": side - 1}
    parts = [tag("rect", **box, class_="fill-raised")]
    if count:
        parts.append(tag("rect", **box, class_="fill-soft", fill_opacity=f"{SHADE * share:.3f}"))
    if count and side >= LEAST and text_width(f"{count}", size=SIZE) <= side - 4:
        middle = {"x": x + side / 2, "y": y + side / 2 + 4}
        parts.append(tag("text", f"{count}", **middle, text_anchor="middle", class_="ink"))
    return tag("g", tag("title", words), *parts) if words else joined(parts)
