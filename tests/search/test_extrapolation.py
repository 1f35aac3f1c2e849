"""What a stopped trial would have come to."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import TrialState
from hpsearch.search.extrapolation import CURVES_LEAST, final_values

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING


def stopped(make_history, full, *short):
    """Return a history of full curves, each ending in its value, and of stopped ones."""
    curves = [list(curve) for curve in [*full, *short]]
    states = [C] * len(full) + [P] * len(short)
    return make_history([curve[-1] if curve else 0.0 for curve in curves], states=states, curves=curves)


def line(slope, n=8):
    """Return full curves whose accuracies after the first epoch are .1, .2, ...; values have this slope."""
    return [(0.1 * i, 0.5 + slope * 0.1 * (i - (n + 1) / 2)) for i in range(1, n + 1)]


def test_a_stopped_trial_gets_the_line_by_hand(make_history):
    """Slope 0.5 through (.45, .5): .05 leads to .3, .25 to .4; each trial's own epoch counts."""
    found = final_values(stopped(make_history, line(0.5), (0.05,), (0.25,)))
    assert found[8:] == pytest.approx([0.3, 0.4])
    assert found[:8] == pytest.approx([v for _, v in line(0.5)])
    three = [(0.0, a, b) for a, b in line(0.5)]
    assert final_values(stopped(make_history, three, (0.0, 0.25)))[8] == pytest.approx(0.4)


@pytest.mark.parametrize(("slope", "expected"), [(2.0, 0.5 - 0.35), (-1.0, 0.5), (0.0, 0.5), (1.0, 0.15)])
def test_the_slope_is_between_zero_and_one(make_history, slope, expected):
    """A low start is never made a high end, and no start is made lower than it lies below the mean."""
    assert final_values(stopped(make_history, line(slope), (0.1,)))[8] == pytest.approx(expected)


def test_a_stopped_trial_is_never_better_than_the_median(make_history):
    """Whatever it had reached: it was stopped because it was behind."""
    found = final_values(stopped(make_history, line(0.5), (0.9,), (0.44,), (0.46,)))
    assert found[8:] == pytest.approx([0.5, 0.495, 0.5])


def test_where_all_started_alike_the_mean_is_all_there_is(make_history):
    """Without a spread there is no line."""
    full = [(0.3, v) for v in np.linspace(0.4, 0.6, 9)]
    assert final_values(stopped(make_history, full, (0.1,)))[9] == pytest.approx(0.5)


def test_with_too_few_full_curves_a_stopped_trial_counts_as_what_it_had_reached(make_history):
    """Seven complete trials give no line; nor do eight of which one has no curve, except for the median."""
    assert CURVES_LEAST == 8
    assert final_values(stopped(make_history, line(0.5)[:7], (0.9,)))[7] == 0.9
    history = stopped(make_history, line(0.5), (0.2,), (0.9,))
    history.curves[0] = np.nan
    assert final_values(history)[8:] == pytest.approx([0.2, 0.5])


def test_a_trial_that_has_no_curve_keeps_its_value(make_history):
    """One that diverged before its first epoch was over is worth nothing; one without a result has none."""
    history = stopped(make_history, line(0.5), ())
    assert final_values(history)[8] == 0.0
    nothing = make_history([0.5] * 8 + [None, None], states=[C] * 8 + [F, R], curves=[[0.4, 0.5]] * 8)
    assert np.isnan(final_values(nothing)[8:]).all()


@given(data=st.data())
def test_only_stopped_trials_are_predicted(data, mixed_space, histories):
    """Every other value stays, stopped ones stay at or below the median, and the history is not touched."""
    history = data.draw(histories(mixed_space, n=(0, 60)))
    before = copy.deepcopy(history)
    found = final_values(history)
    others = history.states != P
    assert np.array_equal(found[others], history.values[others], equal_nan=True)
    assert np.array_equal(history.values, before.values, equal_nan=True)
    if len(history.complete) >= CURVES_LEAST:
        reached = (history.states == P) & ~np.isnan(history.curves).all(axis=1)
        assert (found[reached] <= np.median(history.values[history.complete])).all()
    else:
        assert np.array_equal(found, history.values, equal_nan=True)
