"""The exponentially weighted average, by itself and as Adam's moments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.nn import WeightedAverage, descend, smooth
from hpsearch.nn.optimizers.adam import Adam

finite = st.floats(-1e6, 1e6)


def test_three_values_by_hand():
    """With b = 0.9: 0.2 / 0.1; 0.28 / 0.19; 0.552 / 0.271."""
    assert smooth([2.0, 1.0, 3.0], beta=0.9) == pytest.approx([2.0, 0.28 / 0.19, 0.552 / 0.271])


@given(x=finite, n=st.integers(1, 50), beta=st.floats(0, 0.9999))
def test_a_constant_is_its_own_average(x, n, beta):
    """The correction makes the average of equal values that value from the first on."""
    assert smooth([x] * n, beta=beta) == pytest.approx(np.full(n, x), rel=1e-9)


@given(values=st.lists(finite, min_size=1, max_size=30), beta=st.floats(0, 0.9999))
def test_it_is_the_mean_with_falling_weights(values, beta):
    """The corrected average is the weighted mean with weights b^age."""
    weights = beta ** np.arange(len(values))[::-1]
    expected = np.average(values, weights=weights)
    assert smooth(values, beta=beta)[-1] == pytest.approx(expected, rel=1e-6, abs=1e-3)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=10))
def test_adam_steps_by_two_of_them(gradients):
    """Adam's step is the average of the gradients over the root of the average of their squares."""
    feed = iter(gradients)
    path = descend(
        Adam(), lambda _: 0.0, start=[0.0], steps=len(gradients), lr=1.0, gradient=lambda _: [next(feed)]
    )
    mean = smooth(gradients, beta=0.9)
    square = smooth(np.square(gradients), beta=0.999)
    assert -np.diff(path[:, 0]) == pytest.approx(mean / (np.sqrt(square) + 1e-8), abs=1e-6)


def test_it_takes_arrays_and_refuses_what_forgets_nothing():
    """Arrays are averaged element by element; a forgetting of 1 is refused."""
    average = WeightedAverage(0.5)
    average.update([[1.0, 2.0]])
    assert average.update([[4.0, 2.0]]) == pytest.approx(np.array([[3.0, 2.0]]))
    with pytest.raises(ValueError, match=r"beta: expected a number in \[0, 1\), found 1"):
        WeightedAverage(1.0)
