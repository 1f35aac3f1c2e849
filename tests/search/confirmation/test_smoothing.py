"""The smoothed estimate: what it is equal to, and what it is for."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, rankdata
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

from hpsearch.search import TrialState
from hpsearch.search.confirmation import smoothing
from hpsearch.search.confirmation.smoothing import RESULTS_LEAST, RESULTS_MOST, expected_values, smoothed
from hpsearch.space import ChoiceParameter, FloatParameter, Space

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING
LINE = Space((FloatParameter(name="x", low=0.0, high=1.0),))
SQUARE = Space(tuple(FloatParameter(name=name, low=0.0, high=1.0) for name in "xy"))


def test_a_lucky_value_among_poor_ones_ranks_below_a_good_region(make_history):
    """The raw best has ten poor neighbours; the best region has none as high, and wins all the same."""
    rng = np.random.default_rng(0)
    good, poor = 0.2 + 0.1 * rng.random((10, 2)), 0.7 + 0.1 * rng.random((11, 2))
    values = np.concatenate([rng.normal(0.8, 0.01, 10), rng.normal(0.5, 0.01, 11)])
    values[-1] = 0.84
    history = make_history(values, internal=np.concatenate([good, poor]))
    found = smoothed(SQUARE, history)
    assert values.argmax() == 20
    assert found[20] < found[:10].min()
    assert found.argmax() < 10


def test_noise_is_smoothed_away(make_history):
    """Sixty noisy values of a smooth function: the estimates are closer to the truth than the values."""
    rng = np.random.default_rng(0)
    x = rng.random((60, 2))
    truth = 0.8 - ((x - 0.4) ** 2).sum(axis=1)
    values = truth + rng.normal(0, 0.1, 60)
    found = smoothed(SQUARE, make_history(values, internal=x))
    left = [1 - np.corrcoef(guess, truth)[0, 1] for guess in (found, values)]
    assert left[0] < 0.6 * left[1]
    assert truth[found.argmax()] > truth[values.argmax()]


@settings(max_examples=40)
@given(data=st.data())
def test_no_unit_matters(data, mixed_space, histories):
    """Shifted, scaled, or bent by any rising function, the values give the same estimates to the last bit."""
    history = data.draw(histories(mixed_space, n=(0, 25)))
    # Predictions have limits of their own on the slope, which depend on the unit of curves.
    history = dataclasses.replace(history, curves=np.empty((len(history), 0)))
    plain = smoothed(mixed_space, history)
    for change in (lambda v: v * 1e3 + 5, lambda v: v / 7 - 2, lambda v: np.exp(5 * v)):
        moved = dataclasses.replace(history, values=change(history.values))
        assert np.array_equal(smoothed(mixed_space, moved), plain, equal_nan=True)


@given(data=st.data())
def test_every_result_has_a_finite_estimate_and_nothing_else_has_one(data, forked_space, histories):
    """Duplicates, ties, choices and parameters that are not there included."""
    history = data.draw(histories(forked_space, n=(0, 25)))
    rows = data.draw(st.lists(st.integers(0, 24), min_size=len(history), max_size=len(history)))
    internal = history.internal[[row % len(history) for row in rows]] if rows else history.internal
    found = smoothed(forked_space, dataclasses.replace(history, internal=internal))
    valued = np.isin(np.arange(len(history)), history.valued)
    assert np.isfinite(found[valued]).all()
    assert np.isnan(found[~valued]).all()


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1.0])
def test_constant_values_are_all_worth_the_same(make_history, value):
    """There is nothing to smooth, and rounding is not blown up."""
    history = make_history([value] * 23, internal=np.random.default_rng(0).random((23, 1)))
    assert smoothed(LINE, history).tolist() == [0.0] * 23


def test_trials_of_one_place_share_their_estimate(make_history):
    """All twelve at one point: each estimate is the same, the middle."""
    values = np.linspace(0.4, 0.6, 12)
    found = smoothed(LINE, make_history(values, internal=np.full((12, 1), 0.5)))
    assert np.ptp(found) < 1e-12
    assert found[0] == pytest.approx(0.0, abs=1e-9)


def test_choices_are_equally_far_from_each_other(make_history):
    """No choice is nearer to one than to another; a trial without the choice lies between them."""
    space = Space((ChoiceParameter(name="a", choices=("x", "y", "z")),))
    which = np.arange(18) % 3
    values = np.random.default_rng(0).random(18) + which
    apart = smoothing._metric_coordinates(space, np.array([[0.0], [1.0], [2.0], [np.nan]]))
    distances = np.linalg.norm(apart[:, None] - apart[None], axis=2)
    assert distances[:3, :3] == pytest.approx(1 - np.eye(3))
    assert distances[3, :3] == pytest.approx([0.5**0.5] * 3)
    one = smoothed(space, make_history(values, internal=which[:, None]))
    turned = smoothed(space, make_history(values, internal=(which[:, None] + 1) % 3))
    assert one == pytest.approx(turned, abs=0.02)
    assert one[which == 2].min() > one[which == 1].max()
    assert one[which == 1].min() > one[which == 0].max()


def test_few_results_are_left_as_they_are(make_history):
    """Seven values are their normal scores, by hand; with eight they are smoothed."""
    x = np.linspace(0, 1, 8)[:, None]
    values = np.array([0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6])
    assert RESULTS_LEAST == 8
    few = smoothed(LINE, make_history(values[:7], internal=x[:7]))
    # In order .1 .2 .3 .4 .7 .8 .9: quantiles at 1/14, 3/14, ..., 13/14.
    scores = [-1.465234, -0.791639, -0.366106, 0.0, 0.366106, 0.791639, 1.465234]
    assert few == pytest.approx([scores[k] for k in (0, 6, 1, 5, 2, 4, 3)], abs=1e-6)
    assert np.ptp(smoothed(LINE, make_history(values, internal=x))) < 0.5 * np.ptp(few)


def test_stopped_trials_count_as_predicted_and_results_that_are_no_point_do_not(make_history):
    """The estimate of a study with stopped trials is that of the same study with their predictions."""
    full = [[0.05 * n, 0.3 + 0.05 * n] for n in range(10)]
    x = np.linspace(0, 1, 12)[:, None]
    curves, states = [*full, [0.11], [0.21]], [C] * 10 + [P, P]
    history = make_history([c[-1] for c in curves], states=states, internal=x, curves=curves)
    found = smoothed(LINE, history)
    expected, stood = ([c[-1] for c in full] + last for last in ([0.41, 0.51], [0.11, 0.21]))
    assert found == pytest.approx(smoothed(LINE, make_history(expected, internal=x)))
    assert found != pytest.approx(smoothed(LINE, make_history(stood, internal=x)), abs=0.1)
    strange = make_history([*expected, 0.9], internal=[*x.tolist(), [-7.0]])
    assert smoothed(LINE, strange)[:12] == pytest.approx(found)
    assert np.isnan(smoothed(LINE, strange)[12])


def test_a_terrible_value_cannot_bend_the_estimate(make_history):
    """A diverged trial at 0 or at -1000 says the same: not here."""
    values = np.random.default_rng(0).uniform(0.7, 0.9, 20)
    x = np.random.default_rng(1).random((20, 1))
    values[3] = 0.0
    one = smoothed(LINE, make_history(values, internal=x))
    values[3] = -1000.0
    assert smoothed(LINE, make_history(values, internal=x)).tolist() == one.tolist()


def test_the_mean_is_that_of_another_library(make_history, monkeypatch):
    """With one setting for the prior: scikit-learn's process of the same kernel, to 1e-6."""
    rng = np.random.default_rng(0)
    x, lengths, noise = rng.random((25, 2)), np.array([0.3, 1.4]), 0.2
    values = 0.5 + 0.2 * np.sin(5 * x[:, 0]) + rng.normal(0, 0.05, 25)
    monkeypatch.setattr(smoothing, "_prior", lambda d: (lengths[None, :d], np.array([noise])))
    found = smoothed(SQUARE, make_history(values, internal=x))
    target = norm.ppf((rankdata(values) - 0.5) / 25)
    process = GaussianProcessRegressor(Matern(lengths, nu=2.5), alpha=noise, optimizer=None)
    assert found == pytest.approx(process.fit(x, target).predict(x), abs=1e-6)


def test_settings_are_weighted_by_how_likely_they_make_the_data(monkeypatch):
    """By another library's marginal likelihood, its signal's scale at its best: the same average to 1e-6."""
    rng = np.random.default_rng(0)
    x = rng.random((25, 2))
    target = np.sin(5 * x[:, 0]) + rng.normal(0, 0.2, 25)
    target = (target - target.mean()) / target.std()
    lengths, noises = np.array([[0.3, 1.4], [1.0, 0.2], [0.5, 0.5]]), np.array([0.2, 0.4, 0.1])
    means, scores = [], []
    for length, noise in zip(lengths, noises, strict=True):
        process = GaussianProcessRegressor(Matern(length, nu=2.5), alpha=noise, optimizer=None)
        process.fit(x, target)
        scale = target @ process.alpha_ / 25
        fitted = GaussianProcessRegressor(
            scale * Matern(length, nu=2.5), alpha=scale * noise, optimizer=None
        ).fit(x, target)
        means.append(process.predict(x))
        scores.append(fitted.log_marginal_likelihood_value_)
    share = np.exp(np.array(scores) - max(scores))
    monkeypatch.setattr(smoothing, "_prior", lambda _d: (lengths, noises))
    found = smoothing._posterior(x, target)
    assert found == pytest.approx(share / share.sum() @ np.array(means), abs=1e-6)
    assert share.min() < 0.5 * share.max()


def test_the_prior_is_a_broad_log_normal():
    """Thirty-two settings: medians and spreads of lengths and noises are what they are said to be."""
    lengths, noises = smoothing._prior(3)
    assert (lengths.shape, noises.shape) == ((32, 3), (32,))
    logs = np.log(np.column_stack([lengths, noises]))
    assert logs.mean(axis=0) == pytest.approx([0.0, 0.0, 0.0, np.log(0.37)], abs=0.1)
    assert logs.std(axis=0) == pytest.approx([0.7, 0.7, 0.7, 1.0], rel=0.15)
    assert np.abs(np.corrcoef(logs.T) - np.eye(4)).max() < 0.3


def test_of_many_results_the_best_and_some_of_the_rest_enter():
    """Half of 300 are the best 150; the others are spread from there down to the worst."""
    values = np.random.default_rng(0).permutation(2000).astype(float)
    taken = smoothing._taken(values)
    assert len(taken) == len(set(taken)) == RESULTS_MOST
    ranks = np.sort(1999 - values[taken])
    assert ranks[:150].tolist() == list(range(150))
    assert ranks[-1] == 1999
    assert np.diff(ranks[150:]).max() <= 13
    assert smoothing._taken(values[:300]).tolist() == list(range(300))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_expected_values_are_in_the_metrics_own_unit(make_history, sign):
    """At the trials they rank as the smoothed scores do; none lies beyond what was measured."""
    rng = np.random.default_rng(3)
    x = rng.random((40, 2))
    truth = 0.97 - ((x - 0.4) ** 2).sum(axis=1)
    history = dataclasses.replace(make_history(truth, internal=x), sign=sign)
    found = expected_values(SQUARE, history, x)
    order = np.argsort(smoothed(SQUARE, history), kind="stable")
    assert (np.diff(sign * found[order]) >= -1e-6).all()
    assert np.abs(sign * found - truth).max() < 0.08
    far = sign * expected_values(SQUARE, history, rng.random((200, 2)))
    assert truth.min() <= far.min()
    assert far.max() <= truth.max()
