"""Where trials stop: thresholds by hand, and what stopping costs and saves on synthetic curves."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import History, SearchPlan, TrialState, judge
from hpsearch.search.rungs import CORRELATION_LEAST, FULL_CURVES_LEAST, FULL_CURVES_MOST, rungs, thresholds
from hpsearch.study_file import SearchSpec

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING


def limits_of(epochs, keep, seen):
    """Return the thresholds of the rungs."""
    return thresholds(rungs(epochs, keep, seen))


def test_the_threshold_is_that_of_the_worst_one_kept(make_history):
    """Stopped trials count at the rungs they reached, and as worse at later ones; failed ones nowhere."""
    full = [[0.1 * i, 0.1 * i + 0.05] for i in range(1, 9)]  # epoch 1: .1 to .8; epoch 2: .15 to .85
    curves = [*full, [0.02], [0.65], [0.95], [0.96]]
    values = [curve[-1] for curve in curves[:10]] + [None, None]
    history = make_history(values, states=[C] * 8 + [P, P, F, R], curves=curves)
    noise = 0.05 / 2**0.5  # every full curve steps by .05
    # The best five of ten at epoch 1: .8 .7 .65 .6 .5; at epoch 2, where two count as worse: .85 to .45.
    assert limits_of((1, 2), 0.5, history) == pytest.approx({1: 0.5 - noise, 2: 0.45 - noise})
    # The best four of ten, since a third of them is more than three.
    assert limits_of((1,), 1 / 3, history) == pytest.approx({1: 0.6 - noise})
    # All are kept: the worst of epoch 1 goes on, and epoch 2 stops no trial that has reached it.
    assert limits_of((1, 2), 1.0, history) == pytest.approx({1: 0.02 - noise})
    assert rungs((2,), 1.0, history)[0].least is None


@pytest.mark.parametrize("n_full", [0, 7, 8])
def test_no_trial_stops_before_eight_have_run_to_the_end(make_history, n_full):
    """Seven full curves give no threshold, however many trials have been stopped; eight do."""
    curves = [[0.5 + 0.01 * n, 0.5 + 0.01 * n] for n in range(n_full)] + [[0.1]] * 8
    states = [C] * n_full + [P] * 8
    history = make_history([curve[-1] for curve in curves], states=states, curves=curves)
    expected = {1: 0.5} if n_full >= FULL_CURVES_LEAST else {}
    assert limits_of((1,), 0.5, history) == pytest.approx(expected)


def test_a_rung_that_too_few_trials_have_reached_stops_nobody(make_history):
    """Nine complete trials, of which seven have an accuracy at epoch 2, as other programs may report them."""
    curves = [[0.5 + 0.01 * n, 0.6 + 0.01 * n] for n in range(7)] + [[0.4], [0.3]]
    history = make_history([curve[-1] for curve in curves], curves=curves)
    assert list(limits_of((1, 2, 3), 0.5, history)) == [1]
    assert [rung.epoch for rung in rungs((1, 2, 3), 0.5, history)] == [1]


def test_a_trial_without_a_curve_is_no_witness(make_history):
    """Reported through Optuna with a value alone, it is not counted as full and disturbs no ranks."""
    curves = [[0.1 * n, 0.1 * n] for n in range(1, 9)]
    history = make_history([0.1 * n for n in range(1, 9)] + [0.0] * 3, curves=curves)
    (rung,) = rungs((1,), 0.5, history)
    assert rung.correlation == pytest.approx(1.0)
    assert rung.least == pytest.approx(0.3)  # the best six of eleven, three of them unknown
    history.curves[0] = np.nan
    assert rungs((1,), 0.5, history) == []


def crossing(n, *, seed, agreement, epochs=30):
    """Return curves ``(n, epochs)`` whose first epochs agree with their ends so well, 0 to 1.

    A trial's end is uniform; it starts at a mixture of its end and of something else and goes there
    exponentially, so that curves cross; each epoch has noise of .01.
    """
    rng = np.random.default_rng(seed)
    end, other = rng.random(n), rng.random(n)
    start = agreement * end + (1 - agreement) * other
    t = np.exp(-np.arange(epochs) / 6)
    return end[:, None] + (start - end)[:, None] * t + rng.normal(0, 0.01, (n, epochs))


def run(curves, epochs, keep, *, parallelism=1):
    """Run a study whose trials would have these curves; return its history."""
    n, length = curves.shape
    history = History(
        internal=np.zeros((n, 1)),
        states=np.full(n, R),
        values=np.full(n, np.nan),
        curves=np.full((n, length), np.nan),
    )
    for number, curve in enumerate(curves):
        limits = limits_of(epochs, keep, history.seen_by(number, parallelism))
        at = next((e for e in range(1, length + 1) if judge(limits, curve[:e])), length)
        history.states[number] = C if at == length else P
        history.values[number] = curve[:at][-max(1, at // 5) if at == length else -1 :].mean()
        history.curves[number, :at] = curve[:at]
    return history


def spent(history):
    """Return the epochs of a study."""
    return int((~np.isnan(history.curves)).sum())


def i_epoch(curves, i):
    """Return the best end among the top fifth at epoch i, and the epochs that all this takes."""
    n, length = curves.shape
    kept = np.argsort(-curves[:, i - 1])[: n // 5]
    return curves[kept, -6:].mean(axis=1).max(), n * i + len(kept) * (length - i)


@pytest.mark.parametrize("agreement", [0.8, 0.2, 0.5])
@pytest.mark.parametrize("parallelism", [16, 1])
@pytest.mark.sampled
def test_stopping_is_as_good_as_the_best_fixed_epoch(agreement, parallelism):
    """The yardstick, on ten studies of crossing curves: what is found is as good as by the best i-Epoch.

    And it takes two thirds of the epochs at most where the first epochs agree with the last.
    """
    found, shares, fixed = [], [], {1: [], 3: [], 5: [], 10: []}
    for seed in range(10):
        curves = crossing(100, seed=seed, agreement=agreement)
        history = run(curves, (3, 9), 1 / 3, parallelism=parallelism)
        found.append(history.values[history.complete].max())
        shares.append(spent(history) / curves.size)
        for i, of_i in fixed.items():
            of_i.append(i_epoch(curves, i)[0])
    assert np.mean(found) >= max(map(np.mean, fixed.values())) - 0.002
    assert np.mean(shares) < (0.67 if agreement > 0.3 else 1.01)


def test_a_rung_that_tells_nothing_stops_nobody():
    """Curves that begin anywhere: at epoch 1 the ranks are chance, and every trial runs to the end there."""
    curves = crossing(80, seed=0, agreement=0.0)
    assert (run(curves, (1,), 1 / 3).states == C).all()
    correlations = [rung.correlation for rung in rungs((1, 20), 1 / 3, run(curves, (), 1 / 3))]
    assert correlations[0] < CORRELATION_LEAST < correlations[1]
    assert list(limits_of((1, 20), 1 / 3, run(curves, (), 1 / 3))) == [20]


def test_the_first_full_curves_tell_what_a_rung_is_worth(make_history):
    """Later ones have been chosen by the rung itself: what they say of it does not count."""
    good = [[0.02 * n, 0.02 * n] for n in range(FULL_CURVES_MOST)]
    bad = [[0.9 - 0.01 * n, 0.01 * n] for n in range(40)]
    (rung,) = rungs((1,), 0.5, make_history([c[-1] for c in good + bad], curves=good + bad))
    assert rung.correlation == pytest.approx(1.0)
    (rung,) = rungs((1,), 0.5, make_history([c[-1] for c in bad + good], curves=bad + good))
    assert (rung.correlation, rung.least) == (pytest.approx(-1.0), None)


def test_a_trial_within_the_noise_of_the_cut_goes_on(make_history):
    """Epochs that jump by .04: the noise is .028, and so much below the cut a trial is not yet behind."""
    ups = [[0.1 * n, 0.1 * n + 0.04, 0.1 * n, 0.1 * n + 0.04, 0.1 * n] for n in range(1, 11)]
    limits = limits_of((1,), 0.5, make_history([curve[-1] for curve in ups], curves=ups))
    assert limits == pytest.approx({1: 0.6 - 0.04 / 2**0.5})
    assert judge(limits, [0.57])
    assert not judge(limits, [0.58])


def test_a_trial_stops_below_the_threshold_of_the_rung_it_stands_on():
    """Only the last point is judged, only at a rung; a trial at the threshold goes on."""
    limits = {2: 0.5}
    assert judge(limits, [0.9, 0.4999])
    assert not judge(limits, [0.0, 0.5])
    assert not judge(limits, [0.0])
    assert not judge(limits, [0.9, 0.4, 0.0])
    assert not judge({}, [0.0, 0.0])


@given(
    accuracies=st.lists(st.floats(0, 1), min_size=FULL_CURVES_LEAST, max_size=30),
    keep=st.floats(0, 1, exclude_min=True),
    data=st.data(),
)
def test_of_those_that_set_the_threshold_the_share_to_keep_goes_on(make_history, accuracies, keep, data):
    """At most ``1 - keep`` of them would be stopped by it, ties and stopped trials included."""
    n_full = data.draw(st.integers(FULL_CURVES_LEAST, len(accuracies)))
    curves = [[a, a] for a in accuracies[:n_full]] + [[a] for a in accuracies[n_full:]]
    states = [C] * n_full + [P] * (len(accuracies) - n_full)
    limits = limits_of((1,), keep, make_history(accuracies, states=states, curves=curves))
    stopped = sum(judge(limits, [a]) for a in accuracies)
    assert stopped <= (1 - keep) * len(accuracies) + 1e-9


def test_a_trial_is_judged_by_what_it_may_see(make_spec, make_history):
    """The limits of trial ``n`` do not change with results numbered above ``n - P``."""
    spec = make_spec(parallelism=3, search=SearchSpec(rungs=(1,), keep=0.5))
    values = [0.1 * i for i in range(12)]
    history = make_history(values, internal=np.ones((12, 5)), curves=[[v] for v in values])
    plan = SearchPlan(spec)
    assert plan.limits(history, 10) == pytest.approx({1: 0.4})  # trials 0 to 7
    assert plan.limits(history, 9) == {}  # trials 0 to 6 are seven
    history.curves[8:] = 0.99
    assert plan.limits(history, 10) == pytest.approx({1: 0.4})
    generous = dataclasses.replace(spec, search=SearchSpec(rungs=(1,), keep=1.0))
    assert SearchPlan(generous).limits(history, 10) == pytest.approx({1: 0.0})
    assert SearchPlan(make_spec(search=SearchSpec(rungs=()))).limits(history, 12) == {}
