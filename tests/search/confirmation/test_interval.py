"""The interval of the winner's accuracy, by hand and at the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit
from scipy.stats import ttest_ind

from hpsearch.metrics import METRICS
from hpsearch.search.confirmation.finalists import decided
from hpsearch.search.confirmation.interval import (
    combined_interval,
    difference_interval,
    interval,
    welch_interval,
)
from hpsearch.search.confirmation.race import Standing


def alone(answers, *, estimate=None):
    """Return the interval of a candidate that raced alone, from the answers of its networks."""
    answers = np.array(answers, np.float64)
    standing = Standing(given=np.array([len(answers)]), runs=(answers.mean(axis=1),))
    estimate = standing.means[0] if estimate is None else estimate
    return interval(standing, 0, estimate=float(estimate), parts=answers, metric=METRICS["accuracy"])


def test_networks_that_agree_count_as_one():
    """Wilson's rule on the rows: more networks with equal answers say nothing more."""
    answers = np.zeros(100, np.bool_)
    answers[:80] = True
    z = stdtrit(99, 0.975)
    n = 0.8 * 0.2 / (0.8 * 0.2 / 99)
    centre, half = 0.8 + z**2 / (2 * n), z * (0.16 / n + (z / (2 * n)) ** 2) ** 0.5
    found = alone([answers] * 5)
    assert found == pytest.approx(
        ((centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)), abs=2e-3
    )
    assert found == pytest.approx(alone([answers] * 20), abs=1e-9)


def test_networks_that_differ_say_more_than_one():
    """Mistakes at rows of their own: the interval is far narrower than one network's on as many rows."""
    answers = np.random.default_rng(0).random((10, 400)) < 0.8
    low, high = alone(answers)
    one = 2 * 1.96 * (0.16 / 400) ** 0.5
    assert high - low < 0.6 * one


def test_with_rows_without_end_the_interval_is_students():
    """Five networks of .70 to .78 on 200,000 rows: 2.7764 standard errors of .01414 on each side."""
    draws = np.random.default_rng(0).random((5, 200_000))
    answers = draws < np.array([0.70, 0.72, 0.74, 0.76, 0.78])[:, None]
    half = 2.7764451 * (0.001 / 5) ** 0.5
    low, high = alone(answers)
    assert (high - low) / 2 == pytest.approx(half, abs=1e-3)
    assert (high + low) / 2 == pytest.approx(0.74, abs=3e-3)


@pytest.mark.parametrize(("share", "ends"), [(1.0, (36 / (36 + 1.959964**2), 1.0)), (0.0, (0.0, 0.0964))])
def test_networks_without_a_mistake_are_no_certainty(share, ends):
    """36 answers of 36, five times: Wilson's lower end is n / (n + z^2); all wrong is its mirror image."""
    assert alone(np.full((5, 36), share == 1.0)) == pytest.approx(ends, abs=1e-4)


def test_a_single_row_has_an_interval():
    """It says nearly nothing."""
    low, high = alone([[True], [True]])
    assert low < 0.5 < high == 1.0


def test_the_measured_mean_is_in_the_interval():
    """Where the estimate lies far below it, the interval reaches up to it."""
    answers = np.ones((3, 2000), np.bool_)
    answers[:, :20] = False
    assert alone(answers, estimate=0.9)[1] == pytest.approx(0.99)


@given(data=st.data())
def test_the_interval_stays_between_zero_and_one(data):
    """It holds estimate and mean, whatever the networks answer."""
    seeds, rows = data.draw(st.integers(2, 6)), data.draw(st.integers(1, 40))
    seed = data.draw(st.integers(0, 10**6))
    share = data.draw(st.sampled_from([0.0, 0.02, 0.5, 0.98, 1.0]))
    answers = (np.random.default_rng(seed).random((2, seeds, rows)) < share).astype(float)
    standing = Standing(given=np.array([seeds] * 2), runs=tuple(answers.mean(axis=2)))
    place, estimate = decided(standing)
    low, high = interval(standing, place, estimate=estimate, parts=answers[place], metric=METRICS["accuracy"])
    assert 0 <= low <= min(estimate, standing.means[place]) + 1e-12
    assert max(estimate, standing.means[place]) - 1e-12 <= high <= 1
    assert low < high


def test_a_loss_has_an_interval_around_its_mean():
    """Less is better: the scores are turned round, the interval is not; it never falls below the bound."""
    parts = np.random.default_rng(1).exponential(0.5, (5, 2000))
    standing = Standing(given=np.array([5]), runs=(-parts.mean(axis=1),))
    mean = float(parts.mean())
    low, high = interval(standing, 0, estimate=mean, parts=parts, metric=METRICS["log_loss"])
    assert low < mean < high
    assert high - low == pytest.approx(2 * 2.78 * standing.deviation / 5**0.5, rel=0.3)
    near = interval(standing, 0, estimate=0.001, parts=parts, metric=METRICS["log_loss"])
    assert near[0] == 0


def test_the_interval_of_a_difference_on_the_same_rows_holds_the_truth_in_95_of_100():
    """Rows that are hard for both add nothing to it; two independent intervals would be far too wide."""
    rng, held, widths = np.random.default_rng(0), 0, []
    for _ in range(600):
        hard = rng.normal(0, 1.0, size=200)
        one = 0.3 + hard + rng.normal(0, 0.5, size=(4, 200)) + rng.normal(0, 0.05, size=(4, 1))
        other = hard + rng.normal(0, 0.5, size=(3, 200)) + rng.normal(0, 0.05, size=(3, 1))
        low, high = difference_interval(one, other)
        held += low <= 0.3 <= high
        widths.append(high - low)
    assert 0.93 < held / 600 < 0.99
    independent = 2 * 1.96 * (2 * (1 + 0.25 / 4) / 200) ** 0.5
    assert np.median(widths) < 0.65 * independent


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9), st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_welch_agrees_with_scipy(one, other):
    """The interval of ``scipy.stats`` for unequal variances; the order of the two turns it round."""
    mine, theirs = np.array(one), np.array(other)
    low, high = welch_interval(mine, theirs)
    assert welch_interval(theirs, mine) == pytest.approx((-high, -low))
    if mine.std() > 1e-6 and theirs.std() > 1e-6:
        expected = ttest_ind(mine, theirs, equal_var=False).confidence_interval(0.95)
        assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-9)


def test_two_intervals_are_combined_as_newcombe_has_it():
    """His example: 56 of 70 and 48 of 80 by Wilson's intervals give 0.2 with 0.0524 to 0.3339."""
    one, other = (0.6917, 0.8769), (0.4904, 0.7000)
    low, high = combined_interval(56 / 70, one, 48 / 80, other)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-4)
    assert combined_interval(0.5, (0.5, 0.5), 0.2, (0.2, 0.2)) == pytest.approx((0.3, 0.3))
