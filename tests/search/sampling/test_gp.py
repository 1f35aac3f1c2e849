"""The Gaussian process as a model of the search: what it proposes."""

import dataclasses
import time

import numpy as np
import optuna
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from hpsearch.errors import StudyFileError
from hpsearch.search import Stage, TrialState
from hpsearch.search.sampling.gp import PARAMETERS_MOST, STARTUP, TRIALS_MOST, propose
from hpsearch.search.sampling.staged_sampler import StagedSampler
from hpsearch.search.sampling.stages import Stages
from hpsearch.search.sampling.tpe import ask
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, Space, in_space
from hpsearch.study_file import Purpose, SearchSpec, child_seed
from tests.study_file.strategies import spaces

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING
X = FloatParameter(name="x", low=0.0, high=1.0)
SQUARE = Space((X, FloatParameter(name="y", low=0.0, high=1.0)))
FORKED = Space(
    (
        ChoiceParameter(name="kind", choices=("plain", "deep", "other")),
        FloatParameter(name="x", low=0.0, high=1.0),
        IntParameter(name="depth", low=1, high=9),
    ),
    (Condition(name="depth", on="kind", among=("deep",)),),
)


def asked(space, history, *, seed=0, low=0.0, high=1.0):
    """Return the proposal in a box that is the same along every parameter."""
    n = len(space)
    return propose(space, history, seed=seed, low=np.full(n, low), high=np.full(n, high))


def drawn(space, n, *, seed=0):
    """Return random points of the declared ranges, ``(n, d)``."""
    return space.from_units(np.random.default_rng(seed).random((n, len(space))))


def searched(space, value_of, make_history, *, n, start=6):
    """Return the points and values of a search of random trials and then the process, one by one."""
    internal = list(drawn(space, start))
    while len(internal) < n:
        values = [value_of(point) for point in internal]
        history = make_history(values, internal=np.array(internal))
        internal.append(asked(space, history, seed=len(internal)))
    return np.array(internal), np.array([value_of(point) for point in internal])


@settings(max_examples=20, deadline=None)
@given(space=spaces(), data=st.data())
def test_a_proposal_is_a_point_of_the_space(space, data, histories):
    """Of parameters of every kind, widened, mirrored, conditional or of a single choice."""
    history = data.draw(histories(space, n=(STARTUP, 30)))
    # Ranges of a few roundings have points that their own coordinates do not lead back to.
    assume(in_space(space, history.internal).all())
    found = asked(space, history, seed=data.draw(st.integers(0, 2**32)))
    assert (found is None) == (len(history.valued) < STARTUP)
    if found is not None:
        assert in_space(space, np.array([found])).all()


@settings(max_examples=15, deadline=None)
@given(ends=st.tuples(st.floats(-1, 2), st.floats(-1, 2)), seed=st.integers(0, 2**32))
def test_a_proposal_lies_in_its_box(ends, seed, make_history):
    """The box may be narrower than the declared range, and reach into the widened one."""
    space = Space((FloatParameter(name="lr", low=1e-3, high=1e-2, log=True, widen=1),))
    low, high = min(ends), max(ends)
    units = np.random.default_rng(seed).uniform(-1, 2, (12, 1))
    history = make_history(-((units[:, 0] - 0.4) ** 2), internal=space.from_units(units))
    found = np.array([asked(space, history, seed=seed, low=low, high=high)])
    assert low - 1e-9 <= space.to_unit(found)[0, 0] <= high + 1e-9


def test_a_proposal_is_a_function_of_its_seed_and_its_history(make_history, mixed_space):
    """Asked again it is the same; another seed gives another one."""
    internal = drawn(mixed_space, 20)
    history = make_history(np.random.default_rng(1).random(20), internal=internal)
    first = [asked(mixed_space, history, seed=seed) for seed in range(3)]
    assert first == [asked(mixed_space, history, seed=seed) for seed in range(3)]
    assert len(set(first)) == 3


def test_no_unit_of_the_values_matters(make_history):
    """Values that are doubled or quadrupled lead to the same proposal, and so do enormous ones."""
    internal = drawn(SQUARE, 15)
    values = -((internal - 0.3) ** 2).sum(axis=1)
    first = asked(SQUARE, make_history(values, internal=internal))
    for factor in (4.0, 2.0**-40, 2.0**900):
        assert asked(SQUARE, make_history(values * factor, internal=internal)) == first


def test_the_best_place_of_a_smooth_function_is_found_exactly(make_history):
    """Twenty-five trials come to within 0.001 of the optimum: without noise the process fits exactly."""

    def value(point):
        return -float((np.array([3.0, 1.0]) * (np.asarray(point) - [0.31, 0.74]) ** 2).sum())

    points, values = searched(SQUARE, value, make_history, n=25)
    assert np.abs(points[values.argmax()] - [0.31, 0.74]).max() < 1e-3


def test_trials_under_way_spread_out(make_history):
    """Eight proposals that know of each other lie farther apart than eight that do not."""
    internal = drawn(SQUARE, 20)
    blind = aware = make_history(-((internal - 0.3) ** 2).sum(axis=1), internal=internal)
    for seed in range(8):
        aware = aware.with_pending(asked(SQUARE, aware, seed=seed))
    alone = np.array([asked(SQUARE, blind, seed=seed) for seed in range(8)])
    assert spread(aware.internal[20:]) > 3 * spread(alone)


def spread(points):
    """Return the least distance of two points, ``(n, d)``."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return distances[~np.eye(len(points), dtype=bool)].min()


def test_the_best_choice_and_what_depends_on_it_are_found(make_history):
    """The value depends on a choice, on a number, and on a whole number that one choice alone has."""

    def value(point):
        kind, x, depth = point
        return {0: 0.0, 1: 1.0 - 0.05 * abs(depth - 6), 2: 0.2}[int(kind)] - (x - 0.6) ** 2

    points, values = searched(FORKED, value, make_history, n=30)
    kind, x, depth = points[values.argmax()]
    assert (kind, depth) == (1, 6)
    assert abs(x - 0.6) < 0.02
    assert np.isnan(points[points[:, 0] != 1, 2]).all()


@pytest.mark.parametrize("lost", [F, P])
def test_a_region_without_values_is_left(make_history, lost):
    """Trials that failed or stopped without a value count as the worst: of ten proposals none goes there."""
    internal = drawn(SQUARE, 16, seed=3)
    fails = internal[:, 0] > 0.5
    # What has a value is the better the closer to the region.
    values = [None if bad else x for bad, (x, _) in zip(fails, internal, strict=True)]
    history = make_history(values, states=[lost if bad else C for bad in fails], internal=internal)
    assert 4 <= fails.sum() <= 12
    assert sum(asked(SQUARE, history, seed=seed)[0] > 0.6 for seed in range(10)) == 0


@pytest.mark.parametrize("value", [0.0, 0.3, -1e300])
def test_equal_values_are_no_obstacle(make_history, value):
    """Where all results are equal, the proposal is far from all of them."""
    internal = drawn(SQUARE, 10)
    found = asked(SQUARE, make_history([value] * 10, internal=internal))
    assert np.linalg.norm(internal - found, axis=1).min() > 0.1


def test_a_point_that_was_tried_again_and_again_is_no_obstacle(make_history):
    """Repeated rows make the kernel singular, with values that differ and with equal ones."""
    internal = np.repeat(drawn(SQUARE, 3), 5, axis=0)
    for values in (np.arange(15.0), np.repeat([0.1, 0.5, 0.2], 5)):
        found = asked(SQUARE, make_history(values, internal=internal))
        assert in_space(SQUARE, np.array([found])).all()


def test_after_the_rounds_the_stage_is_gp(mixed_space, make_history):
    """A study with this model proposes by it what the trial may see, with the trial's own seed."""
    plain = Space(tuple(dataclasses.replace(p, widen=0) if p.margin else p for p in mixed_space))
    stages = Stages(plain, (8,), "random", seed=4, model="gp")
    history = make_history(np.random.default_rng(1).random(20), internal=drawn(plain, 20))
    proposal = stages.propose(20, history.up_to)
    own = child_seed(4, Purpose.PROPOSE, 20)
    assert proposal.stage == Stage.GP
    assert proposal.internal == asked(plain, history, seed=own)
    few = Stages(plain, (), "random", seed=4, model="gp").propose(STARTUP - 1, history.up_to)
    assert few.stage == Stage.RANDOM


@pytest.mark.parametrize(("n_parameters", "number"), [(PARAMETERS_MOST + 1, 30), (2, TRIALS_MOST)])
def test_beyond_its_limits_tpe_proposes(make_history, n_parameters, number):
    """With 21 parameters, and from trial 300 on."""
    space = Space(tuple(FloatParameter(name=f"x{j}", low=0.0, high=1.0) for j in range(n_parameters)))
    history = make_history(np.random.default_rng(1).random(number), internal=drawn(space, number))
    proposal = Stages(space, (8,), "random", seed=4, model="gp").propose(number, history.up_to)
    assert proposal.stage == Stage.TPE
    assert proposal.internal == ask(space, history, seed=child_seed(4, Purpose.PROPOSE, number))


def test_the_search_reaches_where_results_have_opened_a_range(make_history):
    """The best results press against the declared end, and proposals go beyond it; elsewhere they do not."""
    space = Space((FloatParameter(name="lr", low=1e-3, high=1e-2, log=True, widen=2),))
    units = np.random.default_rng(0).random((20, 1))
    found = []
    for values in (units[:, 0], -np.abs(units[:, 0] - 0.5)):
        history = make_history(values, internal=space.from_units(units))
        stages = Stages(space, (20,), "random", seed=1, model="gp")
        found.append(stages.propose(20, history.up_to).internal[0])
    assert found[1] <= 1e-2 < found[0] <= 1.0 * (1 + 1e-9)


def test_a_model_that_there_is_not_is_refused():
    """The message lists those that there are."""
    with pytest.raises(StudyFileError, match='expected one of tpe, gp, found "forest"'):
        SearchSpec(model="forest")


@pytest.mark.quiet
def test_a_proposal_at_100_trials_takes_at_most_30_ms(make_history):
    """Three parameters, in the processor's time of one core; the first call does not count."""
    space = Space(tuple(FloatParameter(name=name, low=0.0, high=1.0) for name in "xyz"))
    internal = drawn(space, 100)
    values = -((internal - 0.3) ** 2).sum(axis=1) + np.random.default_rng(1).normal(0, 0.01, 100)
    history = make_history(values, internal=internal)
    times = []
    with threadpool_limits(1):
        for seed in range(8):
            began = time.process_time()
            asked(space, history, seed=seed)
            times.append(time.process_time() - began)
    assert np.median(times[1:]) < 0.03


def test_a_study_of_optuna_s_has_the_model_after_eight_random_trials():
    """Twenty-five trials come closer than TPE's, and a study that is loaded again would propose the same."""

    def best(model):
        study = optuna.create_study(sampler=StagedSampler(seed=1, model=model))
        study.optimize(
            lambda t: (t.suggest_float("x", -4, 4) - 1) ** 2 + t.suggest_float("y", 0, 1), n_trials=25
        )
        return study

    process, again, parzen = best("gp"), best("gp"), best("tpe")
    assert [t.params for t in process.trials] == [t.params for t in again.trials]
    assert process.best_value < 1e-4 < parzen.best_value
    with pytest.raises(ValueError, match="model: expected one of tpe, gp, found 'forest'"):
        StagedSampler(model="forest")


def test_no_point_comes_twice(make_history):
    """The best lies in a corner: without noise, with whole numbers, and with trials under way."""
    corner = Space((FloatParameter(name="x", low=0.0, high=1.0), FloatParameter(name="y", low=0.0, high=1.0)))
    whole = Space(tuple(IntParameter(name=name, low=0, high=20) for name in "abc"))
    for space in (corner, whole):
        stages, points = Stages(space, (8,), "random", seed=2, model="gp", once=True), []
        for number in range(30):
            internal = np.array(points).reshape(number, len(space))
            values = [float(sum(point)) for point in points]
            states = [TrialState.COMPLETE if n < number - 2 else TrialState.RUNNING for n in range(number)]
            values = [v if s is TrialState.COMPLETE else np.nan for v, s in zip(values, states, strict=True)]
            history = make_history(values, states=states, internal=internal)
            proposal = stages.propose(number, history.up_to)
            assert proposal.stage == ("round 0" if number < 8 else "gp")
            points.append(proposal.internal)
        assert len(set(points)) == 30
