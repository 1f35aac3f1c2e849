"""The Parzen estimator: its densities, and what it proposes from them."""

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hpsearch.search import History, TrialState
from hpsearch.search.sampling.tpe import FINEST, GOOD_MOST, NARROWEST, STARTUP, _Density, ask
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, MirroredParameter, Space, in_space
from tests.study_file.strategies import spaces

X = FloatParameter(name="x", low=0.0, high=1.0)
LINE = Space((X,))
SQUARE = Space((X, FloatParameter(name="y", low=0.0, high=1.0)))
C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING


def points_of(space, n, *, seed=0):
    """Return random internal values in the outer ranges, ``(n, d)``."""
    margins = np.array([parameter.margin for parameter in space])
    units = np.random.default_rng(seed).uniform(-margins, 1 + margins, (n, len(space)))
    return np.array([space.from_unit(unit) for unit in units])


@settings(max_examples=60)
@given(space=spaces(), data=st.data())
def test_a_proposal_is_a_point_of_the_space(space, data, histories):
    """Of parameters of every kind, widened, mirrored, conditional or of a single choice."""
    history = data.draw(histories(space, n=(STARTUP, 40)))
    # Ranges of a few roundings have points that their own coordinates do not lead back to.
    assume(in_space(space, history.internal).all())
    found = ask(space, history, seed=data.draw(st.integers(0, 2**32)))
    assert (found is None) == (len(history.valued) < STARTUP)
    if found is not None:
        assert in_space(space, np.array([found])).all()


def test_failed_trials_and_their_places_say_nothing(make_history, mixed_space):
    """Neither their parameters nor their number changes a proposal; nor do those that are no point at all."""
    internal = points_of(mixed_space, 40)
    internal[5] = -1.0, 2.0, 0.0, 9.0, 3.0
    values = np.random.default_rng(1).uniform(size=40)
    failed = np.arange(40) % 5 == 0
    states = np.where(failed, F, np.where(np.arange(40) > 34, R, C))
    values[states != C] = np.nan
    whole = make_history(values, states=states, internal=internal)
    rest = make_history(values[~failed], states=states[~failed], internal=internal[~failed])
    assert ask(mixed_space, whole, seed=3) == ask(mixed_space, rest, seed=3)


def test_only_the_order_of_the_values_matters(make_history, mixed_space):
    """Any rising function of the values leads to the same proposal; a falling one does not."""
    internal = points_of(mixed_space, 40)
    values = np.random.default_rng(1).uniform(size=40)

    def asked(values):
        return [ask(mixed_space, make_history(values, internal=internal), seed=s) for s in range(5)]

    assert asked(values) == asked(values**3 / 7 + 2)
    assert asked(values) != asked(1 - values)


def test_stopped_trials_count_as_what_they_would_have_come_to(make_history):
    """With the line known, a high accuracy at an early epoch is no better than what it leads to."""
    x = np.linspace(0.05, 0.95, 30)
    # Complete trials end 0.4 below their first epoch; those stopped after it look best as they stand.
    full = [[0.7 + 0.2 * v, 0.3 + 0.2 * v] for v in x]
    curves = [c[:1] if n % 3 == 0 else c for n, c in enumerate(full)]
    states = [P if n % 3 == 0 else C for n in range(30)]
    values = [c[-1] for c in curves]
    history = make_history(values, states=states, internal=x[:, None], curves=curves)
    # The same study with the predictions written down: the line, but never above the median.
    middle = np.median([v for v, s in zip(values, states, strict=True) if s is C])
    expected = [min(c[0] - 0.4, middle) if s is P else c[-1] for c, s in zip(curves, states, strict=True)]
    by_hand = make_history(expected, internal=x[:, None])
    as_they_stand = make_history(values, internal=x[:, None])
    asked, expected, stood = (
        [ask(LINE, h, seed=s) for s in range(9)] for h in (history, by_hand, as_they_stand)
    )
    assert asked == expected != stood


def test_there_is_no_proposal_from_fewer_than_ten_results(make_history):
    """Running and failed trials are none."""
    states = [C] * 5 + [P] * 4 + [R] * 20 + [F] * 20
    values = [0.5] * 9 + [None] * 40
    internal = points_of(LINE, 49)
    assert ask(LINE, make_history(values, states=states, internal=internal), seed=0) is None
    states[9], values[9] = C, 0.5
    assert ask(LINE, make_history(values, states=states, internal=internal), seed=0) is not None


def apart(points):
    """Return the mean distance of points, ``(n, d)``, to their nearest neighbours."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return distances.min(axis=1).mean()


def test_trials_under_way_spread_out(make_history):
    """Sixteen proposals that know of each other lie farther apart than sixteen that do not."""
    internal = points_of(SQUARE, 60)
    values = -((internal - 0.3) ** 2).sum(axis=1)
    wide, narrow = [], []
    for seed in range(0, 64, 16):
        blind = aware = make_history(values, internal=internal)
        for n in range(16):
            aware = aware.with_pending(ask(SQUARE, aware, seed=seed + n))
        wide.append(apart(aware.internal[60:]))
        narrow.append(apart(np.array([ask(SQUARE, blind, seed=seed + n) for n in range(16)])))
    assert min(wide) > max(narrow) * 1.05


def searched(space, value_of, *, seed, n=60):
    """Return the points of a search of 12 random trials and then TPE, one by one."""
    internal = list(points_of(space, 12, seed=seed))
    while len(internal) < n:
        table = np.array(internal)
        history = History(
            internal=table,
            states=np.full(len(table), C),
            values=np.array([value_of(row) for row in table]),
            curves=np.empty((len(table), 0)),
        )
        internal.append(ask(space, history, seed=1000 * seed + len(internal)))
    return np.array(internal)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_goes_to_the_optimum_of_a_smooth_function(seed):
    """A rate on a log scale, a mirrored momentum, a width and a choice: the last twenty are near the best."""
    space = Space(
        (
            FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=1),
            MirroredParameter(name="momentum", low=0.9, high=0.999),
            IntParameter(name="width", low=4, high=256, log=True),
            ChoiceParameter(name="activation", choices=("tanh", "relu", "gelu")),
        )
    )
    best = np.array([0.8, 0.3, 0.6])

    def value_of(row):
        unit = space.to_unit(row[None])[0]
        return -float(((unit[:3] - best) ** 2).sum()) - 0.3 * float(row[3] != 1)

    found = searched(space, value_of, seed=seed, n=80)
    values = np.array([value_of(row) for row in found])
    assert np.median(values[-20:]) > -0.05 > np.median(values[:12]) + 0.3
    assert np.mean(found[-20:, 3] == 1) > 0.6
    assert values.max() > -0.03


@given(data=st.data())
def test_a_density_does_not_depend_on_the_order_of_trials_or_parameters(data, mixed_space, histories):
    """The same kernels in another order, and the same columns in another order, are the same density."""
    history = data.draw(histories(mixed_space, n=(1, 20)))
    order = data.draw(st.permutations(range(len(mixed_space))))
    trials = data.draw(st.permutations(range(len(history))))
    rng = np.random.default_rng(0)
    places, at = rng.random((len(history), 5)), rng.random((7, 5))
    plain = _Density.of(mixed_space, places).log(at)
    assert _Density.of(mixed_space, places[trials]).log(at) == pytest.approx(plain, abs=1e-9)
    turned = Space(tuple(mixed_space.parameters[j] for j in order))
    assert _Density.of(turned, places[:, order]).log(at[:, order]) == pytest.approx(plain, abs=1e-9)


@pytest.mark.parametrize("n", [0, 1, 7, 200, 1500])
def test_a_density_is_one_in_all(n):
    """Over a fine grid its mean is 1, however many kernels there are and however close they lie."""
    rng = np.random.default_rng(n)
    density = _Density.of(LINE, rng.beta(2, 60, (n, 1)))
    grid = (np.arange(4000)[:, None] + 0.5) / 4000
    mean = np.mean([np.exp(density.log(part)).mean() for part in np.split(grid, 8)])
    assert mean == pytest.approx(1.0, abs=1e-5)


def test_the_shares_of_choices_are_one_in_all():
    """By hand: seen twice at the first choice, once without the parameter, and the range's own kernel."""
    space = Space((ChoiceParameter(name="a", choices=("x", "y", "z")),))
    density = _Density.of(space, np.array([[1 / 6], [1 / 6], [np.nan]]))
    found = np.exp(density.log(np.array([[1 / 6], [1 / 2], [5 / 6]])))
    # Four kernels: a quarter for every choice, 1 more for the one seen; out of 7 quarters.
    first, other = (1 + 0.25) / 1.75, 0.25 / 1.75
    assert found == pytest.approx([(2 * first + 2 / 3) / 4, (2 * other + 2 / 3) / 4, (2 * other + 2 / 3) / 4])
    assert found.sum() == pytest.approx(1.0)


def test_points_are_drawn_from_the_density():
    """The share of 20,000 draws below each tenth is the integral up to there, within four errors."""
    space = Space((X, ChoiceParameter(name="a", choices=("x", "y"))))
    density = _Density.of(space, np.array([[0.02, 0.25], [0.05, 0.25], [0.9, 0.75], [0.5, np.nan]]))
    draws = density.draw(np.random.default_rng(0), 20_000)
    grid = (np.arange(2000) + 0.5) / 2000
    for level in (0.25, 0.75):
        mass = np.exp(density.log(np.stack([grid, np.full(2000, level)], axis=1))) / 2000
        here = draws[draws[:, 1] == level, 0]
        for tenth in np.arange(0.1, 1.01, 0.1):
            expected = mass[grid < tenth].sum()
            assert (here < tenth).sum() / 20_000 == pytest.approx(expected, abs=4 * 0.5 / 20_000**0.5)


def test_a_kernel_is_as_wide_as_the_way_to_its_farther_neighbour():
    """By hand: the ends of the range and its middle are neighbours too; a tenth of the range is the least."""
    density = _Density.of(LINE, np.array([[0.2], [0.26], [0.9]]))
    # In order: 0 | .2 .26 .5 .9 | 1; the last kernel is the range's own.
    assert density.widths[:, 0] == pytest.approx([0.2, 0.24, 0.4, 1.0])
    close = _Density.of(LINE, np.full((400, 1), 0.5))
    assert close.widths[1:-1, 0] == pytest.approx(NARROWEST)


def test_the_least_width_is_that_of_the_declared_range():
    """A range of three decades that may grow by two on each side: a tenth of its own three of seven."""
    space = Space((FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=2),))
    density = _Density.of(space, np.full((400, 1), 0.5))
    assert density.widths[1:-1, 0] == pytest.approx(NARROWEST * 3 / 7)
    far = Space((FloatParameter(name="lr", low=1e-2, high=1e-1, log=True, widen=10),))
    density = _Density.of(far, np.full((400, 1), 0.5))
    assert density.widths[1:-1, 0] == pytest.approx(1 / FINEST)


def test_five_thousand_trials_take_bounded_time(make_history, mixed_space):
    """About 6 ms of this thread's own time; a quarter of a second is a mistake in how it grows."""
    internal = points_of(mixed_space, 5000)
    history = make_history(np.random.default_rng(0).uniform(size=5000), internal=internal)
    ask(mixed_space, history, seed=0)
    began = time.process_time()
    for seed in range(4):
        ask(mixed_space, history, seed=seed)
    assert (time.process_time() - began) / 4 < 0.25


def test_no_more_than_the_best_twenty_five_are_good(make_history):
    """Of 1,000 results whose best 25 lie at one place and the next 125 at another, it follows the best."""
    values = np.linspace(1, 0, 1000)
    x = np.concatenate([np.full(GOOD_MOST, 0.2), np.full(125, 0.8), np.linspace(0, 1, 850)])
    history = make_history(values, internal=x[:, None])
    found = np.array([ask(LINE, history, seed=s)[0] for s in range(10)])
    assert (np.abs(found - 0.2) < 0.2).all()
    worse = dataclasses.replace(history, values=values[::-1].copy())
    assert not (np.abs(np.array([ask(LINE, worse, seed=s)[0] for s in range(10)]) - 0.2) < 0.2).all()


def test_kernels_sharpen_with_the_number_of_results_where_they_may(make_history):
    """Kernels of one place are as narrow as they may be, and proposals from 400 results lie closer to it."""
    same = np.full((20, 2), 0.3)
    assert _Density.of(SQUARE, same).widths.min() == NARROWEST
    assert _Density.of(SQUARE, same, least=0.02).widths.min() == 0.02

    internal = np.concatenate([np.full((25, 2), 0.3), points_of(SQUARE, 375)])
    history = make_history(-np.linalg.norm(internal - 0.3, axis=1), internal=internal)
    near = [
        np.median(np.abs([np.array(ask(SQUARE, history, seed=n, sharpens=s)) - 0.3 for n in range(40)]))
        for s in (True, False)
    ]
    assert near[0] < 0.7 * near[1]
