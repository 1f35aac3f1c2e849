"""The race: finalists, the default, the ensemble and the baseline as points with their 95 % intervals."""

from dataclasses import dataclass

import numpy as np

from hpsearch.metrics import METRICS
from hpsearch.number import rounded
from hpsearch.report.explanation.confirming_run import RaceCandidate
from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Panel
from hpsearch.report.figures.scales import CategoryAxis, LinearAxis
from hpsearch.report.numbers.answer import why_test_differs
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plots.common import NONE
from hpsearch.search import DEFAULT, Verdict

SIMPLEST = "simplest rule"
"""The row of a constant prediction."""
ROW = 26.0
HEAD = 30.0
"""The height of the words above a group of rows."""
_NUMBER = 58.0
"""Pixels for the value at the end of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceRow:
    """One row of the figure.

    Attributes:
        label: Who it is.
        value: The mean, or the only value.
        inner: Its 95 % interval over seeds, or of what is known; ``None`` where there is none.
        outer: The 95 % interval on new seeds and new rows, of the winner alone.
        test: Whether the test rows measured it.
        runs: How many runs or models it is the mean of, as text.
        colour: A name in the palette.
    """

    label: str
    value: float
    inner: tuple[float, float] | None = None
    outer: tuple[float, float] | None = None
    test: bool = False
    runs: str = ""
    colour: str = "soft"


def plot_race(report: StudyReport) -> Figure:
    """Return the figure of the race: a point and an interval for each candidate and test figure."""
    found = (*_candidates(report), *_tested(report))
    return Figure(
        title="How sure the winner is",
        text=_text(report, found),
        draw=lambda width: _draw(report, found, width),
        table=DataTable.of(
            ["who", "measured on", "runs", "value", "from", "to"],
            [
                [row.label, _where(report, test=row.test), row.runs, rounded(row.value), *_cells(row)]
                for row in found
            ],
        ),
    )


def _cells(row: RaceRow) -> list[str]:
    ends = row.outer or row.inner
    return [NONE, NONE] if ends is None else [rounded(end) for end in ends]


def _where(report: StudyReport, *, test: bool) -> str:
    if not report.has_rows:
        return "the test values" if test else "fresh seeds"
    return "test rows" if test else "validation rows, fresh seeds"


def _text(report: StudyReport, found: tuple[RaceRow, ...]) -> str:
    """Return what the lines are, and why the test figure is another one."""
    best = report.summary.best
    parts = []
    if any(not row.test for row in found):
        parts.append("Each point is a mean over fresh seeds; the bar is the 95 % interval of that mean.")
    if any(row.outer for row in found):
        what = "on new seeds and new rows" if report.has_rows else "on new seeds"
        parts.append(f"The winner's thin line is its 95 % interval {what}, around its shrunken mean.")
    if any(row.test for row in found) and report.has_rows:
        parts.append("The bars of the test figures are 95 % intervals on new rows.")
    if any(one.out for one in report.race):
        parts.append("A grey candidate fell too far behind, and left its runs to the others.")
    sentence = why_test_differs(report.summary)
    if best is not None and best.noiseless:
        parts.append("Fresh seeds gave the same values, so there are no intervals.")
    return " ".join([*parts, sentence] if sentence else parts).replace("95 %", "95\N{NO-BREAK SPACE}%")


def _candidates(report: StudyReport) -> list[RaceRow]:
    """Return the candidates of the confirmation, the best mean first."""
    best = report.summary.best
    ran = [one for one in report.race if one.mean is not None]
    ran.sort(key=lambda one: -report.metric.sign * (one.mean or 0.0))
    return [_candidate(one, best if report.confirms is None else None) for one in ran]


def _candidate(one: RaceCandidate, best: Verdict | None) -> RaceRow:
    won = (
        best is not None and best.final and one.candidate == (DEFAULT if best.number is None else best.number)
    )
    who = DEFAULT if one.candidate == DEFAULT else f"trial {one.candidate}"
    return RaceRow(
        label=f"{who}, winner" if won else who,
        value=one.mean or 0.0,
        inner=one.interval,
        outer=best.interval if won and best is not None else None,
        runs=str(one.settled),
        colour="accent" if won else "quiet" if one.out else "soft",
    )


def _tested(report: StudyReport) -> list[RaceRow]:
    """Return what the test rows say of the winner, the ensemble, the baseline and the simplest rule."""
    best, metric = report.summary.best, report.summary.metric
    if best is None or not best.judged or report.confirms is not None:
        return []
    value = best.test[metric]
    seeds = str(best.seeds) if best.seeds else "1"
    rows = [
        RaceRow(label="winner", value=value, inner=best.test_interval, test=True, runs=seeds, colour="accent")
    ]
    if (team := best.ensemble) is not None and metric in team.test:
        rows.append(
            RaceRow(
                label="ensemble", value=team.test[metric], inner=team.interval, test=True, runs=f"{team.size}"
            )
        )
    if (model := best.baseline) is not None and metric in model.test:
        rows.append(RaceRow(label=model.name, value=model.test[metric], inner=model.interval, test=True))
    if best.constant is not None and metric in METRICS:
        rows.append(RaceRow(label=SIMPLEST, value=best.constant, test=True, colour="quiet"))
    return rows


def _draw(report: StudyReport, found: tuple[RaceRow, ...], width: float) -> Canvas:
    if not found:
        return Canvas.of_words("Nothing has been confirmed yet.", width=width)
    names = min(0.36 * width, max(text_width(row.label, size=SIZE) for row in found) + 16)
    groups = [[row for row in found if row.test is test] for test in (False, True)]
    tall = sum(HEAD + ROW * len(group) for group in groups if group)
    x = _axis(found)
    panel = Panel(
        left=names, top=0.0, width=width - names - _NUMBER, height=tall, x=x, y=CategoryAxis(names=("",))
    )
    parts: list[Markup] = [_grid(panel)]
    top = 0.0
    for group in groups:
        if not group:
            continue
        words = _where(report, test=group[0].test)
        parts.append(tag("text", f"{words[:1].upper()}{words[1:]}", x=0, y=top + 19))
        parts += [_row(row, top + HEAD + ROW * place, panel) for place, row in enumerate(group)]
        top += HEAD + ROW * len(group)
    parts.append(panel.x_axis(report.metric.title))
    return Canvas(height=tall + 42, content=joined(parts))


def _axis(found: tuple[RaceRow, ...]) -> LinearAxis:
    """Return an axis of the values and their intervals.

    A prediction that learns nothing may lie far away; it stands at the edge, as does the end of an interval
    that is far wider than the others.
    """
    values = np.array([row.value for row in found if row.colour != "quiet"] or [row.value for row in found])
    first = found[0].outer or found[0].inner or (found[0].value, found[0].value)
    reach = max(float(np.ptp(values)), first[1] - first[0]) * 1.2 or max(abs(float(values[0])) * 0.01, 0.01)
    ends = [end for row in found for end in (*(row.outer or ()), *(row.inner or ()))]
    low = max(min([*ends, float(values.min())]), float(values.min()) - reach)
    high = min(max([*ends, float(values.max())]), float(values.max()) + reach)
    pad = 0.05 * (high - low) or 0.05 * reach
    return LinearAxis(low=low - pad, high=high + pad)


def _grid(panel: Panel) -> Markup:
    ticks = panel.x.ticks(max(2, int(panel.width / 62)))
    lines = "".join(
        f"M{tenths(panel.left + panel.width * tick.at)} 0V{tenths(panel.bottom)}" for tick in ticks
    )
    return tag("path", d=lines, class_="grid")


def _row(row: RaceRow, top: float, panel: Panel) -> Markup:
    """Return a row: its name, its lines, its point, its value; an arrow where the point lies off the axis."""
    y = top + ROW / 2
    (x,) = panel.across([row.value]).tolist()
    words = f"{row.label}: {rounded(row.value)}"
    for ends, what in ((row.inner, "95 % interval"), (row.outer, "on new seeds and new rows")):
        words += "" if ends is None else f", {what} {rounded(ends[0])} to {rounded(ends[1])}"
    parts = [tag("title", words), tag("rect", x=0, y=top, width=panel.right, height=ROW, fill="transparent")]
    name = shortened(row.label, size=SIZE, width=panel.left - 10)
    strong = row.colour == "accent"
    parts.append(tag("text", name, x=0, y=y + 4, class_="strong" if strong else "ink"))
    if row.outer is not None:
        left, right = panel.across(list(row.outer)).tolist()
        caps = "".join(f"M{tenths(end)} {tenths(y - 4)}v8" for end in (left, right))
        d = f"M{tenths(left)} {tenths(y)}H{tenths(right)}{caps}"
        parts.append(tag("path", d=d, class_=f"hair stroke-{row.colour}"))
    if row.inner is not None:
        left, right = panel.across(list(row.inner)).tolist()
        size = {"x": left, "y": y - 2.5, "width": max(right - left, 1.0), "height": 5, "rx": 2}
        fill = "quiet" if row.colour == "quiet" else "soft"
        parts.append(tag("rect", **size, class_=f"fill-{fill}", opacity=0.6))
    parts.append(_point(row, x, y, panel))
    parts.append(
        tag("text", rounded(row.value), x=panel.right + 8, y=y + 4, class_="strong" if strong else "ink")
    )
    return tag("g", *parts)


def _point(row: RaceRow, x: float, y: float, panel: Panel) -> Markup:
    scale = panel.x
    assert isinstance(scale, LinearAxis)
    if scale.low <= row.value <= scale.high:
        return tag(
            "circle", cx=x, cy=y, r=4.5, class_=f"fill-{'deep' if row.colour == 'soft' else row.colour}"
        )
    turn = 1 if row.value < scale.low else -1
    d = f"M{tenths(x)} {tenths(y)}l{7 * turn}-4.5v9z"
    return tag("path", d=d, class_=f"fill-{row.colour}")
