import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import SearchPlan, TrialState, judge, thresholds
from hpsearch.search.rungs import FULL_CURVES_LEAST
from hpsearch.spec import SearchSpec

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING


def test_thresholds_are_medians_of_all_that_reached_the_rung(make_history):
    """Stopped trials count at the rungs they reached; running and failed ones count nowhere."""
    full = [[0.1 * i, 0.1 * i + 0.05] for i in range(1, 9)]  # epoch 1: .1 to .8; epoch 2: .15 to .85
    curves = [*full, [0.02], [0.95], [0.96]]
    history = make_history(
        [0.5] * 9 + [None, None], states=[C] * 8 + [P, F, R], internal=np.zeros((11, 1)), curves=curves
    )
    # Epoch 1: .02, .1, .2, .3, .4, .5, .6, .7, .8 have the median .4; epoch 2: the mean of .45 and .55.
    assert thresholds((1, 2), history) == pytest.approx({1: 0.4, 2: 0.5})


@pytest.mark.parametrize("n_full", [0, 7, 8])
def test_no_trial_stops_before_eight_have_run_to_the_end(make_history, n_full):
    """Seven full curves give no threshold, however many trials have been stopped; eight do."""
    states = [C] * n_full + [P] * 20
    curves = [[0.5, 0.6]] * n_full + [[0.1]] * 20
    history = make_history([0.5] * len(states), states=states, curves=curves)
    assert thresholds((1,), history) == ({1: 0.1} if n_full >= FULL_CURVES_LEAST else {})


def test_a_rung_beyond_the_curves_has_no_threshold(make_history):
    """A rung that too few trials have reached stops nobody."""
    history = make_history([0.5] * 9, curves=[[0.5, 0.6]] * 7 + [[0.5]] * 2)
    assert thresholds((1, 2, 3), history) == {1: 0.5}


def test_a_trial_stops_below_the_threshold_of_the_rung_it_stands_on():
    """Only the last point is judged, only at a rung; a trial at the median goes on."""
    limits = {2: 0.5}
    assert judge(limits, [0.9, 0.4999])
    assert not judge(limits, [0.0, 0.5])
    assert not judge(limits, [0.0])
    assert not judge(limits, [0.9, 0.4, 0.0])
    assert not judge({}, [0.0, 0.0])


@given(accuracies=st.lists(st.floats(0, 1), min_size=FULL_CURVES_LEAST, max_size=30))
def test_at_most_half_of_the_trials_stop_at_a_rung(make_history, accuracies):
    """The median rule never stops more than half of those that set the threshold."""
    history = make_history(accuracies, curves=[[a] for a in accuracies])
    limits = thresholds((1,), history)
    assert sum(judge(limits, [a]) for a in accuracies) <= len(accuracies) / 2


def test_a_trial_is_judged_by_what_it_may_see(make_spec, make_history):
    """The limits of trial ``n`` do not change with results numbered above ``n - P``."""
    spec = make_spec(parallelism=3, search=SearchSpec(rungs=(1,)))
    values = [0.1 * i for i in range(12)]
    history = make_history(values, internal=np.ones((12, 5)), curves=[[v] for v in values])
    plan = SearchPlan(spec)
    assert plan.limits(history, 10) == pytest.approx({1: 0.35})  # trials 0 to 7
    assert plan.limits(history, 9) == {}  # trials 0 to 6 are seven
    history.curves[8:] = 0.99
    assert plan.limits(history, 10) == pytest.approx({1: 0.35})
    assert SearchPlan(make_spec(search=SearchSpec(rungs=()))).limits(history, 12) == {}
