"""The space of a study that another program began: parameters, and when they are there."""

import json
import math

import numpy as np
import pytest

from hpsearch.space import (
    ChoiceParameter,
    FloatParameter,
    IntParameter,
    Space,
    observed_space,
    recorded_parameters,
    steady,
)

NAN = math.nan
KIND = ChoiceParameter(name="kind", choices=("a", "b", "c"))
X, Y = FloatParameter(name="x", low=0.0, high=1.0), FloatParameter(name="y", low=0.0, high=1.0)
SUB = ChoiceParameter(name="sub", choices=("u", "v"))


def form(kind, **attributes):
    """Return a distribution as Optuna stores it."""
    return json.dumps({"name": f"{kind}Distribution", "attributes": attributes})


def read(*forms, numbers=()):
    """Return the one parameter of some distributions."""
    (found,) = recorded_parameters([("p", one) for one in forms], lambda _name: list(numbers)).values()
    return found


def test_a_range_that_changes_is_as_wide_as_the_widest():
    """Optuna lets a range differ from trial to trial."""
    found = read(form("Int", low=1, high=4, log=False, step=1), form("Int", low=0, high=3, log=False, step=3))
    assert found.parameter == IntParameter(name="p", low=0, high=4)
    assert (found.internal(2.0), found.external(2.0)) == (2.0, 2)


@pytest.mark.parametrize(
    ("one", "numbers", "choices"),
    [
        (form("Float", low=3.0, high=3.0, log=False, step=None), [3.0], (3.0,)),
        (form("Int", low=7, high=7, log=True, step=1), [7.0], (7,)),
        (form("Int", low=0, high=2**60, log=False, step=1), [5.0, 1.0], (1, 5)),
        (form("Float", low=-1e308, high=1e308, log=False, step=None), [0.5], (0.5,)),
    ],
)
def test_a_range_that_no_space_has_is_a_choice_of_what_occurred(one, numbers, choices):
    """A single value, or ends that are too far apart; values come back as they were."""
    found = read(one, numbers=numbers)
    assert found.parameter == ChoiceParameter(name="p", choices=choices)
    assert [found.external(value) for value in sorted(numbers)] == list(choices)
    assert [type(found.external(value)) for value in numbers] == [type(choices[0])] * len(numbers)
    assert [found.internal(value) for value in sorted(numbers)] == list(range(len(numbers)))
    assert math.isnan(found.internal(99.0))


def test_choices_of_one_type_stand_as_they_are():
    """Mixed ones are texts, which are told apart; the objective's own values are kept beside them."""
    assert read(form("Categorical", choices=["b", "a"])).parameter.choices == ("b", "a")
    mixed = read(form("Categorical", choices=[None, 1, "1", True]))
    assert mixed.parameter.choices == ("None", "1", "1 (2)", "True")
    assert [mixed.external(float(place)) for place in range(4)] == [None, 1, "1", True]
    assert math.isnan(mixed.internal(4.0))


def test_a_condition_is_what_every_trial_shows():
    """``x`` is there exactly under two of three values; ``sub`` under one, and ``y`` under one of ``sub``."""
    rows = np.array(
        [
            [0, 0.1, NAN, NAN],
            [1, 0.2, NAN, NAN],
            [2, NAN, 0, 0.5],
            [2, NAN, 1, NAN],
        ]
    )
    space = observed_space((KIND, X, SUB, Y), rows)
    assert [(c.name, c.on, c.among) for c in space.conditions] == [
        ("x", "kind", ("a", "b")),
        ("sub", "kind", ("c",)),
        ("y", "sub", ("u",)),
    ]
    assert (space.active(rows) == ~np.isnan(rows)).all()


def test_what_trials_contradict_is_no_condition():
    """``x`` lacks in one trial of each value: what is computed over the space goes without it."""
    rows = np.array([[0, 0.1, 0.5], [0, NAN, 0.6], [1, NAN, 0.7]])
    space = observed_space((KIND, X, Y), rows)
    assert space.conditions == ()
    smaller, kept = steady(space, rows)
    assert (smaller.names, kept) == (("kind", "y"), [0, 2])


def test_a_condition_on_what_is_left_out_goes_with_it():
    """``y`` depends on ``sub``, which has gaps."""
    rows = np.array([[0, 0, 0.5], [0, 1, NAN], [0, NAN, NAN], [1, NAN, NAN]])
    space = observed_space((KIND, SUB, Y), rows)
    assert [(c.name, c.on) for c in space.conditions] == [("y", "sub")]
    assert steady(space, rows)[0].names == ("kind",)


def test_a_space_without_gaps_is_steady_as_it_is():
    """So is one in which nothing is known of any trial, and one without parameters."""
    space = Space((KIND, X))
    assert steady(space, np.array([[0, 0.5], [1, 0.25]])) == (space, [0, 1])
    assert steady(space, np.empty((0, 2))) == (space, [0, 1])
    assert observed_space((), np.empty((0, 0))) == Space.empty()
    assert steady(Space.empty(), np.empty((3, 0))) == (Space.empty(), [])
