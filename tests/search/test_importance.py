"""The importance of parameters: what is said about functions whose important parameters are known."""

import dataclasses
import time
import warnings

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.importance import (
    FanovaImportanceEvaluator,
    PedAnovaImportanceEvaluator,
    get_param_importances,
)

from hpsearch.search import History, TrialState, importances
from hpsearch.search.importance import RESULTS_LEAST, RESULTS_MOST
from hpsearch.search.sampling.stages import Stages
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, MirroredParameter, Space
from hpsearch.study_file.build import default_rounds

PLAIN = Space(tuple(FloatParameter(name=name, low=0.0, high=1.0) for name in "abcd"))


def drawn(space, n, value, *, seed=0):
    """Return a history of random points whose values are a function of their unit coordinates."""
    rng = np.random.default_rng(seed)
    internal = np.array([space.from_unit(unit) for unit in rng.uniform(size=(n, len(space)))])
    values = np.array([value(*row) for row in space.to_unit(internal)], float)
    states = np.full(n, int(TrialState.COMPLETE))
    return History(internal=internal, states=states, values=values, curves=np.empty((n, 0)))


def steep(a, b, c, d):
    """Return a value that depends on ``a`` most, on ``b`` and ``c`` less and less, on ``d`` not at all."""
    del d
    return -((a - 0.3) ** 2) - 0.15 * (b - 0.7) ** 2 - 0.02 * (c - 0.5) ** 2


def test_parameters_are_ranked_by_what_they_do_to_the_value():
    """What matters more has the larger share, and the intervals of the first and the last do not meet."""
    found = importances(PLAIN, drawn(PLAIN, 600, steep), seed=1)
    shares = [importance.share for importance in found]
    assert [importance.name for importance in found] == ["a", "b", "c", "d"]
    assert shares[0] > shares[1] > max(shares[2:])
    assert found[0].interval[0] > found[3].interval[1]


def test_of_many_results_as_many_as_are_looked_at_decide():
    """A long study has the importances of 2,000 of its trials, spread evenly over their numbers."""
    history = drawn(PLAIN, 2 * RESULTS_MOST - 1, steep)
    every_other = np.arange(0, len(history), 2)
    some = dataclasses.replace(
        history,
        internal=history.internal[every_other],
        states=history.states[every_other],
        values=history.values[every_other],
        curves=history.curves[every_other],
    )
    assert len(some) == RESULTS_MOST
    assert importances(PLAIN, history, seed=1) == importances(PLAIN, some, seed=1)


def linear(a, b, c, d):
    """Return a value whose variances by ``a``, ``b``, ``c`` and ``d`` are as 16 to 4 to 1 to 0."""
    return 4 * a + 2 * b + c + 0 * d


LINEAR_SHARES = np.array([16, 4, 1, 0]) / 21


def searched(n, value, *, seed):
    """Return the history of a search by the plan of hpsearch, with noise of a tenth of the deviation."""
    stages = Stages(PLAIN, default_rounds(n, 8), "random", seed=seed)
    errors = 0.13 * np.random.default_rng(seed).normal(size=n)
    made = drawn(PLAIN, n, lambda *_: 0.0)
    for number in range(n):
        point = stages.propose(number, lambda k: made.up_to(k).seen_by(k, 8)).internal
        made.internal[number] = point
        made.values[number] = value(*point) + errors[number]
    return made


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("evaluator", [PedAnovaImportanceEvaluator(target_quantile=0.25), None])
def test_the_ranking_is_that_of_optunas_evaluators(seed, evaluator):
    """Over random trials all agree on which parameters matter; fANOVA, the default, on how much, too."""
    history = drawn(PLAIN, 200, steep, seed=seed)
    study = optuna.create_study(direction="maximize")
    distributions = {name: optuna.distributions.FloatDistribution(0, 1) for name in "abcd"}
    for row, value in zip(history.internal, history.values, strict=True):
        params = dict(zip("abcd", map(float, row), strict=True))
        study.add_trial(optuna.create_trial(params=params, distributions=distributions, value=float(value)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one evaluator is experimental
        theirs = get_param_importances(
            study, evaluator=evaluator or FanovaImportanceEvaluator(n_trees=16, seed=0)
        )
    ours = sorted(importances(PLAIN, history, seed=0), key=lambda importance: -importance.share)
    assert [importance.name for importance in ours][:2] == list(theirs)[:2] == ["a", "b"]
    if evaluator is None:
        assert abs(ours[0].share - theirs["a"]) < 0.05


@pytest.mark.parametrize("n", [40, 100])
def test_where_the_search_has_looked_does_not_matter(n):
    """From the trials of TPE a linear function has its shares, an idle parameter next to none."""
    found = importances(PLAIN, searched(n, linear, seed=n), seed=0)
    shares = np.array([importance.share for importance in found])
    assert np.abs(shares - LINEAR_SHARES).max() < 0.05
    assert shares[3] < 0.01
    assert found[3].interval[1] < 0.05


def covered(n_studies, n):
    """Return how often intervals hold the true share of a linear function, over random and planned trials."""
    hits = []
    for seed in range(n_studies):
        planned = searched(n, linear, seed=seed)
        noisy = drawn(PLAIN, n, linear, seed=seed)
        noisy.values[:] += 0.13 * np.random.default_rng([seed, 1]).normal(size=n)
        for history in (planned, noisy):
            ends = np.array([found.interval for found in importances(PLAIN, history, seed=seed)])
            hits.append((ends[:, 0] <= LINEAR_SHARES) & (ends[:, 1] >= LINEAR_SHARES))
    return np.mean(hits)


def test_intervals_cover():
    """In a short simulation nearly all intervals hold the true share."""
    assert covered(6, 40) >= 0.9


@pytest.mark.exhaustive
def test_intervals_cover_over_many_studies():
    """At least 93 %; the ends are rounded to full percents outside, so it may be all."""
    assert covered(25, 100) >= 0.93


def test_a_large_study_takes_little_longer():
    """The cost is that of the columns, not of the trials: three seconds of CPU are ten times too many."""
    history = drawn(PLAIN, 1000, linear)
    began = time.process_time()
    importances(PLAIN, history, seed=0)
    assert time.process_time() - began < 3


def test_what_two_parameters_do_together_is_shared():
    """A product of two has no part of its own for either, and each gets half."""
    found = importances(PLAIN, drawn(PLAIN, 150, lambda a, b, *_: (a - 0.5) * (b - 0.5)), seed=0)
    assert [round(importance.share, 2) for importance in found] == [0.5, 0.5, 0.0, 0.0]


def test_what_matters_near_the_best_is_named():
    """A fall to chance decides over the space; above it, among the best trials, something else does."""
    history = drawn(PLAIN, 300, lambda a, b, *_: np.tanh(20 * (a - 0.4)) + 0.1 * b)
    a, b, *_ = importances(PLAIN, history, seed=0)
    assert a.share > 0.9
    assert b.share < 0.1
    assert b.near_best > b.share
    assert b.differs_near_best
    assert not a.differs_near_best


def test_a_widened_range_counts_as_far_as_trials_lie():
    """A logarithmic range whose trials lie outside the declared one is judged there, too."""
    space = Space(
        (
            FloatParameter(name="lr", low=1e-3, high=1e-1, log=True, widen=2),
            FloatParameter(name="idle", low=0.0, high=1.0),
        )
    )
    rng = np.random.default_rng(0)
    internal = np.stack([10 ** rng.uniform(-4, 1, 100), rng.uniform(size=100)], axis=1)
    values = -(np.log10(internal[:, 0]) ** 2)
    states = np.full(100, int(TrialState.COMPLETE))
    history = History(internal=internal, states=states, values=values, curves=np.empty((100, 0)))
    lr, idle = importances(space, history, seed=0)
    assert lr.share > 0.98
    assert idle.share < 0.02


@pytest.mark.parametrize("scale", [1e-300, 1e307])
def test_a_unit_does_not_matter(scale):
    """Values may be as small or large as numbers go."""
    plain = importances(PLAIN, drawn(PLAIN, 60, linear), seed=0)
    scaled = importances(PLAIN, drawn(PLAIN, 60, lambda *units: scale * linear(*units)), seed=0)
    found = [[importance.share for importance in importances_] for importances_ in (plain, scaled)]
    assert found[0] == pytest.approx(found[1], abs=0.02)


def test_a_choice_and_whole_numbers_are_counted():
    """One bad choice of three, and two bad numbers of four, matter; the mirrored rate does not."""
    space = Space(
        (
            ChoiceParameter(name="optimizer", choices=("sgd", "momentum", "adam")),
            IntParameter(name="layers", low=1, high=4),
            MirroredParameter(name="beta", low=0.9, high=0.999),
        )
    )
    history = drawn(space, 300, lambda choice, layers, _beta: float(choice > 0.3) + float(layers > 0.5))
    optimizer, layers, beta = importances(space, history, seed=0)
    assert layers.share > optimizer.share > 0.2
    assert beta.share < 0.1


def test_a_parameter_of_some_trials_matters_among_them():
    """A parameter that half of the trials have is judged by these; one that no trial has does not matter."""
    space = Space(
        (
            ChoiceParameter(name="optimizer", choices=("sgd", "momentum", "never")),
            FloatParameter(name="momentum", low=0.0, high=1.0),
            FloatParameter(name="unused", low=0.0, high=1.0),
        ),
        (
            Condition(name="momentum", on="optimizer", among=("momentum",)),
            Condition(name="unused", on="optimizer", among=("never",)),
        ),
    )
    rng = np.random.default_rng(0)
    choices, momentum = rng.integers(0, 2, 200), rng.uniform(size=200)
    internal = np.stack([choices, np.where(choices == 1, momentum, np.nan), np.full(200, np.nan)], axis=1)
    values = np.where(choices == 1, 1 - np.abs(momentum - 0.9), 0.5)
    states = np.full(200, int(TrialState.COMPLETE))
    history = History(internal=internal, states=states, values=values, curves=np.empty((200, 0)))
    optimizer, conditional, unused = importances(space, history, seed=0)
    assert conditional.share > optimizer.share > 0
    assert unused.share == 0
    assert unused.interval == (0, 0)


def test_too_few_results_say_nothing():
    """Failed trials and others' points outside the space are no results."""
    history = drawn(PLAIN, RESULTS_LEAST, steep)
    assert len(importances(PLAIN, history, seed=0)) == 4
    states = history.states.copy()
    states[0] = TrialState.FAILED
    assert importances(PLAIN, dataclasses.replace(history, states=states), seed=0) == ()
    outside = history.internal.copy()
    outside[0, 0] = 7.0
    assert importances(PLAIN, dataclasses.replace(history, internal=outside), seed=0) == ()


def test_infinite_values_are_no_results():
    """Another program may store one; it has no variance, and the rest is judged without it."""
    history = drawn(PLAIN, 60, linear)
    values = history.values.copy()
    values[:3] = np.inf, -np.inf, np.nan
    found = importances(PLAIN, dataclasses.replace(history, values=values), seed=0)
    rest = importances(PLAIN, history.part(slice(3, None)), seed=0)
    assert found == rest


def test_the_same_study_has_the_same_interval_and_another_seed_another():
    """A report made twice is the same report."""
    history = drawn(PLAIN, 60, steep)
    assert importances(PLAIN, history, seed=3) == importances(PLAIN, history, seed=3)
    assert importances(PLAIN, history, seed=3) != importances(PLAIN, history, seed=4)


def test_where_all_values_are_equal_nothing_is_important_for_sure():
    """The shares are chance, and their intervals say so."""
    found = importances(PLAIN, drawn(PLAIN, 100, lambda *_: 0.5), seed=0)
    assert all(low < 0.25 < high for low, high in (importance.interval for importance in found))


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_shares_are_parts_of_a_whole(data, mixed_space, forked_space, histories):
    """They add up to one, and so do no intervals leave 0 to 1, whatever the trials are."""
    space = data.draw(st.sampled_from((mixed_space, forked_space)))
    found = importances(space, data.draw(histories(space, n=(0, 60))), seed=0)
    assert not found or abs(sum(importance.share for importance in found) - 1) < 1e-9
    for importance in found:
        low, high = importance.interval
        assert 0 <= low <= high <= 1
