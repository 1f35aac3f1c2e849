import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.search.sampling.box import Box, next_box
from hpsearch.search.sampling.tpe import STARTUP, ask
from hpsearch.space import ChoiceParameter, Space
from hpsearch.study_file import Purpose, SearchSpec, child_seed
from tests.search.runs import N, propose, search, studies


@pytest.mark.parametrize("parallelism", [1, 5])
def test_tpe_is_asked_what_the_trial_may_see_with_a_seed_of_its_own(make_spec, mixed_space, parallelism):
    """While fewer than ten results can be seen, the trial is drawn at random in the declared ranges.

    Before version 3, that is; from it on TPE has a box (``test_ranges.py``).
    """
    spec = make_spec(version=2, trials=30, parallelism=parallelism, search=SearchSpec(rounds=()))
    history = search(spec, order=1, batch=3, resume_every=1)
    for number in range(len(history)):
        seen = history.seen_by(number, parallelism)
        asked = ask(mixed_space, seen, seed=child_seed(spec.seed, Purpose.PROPOSE, number))
        proposal = propose(spec, history, number)
        assert proposal.stage == ("tpe" if asked else "random")
        assert (asked is None) == (len(seen.valued) < STARTUP)
        if asked is not None:
            assert proposal.internal == asked
        else:
            units = mixed_space.to_unit(np.array([proposal.internal]))[0]
            assert ((units >= 0) & (units <= 1)).all()


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_proposals_stay_in_the_outer_space(data, make_spec, mixed_space, histories):
    """Every parameter is a value that its Optuna distribution holds, in its own type."""
    spec = data.draw(studies(make_spec))
    history = data.draw(histories(mixed_space, n=(N, N), settled=True))
    proposal = propose(spec, history, data.draw(st.integers(0, N)))
    external = mixed_space.external(proposal.internal)
    lr, dropout, width, layers, activation = external.values()
    assert 1e-6 * (1 - 1e-12) <= lr <= 10 * (1 + 1e-12)
    assert 0.0 <= dropout <= 0.6
    assert width in range(4, 65)
    assert layers in range(-1, 4)
    assert activation in ("relu", "tanh", "gelu")
    assert [type(v) for v in external.values()] == [float, float, int, int, str]
    for parameter, value in zip(mixed_space, proposal.internal, strict=True):
        assert parameter.margin or 0 <= parameter.to_unit(np.array([value]))[0] <= 1


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_rounds_draw_in_their_boxes(data, make_spec, mixed_space, histories):
    """A trial lies in the box that its round's first trial opened, or ignores it for the declared ranges."""
    seed = data.draw(st.integers(0, 2**32))
    spec = make_spec(version=2, seed=seed, parallelism=3, search=SearchSpec(rounds=(12, 9, 9)))
    history = data.draw(histories(mixed_space, n=(30, 30), settled=True))
    plan = SearchPlan(spec)
    box, before = None, Box.declared(mixed_space)
    for number in range(30):
        proposal = plan.propose(history, number)
        place = 0 if number < 12 else 1 if number < 21 else 2
        assert proposal.stage == f"round {place}"
        assert (proposal.opens is not None) == (number in (0, 12, 21))
        if proposal.opens is not None:
            box = proposal.opens
            own = child_seed(seed, Purpose.BOX, number)
            seen = history.seen_by(number, 3)
            assert box == (next_box(before, mixed_space, seen, seed=own) if number else before)
            before = box
        pair = mixed_space.to_unit(np.array([proposal.internal]))[0, :2]  # lr and dropout, which do not round
        inside = (pair >= np.array(box.low[:2]) - 1e-9).all() and (
            pair <= np.array(box.high[:2]) + 1e-9
        ).all()
        assert inside or ((pair >= 0).all() and (pair <= 1).all())


@pytest.mark.parametrize("start", ["random", "sobol"])
def test_most_of_a_round_lies_in_its_box_and_some_of_it_does_not(make_spec, make_history, mixed_space, start):
    """The good results lie around one point, and so do most of the trials that follow."""
    spec = make_spec(parallelism=1, search=SearchSpec(rounds=(60, 60), start=start))
    plan, history = SearchPlan(spec), History.empty(len(mixed_space))
    for number in range(60):
        history = history.with_pending(plan.propose(history, number).internal)
    units = mixed_space.to_unit(history.internal)
    values = -np.abs(units[:, :2] - 0.5).max(axis=1)
    history = make_history(values, internal=history.internal)
    proposals = [plan.propose(history, number) for number in range(60, 120)]
    box = proposals[0].opens
    widths = np.subtract(box.high, box.low)
    assert (widths[:2] < 0.8).all()
    assert (widths[2:] == 1).all()
    found = mixed_space.to_unit(np.array([p.internal for p in proposals]))[:, :2]
    inside = ((found >= box.low[:2]) & (found <= box.high[:2])).all(axis=1)
    assert 0.75 < inside.mean() < 1


def test_after_the_rounds_comes_tpe(make_spec):
    """The stage after the last round is TPE; its first trial opens its box, which older versions lack."""
    for version, opened in ((2, set()), (3, {14})):
        history = search(make_spec(trials=20, version=version), order=0, batch=1, resume_every=0)
        for number, stage in [(13, "round 1"), (14, "tpe"), (15, "tpe")]:
            proposal = propose(make_spec(version=version), history, number)
            assert (proposal.number, proposal.stage) == (number, stage)
            assert (proposal.opens is not None) == (number in opened)


def test_without_rounds_tpe_starts_at_random(make_spec, mixed_space):
    """No rounds: the first trials are TPE's random start, in the declared ranges, not the outer ones."""
    spec = make_spec(parallelism=1, search=SearchSpec(rounds=()))
    history = search(dataclasses.replace(spec, trials=STARTUP), order=0, batch=1, resume_every=0)
    units = mixed_space.to_unit(history.internal)
    assert (units >= 0).all()
    assert (units <= 1).all()
    assert len(np.unique(units[:, 0])) == STARTUP
    proposal = propose(spec, history, 0)
    assert proposal.stage == "random"
    assert (proposal.opens.low, proposal.opens.high) == ((0.0,) * 5, (1.0,) * 5)


@given(seed=st.integers(0, 2**53), number=st.integers(0, 99))
def test_another_seed_or_number_is_another_proposal(make_spec, mixed_space, seed, number):
    """Draws differ from seed to seed and from trial to trial."""
    spec = make_spec(search=SearchSpec(rounds=(200,)))
    history = History.empty(len(mixed_space))
    one, other = dataclasses.replace(spec, seed=seed), dataclasses.replace(spec, seed=(seed + 1) % 2**53)
    assert propose(one, history, number).internal != propose(other, history, number).internal
    assert propose(one, history, number).internal != propose(one, history, number + 1).internal


def test_tpe_too_depends_on_the_seed(make_spec):
    """The same history under two seeds leads to two proposals."""
    history = search(make_spec(trials=20), order=0, batch=1, resume_every=0)
    one, other = (propose(make_spec(seed=seed), history, 20).internal for seed in (0, 1))
    assert one != other


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_tpe_goes_where_the_good_values_are(make_spec, mixed_space, seed):
    """On a smooth function the last twenty of sixty trials are better than the random ones were."""
    lr, *others = mixed_space
    space = Space((dataclasses.replace(lr, widen=0), *others))
    spec = make_spec(space=space, seed=seed, trials=60, parallelism=2, search=SearchSpec(rounds=(20,)))
    values = search(spec, order=0, batch=1, resume_every=0).values
    assert np.nanmean(values[40:]) > np.nanmean(values[:20]) + 0.1


@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_a_space_with_nothing_to_choose_is_proposed(data, make_spec, histories):
    """A choice of one value goes through rounds and TPE like any other."""
    only, both = (ChoiceParameter(name=str(c), choices=c) for c in ((0.5,), (True, False)))
    space = Space((only, both))
    history = data.draw(histories(space, n=(30, 30), settled=True))
    assume(len(history.valued) >= 15)
    spec = make_spec(space=space, search=SearchSpec(rounds=(5,)))
    for number in (0, 5, 29):
        assert space.external(propose(spec, history, number).internal)[only.name] == 0.5


@pytest.mark.parametrize("state", [TrialState.RUNNING, TrialState.FAILED])
def test_trials_that_are_no_point_of_the_space_do_not_disturb_tpe(make_spec, make_history, state):
    """Others may put trials without parameters, or with impossible ones, into a study."""
    spec = make_spec(search=SearchSpec(rounds=()), parallelism=1)
    rng = np.random.default_rng(0)
    internal = np.stack([spec.space.from_unit(u) for u in rng.uniform(size=(STARTUP + 4, len(spec.space)))])
    internal[3], internal[5] = np.nan, 1e9
    states = [TrialState.COMPLETE] * len(internal)
    states[3] = states[5] = state
    history = make_history(rng.uniform(size=len(internal)), states=states, internal=internal)
    found = propose(spec, history, len(internal))
    assert found.stage == "tpe"
    assert np.isfinite(found.internal).all()
