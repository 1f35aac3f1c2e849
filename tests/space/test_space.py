import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import (
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
    distribution_to_json,
    json_to_distribution,
)

from hpsearch.errors import StudyFileError
from hpsearch.space import ChoiceParameter, FloatParameter, IntParameter, Space, plain_value
from tests.study_file import strategies as our

units = st.floats(0, 1)


def within_margin(parameter):
    """Return unit coordinates from one end of the widened range to the other."""
    return st.floats(-parameter.margin, 1 + parameter.margin)


MEANT = [
    (FloatParameter(name="p", low=1e-5, high=0.1, log=True), FloatDistribution(1e-5, 0.1, log=True)),
    (
        FloatParameter(name="p", low=1e-5, high=0.1, log=True, widen=2),
        FloatDistribution(1e-5 / 100, 0.1 * 100, log=True),
    ),
    (FloatParameter(name="p", low=0.0, high=0.6), FloatDistribution(0.0, 0.6)),
    (IntParameter(name="p", low=-3, high=7), IntDistribution(-3, 7)),
    (IntParameter(name="p", low=8, high=64, log=True), IntDistribution(8, 64, log=True)),
    (ChoiceParameter(name="p", choices=("relu", "tanh")), CategoricalDistribution(("relu", "tanh"))),
    (ChoiceParameter(name="p", choices=(True, False)), CategoricalDistribution((True, False))),
    (ChoiceParameter(name="p", choices=(0.5, 0.9)), CategoricalDistribution((0.5, 0.9))),
    (ChoiceParameter(name="p", choices=((64, 64), ())), CategoricalDistribution(("[64, 64]", "[]"))),
    (ChoiceParameter(name="p", choices=(((1, 0.1),),)), CategoricalDistribution(("[[1, 0.1]]",))),
]


@pytest.mark.parametrize(("parameter", "meant"), MEANT)
def test_a_distribution_is_the_one_meant(parameter, meant):
    """What we write for Optuna reads back as the distribution that the study file meant."""
    assert json_to_distribution(parameter.distribution()) == meant


@given(our.parameters())
def test_a_distribution_is_written_as_optuna_writes_it(parameter):
    """Reading and writing a distribution through Optuna gives the JSON that we wrote."""
    text = parameter.distribution()
    assert json.loads(distribution_to_json(json_to_distribution(text))) == json.loads(text)


@given(st.data(), our.parameters())
def test_a_value_from_a_unit_coordinate_stays_inside_the_outer_range(data, parameter):
    """No coordinate between the widened ends gives a value that Optuna's distribution does not contain."""
    internal = parameter.from_unit(data.draw(within_margin(parameter)))
    assert json_to_distribution(parameter.distribution())._contains(internal)


@given(st.data(), our.floats())
def test_unit_coordinates_of_real_numbers_round_trip(data, parameter):
    """The coordinate of the value at a coordinate is that coordinate."""
    unit = data.draw(within_margin(parameter))
    back = parameter.to_unit(np.array([parameter.from_unit(unit)]))[0]
    # A plain range of width w around x loses |x| / w in the subtraction.
    loss = (
        0.0
        if parameter.log
        else max(abs(parameter.low), abs(parameter.high)) / (parameter.high - parameter.low)
    )
    assert back == pytest.approx(unit, abs=1e-9 + 1e-15 * loss)


@given(st.data(), our.integers())
def test_whole_numbers_round_trip_through_unit_coordinates(data, parameter):
    """Every whole number of a range comes back from its coordinate, which lies in 0..1."""
    value = data.draw(st.integers(parameter.low, parameter.high))
    unit = parameter.to_unit(np.array([float(value)]))[0]
    assert 0 <= unit <= 1
    assert parameter.from_unit(unit) == value


@given(st.data(), our.choices())
def test_choices_round_trip_through_unit_coordinates(data, parameter):
    """Every choice comes back from the middle of its share."""
    index = data.draw(st.integers(0, len(parameter.choices) - 1))
    assert parameter.from_unit(parameter.to_unit(np.array([float(index)]))[0]) == index


@given(our.parameters(), units)
def test_internal_and_external_values_round_trip(parameter, unit):
    """The internal form of a value's external form is the value, and Optuna agrees on both.

    Optuna has no lists; the text that it has instead is read as the same value.
    """
    internal = parameter.from_unit(unit)
    external = parameter.external(internal)
    optuna, recorded = json_to_distribution(parameter.distribution()), plain_value(external)
    assert parameter.internal(external) == internal
    assert optuna.to_internal_repr(recorded) == internal
    assert optuna.to_external_repr(internal) == recorded
    assert type(optuna.to_external_repr(internal)) is type(recorded)
    assert parameter.read(recorded) == internal


@given(st.lists(units, min_size=3, max_size=3))
def test_a_space_is_its_parameters_side_by_side(unit):
    """A space takes coordinates, values and names from its parameters, in order."""
    space = Space(tuple(parameter for parameter, _ in MEANT_DIFFERENT))
    internal = space.from_unit(np.array(unit))
    assert space.names == ("a", "b", "c")
    assert space.internal(space.external(internal)) == internal
    again = space.to_unit(np.array([internal, internal]))
    assert again.shape == (2, 3)
    assert space.from_unit(again[0]) == pytest.approx(internal)


MEANT_DIFFERENT = [
    (FloatParameter(name="a", low=1e-5, high=0.1, log=True, widen=2), None),
    (IntParameter(name="b", low=1, high=9), None),
    (ChoiceParameter(name="c", choices=("x", "y")), None),
]

BAD_RANGES = [
    ({"low": 0.2, "high": 0.1}, r"low: expected a number below high \(0\.1\), found 0\.2"),
    ({"low": 0.1, "high": 0.1}, r"low: expected a number below high"),
    ({"low": 0.0, "high": 0.1, "log": True}, r"low: expected a number above 0, because log = true"),
    ({"low": math.nan, "high": 0.1}, r"low: expected a finite number, found nan"),
    ({"low": 0.1, "high": math.inf}, r"high: expected a finite number, found inf"),
    ({"low": -1.5e308, "high": 1.5e308}, r"high: expected a range of finite width"),
    ({"low": 0.1, "high": 1.0, "widen": 1}, r"widen: expected 0, because log is not true"),
    ({"low": 0.1, "high": 1.0, "log": True, "widen": 11}, r"widen: expected 0 to 10 decades, found 11"),
    ({"low": 1e-200, "high": 1e200, "log": True}, r"high: expected at most 300 decades"),
    ({"low": 1e-305, "high": 1.0, "log": True, "widen": 10}, r"expected at most 300 decades"),
    (
        {"low": 1e-305, "high": 1e-300, "log": True, "widen": 10},
        r"low: expected a bound that is above 1e-307",
    ),
    ({"low": 1e300, "high": 1e305, "log": True, "widen": 10}, r"high: expected a bound that is below 1e308"),
]


@pytest.mark.parametrize(("settings", "message"), BAD_RANGES)
def test_fault_42_a_range_that_cannot_be_is_refused(settings, message):
    """A range of real numbers without room, or outside of float64, is refused where it is made."""
    with pytest.raises(StudyFileError, match=message):
        FloatParameter(name="lr", **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"low": 5, "high": 5}, "low: expected a number below high"),
        ({"low": 0, "high": 5, "log": True}, "low: expected a number above 0"),
        ({"low": 0, "high": 2**53 + 1}, r"high: expected a whole number of at most 2\*\*53"),
    ],
)
def test_fault_42_a_range_of_whole_numbers_that_cannot_be_is_refused(settings, message):
    """A range of whole numbers without room, or beyond exact float64, is refused where it is made."""
    with pytest.raises(StudyFileError, match=message):
        IntParameter(name="width", **settings)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ((), "choices: expected at least one value"),
        (("a", "a"), r"choices\[1\]: expected a value that is not given before"),
        ((0.0, -0.0), r"choices\[1\]: expected a value that is not given before"),
        (("a", 1), r"choices\[1\]: expected a text like the others, found 1"),
        ((True, 1), r"choices\[1\]: expected true or false like the others"),
        ((1, 2.5), r"choices\[1\]: expected a whole number like the others"),
        ((math.nan,), r"choices\[0\]: expected a finite number"),
        (("a\nb",), r'choices\[0\]: expected a text without control characters, found "a\\nb"'),
        ((None,), r"choices\[0\]: expected true, false, a number, a text or a list, found nothing"),
        (([1, 2],), r"choices\[0\]: expected true, false, a number, a text or a list, found \[1, 2\]"),
        (((1,), 2), r"choices\[1\]: expected a list like the others, found 2"),
        (((1,), (1.0,)), r"choices\[1\]: expected a value that is not given before, found \[1\.0\]"),
        (((1,), ((1,),)), r"choices\[0\]: expected a list of lists like the others, found \[1\]"),
        (((1, (2,)),), r"choices\[0\]: expected a list of values, or a list of lists of values"),
        (((((1,),),),), r"choices\[0\]: expected a list of values, or a list of lists of values"),
        ((((),),), r"choices\[0\]: expected a list of values, or a list of lists of values, found \[\[\]\]"),
        (((math.inf,),), r"choices\[0\]: expected a finite number, found inf"),
        (((2**60,),), r"choices\[0\]: expected at most 2\*\*53"),
        (((1,) * 999,), r"choices\[0\]: expected a list of at most 2000 characters"),
        ((2**60,), r"choices\[0\]: expected at most 2\*\*53"),
    ],
)
def test_fault_42_choices_that_cannot_be_are_refused(choices, message):
    """Choices that are missing, mixed, equal or not plain values are refused where they are made."""
    with pytest.raises(StudyFileError, match=message):
        ChoiceParameter(name="activation", choices=choices)


def test_a_space_needs_different_parameters():
    """A space without parameters, or with two of one name, is refused."""
    with pytest.raises(StudyFileError, match="at least one parameter"):
        Space(())
    twice = IntParameter(name="a", low=0, high=1)
    with pytest.raises(StudyFileError, match="parameters of different names"):
        Space((twice, twice))
