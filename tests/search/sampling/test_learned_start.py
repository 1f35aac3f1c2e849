"""The first trials of a search that starts with the settings of a portfolio."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.search import History, SearchPlan
from hpsearch.study_file import LearnedStart, SearchSpec
from tests.search.runs import propose, search

POINTS = ({"lr": 0.01, "activation": "tanh"}, {"lr": 0.03, "dropout": 0.25}, {"lr": 0.001, "width": 16})


def learned(make_spec, *points, **changes):
    """Return a study that tries some settings first."""
    changes.setdefault("search", SearchSpec(rounds=(8, 6), start="learned"))
    return make_spec(learned=LearnedStart(hash="abc", settings=points), **changes)


def test_the_first_trials_have_the_values_of_the_settings_in_order(make_spec, mixed_space):
    """Trial n has the values of setting n, in the stage "learned"; then a round draws, and opens its box."""
    spec = learned(make_spec, *POINTS)
    history = History.empty(len(mixed_space))
    for number, point in enumerate(POINTS):
        proposal = propose(spec, history, number)
        external = mixed_space.external(proposal.internal)
        assert {name: external[name] for name in point} == point
        assert (proposal.stage, proposal.opens) == ("learned", None)
        history = history.with_pending(proposal.internal)
    first = propose(spec, history, len(POINTS))
    assert first.stage == "round 0"
    assert first.opens is not None


def test_a_value_that_the_setting_lacks_is_the_draw_of_a_search_without_it(make_spec, mixed_space):
    """The width of trial 0 is what the same trial draws at random, and so are later trials of the round."""
    one = learned(make_spec, *POINTS)
    other = replace(one, learned=None, search=replace(one.search, start="random"))
    history = search(one, order=0, batch=1, resume_every=0)
    known, drawn = (mixed_space.external(propose(s, history, 0).internal) for s in (one, other))
    assert known["width"] == drawn["width"]
    assert known["lr"] != drawn["lr"]
    for number in range(len(POINTS), 8):
        assert propose(one, history, number).internal == propose(other, history, number).internal


@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_a_learned_search_is_the_same_for_every_fleet(data, make_spec, same):
    """However many trials are in hand, in whatever order they end, and after any restart."""
    spec = learned(make_spec, *POINTS, trials=24, parallelism=data.draw(st.integers(1, 12)))
    order, batch = data.draw(st.integers(0, 99)), data.draw(st.integers(1, 12))
    one = search(spec, order=order, batch=batch, resume_every=data.draw(st.integers(0, 5)))
    assert same(one, search(spec, order=0, batch=1, resume_every=0))


def test_a_setting_is_tried_although_a_person_took_its_number(make_spec, mixed_space):
    """Trial 0 was enqueued with other values: trial 1 has the first setting, trial 2 the second."""
    spec = learned(make_spec, *POINTS)
    own = mixed_space.from_unit(np.full(len(mixed_space), 0.5))
    history = History.empty(len(mixed_space)).with_pending(own)
    for number in (1, 2):
        proposal = SearchPlan(spec).propose(history, number)
        assert mixed_space.external(proposal.internal)["lr"] == POINTS[number - 1]["lr"]
        history = history.with_pending(proposal.internal)


def test_a_setting_that_a_person_has_tried_is_not_tried_again(make_spec, mixed_space):
    """Trial 0 was enqueued with the values of the first setting: trial 1 has the second one."""
    spec = learned(make_spec, *POINTS)
    history = History.empty(len(mixed_space)).with_pending(propose(spec, History.empty(5), 0).internal)
    assert mixed_space.external(propose(spec, history, 1).internal)["lr"] == POINTS[1]["lr"]


def test_all_settings_may_have_been_tried_by_hand(make_spec, mixed_space):
    """One setting in trials 0 and 1: the number decides where none is left."""
    spec = learned(make_spec, POINTS[0], POINTS[0])
    history = History.empty(len(mixed_space)).with_pending(propose(spec, History.empty(5), 0).internal)
    assert mixed_space.external(propose(spec, history, 1).internal)["lr"] == POINTS[0]["lr"]


@pytest.mark.parametrize("parameters", ["optimizer", "momentum"])
def test_a_parameter_that_is_not_active_has_no_value(make_spec, forked_space, parameters):
    """A setting with momentum for a study whose optimizer has none leaves it out."""
    point = {"optimizer": "adam", "momentum": 0.5, "lr": 0.01}
    spec = learned(make_spec, point, space=forked_space)
    external = forked_space.external(propose(spec, History.empty(5), 0).internal)
    assert (parameters in external) == (parameters == "optimizer")


@pytest.mark.parametrize(
    ("rounds", "stage"), [((8, 6), "round 0"), ((2, 6), "round 1"), ((1, 2, 6), "round 2")]
)
def test_the_box_of_a_round_opens_with_its_first_own_trial(make_spec, mixed_space, rounds, stage):
    """However short the rounds are: the trial after the settings opens the round that it lies in."""
    spec = learned(make_spec, *POINTS, parallelism=1, search=SearchSpec(rounds=rounds, start="learned"))
    history = search(spec, order=0, batch=1, resume_every=0)
    own, other = (propose(spec, history, number) for number in (3, 4))
    assert (own.stage, own.opens is not None) == (stage, True)
    assert (other.stage, other.opens) == (stage, None)
    random = replace(spec, learned=None, search=replace(spec.search, start="random"))
    opened = [propose(random, history, number) for number in range(4)]
    assert own.opens == next(p.opens for p in opened if p.stage == stage and p.opens)
    assert len(mixed_space) == len(own.opens.low)


def test_without_rounds_tpe_follows_the_settings(make_spec):
    """No round: the trial after the settings is drawn at random, because TPE has too few results."""
    spec = learned(make_spec, *POINTS, search=SearchSpec(rounds=(), start="learned"))
    proposal = propose(spec, search(spec, order=0, batch=1, resume_every=0), 3)
    assert (proposal.stage, proposal.opens) == ("random", None)
