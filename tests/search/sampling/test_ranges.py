"""The ranges that a search proposes in: what results open, what the box leaves out, and when."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.search import SearchPlan, Stage, TrialState
from hpsearch.search.sampling.box import Box
from hpsearch.search.sampling.ranges import NARROW_RESULTS, NARROWING, OPENING, Ranges
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import SearchSpec
from tests.search.runs import N, search

LR = FloatParameter(name="lr", low=1e-4, high=1e-2, log=True, widen=3)
ONE = Space((LR,))
PAIR = Space((LR, FloatParameter(name="dropout", low=0.0, high=0.6)))
SIDES = Space(tuple(dataclasses.replace(LR, name=name) for name in "abc"))


def after(units, values, *, before=None, space=ONE, narrows=False, states=None, make_history):
    """Return the ranges after results at unit coordinates, a row each."""
    units = np.array(units, dtype=float).reshape(len(values), len(space))
    internal = [space.from_unit(row) for row in units]
    history = make_history(values, internal=internal, states=states)
    first = Ranges.declared(space) if before is None else before
    return first.next(space, history, first=len(values), narrows=narrows, seed=0)


def test_values_that_rise_to_the_end_open_a_range(make_history):
    """Two decades at once where no chance explains it; eight results are enough, seven are not."""
    units = np.linspace(0.05, 0.95, 8)
    found = after(units, units, make_history=make_history)
    assert (found.opened.low, found.opened.high) == ((0.0,), (pytest.approx(2.0),))
    assert (found.box.high, found.moved) == (found.opened.high, True)
    assert found.opened.reason == "lr opened above"
    found = after(units, -units, make_history=make_history)
    assert (found.opened.low, found.opened.high) == ((pytest.approx(-1.0),), (1.0,))
    found = after(units[:7], units[:7], make_history=make_history)
    assert not found.moved


def test_a_best_value_inside_the_range_opens_nothing(make_history):
    """Also where almost all of the range rises: a worse result lies between the best and the end."""
    units = np.linspace(0.05, 0.98, 16)
    for best in (0.3, 0.5, 0.7, 0.8):
        found = after(units, -np.abs(units - best), make_history=make_history)
        assert (found.opened.low, found.opened.high) == ((0.0,), (1.0,))


def test_a_range_opens_no_further_than_it_may_widen(make_history):
    """Three decades on each side, and then no more, whatever the results say."""
    found, units = None, np.linspace(0.05, 0.95, 12)
    for _ in range(4):
        high = 1.0 if found is None else found.opened.high[0]
        found = after(high * units, units, before=found, make_history=make_history)
    assert found.opened.high == (pytest.approx(2.5),)
    fixed = Space((dataclasses.replace(LR, widen=0),))
    assert not after(units, units, space=fixed, make_history=make_history).moved


@pytest.mark.parametrize("n", [9, 24])
def test_pure_noise_seldom_opens_a_range(n, make_history):
    """Of 400 histories of noise over three ranges fewer than 5 % open one."""
    rng = np.random.default_rng(n)
    opened = [
        after(rng.random((n, 3)), rng.random(n), space=SIDES, make_history=make_history).moved
        for _ in range(400)
    ]
    assert 0 < np.mean(opened) < 0.05


def test_a_good_trial_beyond_the_range_opens_it(make_history):
    """A person put it there. A bad one opens nothing, nor does one that failed among many that failed."""
    units = [*np.linspace(0.05, 0.95, 12), 2.2]
    found = after(units, [*([0.5] * 12), 0.9], make_history=make_history)
    assert found.opened.high == (pytest.approx(2.2),)
    found = after(units, [*([0.5] * 12), 0.1], make_history=make_history)
    assert found.opened.high == (1.0,)
    states = [TrialState.COMPLETE] * 2 + [TrialState.FAILED] * 8
    values = [0.5, 0.4] + [np.nan] * 8
    found = after([0.4, 0.5, 2.2, *units[:7]], values, states=states, make_history=make_history)
    assert found.opened.high == (1.0,)


def test_failed_trials_are_the_worst_results(make_history):
    """Where the upper half fails, values rise downwards; failures alone open nothing."""
    units = np.linspace(0.05, 0.95, 12)
    failed = units > 0.5
    values = np.where(failed, np.nan, 1 - units)
    states = np.where(failed, TrialState.FAILED, TrialState.COMPLETE)
    found = after(units, values, states=states, make_history=make_history)
    assert found.opened.low[0] < 0
    nothing = np.full(12, np.nan), np.full(12, TrialState.FAILED)
    assert not after(units, nothing[0], states=nothing[1], make_history=make_history).moved


def test_a_box_narrows_from_sixteen_results_on(make_history):
    """To where the best lie, and not before."""
    units = np.linspace(0.02, 0.98, NARROW_RESULTS)
    values = -((units - 0.4) ** 2)
    found = after(units, values, narrows=True, make_history=make_history)
    low, high = found.box.low[0], found.box.high[0]
    assert 0 < low < 0.4 < high < 1
    assert "lr narrowed" in found.box.reason
    assert (found.opened.low, found.opened.high) == ((0.0,), (1.0,))
    few = after(units[1:], values[1:], narrows=True, make_history=make_history)
    assert not few.moved
    assert "15 results, 16 needed" in few.box.reason
    assert not after(units, values, make_history=make_history).moved


def test_an_end_that_the_best_press_is_never_cut(make_history):
    """The box narrows from the other side alone; and it moves out again where it was cut too early."""
    plain = Space((FloatParameter(name="x", low=0.0, high=1.0),))
    units = np.linspace(0.02, 0.98, 24)
    found = after(units, units, space=plain, narrows=True, make_history=make_history)
    assert found.box.high == (1.0,)
    assert found.box.low[0] > 0.2
    before = Ranges(opened=Box.declared(plain), box=Box(low=(0.0,), high=(0.5,), reason=""))
    units = units / 2
    found = after(units, units, space=plain, before=before, narrows=True, make_history=make_history)
    assert found.box.high == (0.75,)
    assert "x narrowed and widened" in found.box.reason


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_the_box_stays_inside_what_is_open_and_that_inside_the_outer_space(data, mixed_space, histories):
    """Whatever the results are, through several changes."""
    found = Ranges.declared(mixed_space)
    margins = np.array([parameter.margin for parameter in mixed_space])
    for first in data.draw(st.lists(st.integers(0, N), min_size=1, max_size=4).map(sorted)):
        history = data.draw(histories(mixed_space, n=(first, first)))
        narrows = data.draw(st.booleans())
        found = found.next(mixed_space, history, first=first, narrows=narrows, seed=first)
        low, high = np.array(found.opened.low), np.array(found.opened.high)
        assert (low >= -margins - 1e-9).all()
        assert (high <= 1 + margins + 1e-9).all()
        assert (low <= found.box.low).all()
        assert (found.box.high <= high).all()
        assert (np.array(found.box.low) < found.box.high).all()


@settings(deadline=None, max_examples=20)
@given(parallelism=st.integers(1, 12), seed=st.integers(0, 2**32))
def test_no_trial_leaves_the_open_ranges(make_spec, parallelism, seed):
    """Each lies in the box that was opened last, or in the declared ranges; TPE may begin with an old box."""
    spec = make_spec(space=PAIR, seed=seed, parallelism=parallelism, search=SearchSpec(rounds=(12,)))
    history = search(spec, order=1, batch=3, resume_every=0)
    plan, box, opens = SearchPlan(spec), Box.declared(PAIR), 0
    for number in range(len(history)):
        proposal = plan.propose(history, number)
        if proposal.opens is not None:
            assert number in {0, 12} or (proposal.opens.low, proposal.opens.high) != (box.low, box.high)
            box, opens = proposal.opens, opens + 1
        unit = PAIR.to_unit(np.array([proposal.internal]))[0]
        inside = (unit >= np.array(box.low) - 1e-9).all() and (unit <= np.array(box.high) + 1e-9).all()
        assert inside or ((unit >= 0).all() and (unit <= 1).all() and proposal.stage != Stage.TPE)
    assert opens >= 1


def test_ranges_change_more_seldom_the_longer_a_study_is():
    """Some hundred times in a hundred thousand trials; the first time as soon as enough can be seen."""
    for steps, most in ((OPENING, 200), (NARROWING, 40)):
        numbers = [steps.after(0, parallelism=16)]
        while numbers[-1] < 100_000:
            numbers.append(steps.after(numbers[-1], parallelism=16))
        assert numbers[0] == 15 + steps.results
        assert min(np.diff(numbers)) >= steps.least
        assert len(numbers) < most
