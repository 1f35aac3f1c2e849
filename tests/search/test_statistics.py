"""Statistics that distinguish a good set of trials from a lucky one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import TrialState
from hpsearch.search.statistics import PERMUTATIONS, holm, noise_sd, rank_correlation, ranks, spread_p

C, P = TrialState.COMPLETE, TrialState.PRUNED


def test_holm_by_hand():
    """Sorted .01, .02, .03, .5 times 4, 3, 2, 1: .04, .06, .06 (not below the one before), .5."""
    assert holm(np.array([0.03, 0.5, 0.01, 0.02])) == pytest.approx([0.06, 0.5, 0.04, 0.06])
    assert holm(np.array([0.4, 0.6])) == pytest.approx([0.8, 0.8])
    assert holm(np.array([0.7])) == pytest.approx([0.7])


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_the_plain_values_and_bonferronis(p):
    """Never below the value itself, never above the number of values times it, and the order stays."""
    found = holm(np.array(p))
    assert (found >= np.array(p)).all()
    assert (found <= np.minimum(len(p) * np.array(p), 1.0).max()).all()
    assert found.min() == pytest.approx(min(1.0, len(p) * min(p)))
    assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()


def test_a_top_set_that_lies_close_together_is_no_chance():
    """Ten of forty within a tenth of the range: never in 999 permutations. The other coordinate is chance."""
    rng = np.random.default_rng(0)
    units = rng.random((40, 2))
    units[:10, 0] = 0.4 + 0.1 * rng.random(10)
    close, chance = spread_p(units, 10, seed=0)
    assert close == 1 / (1 + PERMUTATIONS)
    assert chance > 0.05


def test_under_chance_alone_p_is_uniform():
    """Below .05 in about one case of twenty and below .5 in half of them: of 800, within four errors."""
    rng = np.random.default_rng(0)
    p = np.concatenate([spread_p(rng.random((24, 2)), 6, seed=s) for s in range(400)])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert np.mean(p <= level) == pytest.approx(level, abs=4 * (level * (1 - level) / 800) ** 0.5)


def test_a_top_set_that_is_wider_than_chance_is_no_evidence():
    """Only a small spread counts."""
    units = np.linspace(0.4, 0.6, 40)[:, None]
    units[:10, 0] = np.linspace(0, 1, 10)
    assert spread_p(units, 10, seed=0) == pytest.approx([1.0], abs=0.01)


def test_results_that_lack_the_parameter_do_not_count():
    """With NaN left out the p-value is that of the others; with fewer than three of them there is none."""
    rng = np.random.default_rng(0)
    units = rng.random((40, 1))
    units[:10, 0] = 0.4 + 0.3 * rng.random(10)
    with_gaps = np.insert(units, [2, 5, 20, 30], np.nan, axis=0)
    assert spread_p(with_gaps, 12, seed=7) == spread_p(units, 10, seed=7)
    assert 1 / 1000 < spread_p(units, 10, seed=7)[0] < 1
    units[2:10] = np.nan
    assert spread_p(units, 10, seed=7).tolist() == [1.0]
    assert spread_p(units[:2], 2, seed=7).tolist() == [1.0]
    assert spread_p(np.full((9, 1), 0.5), 9, seed=7).tolist() == [1.0]


def test_the_noise_of_a_slow_trend_is_that_around_it(make_history):
    """White noise of .02 on curves that rise by .002 an epoch: found within a tenth, at any height."""
    rng = np.random.default_rng(0)
    trend = 0.2 + 0.002 * np.arange(40)
    curves = [list(trend + shift + rng.normal(0, 0.02, 40)) for shift in rng.uniform(0, 0.5, 200)]
    found = noise_sd(make_history([0.5] * 200, curves=curves))
    assert found == pytest.approx(0.02, rel=0.1)
    smooth = [list(trend + shift) for shift in np.linspace(0, 0.5, 20)]
    assert noise_sd(make_history([0.5] * 20, curves=smooth)) == pytest.approx(0.002 / 2**0.5)


def test_the_noise_by_hand(make_history):
    """Steps of the last six epochs: .1 up and down, so half of .01. Stopped trials do not count."""
    jumps = [0.9, 0.0, 0.6, 0.5, 0.6, 0.5, 0.6, 0.5]
    assert noise_sd(make_history([0.5, 0.9], states=[C, P], curves=[jumps, [0.1, 0.9]])) == pytest.approx(
        0.005**0.5
    )
    assert np.isnan(noise_sd(make_history([0.5], curves=[[0.5]])))
    assert np.isnan(noise_sd(make_history([])))


def test_the_middle_curve_stands_for_all(make_history):
    """Two of five jump about, as learning rates far too high do; a curve of one epoch shows no noise."""
    curves = [[0.5, 0.5 + step, 0.5] for step in (0.02, 0.9, 0.04, 0.03, 0.8)] + [[0.3]]
    assert noise_sd(make_history([0.5] * 6, curves=curves)) == pytest.approx(0.04 / 2**0.5)


def test_equal_values_share_a_rank():
    """The mean of those that they would have."""
    assert ranks(np.array([0.3, 0.1, 0.3, 0.2])).tolist() == [3.5, 1.0, 3.5, 2.0]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=30))
def test_the_rank_correlation_is_that_of_scipy(pairs):
    """With ties; where one row does not vary there is none, and 0 stands for it."""
    from scipy.stats import spearmanr  # noqa: PLC0415 - most of a second, for one test

    a, b = np.array(pairs, float).T
    if np.ptp(a) and np.ptp(b):
        assert rank_correlation(a, b) == pytest.approx(spearmanr(a, b).statistic)
    else:
        assert rank_correlation(a, b) == 0.0
