"""The contour, the noise band of the slices, and the timeline, by what is in them."""

import dataclasses
import re

import numpy as np
import pytest

from hpsearch.report.explanation.noise import Noise
from hpsearch.report.figures.figure import NARROW
from hpsearch.report.plots import plot_contour, plot_slice, plot_timeline
from hpsearch.search import TrialState
from tests.report.plots.drawn import SPACE, STUDIES, parsed, paths, texts
from tests.report.plots.test_hover import titles
from tests.report.reports import a_report


def area(d):
    """Return the area of a path of polygons in square pixels."""
    found = 0.0
    for piece in d.split("M")[1:]:
        points, last = [], [0.0, 0.0]
        for letter, numbers in re.findall(r"([LHV]?)([-\d. ]+)", piece.rstrip("z")):
            values = [float(number) for number in numbers.split()]
            last = {"H": [values[0], last[1]], "V": [last[0], values[0]]}.get(letter, values)
            points.append(last)
        x, y = np.array(points).T
        found += abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    return found


def test_the_contour_has_a_smaller_region_for_each_better_level():
    """Regions are nested and better inwards; the scale names the metric and every level between them."""
    report = STUDIES["usual"]
    figure = plot_contour(report)
    tree = parsed(figure)
    regions = [d for d in paths(tree, "fill-accent") if d]
    sizes = [area(d) for d in regions]
    plane = next(r for r in tree.iter(f"{SPACE}rect") if len(r))
    whole = float(plane.get("width")) * float(plane.get("height"))
    assert len(regions) == 6
    assert sizes == sorted(sizes, reverse=True)
    shares = [1 - size / whole for size in sizes]
    assert shares == pytest.approx([0.2, 0.4, 0.6, 0.75, 0.87, 0.95], abs=0.06)
    levels = [text for text in texts(tree) if re.fullmatch(r"0\.\d{4}", text)]
    assert len(levels) == 6
    assert levels == sorted(levels)
    assert f"accuracy to be expected: {levels[-1]} or better" in titles(tree, "path")
    assert {"accuracy to be expected", "lr, log", "dropout"} <= set(texts(tree))
    assert figure.title == "lr and dropout together"


def test_the_contour_has_every_trial_and_the_winner():
    """Marks stand where the two values are, in one colour that is read on the surface."""
    report = STUDIES["usual"]
    tree = parsed(plot_contour(report))
    (dots,) = [d for d in paths(tree, "dots") if d.count("M") > 1]
    assert dots.count("M") == (report.trials.states == TrialState.COMPLETE).sum()
    assert not paths(tree, "stroke-soft")
    ring = [c for c in tree.iter(f"{SPACE}circle") if c.get("class") == "ring"][-1]
    best = report.summary.best.number
    spot = np.array([float(ring.get("cx")), float(ring.get("cy"))])
    places = np.array([list(map(float, p.split())) for p in dots.replace("h0", "").split("M")[1:]])
    assert np.abs(places - spot).sum(axis=1).min() <= 1.0
    assert any(text.startswith(f"trial {best}: ") for text in titles(tree, "path"))


def test_the_contour_of_many_trials_draws_some_and_says_so():
    """Two thousand marks leave the surface to be seen."""
    report = a_report(n_trials=4000)
    figure = plot_contour(report)
    assert re.search(r"2,000 of 3,\d{3} trials are drawn, spread evenly", figure.text)
    marks = [d for d in paths(parsed(figure), "stroke-ink") if d.count("M") > 1]
    assert sum(d.count("M") for d in marks) <= 2000


def test_less_is_better_where_the_metric_is_a_loss():
    """The strongest colour lies over the lowest values."""
    report = STUDIES["usual"]
    trials = dataclasses.replace(report.trials, values=-report.trials.values, sign=-1.0)
    history = dataclasses.replace(report.surface.history, sign=-1.0)
    surface = dataclasses.replace(report.surface, history=history)
    turned = parsed(plot_contour(dataclasses.replace(report, trials=trials, surface=surface)))
    assert [d for d in paths(turned, "fill-accent") if d] == [
        d for d in paths(parsed(plot_contour(report)), "fill-accent") if d
    ]


def test_no_contour_says_why():
    """With too few results, and with fewer than two ranges; such a figure has no table and is on no page."""
    few = plot_contour(a_report(n_trials=8, state=TrialState.FAILED))
    assert few.text == "Too few trials have a value to say which two parameters mattered most."
    report = a_report(n_parameters=1)
    one = plot_contour(dataclasses.replace(report, surface=STUDIES["usual"].surface))
    assert one.text == "Fewer than two parameters are ranges that the winner has."
    assert texts(parsed(one)) == [one.text]
    assert not few.table.rows
    assert not one.table.rows


def test_slices_show_how_far_apart_equal_settings_are():
    """A band from the best value down, as wide as runs of the same settings differ; none without noise."""
    report = dataclasses.replace(STUDIES["usual"], noise=Noise(deviation=0.01, freedom=24))
    figure = plot_slice(report)
    tree = parsed(figure)
    bands = [r for r in tree.iter(f"{SPACE}rect") if len(r)]
    best = report.summary.status.best_value
    margin = 2.063899 * 2**0.5 * 0.01
    assert len(bands) == len(report.parameters)
    assert report.noise.margin == pytest.approx(margin, rel=1e-5)
    text = f"{best:.4f} to {best - margin:.4f}: as far apart as runs of the same settings are"
    assert bands[0].find(f"{SPACE}title").text == text
    assert f"are less than {margin:.4f} apart" in figure.text
    assert f"noise: {margin:.4f}" in texts(tree)
    without = plot_slice(dataclasses.replace(report, noise=None))
    assert not [r for r in parsed(without).iter(f"{SPACE}rect") if len(r)]
    assert "apart" not in without.text


def test_the_timeline_has_a_row_a_worker_and_a_bar_a_trial():
    """Trials in hand at the same time lie below each other; colours say how they ended."""
    report = STUDIES["usual"]
    tree = parsed(plot_timeline(report))
    bars = [r for r in tree.iter(f"{SPACE}rect") if len(r)]
    assert len(bars) == len(report.trials) + 1
    assert [t for t in texts(tree) if t.startswith("node")] == ["node0:4711", "node1:4711", "node2:4711"]
    first, second = bars[0], next(b for b in bars if b.find(f"{SPACE}title").text.startswith("trial 1:"))
    assert first.get("x") == second.get("x")
    assert first.get("y") != second.get("y")
    number = int(np.flatnonzero(report.trials.states == TrialState.COMPLETE)[0])
    value, begin = report.trials.values[number], number // 4 * 0.5
    text = f"trial {number}: complete, {value:.4f}, from {begin:.2f} s to {begin + 0.5:.2f} s"
    assert text in titles(tree, "rect")
    assert "confirming run 0: from 7.50 s to 8.50 s" in titles(tree, "rect")
    assert {"complete", "pruned", "failed", "confirming run", "seconds since the first claim"} <= set(
        texts(tree)
    )


def test_the_timeline_of_many_trials_says_what_it_leaves_out():
    """Of 10,001 attempts 301 are drawn; hours are hours."""
    report = a_report(n_trials=10_000)
    assert "301 of 10,001 attempts are drawn, spread evenly" in plot_timeline(report).text
    bars = tuple(dataclasses.replace(bar, end=bar.end * 4000) for bar in report.timeline.bars)
    slow = dataclasses.replace(report, timeline=dataclasses.replace(report.timeline, bars=bars))
    assert "hours since the first claim" in texts(parsed(plot_timeline(slow), NARROW))
