"""The quantile of the studentized range against SciPy's."""

import pytest

from hpsearch.search.confirmation.studentized_range import range_quantile

SCIPY = {
    (2, 10): 3.151064183329372,
    (3, 5): 4.601726054362471,
    (6, 1): 40.40755863344516,
    (6, 24): 4.37265099113268,
    (10, 20): 5.007882667595452,
    (11, 5000): 4.553989134912567,
    (20, 120): 5.125942774946671,
}
"""What SciPy 1.17 computes for some numbers of means and degrees of freedom at 95 %: each takes 0.1 s."""


@pytest.mark.parametrize(("n", "freedom"), SCIPY)
def test_it_is_the_quantile_of_scipy(n, freedom):
    """Nine digits agree, from one degree of freedom on."""
    assert range_quantile(0.95, n=n, freedom=freedom) == pytest.approx(SCIPY[n, freedom], rel=1e-9)


def test_one_is_computed_by_scipy_here():
    """The table above is what an installed SciPy says, at another level, too."""
    from scipy.stats import studentized_range  # noqa: PLC0415 - half a second, for one test

    for level, n, freedom in [(0.95, 3, 5), (0.9, 4, 12), (0.99, 4, 12), (0.5, 3, 2)]:
        expected = studentized_range.ppf(level, n, freedom)
        assert range_quantile(level, n=n, freedom=freedom) == pytest.approx(expected, rel=1e-9)
