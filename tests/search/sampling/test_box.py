import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hpsearch.search import TrialState
from hpsearch.search.extrapolation import final_values
from hpsearch.search.sampling.box import EDGE, EDGE_SHARE, TOP_LEAST, TOP_SHARE, Box, next_box
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space
from hpsearch.study_file import BOX_RESULTS

LR = FloatParameter(name="lr", low=1e-4, high=1e-1, log=True, widen=2)
ONE = Space((LR,))
PLAIN = Space((FloatParameter(name="dropout", low=0.0, high=1.0),))
ROUNDING = 1e-12
REST = [0.03 + 0.94 * (17 * k % 30) / 29 for k in range(30)]
"""Thirty coordinates all over a side, in no order: with them ten top ones are a quarter of forty."""


@pytest.fixture(scope="session")
def at(make_history):
    """Return a function that makes a history of one parameter at unit coordinates, best first."""

    def at(units, space=ONE, states=None, curves=None):
        values = np.linspace(0.9, 0.1, len(units))
        internal = [space.from_unit(np.array([u])) for u in units]
        return make_history(values, states=states, internal=internal, curves=curves)

    return at


def step(parameter):
    """Return a decade in unit coordinates, 0 where a range cannot widen."""
    return 1 / parameter.decades if parameter.widens else 0.0


@given(data=st.data())
def test_a_box_halves_at_most_and_leaves_its_bounds_by_one_decade_at_most(data, mixed_space, histories):
    """Round after round: each side keeps half its width, and grows only by a decade in the outer space."""
    box = Box.declared(mixed_space)
    for seed in range(data.draw(st.integers(1, 4))):
        new = next_box(box, mixed_space, data.draw(histories(mixed_space, n=(0, 60))), seed=seed)
        for parameter, low, high, new_low, new_high in zip(
            mixed_space, box.low, box.high, new.low, new.high, strict=True
        ):
            assert new_high - new_low >= (high - low) / 2 - ROUNDING
            assert new_low in (max(low - step(parameter), -parameter.margin), max(new_low, low))
            assert new_high in (min(high + step(parameter), 1 + parameter.margin), min(new_high, high))
            assert -parameter.margin <= new_low < new_high <= 1 + parameter.margin
            if parameter.kind == "choice":
                assert (new_low, new_high) == (low, high) == (0.0, 1.0)
        box = new


@given(data=st.data())
def test_a_side_widens_exactly_when_the_best_press_against_it(data, histories):
    """More than a third of the top set, or both of the two best, in the outer tenth of a log side."""
    history = data.draw(histories(ONE, n=(BOX_RESULTS, 40), settled=True))
    assume(len(history.valued) >= BOX_RESULTS)
    low = data.draw(st.floats(-LR.margin, 0.4))
    high = data.draw(st.floats(low + 0.4, 1 + LR.margin))
    new = next_box(Box(low=(low,), high=(high,), reason=""), ONE, history, seed=0)
    worth = final_values(history)
    order = sorted(history.valued, key=lambda n: -worth[n])
    top = ONE.to_unit(history.internal[order[: max(TOP_LEAST, math.ceil(TOP_SHARE * len(order)))]])[:, 0]
    edge = EDGE * (high - low)

    def pressed(close):
        return bool(close.mean() > EDGE_SHARE or close[:2].all())

    below = pressed(top < low + edge) and low > -LR.margin
    above = pressed(top > high - edge) and high < 1 + LR.margin
    assert (new.low[0] < low) == below
    assert (new.high[0] > high) == above
    assert ("widened below" in new.reason) == below
    assert ("widened above" in new.reason) == above


SPREAD = [0.5, 0.1, 0.3, 0.7, 0.2, 0.6, 0.45, 0.15]


@pytest.mark.parametrize(
    ("top", "low", "high", "what"),
    [
        ([0.95, 0.99, *SPREAD], 0.0, 4 / 3, "lr widened above"),
        ([0.05, 0.01, *SPREAD], -1 / 3, 1.0, "lr widened below"),
        ([0.95, 0.5, *SPREAD], 0.0, 1.0, "nothing to narrow"),
        ([*SPREAD[:6], 0.91, 0.92, 0.93, 0.94], 0.0, 4 / 3, "lr widened above"),
        ([*SPREAD[:7], 0.91, 0.92, 0.93], 0.0, 1.0, "nothing to narrow"),
        (
            [0.05, 0.06, 0.95, 0.96, 0.97, 0.98, *SPREAD[:4]],
            -1 / 3,
            4 / 3,
            "lr widened below and widened above",
        ),
        ([0.5, 0.52, 0.48, 0.5, 0.51, 0.49, 0.5, 0.53, 0.47, 0.5], 0.25, 0.75, "lr narrowed"),
        ([0.95, 0.97, 0.96, 0.95, 0.98, 0.99, 0.95, 0.96, 0.97, 0.95], 0.5, 4 / 3, "lr widened above"),
    ],
)
def test_what_becomes_of_a_side(at, top, low, high, what):
    """Three decades declared: a decade more is a third. One of the best alone, or a third, moves nothing."""
    box = next_box(Box.declared(ONE), ONE, at([*top, *REST]), seed=0)
    assert (box.low[0], box.high[0]) == pytest.approx((low, high))
    assert box.reason == f"top 10 of 40 results: {what}"


CLOSE = [0.30, 0.35, 0.40, 0.45, 0.50] * 2


def test_quantiles_are_padded_by_half_their_width(at):
    """A top set at .30 to .50 has quantiles .30 and .50: padded .20 to .60, and at least half as wide."""
    history = at([*CLOSE, *REST])
    box = next_box(Box.declared(ONE), ONE, history, seed=0)
    assert (box.low[0], box.high[0]) == pytest.approx((0.15, 0.65))  # the half decides
    narrow = Box(low=(0.1,), high=(0.8,), reason="")  # half of .7 is .35, less than .4
    box = next_box(narrow, ONE, history, seed=0)
    assert (box.low[0], box.high[0]) == pytest.approx((0.20, 0.60))


def test_a_side_does_not_narrow_where_all_results_lie_close_together(at):
    """The same top set among others of its kind: chance would gather it just so."""
    rest = [0.3 + 0.2 * (u - 0.03) / 0.94 for u in REST]
    box = next_box(Box.declared(ONE), ONE, at([*CLOSE, *rest]), seed=0)
    assert (box.low, box.high) == ((0.0,), (1.0,))
    assert box.evidence["lr"]["p"] > 0.5


def wave(noise):
    """Return the curve of a trial whose epochs differ by the noise alone: its sd is noise / sqrt(2)."""
    return [0.5, 0.5 + noise, 0.5, 0.5 + noise, 0.5]


@pytest.mark.parametrize(("noise", "narrows"), [(0.36, True), (0.46, False)])
def test_a_side_narrows_only_where_the_top_set_is_better_than_the_noise(at, noise, narrows):
    """The gap of two means, .6 here, must be twice the standard deviation of an epoch: .25 or .33."""
    history = at([*CLOSE, *REST], curves=[wave(noise)] * 40)
    assert history.values[:10].mean() - history.values[10:].mean() == pytest.approx(0.41, abs=0.01)
    history.values[:10], history.values[10:] = 0.9, 0.3
    box = next_box(Box.declared(ONE), ONE, history, seed=0)
    assert box.evidence["lr"]["gap"] == pytest.approx(0.6 / (noise / 2**0.5))
    assert (box.high[0] < 1) == narrows


def test_evidence_counts_for_less_among_many_parameters(make_history):
    """By Holm: what narrows a side alone does not narrow it as one of six."""
    rng = np.random.default_rng(0)
    units = rng.random((40, 6))
    units[:10, 0] = 0.22 + 0.56 * rng.random(10)
    values = np.linspace(0.9, 0.1, 40)
    boxes = []
    for d in (1, 6):
        space = Space(tuple(FloatParameter(name=f"p{j}", low=0.0, high=1.0) for j in range(d)))
        history = make_history(values, internal=units[:, :d])
        boxes.append(next_box(Box.declared(space), space, history, seed=0))
    alone, among = boxes
    assert alone.evidence["p0"]["p"] < 0.05 < among.evidence["p0"]["p"]
    assert among.evidence["p0"]["p"] == pytest.approx(6 * alone.evidence["p0"]["p"], rel=0.5)
    assert alone.reason == "top 10 of 40 results: p0 narrowed"
    assert among.reason == "top 10 of 40 results: nothing to narrow"


def test_the_evidence_says_what_the_side_was_decided_by(at):
    """The p-value, the shares of the top set at the edges; the gap where the noise is known."""
    history = at([0.95, 0.5, *SPREAD[:7], 0.05, *REST])
    evidence = next_box(Box.declared(ONE), ONE, history, seed=0).evidence["lr"]
    assert set(evidence) == {"p", "below", "above"}
    assert (evidence["below"], evidence["above"]) == (0.1, 0.1)
    assert 0.05 < evidence["p"] <= 1
    noisy = at([0.95, 0.5, *SPREAD[:7], 0.05, *REST], curves=[wave(0.1)] * 40)
    assert set(next_box(Box.declared(ONE), ONE, noisy, seed=0).evidence["lr"]) == {
        "p",
        "gap",
        "below",
        "above",
    }


@settings(max_examples=30)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_box_is_a_function_of_what_is_seen_and_of_the_seed(data, seed, mixed_space, histories):
    """Who computes it, and how often, does not matter."""
    history = data.draw(histories(mixed_space, n=(0, 40), settled=True))
    one = next_box(Box.declared(mixed_space), mixed_space, history, seed=seed)
    assert next_box(Box.declared(mixed_space), mixed_space, history, seed=seed) == one


def test_results_from_wider_rounds_do_not_pull_a_plain_box_out(at):
    """Good results far outside a side that cannot widen move it to its own end, and halve it there."""
    box = Box(low=(0.5,), high=(0.9,), reason="")
    box = next_box(box, PLAIN, at([0.1] * 10 + REST, space=PLAIN), seed=0)
    assert (box.low[0], box.high[0]) == pytest.approx((0.5, 0.7))


def test_rounding_never_pushes_a_side_out(at):
    """Boxes that move to their own upper end stay inside it to the last bit."""
    rng = np.random.default_rng(0)
    for low, high in zip(rng.uniform(0.2, 0.5, 100), rng.uniform(0.8, 1.0, 100), strict=True):
        best = at([*rng.uniform(high - 0.02, high, 10), *REST], space=PLAIN)
        new = next_box(Box(low=(low,), high=(high,), reason=""), PLAIN, best, seed=0)
        assert low < new.low[0] < new.high[0] <= high


def test_a_log_side_that_narrowed_wrongly_may_come_back(at):
    """A range without margin widens too, up to its declared end, when the two best lie beyond the box."""
    space = Space((FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),))
    box = Box(low=(0.5,), high=(0.9,), reason="")
    for low in (1 / 6, 0.0, 0.0):
        box = next_box(box, space, at([0.0] * 8, space=space), seed=0)
        assert box.low == pytest.approx((low,))


def test_a_log_side_is_at_least_half_a_decade_and_others_a_tenth(make_history):
    """Round after round around one point, a box stops shrinking there."""
    dropout = FloatParameter(name="dropout", low=0.0, high=0.5)
    space = Space((LR, dropout, IntParameter(name="n", low=1, high=9)))
    units = [np.full(3, 0.5)] * 10 + [np.array([u, REST[k - 7], REST[k - 13]]) for k, u in enumerate(REST)]
    history = make_history(np.linspace(0.9, 0.1, 40), internal=[space.from_unit(u) for u in units])
    box = Box.declared(space)
    for _ in range(8):
        box = next_box(box, space, history, seed=0)
    widths = np.subtract(box.high, box.low)
    assert widths == pytest.approx([0.5 / 3, 0.1, 0.1])
    assert box.reason == "top 10 of 40 results: nothing to narrow"


@pytest.mark.parametrize("n_valued", [0, 7, 8])
def test_fewer_than_eight_results_keep_the_box(at, n_valued):
    """Running and failed trials are no results; pruned ones are."""
    states = [TrialState.PRUNED] * n_valued + [TrialState.RUNNING, TrialState.FAILED] * 4
    before = Box(low=(0.1,), high=(0.6,), reason="before")
    box = next_box(before, ONE, at([0.59] * len(states), states=states), seed=0)
    if n_valued < BOX_RESULTS:
        assert (box.low, box.high, box.evidence) == (before.low, before.high, {})
        assert box.reason == f"kept: {n_valued} results, 8 needed"
    else:
        assert box.high[0] > before.high[0]


def test_stopped_trials_count_as_what_they_would_have_come_to(at):
    """Their last accuracies are the highest; as predicted they are no part of the top set."""
    full = [[0.5, 0.9 - 0.01 * k] for k in range(30)]
    curves = [[0.99]] * 10 + full
    states = [TrialState.PRUNED] * 10 + [TrialState.COMPLETE] * 30
    history = at([*CLOSE, *REST], states=states, curves=curves)
    history.values[:] = [curve[-1] for curve in curves]
    box = next_box(Box.declared(ONE), ONE, history, seed=0)
    assert (box.low, box.high) == ((0.0,), (1.0,))
    history.curves[:] = np.nan  # nothing to predict from: they are the best
    assert next_box(Box.declared(ONE), ONE, history, seed=0).high[0] < 1


def test_results_that_are_no_point_of_the_space_do_not_count(at):
    """Others may put trials into a study whose parameters are missing, or impossible."""
    history = at([*CLOSE, *REST])
    strange = at([0.5] * 5 + [*CLOSE, *REST])
    strange.internal[:5] = np.array([[np.nan], [-1.0], [0.0], [1e9], [np.inf]])
    strange.values[5:] = history.values
    assert next_box(Box.declared(ONE), ONE, strange, seed=0) == next_box(
        Box.declared(ONE), ONE, history, seed=0
    )


def test_choices_are_never_narrowed(make_history):
    """A side of choices stays whole, whatever wins, and has no evidence."""
    space = Space((ChoiceParameter(name="a", choices=("x", "y", "z")),))
    internal = [[1.0]] * 20 + [[float(k % 3)] for k in range(20)]
    history = make_history(np.linspace(0.9, 0.1, 40), internal=internal)
    box = next_box(Box.declared(space), space, history, seed=0)
    assert (box.low, box.high, box.evidence) == ((0.0,), (1.0,), {"a": {}})


def test_evidence_is_finite():
    """What is not known is left out, because JSON has no word for it."""
    message = r"evidence of lr: expected gap to be finite, found nan; leave it out"
    with pytest.raises(ValueError, match=message):
        Box(low=(0.0,), high=(1.0,), reason="", evidence={"lr": {"gap": math.nan}})


def test_the_declared_box_is_the_unit_box(mixed_space):
    """Unit coordinates refer to the declared ranges."""
    box = Box.declared(mixed_space)
    assert box.low == (0.0,) * 5
    assert box.high == (1.0,) * 5
    assert box.reason == "the declared ranges"
    assert math.isclose(mixed_space.from_unit(np.array(box.high))[0], 0.1)
