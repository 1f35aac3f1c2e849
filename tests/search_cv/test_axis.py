"""What ``param_distributions`` gives for one parameter, as an axis of the search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.svm import SVC

from hpsearch.search_cv.candidate_space import candidate_space
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, MirroredParameter


def axis(given):
    """Return the axis of a parameter ``x``."""
    (found,) = candidate_space({"x": given}).axes
    return found


EXACT = [
    (stats.uniform(), FloatParameter(name="x", low=0.0, high=1.0)),
    (stats.uniform(2, 3), FloatParameter(name="x", low=2.0, high=5.0)),
    (stats.uniform(loc=-1, scale=0.5), FloatParameter(name="x", low=-1.0, high=-0.5)),
    (stats.loguniform(1e-4, 10), FloatParameter(name="x", low=1e-4, high=10.0, log=True)),
    (stats.reciprocal(1e-4, b=10), FloatParameter(name="x", low=1e-4, high=10.0, log=True)),
    (stats.loguniform(1, 10, scale=2), FloatParameter(name="x", low=2.0, high=20.0, log=True)),
    (stats.randint(1, 9), IntParameter(name="x", low=1, high=8)),
    (stats.randint(1, 9, loc=2), IntParameter(name="x", low=3, high=10)),
    ({"low": 1e-4, "high": 10.0, "log": True}, FloatParameter(name="x", low=1e-4, high=10.0, log=True)),
    (
        {"low": 1.0, "high": 10.0, "log": True, "widen": 1},
        FloatParameter(name="x", low=1.0, high=10.0, log=True, widen=1),
    ),
    ({"low": 2, "high": 64, "log": True}, IntParameter(name="x", low=2, high=64, log=True)),
    ({"low": 0.9, "high": 0.999, "log": "mirrored"}, MirroredParameter(name="x", low=0.9, high=0.999)),
]  # fmt: skip


@pytest.mark.parametrize(("given_", "parameter"), EXACT)
def test_a_range_becomes_the_parameter_that_it_is(given_, parameter):
    """Uniform, log-uniform and whole ranges are searched in the study's own coordinates, not widened."""
    assert axis(given_).parameter == parameter


QUANTILES = [
    stats.norm(3, 2),
    stats.expon(scale=10),
    stats.poisson(4),
    stats.loguniform(1, 10, loc=5),
    stats.truncnorm(-1, 1),
    stats.randint(3, 4),
]


@pytest.mark.parametrize("distribution", QUANTILES, ids=lambda one: one.dist.name)
def test_any_other_distribution_is_searched_in_its_quantiles(distribution):
    """The middle is its median, the ends are finite, and of a discrete one the values are whole numbers."""
    found = axis(distribution)
    assert found.parameter == FloatParameter(name="x", low=0.0, high=1.0)
    assert found.value(0.5) == distribution.median()
    assert np.isfinite([found.value(0.0), found.value(1.0)]).all()
    assert isinstance(found.value(0.3), int if hasattr(distribution, "pmf") else float)


OBJECTS = [None, (8, 8), SVC(), "auto", 0.5, True, np.arange(3)]


@pytest.mark.parametrize("form", [lambda values: values, tuple, lambda values: {"choices": values}])
def test_values_of_a_list_come_back_as_the_very_objects(form):
    """None, tuples, arrays and estimators may stand in a list."""
    found = axis(form(OBJECTS))
    assert found.parameter == ChoiceParameter(name="x", choices=tuple(range(len(OBJECTS))))
    assert all(found.value(float(place)) is value for place, value in enumerate(OBJECTS))


def test_an_array_and_a_range_are_lists():
    """So they are for ``RandomizedSearchCV``."""
    assert [axis(range(2, 5)).value(float(place)) for place in range(3)] == [2, 3, 4]
    assert axis(np.array([1.5, 2.5])).choices == (1.5, 2.5)


class Drawn:
    """A distribution that can be drawn from, and no more."""

    def rvs(self, random_state=None):  # noqa: ARG002 - SciPy's interface
        """Return a number."""
        return 1.0


REFUSED = [
    (Drawn(), "param_distributions: x: expected a distribution that has ppf, .*: the search needs it"),
    (stats.norm([1, 2]), r"x: expected a frozen distribution of one number, found one whose median is \[1"),
    (stats.norm(0, -1), r"x: expected a frozen distribution of one number, found one whose median is nan"),
    (stats.loguniform, "x: expected a frozen distribution of one number, found one without its constants"),
    (stats.dirichlet([1, 2]), "x: expected a distribution that has ppf"),
    (3.0, r"x: expected a list of values, a frozen distribution of scipy\.stats .*, found 3\.0"),
    ("auto", 'x: expected a list of values, .* found "auto"'),
    ({1, 2}, "x: expected a list of values, .* found {1, 2}"),
    ([], "x: expected at least one value, found an empty list"),
    ({"choices": []}, "x: expected at least one value, found an empty list"),
    ({"choices": 3}, "x: expected a list of values, .* found 3"),
    ({}, r"param_distributions: x\.low: expected a number, found nothing"),
    ({"low": 1.0, "high": 0.5}, r"x\.low: expected a number below high \(0\.5\), found 1"),
    ({"low": 0.0, "high": 0.5, "log": True}, r"x\.low: expected a number above 0, because log = true"),
    ({"lo": 1.0, "high": 2.0}, r'x\.lo: expected a known key, found another key; did you mean "low"\?'),
    ({"low": 0.1, "high": 1.0, "default": 0.5}, r"x\.default: expected one of low, .*, found another key"),
    ({"choices": [1], "low": 0.5}, r"x\.low: expected one of choices, when, found another key"),
]  # fmt: skip


@pytest.mark.parametrize(("given_", "message"), REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_be_searched_is_refused_by_name(given_, message):
    """The message names the parameter, what was expected and what was found."""
    with pytest.raises(ValueError, match=message):
        candidate_space({"x": given_})


RANGES = st.one_of(
    st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)).map(lambda p: stats.uniform(*p)),
    st.tuples(st.floats(1e-8, 1e3), st.floats(1.01, 1e6)).map(lambda p: stats.loguniform(p[0], p[0] * p[1])),
    st.tuples(st.integers(-999, 999), st.integers(2, 99)).map(lambda p: stats.randint(p[0], p[0] + p[1])),
    st.floats(1e-3, 1e3).map(lambda scale: stats.expon(scale=scale)),
    st.floats(0.1, 50).map(stats.poisson),
)


@given(RANGES, st.floats(0, 1))
def test_every_value_is_one_that_the_distribution_has(distribution, unit):
    """No coordinate leads out of the support."""
    found = axis(distribution)
    low, high = distribution.support()
    assert low <= found.value(found.parameter.from_unit(unit)) <= high
