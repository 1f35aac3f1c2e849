"""The figures of a study, by what is in them: every kind of study, wide and narrow."""

import dataclasses
import re

import numpy as np
import pytest

from hpsearch.report.figures.figure import NARROW, WIDE
from hpsearch.report.plots import (
    PLOTS,
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
from hpsearch.search import TrialState
from tests.report.plots.drawn import SPACE, STUDIES, boxes, parsed, paths, texts
from tests.report.reports import RUNG, a_report


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("study", STUDIES)
def test_no_label_runs_into_another_or_over_the_edge(study, name, width):
    """Whatever the study: all labels lie inside the drawing, and none on another one."""
    tree = parsed(PLOTS[name](STUDIES[study]), width)
    _, _, _, height = map(float, tree.get("viewBox").split())
    labels = boxes(tree)
    for text, left, right, y in labels:
        assert left > -2, text
        assert right < width + 2, text
        assert 6 < y <= height, text
    for place, (a, a_left, a_right, a_y) in enumerate(labels):
        for b, b_left, b_right, b_y in labels[place + 1 :]:
            apart = abs(a_y - b_y) >= 9 or a_right <= b_left or b_right <= a_left
            assert apart, (a, b)


@pytest.mark.parametrize("name", PLOTS)
def test_a_figure_has_a_name_and_a_description_and_is_always_the_same(name):
    """Screen readers have something to say, and two drawings are equal to the last byte."""
    figure = PLOTS[name](STUDIES["usual"])
    tree = parsed(figure)
    assert tree.get("role") == "img"
    assert tree.find(f"{SPACE}title").text == figure.title
    assert tree.find(f"{SPACE}desc").text == figure.text
    assert len(figure.table.rows[0]) == len(figure.table.columns)
    assert figure.svg == PLOTS[name](a_report()).svg
    assert "nan" not in figure.svg.lower().replace("finance", "")


def test_confusion_shows_every_count_that_fits_and_the_share_of_each_class():
    """Three classes: nine cells, the counts above 0, the table with recall and precision."""
    figure = plot_confusion(STUDIES["usual"])
    tree = parsed(figure)
    cells = [r for r in tree.iter(f"{SPACE}rect") if r.get("class") == "fill-raised"]
    shades = [float(r.get("fill-opacity")) for r in tree.iter(f"{SPACE}rect") if r.get("fill-opacity")]
    assert (len(cells), len(shades)) == (9, 8)
    assert shades[0] == pytest.approx(0.6 * 590 / 600, abs=1e-3)
    assert [t for t in texts(tree) if t.isdigit()] == ["590", "10", "4", "595", "1", "30", "20", "550"]
    assert "summed over 5 networks" in figure.text
    assert figure.table.rows[2] == ["owl <1>", "120", "0.9167", "0.9982", "cat"]
    lost = plot_confusion(STUDIES["a class without rows"]).table.rows
    assert lost[1] == ["b", "0", "", "", "\N{EN DASH}"]
    small = parsed(plot_confusion(STUDIES["thirty classes"]), NARROW)
    assert not [t for t in texts(small) if t.isdigit()]


def test_nursings_show_the_way_and_what_was_rewound():
    """Two panels a nursing; a grey line a part that was left, a broken line where something was changed."""
    figure = plot_nursings(STUDIES["usual"])
    tree = parsed(figure)
    assert [t for t in texts(tree) if t.startswith("nursing")] == [
        "nursing 0, trial 4: open after epoch 24",
        "nursing 2, the declared defaults: open after epoch 1",
    ]
    assert len(paths(tree, "stroke-deep")) - 1 == 2 + 2, "the legend; a line or a dot a panel"
    assert len([d for d in paths(tree, "stroke-quiet") if "L" in d]) == 2 * 2
    assert len(paths(tree, "stroke-muted")) == 2 * len({5, 6, 7, 8, 12, 20, 24})
    assert figure.table.rows[4] == ["0", "trial 4", "12", "rewind 7", "<why>"]
    assert figure.table.rows[-2:] == [
        ["1", "a branch of nursing 0", "3", "\N{EN DASH}", "\N{EN DASH}"],
        ["2", "the declared defaults", "1", "\N{EN DASH}", "\N{EN DASH}"],
    ]


def test_history_shows_every_trial_that_has_a_value():
    """A dot for a complete trial, a triangle for a pruned one; stages, winner and best so far are named."""
    report = STUDIES["usual"]
    tree = parsed(plot_history(report))
    n_complete = (report.trials.states == TrialState.COMPLETE).sum()
    n_pruned = (report.trials.states == TrialState.PRUNED).sum()
    (dots,) = [d for d in paths(tree, "dots") if d.count("M") > 1]
    assert dots.count("M") == n_complete
    (triangles,) = [d for d in paths(tree, "glyphs") if d.count("M") > 1]
    assert triangles.count("M") == n_pruned
    found = texts(tree)
    assert {"complete", f"pruned at epoch {RUNG}", "best so far", "round 0", "TPE", "trial"} <= set(found)
    assert f"winner: trial {report.summary.best.number}" in found


def test_history_of_a_running_study_speaks_of_the_best_so_far():
    """There is no winner before the confirmation."""
    report = STUDIES["none pruned"]
    assert f"best so far: trial {report.summary.best.number}" in texts(parsed(plot_history(report)))


def test_the_funnel_has_a_bar_for_each_round_of_each_range():
    """A choice has no range; the winner's value stands above its line."""
    report = STUDIES["usual"]
    tree = parsed(plot_funnel(report))
    ranges = [p for p in report.parameters if not p.choices]
    bars = [r for r in tree.iter(f"{SPACE}rect") if r.get("class") == "fill-wash"]
    assert len(bars) == len(ranges) * len(report.boxes)
    assert texts(tree).count("round 1") == len(ranges)
    assert texts(tree).count("TPE") == len(ranges)
    assert any(text.startswith("winner 0.") for text in texts(tree))
    assert "activation" not in " ".join(texts(tree)).replace('activation = "relu"', "")


def test_a_narrower_range_is_a_narrower_bar():
    """The second round of a linear range that ends at 0.571 of 0.6 is as much shorter."""
    report = a_report(n_parameters=2)
    tree = parsed(plot_funnel(report))
    bars = [r for r in tree.iter(f"{SPACE}rect") if r.get("class") == "fill-wash"]
    widths = [float(bar.get("width")) for bar in bars]
    assert widths[3] / widths[2] == pytest.approx(1 / 1.05, abs=0.01)


def test_slices_have_a_panel_for_each_parameter():
    """Each with its name; a parameter that a trial does not have is no mark there."""
    report = STUDIES["usual"]
    tree = parsed(plot_slice(report))
    strong = ["".join(s.itertext()) for s in tree.iter(f"{SPACE}tspan") if s.get("class") == "strong"]
    assert strong == [p.name for p in report.parameters]
    dots = [d.count("M") for d in paths(tree, "dots") if d.count("M") > 1]
    complete = report.trials.states == TrialState.COMPLETE
    expected = [(complete & np.isfinite(p.values)).sum() for p in report.parameters]
    assert dots == expected


def test_parallel_lines_go_through_every_axis():
    """A line has a point on each axis; a trial without the parameter passes below its axis."""
    report = STUDIES["usual"]
    tree = parsed(plot_parallel(report))
    groups = (paths(tree, f"stroke-{colour}") for colour in ("deep", "accent", "soft", "quiet"))
    lines = [d for group in groups for d in group if "L" in d]
    n_lines = sum(d.count("M") for d in lines)
    assert n_lines == np.isfinite(report.trials.values).sum()
    assert sum(d.count("L") for d in lines) == n_lines * len(report.parameters)
    assert "\N{EN DASH}" in texts(tree)


def test_parallel_axes_stand_upright_with_ends_scales_and_colours_by_value():
    """Axes stand from left to right, each with both ends of its range; a legend names the values."""
    report = a_report(n_trials=60, n_parameters=3)
    tree = parsed(plot_parallel(report))
    axes = [d for d in paths(tree, "axis") if "V" in d]
    places = [float(re.match(r"M([\d.]+)", d)[1]) for d in axes]
    assert len(axes) == 4
    assert places == sorted(set(places))
    found = texts(tree)
    assert {"10⁻⁵", "10⁻¹", "0.0", "0.6", "relu", "tanh", "log", "log of the error"} <= set(found)
    best = np.sort(report.trials.values[report.trials.states == TrialState.COMPLETE])[::-1]
    assert any(text.startswith("best tenth: ") and text.endswith(f"{best[0]:.4f}") for text in found)
    assert not any(text.get("transform") for text in tree.iter(f"{SPACE}text")), "no text is turned"


def test_parallel_labels_of_whole_numbers_stand_at_their_lines():
    """The axis goes half a unit further than the range; its ends do not, and no number is written twice."""
    report = a_report(n_trials=60, n_parameters=2)
    layers = dataclasses.replace(
        report.parameters[1],
        whole=True,
        declared=(1.0, 4.0),
        values=np.arange(60) % 4 + 1.0,
    )
    tree = parsed(plot_parallel(dataclasses.replace(report, parameters=(report.parameters[0], layers))))
    heights = {
        t.text: float(t.get("y")) - 4 for t in tree.iter(f"{SPACE}text") if t.text and t.text in "1234"
    }
    (top, bottom) = (
        float(n) for n in re.match(r"M[\d.]+ ([\d.]+)V([\d.]+)", paths(tree, "axis")[0]).groups()
    )
    for value in (1, 2, 3, 4):
        assert texts(tree).count(str(value)) == 1
        assert heights[str(value)] == pytest.approx(bottom - (bottom - top) * (value - 0.5) / 4, abs=0.2)


def test_parallel_leaves_out_what_has_no_room():
    """Of twelve parameters the eight that mattered most have an axis; a telephone has no such figure."""
    report = STUDIES["twelve parameters"]
    figure = plot_parallel(report)
    assert len([d for d in paths(parsed(figure), "axis") if "V" in d]) == 8 + 1
    assert "Of 12 parameters it shows the 8 that mattered most" in figure.text
    assert texts(parsed(figure, NARROW)) == ["A wider screen shows this figure."]


def test_curves_of_pruned_trials_are_grey_and_short():
    """Their paths have as many points as they had epochs; the winner's stands out."""
    report = STUDIES["usual"]
    tree = parsed(plot_curves(report))
    n_pruned = (report.trials.states == TrialState.PRUNED).sum()
    (grey,) = [d for d in paths(tree, "stroke-quiet") if d.count("M") > 1]
    assert grey.count("M") == n_pruned
    assert grey.count("L") == n_pruned * (RUNG - 1)
    (winner,) = [d for d in paths(tree, "stroke-deep") if d.count("L") > 1]
    assert winner.count("L") == report.trials.curves.shape[1] - 1
    assert f"{n_pruned} pruned" in texts(tree)


def test_importance_has_a_bar_and_an_interval_for_each_parameter():
    """The bar is as long as the share, the line as the interval."""
    report = STUDIES["usual"]
    importances = tuple(
        dataclasses.replace(i, share=share, interval=(share / 2, share * 1.5))
        for i, share in zip(report.importances, (0.4, 0.3, 0.2, 0.06, 0.04), strict=True)
    )
    tree = parsed(plot_importance(dataclasses.replace(report, importances=importances)))
    widths = [float(r.get("width")) for r in tree.iter(f"{SPACE}rect")]
    assert widths[0] / widths[2] == pytest.approx(2, abs=0.01)
    (first, *_) = paths(tree, "hair")
    low, high = (float(x) for x in re.match(r"M([\d.]+) [\d.]+H([\d.]+)", first).groups())
    assert high - low == pytest.approx(widths[0], abs=0.2)
    assert "40\N{NO-BREAK SPACE}%" in texts(tree)


def test_rungs_are_marked_on_the_line_of_correlations():
    """With how many trials each has pruned."""
    report = STUDIES["usual"]
    assert f"rung {RUNG}: {report.rungs[0].n_stopped} pruned" in texts(parsed(plot_rungs(report)))


def test_time_has_a_bar_for_what_each_worker_did():
    """Longest first; a worker of which nothing is known says so."""
    report = STUDIES["usual"]
    tree = parsed(plot_time(report))
    bars = [r for r in tree.iter(f"{SPACE}rect") if r.get("rx") is None]
    assert len(bars) == 12
    assert "5.0 s, not measured" in texts(tree)
    assert [t for t in texts(tree) if t.startswith("node")] == ["node2:4711", "node1:4711", "node0:4711"]


def test_ten_thousand_trials_are_drawn_and_what_is_left_out_is_said():
    """Curves and lines are capped aloud, the table holds the first hundred; nothing is megabytes large."""
    report = a_report(n_trials=10_000)
    figures = {name: plot(report) for name, plot in PLOTS.items()}
    assert all(len(figure.svg) < 1_500_000 for figure in figures.values())
    assert re.search(r"300 of \d,\d+ curves are drawn", figures["curves"].text)
    assert re.search(r"Of the other \d,\d+ trials 300 are drawn", figures["parallel"].text)
    assert "The first 100 of" in figures["slice"].page()
    assert re.search(r"by a model of 2,000 of \d,\d+ trials, spread evenly", figures["importance"].text)
    assert all("on the same spot share a mark" in figures[name].text for name in ("history", "slice"))
