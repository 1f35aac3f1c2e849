import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpsearch.search import Box, TrialState, next_box
from hpsearch.search.box import EDGE, RESULTS_LEAST
from hpsearch.spec import ChoiceParameter, FloatParameter, IntParameter, Space

LR = FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=2)
ONE = Space((LR,))
ROUNDING = 1e-12


@pytest.fixture(scope="session")
def at(make_history):
    """Return a function that makes a history of one log parameter at unit coordinates, best first."""

    def at(units, space=ONE, states=None):
        values = np.linspace(0.9, 0.1, len(units))
        return make_history(values, states=states, internal=[space.from_unit(np.array([u])) for u in units])

    return at


def step(parameter):
    """Return a decade in unit coordinates, 0 where a range cannot widen."""
    return 1 / parameter.decades if isinstance(parameter, FloatParameter) and parameter.log else 0.0


@given(data=st.data())
def test_a_box_halves_at_most_and_leaves_its_bounds_by_one_decade_at_most(data, mixed_space, histories):
    """Round after round: each side keeps half its width, and grows only by a decade in the outer space."""
    box = Box.declared(mixed_space)
    for _ in range(data.draw(st.integers(1, 4))):
        new = next_box(box, mixed_space, data.draw(histories(mixed_space, n=(0, 60))))
        for parameter, low, high, new_low, new_high in zip(
            mixed_space, box.low, box.high, new.low, new.high, strict=True
        ):
            assert new_high - new_low >= (high - low) / 2 - ROUNDING
            assert new_low in (max(low - step(parameter), -parameter.margin), max(new_low, low))
            assert new_high in (min(high + step(parameter), 1 + parameter.margin), min(new_high, high))
            assert -parameter.margin <= new_low < new_high <= 1 + parameter.margin
            if isinstance(parameter, ChoiceParameter):
                assert (new_low, new_high) == (low, high) == (0.0, 1.0)
        box = new


@given(data=st.data())
def test_a_side_widens_exactly_when_the_two_best_press_against_it(data, histories):
    """Both of the two best in the outer tenth of a log side, or beyond: it moves out by a decade."""
    history = data.draw(histories(ONE, n=(RESULTS_LEAST, 40), settled=True))
    assume(len(history.valued) >= RESULTS_LEAST)
    low = data.draw(st.floats(-LR.margin, 0.4))
    high = data.draw(st.floats(low + 0.4, 1 + LR.margin))
    new = next_box(Box(low=(low,), high=(high,), reason=""), ONE, history)
    order = sorted(history.valued, key=lambda n: -history.values[n])
    best = ONE.to_unit(history.internal[order[:2]])[:, 0]
    edge = EDGE * (high - low)
    below = bool((best < low + edge).all()) and low > -LR.margin
    above = bool((best > high - edge).all()) and high < 1 + LR.margin
    assert (new.low[0] < low) == below
    assert (new.high[0] > high) == above
    assert ("widened below" in new.reason) == below
    assert ("widened above" in new.reason) == above


@pytest.mark.parametrize(
    ("best", "low", "high", "reason"),
    [
        ([0.95, 0.99], 0.5, 4 / 3, "top 5 of 8 results: lr widened above"),
        ([0.05, 0.01], -1 / 3, 0.5, "top 5 of 8 results: lr widened below"),
        ([0.95, 0.5], 0.0, 1.0, "top 5 of 8 results: nothing to narrow"),
        ([0.5, 0.5], 0.25, 0.75, "top 5 of 8 results: lr narrowed"),
    ],
)
def test_a_decade_is_added_where_both_of_the_best_press(at, best, low, high, reason):
    """Three decades declared: a decade more is a third; one of the best alone moves nothing."""
    rest = {1.0: [0.02, 0.01, 0.4], 0.75: [0.5] * 3}.get(high, [np.mean(best)] * 3)
    box = next_box(Box.declared(ONE), ONE, at([*best, *rest, 0.1, 0.2, 0.9]))
    assert box.low[0] == pytest.approx(low)
    assert box.high[0] == pytest.approx(high)
    assert box.reason == reason


def test_quantiles_are_padded_by_half_their_width(at):
    """The top five at .30 to .50 have quantiles .32 and .48: padded .24 to .56, and at least half as wide."""
    top = [0.30, 0.35, 0.40, 0.45, 0.50]
    history = at([*top, *[0.9] * 15])
    assert next_box(Box.declared(ONE), ONE, history).low == pytest.approx((0.15,))  # the half decides
    narrow = Box(low=(0.1,), high=(0.7,), reason="")  # half of .6 is .3, less than .32
    box = next_box(narrow, ONE, history)
    assert (box.low[0], box.high[0]) == pytest.approx((0.24, 0.56))


def test_results_from_wider_rounds_do_not_pull_a_plain_box_out(at):
    """Good results far outside a side that cannot widen move it to its own end, and halve it there."""
    space = Space((FloatParameter(name="dropout", low=0.0, high=1.0),))
    history = at([0.1] * 8, space=space)
    box = next_box(Box(low=(0.5,), high=(0.9,), reason=""), space, history)
    assert (box.low[0], box.high[0]) == pytest.approx((0.5, 0.7))


def test_rounding_never_pushes_a_side_out(at):
    """Boxes that move to their own upper end stay inside it to the last bit."""
    space = Space((FloatParameter(name="dropout", low=0.0, high=1.0),))
    rng = np.random.default_rng(0)
    for low, high in zip(rng.uniform(0.2, 0.5, 500), rng.uniform(0.8, 1.0, 500), strict=True):
        best = at(rng.uniform(high - 0.02, high, 8), space=space)
        new = next_box(Box(low=(low,), high=(high,), reason=""), space, best)
        assert low < new.low[0] < new.high[0] <= high


def test_a_log_side_that_narrowed_wrongly_may_come_back(at):
    """A range without margin widens too, up to its declared end, when the two best lie beyond the box."""
    space = Space((FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),))
    box = Box(low=(0.5,), high=(0.9,), reason="")
    for low in (1 / 6, 0.0, 0.0):
        box = next_box(box, space, at([0.0] * 8, space=space))
        assert box.low == pytest.approx((low,))


def test_a_log_side_is_at_least_half_a_decade_and_others_a_tenth(make_history):
    """Round after round around one point, a box stops shrinking there."""
    dropout = FloatParameter(name="dropout", low=0.0, high=0.5)
    space = Space((LR, dropout, IntParameter(name="n", low=1, high=9)))
    middle = space.from_unit(np.array([0.5, 0.5, 0.5]))
    history = make_history(np.linspace(0.9, 0.1, 20), internal=[middle] * 20)
    box = Box.declared(space)
    for _ in range(8):
        box = next_box(box, space, history)
    widths = np.subtract(box.high, box.low)
    assert widths == pytest.approx([0.5 / 3, 0.1, 0.1])
    assert box.reason == "top 5 of 20 results: nothing to narrow"


@pytest.mark.parametrize("n_valued", [0, 7, 8])
def test_fewer_than_eight_results_keep_the_box(at, n_valued):
    """Running and failed trials are no results; pruned ones are."""
    states = [TrialState.PRUNED] * n_valued + [TrialState.RUNNING, TrialState.FAILED] * 4
    before = Box(low=(0.1,), high=(0.9,), reason="before")
    box = next_box(before, ONE, at([0.5] * len(states), states=states))
    if n_valued < RESULTS_LEAST:
        assert (box.low, box.high) == (before.low, before.high)
        assert box.reason == f"kept: {n_valued} results, 8 needed"
    else:
        assert box.low[0] > before.low[0]


def test_choices_are_never_narrowed(make_history):
    """A side of choices stays whole, whatever wins."""
    space = Space((ChoiceParameter(name="a", choices=("x", "y", "z")),))
    box = next_box(Box.declared(space), space, make_history(np.linspace(0.9, 0.1, 40), internal=[[1.0]] * 40))
    assert (box.low, box.high) == ((0.0,), (1.0,))


def test_the_declared_box_is_the_unit_box(mixed_space):
    """Unit coordinates are those of the declared ranges."""
    box = Box.declared(mixed_space)
    assert box.low == (0.0,) * 5
    assert box.high == (1.0,) * 5
    assert box.reason == "the declared ranges"
    assert math.isclose(mixed_space.from_unit(np.array(box.high))[0], 0.1)
