"""What the marks of a figure show under the pointer."""

import re

import numpy as np

from hpsearch.report.figures.figure import NARROW, WIDE
from hpsearch.report.plots import (
    plot_confusion,
    plot_curves,
    plot_funnel,
    plot_history,
    plot_importance,
    plot_nursings,
    plot_parallel,
    plot_rungs,
    plot_slice,
    plot_time,
)
from tests.report.plots.drawn import SPACE, STUDIES, parsed
from tests.report.reports import a_report


def titles(tree, kind):
    """Return what the marks of a kind of element show under the pointer."""
    return [mark.find(f"{SPACE}title").text for mark in tree.iter(f"{SPACE}{kind}") if len(mark)]


def test_every_mark_says_its_values_under_the_pointer():
    """A point, a line, a bar, an interval and a cell have a title; no figure has a script."""
    report = STUDIES["usual"]
    trials = report.trials
    valued = np.flatnonzero(np.isfinite(trials.values)).tolist()
    for plot in (plot_history, plot_slice, plot_parallel, plot_curves):
        found = [text for title in titles(parsed(plot(report)), "path") for text in title.split("\n")]
        assert {int(text.split(":")[0].removeprefix("trial ")) for text in found} == set(valued), plot
        assert "<script" not in plot(report).svg
    best = report.summary.best
    (text,) = [
        t for t in titles(parsed(plot_history(report)), "path") if t.startswith(f"trial {best.number}:")
    ]
    assert text.startswith(f"trial {best.number}: {best.value:.4f}, lr ")
    assert f", activation {best.params['activation']}" in text
    bars = titles(parsed(plot_importance(report)), "rect") + titles(parsed(plot_importance(report)), "path")
    assert bars == [bars[0], *bars[1:]]
    assert bars[0].replace("\N{NO-BREAK SPACE}", " ") == "lr: 20 %, 95 % interval 10 % to 30 %"
    assert "round 0: lr 1e-05 to 0.1" in titles(parsed(plot_funnel(report)), "rect")
    cells = [g.find(f"{SPACE}title").text for g in parsed(plot_confusion(report)).iter(f"{SPACE}g")]
    assert (
        cells[0].replace("\N{NO-BREAK SPACE}", " ")
        == "class cat, predicted cat: 590 rows, 98.3 % of the class"
    )
    assert "node2:4711: training 3.0 s of 13.0 s" in titles(parsed(plot_time(report)), "rect")
    assert "epoch 6: rank correlation 1.00 over 20 trials" in titles(parsed(plot_rungs(report)), "path")
    assert any(t.startswith("epoch 1: value ") for t in titles(parsed(plot_nursings(report)), "path"))


def test_a_telephone_has_no_words_under_a_pointer():
    """The narrow drawing leaves the unseen marks out, and is otherwise the same kind of drawing."""
    figure = plot_slice(STUDIES["usual"])
    assert 'class="hover"' in figure.drawing(WIDE)
    narrow = figure.drawing(NARROW)
    assert "hover" not in narrow
    assert "trial 1:" not in narrow
    assert narrow.count("<path") > 5


def test_marks_of_many_trials_share_a_title():
    """The best hundred have words of their own; each group says how many trials it has, and their values."""
    tree = parsed(plot_history(a_report(n_trials=2000)))
    found = titles(tree, "path")
    groups = [text for text in found if not text.startswith("trial ")]
    assert len(groups) == 2
    assert re.fullmatch(r"complete: \d,?\d+ trials, 0\.\d{4} to 0\.\d{4}", groups[-1])
    assert sum(text.count("trial ") for text in found if text not in groups) == 100
