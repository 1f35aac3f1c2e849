"""Races over an objective without noise."""

import numpy as np
import pytest

from hpsearch.search import Candidate, ConfirmPlan, History, TrialState
from hpsearch.search.confirmation.noise import first_runs, is_noiseless
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import ConfirmSpec, ObjectiveSpec

SPACE = Space((FloatParameter(name="x", low=0.0, high=9.0),))
SEARCH = [0.5, 0.9, 0.1, 0.7]
FINALISTS = tuple(Candidate(internal=(float(n),), number=n) for n in (1, 3, 0))
DEFAULT = Candidate(internal=(8.0,), default=True)


@pytest.fixture
def search(make_history):
    """Return a settled search: trial ``n`` was measured at ``x = n``."""
    return make_history(SEARCH)


def runs_of(make_history, candidates, values, *, states=None):
    """Return runs of candidates in turn, with these values."""
    points = [candidates[n % len(candidates)].internal for n in range(len(values))]
    return make_history(values, internal=points, states=states)


@pytest.mark.parametrize(
    ("n_finalists", "default", "seeds", "expected"),
    [(5, 0, 5, 5), (5, 1, 5, 6), (3, 0, 5, 3), (2, 1, 5, 6), (1, 0, 5, 3), (1, 1, 2, 0), (0, 0, 5, 0)],
)
def test_so_many_runs_show_whether_there_is_noise(n_finalists, default, seeds, expected):
    """Whole turns of all candidates, until three runs can be compared; none where the budget ends before."""
    candidates = [Candidate(internal=(float(n),), number=n) for n in range(n_finalists)] + [DEFAULT] * default
    assert first_runs(candidates, seeds) == expected


def test_equal_values_on_fresh_seeds_show_that_there_is_no_noise(make_history, search):
    """The last bit counts, a failure counts, and too few runs show nothing."""

    def found(values, candidates=FINALISTS, **more):
        return is_noiseless(candidates, search, runs_of(make_history, candidates, values, **more))

    assert found([0.9, 0.7, 0.5])
    assert not found([0.9, 0.7])
    assert not found([0.9, np.nextafter(0.7, 1), 0.5])
    assert not found([0.9, 0.7, np.nan], states=[TrialState.COMPLETE] * 2 + [TrialState.FAILED])
    assert not found([])


def test_a_default_that_no_finalist_has_tried_is_compared_with_itself(make_history, search):
    """The search knows no value of it: its first run passes, and the others must equal that."""
    candidates = (FINALISTS[0], DEFAULT)
    fits = [0.9, 0.3, 0.9, 0.3, 0.9, 0.3]
    assert is_noiseless(candidates, search, runs_of(make_history, candidates, fits))
    assert not is_noiseless(candidates, search, runs_of(make_history, candidates, [*fits[:5], 0.4]))


@pytest.mark.parametrize(("version", "rows", "barrier"), [(3, False, 3), (2, False, 0), (3, True, 0)])
def test_the_race_of_a_function_waits_for_its_first_runs(make_spec, search, version, rows, barrier):
    """Not that of networks, whose values differ by seed, nor that of a study that was begun before."""
    what = {} if rows else {"objective": ObjectiveSpec(call="f.py:score")}
    spec = make_spec(space=SPACE, version=version, confirm=ConfirmSpec(top=3, seeds=5), trials=4, **what)
    assert ConfirmPlan.of(spec, search).barrier == barrier


def test_a_race_without_noise_ends_after_its_first_runs(make_spec, make_history, search):
    """At the same number whatever else has been run; with noise in one run it goes on."""
    spec = make_spec(
        space=SPACE,
        objective=ObjectiveSpec(call="f.py:score"),
        confirm=ConfirmSpec(top=3, seeds=5),
        trials=4,
    )
    plan = ConfirmPlan.of(spec, search)
    values = {c.internal: search.values[c.number] for c in plan.candidates}
    quiet = runs_of(make_history, plan.candidates, [values[c.internal] for c in plan.candidates])
    assert plan.ended(History.empty(1), 0) is None
    stopped = plan.ended(quiet, 3)
    assert (stopped.rule, stopped.number) == ("noiseless", 3)
    noisy = runs_of(make_history, plan.candidates, [*quiet.values[:2], quiet.values[2] + 1e-12])
    assert plan.ended(noisy, 3) is None
