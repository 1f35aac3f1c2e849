"""``param_distributions`` as a space: names, conditions and subspaces."""

import math

import pytest
from scipy.stats import loguniform, uniform
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC

from hpsearch.search_cv.candidate_space import candidate_space
from hpsearch.space import Condition


def test_the_order_of_a_dictionary_does_not_matter():
    """Parameters stand in the order of their names, as in ``RandomizedSearchCV``."""
    one = candidate_space({"b": uniform(), "a": [1, 2]})
    other = candidate_space({"a": [1, 2], "b": uniform()})
    assert one.space == other.space
    assert one.space.names == ("a", "b")
    assert list(one.params((1.0, 0.25)).items()) == [("a", 2), ("b", 0.25)]


def test_a_parameter_with_a_condition_is_left_out_where_it_does_not_hold():
    """A condition names a choice by its value, whatever type it has; a list is any of them."""
    forest, vectors = RandomForestClassifier(), SVC()
    found = candidate_space(
        {
            "clf": [forest, vectors, None],
            "clf__C": {"low": 0.1, "high": 10.0, "log": True, "when": {"clf": vectors}},
            "scale": {"choices": [(0, 1), (2, 3)], "when": {"clf": [forest, None]}},
            "shift": {"low": 0.0, "high": 1.0, "when": {"scale": (2, 3)}},
        }
    )
    assert found.space.conditions == (
        Condition(name="clf__C", on="clf", among=(1,)),
        Condition(name="scale", on="clf", among=(0, 2)),
        Condition(name="shift", on="scale", among=(1,)),
    )
    assert found.params((1.0, 2.0, math.nan, math.nan)) == {"clf": vectors, "clf__C": 2.0}
    assert found.params((2.0, math.nan, 0.0, math.nan)) == {"clf": None, "scale": (0, 1)}


def test_several_dictionaries_are_subspaces():
    """A point has the parameters of one of them; a name in two of them has two ranges."""
    found = candidate_space([{"C": loguniform(0.1, 1), "kernel": ["rbf"]}, {"C": uniform(0, 9)}, {}])
    assert found.space.names == ("subspace", "0.C", "0.kernel", "1.C")
    assert found.params(found.space.point(lambda j: (0.0, 0.5, 0.0, 7.0)[j])) == {"C": 0.5, "kernel": "rbf"}
    assert found.params(found.space.point(lambda j: (1.0, 0.5, 0.0, 7.0)[j])) == {"C": 7.0}
    assert found.params(found.space.point(lambda _: 2.0)) == {}


REFUSED = [
    ({}, "param_distributions: expected at least one parameter, found none"),
    ([], "param_distributions: expected at least one parameter, found none"),
    ([{}], "param_distributions: expected at least one parameter, found none"),
    ([{"a": [1]}, 3], r"param_distributions\[1\]: expected a dictionary whose keys are texts, found 3"),
    ({3: [1]}, "param_distributions: expected a dictionary whose keys are texts, found a table"),
    ([{"a": [1]}, {"b": 3}], r"param_distributions\[1\]: b: expected a list of values"),
    ({"a": {"low": 0, "high": 1, "when": 3}}, r"a\.when: expected conditions such as {\"kernel\": \"rbf\"}"),
    ({"a": {"low": 0, "high": 1, "when": {"b": 3}}}, r"a\.when\.b: expected a parameter of the space"),
    (
        {"a": {"low": 0, "high": 1, "when": {"b": 3}}, "b": ["x", "y"]},
        r'a\.when\.b: expected one or several of the choices \["x", "y"\], found 3',
    ),
    (
        {"a": {"low": 0, "high": 1, "when": {"b": ["x", "z"]}}, "b": ["x", "y"]},
        r'a\.when\.b: expected one or several of the choices \["x", "y"\], found \["x", "z"\]',
    ),
    ({"a\nb": [1]}, r'param_distributions: "a\\nb": expected a text without control characters'),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_no_space_is_refused(given, message):
    """The message names the dictionary and the parameter."""
    with pytest.raises(ValueError, match=message):
        candidate_space(given)
