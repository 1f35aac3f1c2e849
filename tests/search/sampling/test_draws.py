"""The points of the random rounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.qmc import discrepancy

from hpsearch.search.sampling.box import Box
from hpsearch.search.sampling.draws import OUTSIDE_SHARE, Draws
from hpsearch.study_file import STARTS

UNIT = Box(low=(0.0, 0.0), high=(1.0, 1.0), reason="")
SMALL = Box(low=(0.4, -0.5), high=(0.5, -0.4), reason="")


def points(start, *, seed, n=64, box=UNIT):
    """Return the first points of a study, ``(n, 2)``."""
    draws = Draws(start, 2, seed=seed)
    return np.array([draws.inside(box, number) for number in range(n)])


@pytest.mark.parametrize("start", STARTS)
def test_about_one_trial_in_seven_ignores_the_box(start):
    """Of 4,000 trials the share OUTSIDE_SHARE, within four errors; those look at the declared ranges."""
    found = points(start, seed=1, n=4000, box=SMALL)
    inside = ((found >= SMALL.low) & (found <= SMALL.high)).all(axis=1)
    error = (OUTSIDE_SHARE * (1 - OUTSIDE_SHARE) / 4000) ** 0.5
    assert np.mean(~inside) == pytest.approx(OUTSIDE_SHARE, abs=4 * error)
    assert ((found[~inside] >= 0) & (found[~inside] < 1)).all()
    assert found[~inside].mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.06)
    assert found[inside].mean(axis=0) == pytest.approx([0.45, -0.45], abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_sobol_points_are_spread_more_evenly_than_random_ones(seed):
    """Their discrepancy is less than a third of that of the random points."""
    assert discrepancy(points("sobol", seed=seed)) < discrepancy(points("random", seed=seed)) / 3


def test_the_first_sobol_points_fill_every_cell():
    """Any power of two of them puts one point into each of as many equal intervals."""
    found = points("sobol", seed=3, n=16)
    for column in found.T:
        assert sorted((column * 16).astype(int)) == list(range(16))


@settings(max_examples=30)
@given(start=st.sampled_from(STARTS), seed=st.integers(0, 2**53), numbers=st.lists(st.integers(0, 300)))
def test_a_point_is_a_function_of_seed_and_number(start, seed, numbers):
    """Asked in any order, again, or by another worker, a trial has one point; other trials have others."""
    draws = Draws(start, 2, seed=seed)
    found = {n: tuple(draws.inside(SMALL, n)) for n in numbers}
    for number in numbers:
        assert tuple(Draws(start, 2, seed=seed).inside(SMALL, number)) == found[number]
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("start", STARTS)
def test_another_seed_is_another_sequence(start):
    """Not one point in common."""
    one, other = points(start, seed=1), points(start, seed=2)
    assert not (one == other).all(axis=1).any()
