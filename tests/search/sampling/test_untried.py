"""Spaces of choices and whole numbers: no point twice, and an end when all have been tried."""

import numpy as np
import optuna
import pytest

import hpsearch
from hpsearch.search import SearchPlan, StopRule
from hpsearch.search.sampling.untried import FiniteSpace, tried
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space
from hpsearch.study_file import NO_DATA, ObjectiveSpec, SearchSpec

SIX = Space((ChoiceParameter(name="a", choices=("x", "y")), IntParameter(name="n", low=3, high=5)))
LARGE = Space(tuple(IntParameter(name=name, low=0, high=999) for name in "abc"))


@pytest.fixture
def functions(make_spec):
    """Return a function that makes a study of a function."""

    def make(space, **changes):
        objective = ObjectiveSpec(call="train.py:score")
        search = SearchSpec(rounds=(4,))
        return make_spec(space=space, objective=objective, data=NO_DATA, search=search, **changes)

    return make


def run(spec, make_history, n, *, value_of=lambda row: float(row[1])):
    """Return the points of a study's first trials, one after the other."""
    plan, points = SearchPlan(spec), []
    for number in range(n):
        history = make_history(
            [value_of(p) for p in points], internal=points or np.empty((0, len(spec.space)))
        )
        points.append(plan.propose(history, number).internal)
    return points


@pytest.mark.parametrize("seed", range(4))
def test_a_function_is_given_no_point_twice(functions, make_history, seed):
    """Six points are tried by six trials, through the random round and TPE; a network's seeds may repeat."""
    spec = functions(SIX, seed=seed, parallelism=1)
    assert len(set(run(spec, make_history, 6))) == 6


def test_a_space_that_is_used_up_ends_the_study(functions, make_history):
    """Before the first trial that has nothing left to try; with a point left it goes on."""
    spec = functions(SIX, parallelism=1)
    points = run(spec, make_history, 6)
    history = make_history([1.0] * 6, internal=points)
    ended = SearchPlan(spec).ended(history, 6)
    assert (ended.rule, ended.number) == (StopRule.SPACE, 6)
    assert "every point of the space has been tried" in str(ended)
    assert SearchPlan(spec).ended(history.up_to(5), 5) is None
    again = make_history([1.0] * 6, internal=[*points[:5], points[0]])
    assert SearchPlan(spec).ended(again, 6) is None


def test_a_study_of_networks_goes_on(make_spec, make_history):
    """Another seed gives another value there; so do studies of functions before version 3."""
    points = [SIX.from_unit(u) for u in np.random.default_rng(0).random((40, 2))]
    history = make_history([1.0] * 40, internal=points)
    assert SearchPlan(make_spec(space=SIX)).ended(history, 40) is None
    objective = {"objective": ObjectiveSpec(call="train.py:score"), "data": NO_DATA}
    assert SearchPlan(make_spec(space=SIX, version=2, **objective)).ended(history, 40) is None


def test_a_large_space_is_never_listed(functions, make_history):
    """A billion points: a few are drawn until one is new."""
    assert FiniteSpace.of(LARGE).points is None
    assert not FiniteSpace.of(LARGE).used_up(make_history([], internal=np.empty((0, 3))))
    points = run(functions(LARGE, parallelism=1), make_history, 30)
    assert len(set(points)) == 30


def test_inactive_parameters_make_no_points(forked_space):
    """A space with a real number is not finite; combinations that differ where nothing is active are one."""
    assert FiniteSpace.of(forked_space) is None
    assert FiniteSpace.of(Space((FloatParameter(name="x", low=0.0, high=1.0),))) is None
    assert len(FiniteSpace.of(SIX).points) == 6


def test_points_without_a_parameter_are_equal():
    """NaN stands for a parameter that is not active."""
    internal = np.array([[1.0, np.nan], [2.0, 0.0]])
    points = np.array([[1.0, np.nan], [1.0, 0.0], [2.0, 0.0]])
    assert tried(points, internal).tolist() == [True, False, True]


def test_a_sampler_tries_each_point_before_it_repeats_one():
    """In an Optuna study: twelve points in the first twelve trials; then it goes on."""
    study = optuna.create_study(sampler=hpsearch.StagedSampler(seed=0, rounds=(3,)))
    study.optimize(
        lambda t: t.suggest_int("n", 0, 5) + (t.suggest_categorical("a", "xy") == "x"), n_trials=20
    )
    points = [tuple(trial.params.values()) for trial in study.trials]
    assert len(set(points[:12])) == 12


def test_a_sampler_leaves_a_region_that_fails():
    """Above 0.3 every trial fails: of the last twenty at most a few lie there."""

    def fails_above(trial):
        x = trial.suggest_float("x", 0, 1)
        if x > 0.3:
            raise ValueError(x)
        return x

    study = optuna.create_study(sampler=hpsearch.StagedSampler(seed=0), direction="maximize")
    study.optimize(fails_above, n_trials=60, catch=ValueError)
    states = [int(trial.state == optuna.trial.TrialState.FAIL) for trial in study.trials]
    assert sum(states[-20:]) <= 8
