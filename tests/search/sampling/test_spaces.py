"""Proposals in spaces of every kind and size: points of the space, of the parameters' types, and in time."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.search.sampling.tpe import BAD_MOST, ask
from hpsearch.space import (
    ChoiceParameter,
    Condition,
    FloatParameter,
    IntParameter,
    MirroredParameter,
    Space,
    in_space,
)
from hpsearch.study_file import SearchSpec

KINDS = {
    "float": lambda name: FloatParameter(name=name, low=-3.5, high=7.25),
    "log": lambda name: FloatParameter(name=name, low=1e-5, high=0.3, log=True),
    "widened": lambda name: FloatParameter(name=name, low=1e-3, high=0.1, log=True, widen=2),
    "int": lambda name: IntParameter(name=name, low=-2, high=1),
    "log int": lambda name: IntParameter(name=name, low=2, high=900, log=True),
    "mirrored": lambda name: MirroredParameter(name=name, low=0.9, high=0.999),
    "one choice": lambda name: ChoiceParameter(name=name, choices=("only",)),
    "choice": lambda name: ChoiceParameter(name=name, choices=(8, 64, 512)),
    "switch": lambda name: ChoiceParameter(name=name, choices=(False, True)),
}


@st.composite
def spaces(draw, most=50):
    """Draw a space of 1 to ``most`` parameters; some depend on the first, where that is a switch."""
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=most))
    parameters = tuple(KINDS[kind](f"p{place}") for place, kind in enumerate(kinds))
    inner = range(1, len(kinds)) if kinds[0] == "switch" else ()
    which = draw(st.sets(st.sampled_from(inner), max_size=3)) if inner else set()
    return Space(parameters, tuple(Condition(name=f"p{k}", on="p0", among=(True,)) for k in sorted(which)))


def searched(plan, trials, *, noise):
    """Return a search whose values are a bowl in unit coordinates, with noise and without curves."""
    space, history = plan.spec.space, History.empty(len(plan.spec.space))
    rng = np.random.default_rng(plan.spec.seed)
    for number in range(trials):
        point = np.array([plan.propose(history, number).internal])
        assert in_space(space, point).all()
        value = -float(np.nanmean((space.to_unit(point) - 0.3) ** 2)) + noise * rng.normal()
        done = {"states": np.array([int(TrialState.COMPLETE)]), "values": np.array([value])}
        history = history.followed_by(History(internal=point, curves=np.empty((1, 0)), **done))
    return history


@settings(deadline=None, max_examples=40)
@given(space=spaces(), seed=st.integers(0, 2**32), noise=st.sampled_from([0.0, 0.5]))
def test_every_proposal_is_a_point_of_its_space(make_spec, space, seed, noise):
    """In random rounds and in TPE: within its ends, whole where it must be, of its type for a function."""
    spec = make_spec(space=space, seed=seed, trials=24, parallelism=2, search=SearchSpec(rounds=(10, 4)))
    history = searched(SearchPlan(spec), 24, noise=noise)
    for number in (0, 12, 23):
        for name, value in space.external(history.point(number)).items():
            parameter = next(p for p in space if p.name == name)
            wanted = {"int": int, "choice": type((parameter.choices or (0.0,))[0])}.get(parameter.kind, float)
            assert type(value) is wanted
            assert parameter.choices == () or value in parameter.choices


@given(space=spaces(most=8), data=st.data())
def test_points_made_together_are_points_made_alone(space, data):
    """To the last bit, at both ends and beyond them."""
    ends = st.sampled_from([-0.5, 0.0, 0.5, np.nextafter(1, 0), 1.0, 1.5])
    unit = data.draw(st.lists(st.lists(ends | st.floats(0, 1), min_size=len(space), max_size=len(space))))
    rows = np.array(unit).reshape(len(unit), len(space))
    alone = np.array([space.from_unit(row) for row in rows]).reshape(rows.shape)
    assert space.from_units(rows).tobytes() == alone.tobytes()


@pytest.mark.parametrize("d", [1, 50])
def test_a_proposal_takes_some_milliseconds(make_spec, d):
    """The fastest of several, in the processor's time: with fifty parameters and two hundred results."""
    kinds = ["float", "log", "int", "choice"]
    space = Space(tuple(KINDS[kinds[place % 4]](f"p{place}") for place in range(d)))
    spec = make_spec(space=space, trials=300, parallelism=1, search=SearchSpec(rounds=(200,)))
    history = searched(SearchPlan(spec), 200, noise=0.1)
    taken, plan = [], SearchPlan(spec)
    for number in range(200, 206):  # the first of them also has a box computed, once
        began = time.process_time()
        point = plan.propose(history, number).internal
        taken.append(time.process_time() - began)
        history = history.with_pending(point)
    assert min(taken) < 0.03


def test_a_search_of_many_results_looks_at_a_bounded_number_of_bad_ones():
    """From version 3 on a thousand of them, spread over the numbers; up to so many nothing changes."""
    space = Space((KINDS["float"]("x"), KINDS["log"]("y")))
    rng = np.random.default_rng(0)
    n, values = 2000, rng.random(2000)
    points = np.array([space.from_unit(row) for row in rng.random((n, 2))])
    states = np.full(n, int(TrialState.COMPLETE))
    bad = np.setdiff1d(np.arange(n), np.argsort(-values)[:25])
    moved = points.copy()
    moved[np.setdiff1d(bad, bad[np.linspace(0, len(bad) - 1, 1000).astype(int)])] = points[0]

    def asked(internal, *, number, most):
        history = History(internal=internal, states=states, values=values, curves=np.empty((n, 0)))
        return [ask(space, history.up_to(number), seed=seed, bad_most=most) for seed in range(12)]

    assert asked(points, number=1025, most=BAD_MOST) == asked(points, number=1025, most=None)
    assert asked(points, number=n, most=BAD_MOST) == asked(moved, number=n, most=BAD_MOST)
    assert asked(points, number=n, most=None) != asked(moved, number=n, most=None)
