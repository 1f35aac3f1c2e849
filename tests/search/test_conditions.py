"""Conditional parameters: what is not there is NaN, and NaN must never decide anything."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.search import ConfirmPlan, History, SearchPlan, TrialState, history_digests, trial_digest
from hpsearch.search.confirmation.finalists import finalists
from hpsearch.search.sampling.box import Box, next_box
from hpsearch.space import in_space
from hpsearch.study_file import ConfirmSpec, SearchSpec

N = 40
NAN = math.nan


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_proposals_are_points_of_a_space_with_conditions(data, make_spec, forked_space, histories):
    """Rounds and TPE leave out what is not active, and the settings of the network lack it."""
    spec = make_spec(
        space=forked_space,
        seed=data.draw(st.integers(0, 2**53)),
        parallelism=data.draw(st.integers(1, 6)),
        search=SearchSpec(rounds=data.draw(st.sampled_from([(), (10, 10), (60,)]))),
    )
    history = data.draw(histories(forked_space, n=(N, N), settled=True))
    number = data.draw(st.integers(0, N))
    proposal = SearchPlan(spec).propose(history, number)
    assert in_space(forked_space, np.array([proposal.internal])).all()
    names = set(SearchPlan(spec).settings(proposal.internal))
    external = forked_space.external(proposal.internal)
    assert ("momentum" in names) == (external["optimizer"] == "momentum")
    assert ("warm" in names) == (external.get("nested") is True)
    assert SearchPlan(spec).propose(history.up_to(number), number) == proposal


@pytest.mark.parametrize(("version", "most"), [(2, 0.1), (3, 0.15)])
def test_tpe_proposes_every_branch(make_spec, forked_space, make_history, version, most):
    """A parameter that few trials have had is still proposed, and from what those trials found.

    The median of uniform draws would lie 0.25 away.
    """
    rng = np.random.default_rng(0)
    internal = np.array([forked_space.from_unit(u) for u in rng.uniform(size=(120, len(forked_space)))])
    from_momentum = np.where(np.isnan(internal[:, 0]), 0.0, 1.0 - np.abs(internal[:, 0] - 0.25))
    history = make_history(from_momentum, internal=internal)
    search = SearchSpec(rounds=())
    changes = {"space": forked_space, "search": search, "parallelism": 1, "version": version}
    specs = [make_spec(seed=s, **changes) for s in range(20)]
    found = np.array([SearchPlan(spec).propose(history, 120).internal[0] for spec in specs])
    assert (~np.isnan(found)).sum() > 10
    assert abs(np.nanmedian(found) - 0.25) < most


def test_a_side_follows_those_of_the_best_that_have_the_parameter(make_history, forked_space):
    """Of 40 results the best ten decide; momentum's side moves by the six of them that have one, not by four.

    Whether they lie close together is judged among all trials that have the parameter, wherever they rank.
    """
    names = list(forked_space.names)
    sgd = {"optimizer": "sgd", "lr": 0.01}

    def with_momentum(n):
        good = [{**sgd, "optimizer": "momentum", "momentum": 0.5}] * n
        spread = [{**sgd, "optimizer": "momentum", "momentum": m} for m in np.linspace(0.1, 0.9, 15)]
        points = [*good, *[sgd] * (N - n - 15), *spread]
        internal = [forked_space.internal(point) for point in points]
        history = make_history(np.linspace(1, 0, N), internal=internal)
        return next_box(Box.declared(forked_space), forked_space, history, seed=0)

    moved, stayed = with_momentum(6), with_momentum(4)
    side = names.index("momentum")
    assert (moved.low[side], moved.high[side]) == pytest.approx((0.25, 0.75))
    assert (stayed.low[side], stayed.high[side]) == (0.0, 1.0)
    assert "momentum narrowed" in moved.reason
    assert "momentum" not in stayed.reason
    assert np.isfinite([*moved.low, *moved.high]).all()


def test_finalists_that_lack_the_same_parameter_are_distinct(make_history, forked_space):
    """NaN differs from itself; two trials without momentum, of one learning rate, are one finalist."""
    without = [NAN, 0.01, 0.0, NAN, NAN]
    points = [without, [-NAN, *without[1:]], [0.5, 0.01, 1.0, NAN, NAN], [NAN, 0.02, *without[2:]]]
    history = make_history([0.9, 0.8, 0.7, 0.6], internal=points)
    assert finalists(ConfirmSpec(top=4), forked_space, history) == (0, 2, 3)


def test_a_plan_of_confirmation_is_equal_to_itself_made_again(make_spec, make_history, forked_space):
    """Also where a finalist lacks parameters: its runs are proposed alike by every worker."""
    spec = make_spec(space=forked_space, confirm=ConfirmSpec(top=1, seeds=1))
    point = forked_space.internal({"optimizer": "sgd", "lr": 0.01})
    one, other = (ConfirmPlan.of(spec, make_history([0.5], internal=[list(point)])) for _ in range(2))
    assert one == other
    none = History.empty(len(forked_space))
    assert one.propose(none, 0) == other.propose(none, 0)
    assert one.settings(one.candidates[0].internal) == {"optimizer": "sgd", "lr": 0.01}


def test_a_digest_does_not_depend_on_the_bits_of_nan():
    """A NaN of another sign or payload, as arithmetic leaves it, is the same absent value."""
    (other,) = struct.unpack("<d", struct.pack("<Q", 0xFFF8_0000_0000_0001))
    assert struct.pack("<d", other) != struct.pack("<d", NAN)

    def digest(*internal):
        return trial_digest(number=1, state=TrialState.COMPLETE, internal=internal, curve=(0.5,), value=0.5)

    assert digest(0.5, other) == digest(0.5, NAN) == digest(0.5, np.float64(np.nan))
    assert len({digest(0.5, NAN), digest(NAN, 0.5), digest(0.5, 0.0), digest(0.5)}) == 4


def test_the_digest_of_a_row_is_that_of_its_point(forked_space, make_history):
    """What a worker signs, from its claim, is what a reader of the history computes."""
    point = forked_space.internal({"optimizer": "sgd", "lr": 0.01})
    history = make_history([0.5], internal=[list(point)])
    (digest,) = history_digests(history)
    assert digest == trial_digest(number=0, state=TrialState.COMPLETE, internal=point, curve=(), value=0.5)
    assert history.point(0) == point
