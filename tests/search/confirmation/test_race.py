import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import Candidate, ConfirmPlan, History, TrialState
from hpsearch.search.confirmation.race import FIRST_RUNS, Standing, next_candidate
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import ConfirmSpec

SPACE = Space((FloatParameter(name="x", low=0.0, high=100.0),))


def candidates(n):
    """Return candidates, each with a parameter that is its place."""
    return tuple(Candidate(internal=(float(place),), number=place) for place in range(n))


def extended(history, place, value):
    """Return a history with one more run, complete or failed (``None``)."""
    history = history.with_pending((float(place),))
    state = TrialState.FAILED if value is None else TrialState.COMPLETE
    states, values = history.states.copy(), history.values.copy()
    states[-1], values[-1] = state, np.nan if value is None else value
    return dataclasses.replace(history, states=states, values=values)


def run(plan, accuracy):
    """Run a race to its end, one after the other; return its history."""
    history = History.empty(1)
    for number in range(plan.trials):
        place = int(plan.propose(history, number).internal[0])
        history = extended(history, place, accuracy(place, number))
    return history


@st.composite
def races(draw):
    """Return a plan and a function from place and number to the accuracy of that run."""
    n, seeds = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    means = rng.uniform(0.2, 0.9, n)
    spread = draw(st.sampled_from([0.0, 1e-3, 1e-2, 0.2]))
    noise = rng.normal(size=n * seeds) * spread
    failing = rng.random(n * seeds) < draw(st.sampled_from([0.0, 0.1]))

    def accuracy(place, number):
        return None if failing[number] else float(np.clip(means[place] + noise[number], 0, 1))

    return (n, seeds), accuracy


@pytest.fixture(scope="session")
def make_plan(make_spec):
    """Return a function that makes the plan of a race of ``n`` candidates."""

    def make(n, seeds):
        return ConfirmPlan(make_spec(space=SPACE, confirm=ConfirmSpec(seeds=seeds)), candidates(n))

    return make


@given(race=races())
def test_the_budget_is_spent_exactly_and_nobody_runs_who_is_out(race, make_plan):
    """All candidates run first; then those in the race, the one with the fewest runs, by settled runs."""
    (n, seeds), accuracy = race
    plan = make_plan(n, seeds)
    history = run(plan, accuracy)
    given_runs = Standing.of(plan.candidates, history).given
    assert given_runs.sum() == plan.trials == n * seeds
    assert (given_runs >= min(FIRST_RUNS, seeds)).all()
    for number in range(plan.trials):
        place = int(history.internal[number, 0])
        standing = plan.standing(history, number)
        if number < min(FIRST_RUNS, seeds) * n:
            assert place == number % n
        else:
            assert not standing.out[place]
            assert standing.given[place] == standing.given[~standing.out].min()
    assert not Standing.of(plan.candidates, history).out.all()


@given(race=races(), data=st.data())
def test_who_finished_first_does_not_matter(race, data, make_plan):
    """Whatever is settled beyond the horizon, and whatever comes later: the same candidate."""
    (n, seeds), accuracy = race
    plan = make_plan(n, seeds)
    history = run(plan, accuracy)
    number = data.draw(st.integers(0, plan.trials - 1))
    states, values = history.states.copy(), history.values.copy()
    first = max(0, number - plan.parallelism + 1)
    for k in range(first, plan.trials):
        if data.draw(st.booleans()):
            states[k], values[k] = TrialState.RUNNING, np.nan
    other = dataclasses.replace(history, states=states, values=values)
    assert plan.propose(other, number) == plan.propose(history, number)
    assert plan.propose(other.up_to(number), number) == plan.propose(history, number)


def test_a_run_sees_what_is_settled_up_to_the_horizon(make_plan):
    """Two candidates, four in flight: run 4 sees run 0 alone, though run 1 did better; run 5 sees both."""
    plan = make_plan(2, 3)
    history = History.empty(1)
    for place, value in ((0, 0.5), (1, 0.9), (0, 0.5), (1, 0.9)):
        history = extended(history, place, value)
    assert [runs.tolist() for runs in plan.standing(history, 4).runs] == [[0.5], []]
    assert plan.propose(history, 4).internal == (0.0,)
    assert [runs.tolist() for runs in plan.standing(history.with_pending((0.0,)), 5).runs] == [[0.5], [0.9]]


def test_whose_a_run_was_is_read_from_its_parameters(make_plan):
    """A run of other parameters, or of none, belongs to no candidate."""
    plan = make_plan(2, 3)
    history = History.empty(1)
    for place, value in ((1, 0.5), (0, 0.7), (9, 0.9), (float("nan"), 0.9), (1, 0.6)):
        history = extended(history, place, value)
    standing = Standing.of(plan.candidates, history.with_pending((1.0,)))
    assert standing.given.tolist() == [1, 3]
    assert [runs.tolist() for runs in standing.runs] == [[0.7], [0.5, 0.6]]


def test_a_parameter_that_is_not_there_is_part_of_whose_a_run_was():
    """NaN stands for it: a run without it belongs to the candidate without it, and to no other."""
    with_it, without = Candidate(internal=(1.0, 2.0), number=0), Candidate(internal=(1.0, math.nan), number=1)
    history = History.empty(2)
    for internal in ((1.0, float("nan")), (1.0, 2.0), (float("nan"), 2.0), (1.0, -float("nan"))):
        history = history.with_pending(internal)
    assert Standing.of((with_it, without), history).given.tolist() == [1, 2]


def test_who_is_out_by_hand():
    """Three degrees of freedom, t = 3.1824, s^2 = 2e-4: the bounds of two runs are .0318 on each side."""

    def standing(last):
        runs = ([0.79, 0.81], [0.79, 0.81], [last - 0.01, last + 0.01])
        return Standing(given=np.array([2, 2, 2]), runs=tuple(np.array(r) for r in runs))

    # t s / sqrt 2 = 3.182446 * .01 = .0318 on each side: out below .80 - .0636.
    assert standing(0.80).deviation == pytest.approx(2e-4**0.5)
    assert standing(0.737).out.tolist() == [False, False, False]
    assert standing(0.736).out.tolist() == [False, False, True]


def test_nobody_is_out_while_no_spread_is_known():
    """One run each, or runs that are all alike except for rounding, show no spread."""
    one = Standing(given=np.array([1, 1]), runs=(np.array([0.9]), np.array([0.1])))
    assert not one.out.any()
    alike = Standing(given=np.array([3, 2]), runs=(np.full(3, 0.1), np.array([0.05, 0.05])))
    assert (alike.deviation, alike.out.any()) == (0.0, False)


def test_the_next_run_goes_to_the_fewest_then_the_highest_then_the_first():
    """Runs under way count as given; of equals the higher mean, then the order."""
    runs = (np.array([0.5, 0.7]), np.array([0.6, 0.8]), np.array([0.6, 0.8]))
    assert next_candidate(Standing(given=np.array([2, 2, 2]), runs=runs)) == 1
    assert next_candidate(Standing(given=np.array([2, 3, 3]), runs=runs)) == 0
    assert next_candidate(Standing(given=np.array([3, 3, 2]), runs=runs)) == 2


def test_when_one_is_left_it_gets_the_rest(make_plan):
    """A candidate far above the others runs alone once the others are known to be out."""
    plan = make_plan(3, 10)
    history = run(plan, lambda place, number: (0.9, 0.3, 0.2)[place] + 0.001 * (number // 3 % 3))
    standing = Standing.of(plan.candidates, history)
    assert standing.out.tolist() == [False, True, True]
    late = history.internal[4 * 3 - 1 :, 0]
    assert (late == 0).all()
    assert standing.given.sum() == 30
