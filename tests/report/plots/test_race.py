"""The race: a row with point and interval for each candidate, and for what the test rows measured."""

import dataclasses
import re

import pytest

from hpsearch.report.figures.figure import NARROW, WIDE
from hpsearch.report.plots.race import plot_race
from hpsearch.search import BaselineScore
from tests.report.plots.test_plots import parsed, texts
from tests.report.reports import a_report

REPORT = a_report()


def with_best(**fields):
    """Return the report with another winner."""
    best = dataclasses.replace(REPORT.summary.best, **fields)
    return dataclasses.replace(REPORT, summary=dataclasses.replace(REPORT.summary, best=best))


def test_every_rival_has_a_row_with_its_interval():
    """The candidates by their means, then winner, ensemble, baseline and simplest rule on the test rows."""
    model = BaselineScore(name="svm", test={"accuracy": 0.955}, interval=(0.92, 0.97))
    table = plot_race(with_best(baseline=model)).table
    assert table.columns == ["who", "measured on", "runs", "value", "from", "to"]
    fresh = "validation rows, fresh seeds"
    assert table.rows == [
        ["trial 58, winner", fresh, "5", "0.9654", "0.9500", "0.9809"],
        ["trial 0", fresh, "5", "0.9620", "0.9580", "0.9660"],
        ["default", fresh, "5", "0.9612", "0.9572", "0.9652"],
        ["winner", "test rows", "5", "0.9611", "0.9300", "0.9800"],
        ["ensemble", "test rows", "10", "0.9722", "0.9500", "0.9900"],
        ["svm", "test rows", "", "0.9550", "0.9200", "0.9700"],
        ["simplest rule", "test rows", "", "0.3400", "\N{EN DASH}", "\N{EN DASH}"],
    ]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_points_lie_inside_their_intervals(width):
    """Each point stands between the ends of its bar; what lies far away is an arrow at the edge."""
    tree = parsed(plot_race(REPORT), width)
    space = "{http://www.w3.org/2000/svg}"
    rows = tree.findall(f"{space}g")
    assert len(rows) == 6
    for row in rows[:-1]:
        (circle,) = row.findall(f"{space}circle")
        bar = row.findall(f"{space}rect")[-1]
        left, wide = float(bar.get("x")), float(bar.get("width"))
        assert left <= float(circle.get("cx")) <= left + wide
    assert rows[-1].find(f"{space}circle") is None
    said = [row.find(f"{space}title").text for row in rows]
    assert said[0] == (
        "trial 58, winner: 0.9654, 95 % interval 0.9614 to 0.9694, on new seeds and new rows 0.9500 to 0.9809"
    )
    assert {"Validation rows, fresh seeds", "Test rows", "accuracy"} <= set(texts(tree))


def test_the_text_says_what_the_lines_are_and_why_the_test_differs():
    """The grey candidate is out of the race; the test figure comes from other rows."""
    text = plot_race(REPORT).text.replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "the bar is the 95 % interval of that mean",
        "A grey candidate fell too far behind",
        "The test figure, 0.9611, differs from the confirmed one, 0.9654",
    ):
        assert words in text


def test_without_a_race_the_test_rows_are_left():
    """A study that confirms nothing still has a test figure; one that has not ended has no figure."""
    alone = dataclasses.replace(with_best(seeds=0, ensemble=None), race=())
    assert [row[0] for row in plot_race(alone).table.rows] == ["winner", "simplest rule"]
    nothing = plot_race(a_report(finished=False))
    assert nothing.table.rows == []
    assert re.search("Nothing has been confirmed yet", nothing.svg)
