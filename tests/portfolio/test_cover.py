"""The greedy cover of data sets by settings."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hpsearch.portfolio.cover import greedy_cover

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 8)),
    elements=st.integers(0, 2000).map(lambda n: n / 1000),
)


def left(regrets, order):
    """Return the mean over data sets of the best regret among some settings."""
    return regrets[:, order].min(axis=1).mean()


@given(TABLES, st.integers(1, 8))
def test_the_first_setting_has_the_least_mean_and_each_further_one_helps_most(regrets, size):
    """No other choice at any place would leave less regret, and no setting comes twice."""
    order = greedy_cover(regrets, size=size)
    assert 1 <= len(order) <= size
    assert len(set(order)) == len(order)
    for place in range(len(order)):
        found = left(regrets, order[: place + 1])
        others = [left(regrets, [*order[:place], other]) for other in range(regrets.shape[1])]
        assert found <= min(others) + 1e-8
    assert (np.diff([left(regrets, order[: n + 1]) for n in range(len(order))]) < 0).all()


@given(TABLES)
def test_a_data_set_that_counts_alone_gets_its_own_best_setting(regrets):
    """With all weight on one data set the cover is its best setting."""
    weights = np.zeros(len(regrets))
    weights[0] = 1.0
    order = greedy_cover(regrets, size=5, weights=weights)
    assert regrets[0, order[0]] == regrets[0].min()
    assert len(order) == 1


def test_a_cover_ends_where_no_setting_helps():
    """Three equal settings cover no more than one."""
    assert greedy_cover(np.full((4, 3), 0.5), size=3) == [0]
