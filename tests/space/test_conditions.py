import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpsearch.errors import StudyFileError
from hpsearch.space import (
    ChoiceParameter,
    Condition,
    FloatParameter,
    MirroredParameter,
    Space,
    complete,
    filled,
    in_space,
    parse_point,
    read_point,
)
from tests.study_file import strategies as our

OPTIMIZER = ChoiceParameter(name="optimizer", choices=("sgd", "momentum", "nesterov"))
MOMENTUM = MirroredParameter(name="momentum", low=0.5, high=0.99)
WARM = ChoiceParameter(name="warm", choices=(True, False))
EPOCHS = FloatParameter(name="epochs", low=1.0, high=5.0)
MOVING = ("momentum", "nesterov")
SPACE = Space(  # epochs stands on warm, and warm on the optimizer, which comes last
    (MOMENTUM, EPOCHS, WARM, OPTIMIZER),
    (
        Condition(name="momentum", on="optimizer", among=MOVING),
        Condition(name="warm", on="optimizer", among=("momentum",)),
        Condition(name="epochs", on="warm", among=(True,)),
    ),
)
NAN = math.nan


def is_active(space, name, external):
    """Return whether a parameter is active at a point of values without gaps, by what the words say."""
    return all(
        is_active(space, condition.on, external) and external[condition.on] in condition.among
        for condition in space.conditions
        if condition.name == name
    )


@st.composite
def points(draw, space):
    """Return unit coordinates, ``(n_parameters,)``, from one end of each widened range to the other."""
    return np.array([draw(st.floats(-p.margin, 1 + p.margin)) for p in space])


@given(st.data(), our.spaces())
def test_a_point_has_values_exactly_where_the_conditions_hold(data, space):
    """In units, internal and external form: a parameter whose conditions do not hold is not there."""
    unit = data.draw(points(space))
    everything = {p.name: p.external(p.from_unit(u)) for p, u in zip(space, unit, strict=True)}
    active = [is_active(space, name, everything) for name in space.names]
    internal = space.from_unit(unit)
    assert [not math.isnan(value) for value in internal] == active
    assert space.active(np.array([internal])).tolist() == [active]
    assert list(space.external(internal)) == [n for n, due in zip(space.names, active, strict=True) if due]
    assert space.external(internal).items() <= everything.items()
    assert (~np.isnan(space.to_unit(np.array([internal])))).tolist() == [active]


@given(st.data(), our.spaces())
def test_points_with_conditions_round_trip(data, space):
    """From internal to external form and to unit coordinates and back, equal even where NaN stands."""
    internal = space.from_unit(data.draw(points(space)))
    assert space.internal(space.external(internal)) == internal
    assert hash(space.internal(space.external(internal))) == hash(internal)
    again = space.from_unit(space.to_unit(np.array([internal]))[0])
    spans = [
        max(abs(v), 1e-9) + getattr(p, "high", 0) - getattr(p, "low", 0)
        for p, v in zip(space, internal, strict=True)
    ]
    for one, other, span in zip(again, internal, spans, strict=True):
        assert (one is other is NAN) or abs(one - other) <= 1e-6 * span


@given(st.data(), our.spaces())
def test_a_value_too_many_or_too_few_is_no_point_of_the_space(data, space):
    """NaN where a value is due and a value where none is are refused, each in its own row."""
    internal = space.from_unit(data.draw(points(space)))
    place = data.draw(st.integers(0, len(space) - 1))
    wrong = list(internal)
    wrong[place] = space.parameters[place].from_unit(0.5) if math.isnan(internal[place]) else NAN
    assert in_space(space, np.array([internal, wrong])).tolist() == [True, False]
    assert complete(space, np.array([internal, wrong])).tolist() == [True, False]


@given(st.data(), our.spaces())
def test_the_order_of_conditions_means_nothing(data, space):
    """The same conditions, and the same values in them, in any order are the same space."""
    turned = [
        Condition(name=c.name, on=c.on, among=tuple(data.draw(st.permutations(c.among))))
        for c in data.draw(st.permutations(space.conditions))
    ]
    again = Space(space.parameters, tuple(turned))
    assert again == space
    assert (hash(again), repr(again)) == (hash(space), repr(space))


@given(our.spaces())
def test_every_parameter_can_be_active(space):
    """What must hold for a parameter is what makes it active, when no other choice is made for it."""
    for name, needs in space.needs.items():
        wanted = {p.name: p.external(p.from_unit(0.5)) for p in space} | {
            on: v[-1] for on, v in needs.items()
        }
        assert name in space.external(space.internal(wanted))


@pytest.mark.parametrize(
    ("external", "internal"),
    [
        ({"optimizer": "sgd"}, (NAN, NAN, NAN, 0.0)),
        ({"optimizer": "nesterov", "momentum": 0.9}, (0.9, NAN, NAN, 2.0)),
        ({"optimizer": "momentum", "momentum": 0.9, "warm": False}, (0.9, NAN, 1.0, 1.0)),
        ({"optimizer": "momentum", "momentum": 0.9, "warm": True, "epochs": 2.0}, (0.9, 2.0, 0.0, 1.0)),
    ],
)
def test_a_condition_on_what_is_not_active_does_not_hold(external, internal):
    """Epochs of warming up stand on a choice that stands on another."""
    assert SPACE.internal(external) == internal
    assert SPACE.external(internal) == external
    assert in_space(SPACE, np.array([internal])).all()
    assert read_point(SPACE, external) == {
        n: v for n, v in zip(SPACE.names, internal, strict=True) if v is not NAN
    }


def test_a_row_that_makes_no_sense_is_refused_for_each_reason():
    """A condition on a choice that has a value where it may not, and a value out of a conditional range."""
    rows = np.array([[NAN, 2.0, 0.0, 0.0], [0.3, NAN, NAN, 2.0], [0.9, 2.0, 0.5, 1.0], [0.9, NAN, NAN, 2.0]])
    assert SPACE.active(rows)[0].tolist() == [False, False, False, True]
    assert in_space(SPACE, rows).tolist() == [False, False, False, True]


def test_a_value_that_is_missing_is_not_made_up():
    """Where a parameter is active, its value must be given."""
    with pytest.raises(KeyError, match="momentum"):
        SPACE.internal({"optimizer": "nesterov"})


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        (
            {"momentum": 0.9},
            r'^momentum: expected optimizer = "momentum" or "nesterov" beside it, found nothing$',
        ),
        ({"momentum": 0.9, "optimizer": "sgd"}, r'^momentum: expected .* beside it, found "sgd"$'),
        ({"epochs": 2.0, "warm": True}, r'^warm: expected optimizer = "momentum" beside it, found nothing$'),
        (
            {"epochs": 2.0, "warm": False, "optimizer": "momentum"},
            "^epochs: expected warm = true beside it, found f",
        ),
    ],
)
def test_a_parameter_cannot_be_chosen_without_its_condition(given_, message):
    """The given values must hold on their own, whatever the search would fill in."""
    with pytest.raises(StudyFileError, match=message):
        read_point(SPACE, given_)


@pytest.mark.parametrize(
    ("given_", "filler", "point"),
    [
        ({}, (), None),
        ({"optimizer": 0.0}, (), (NAN, NAN, NAN, 0.0)),
        ({"optimizer": 2.0}, (), None),
        ({"optimizer": 2.0, "momentum": 0.9}, (), (0.9, NAN, NAN, 2.0)),
        ({}, (0.8, 3.0, 0.0, 1.0), (0.8, 3.0, 0.0, 1.0)),
        ({"optimizer": 0.0}, (0.8, 3.0, 0.0, 1.0), (NAN, NAN, NAN, 0.0)),
        ({"optimizer": 2.0}, (0.8, 3.0, 0.0, 1.0), (0.8, NAN, NAN, 2.0)),
        ({"optimizer": 1.0}, (0.8, NAN, NAN, 2.0), (0.8, NAN, 1.0, 1.0)),
    ],
)
def test_what_is_left_open_is_filled_in_as_far_as_it_is_due(given_, filler, point):
    """From the proposal, or the middle of a range that the proposal lacks; without one there is no point."""
    assert filled(SPACE, given_, filler) == point


@given(st.data(), our.spaces())
def test_whatever_is_given_the_rest_is_filled_in_to_a_point(data, space):
    """A part of one point and another point to fill it in from make a point that has the part."""
    one, filler = (space.from_unit(data.draw(points(space))) for _ in range(2))
    part = {n: v for n, v in space.external(one).items() if data.draw(st.booleans())}
    try:
        wish = read_point(space, part)
    except StudyFileError:
        assume(False)
    point = filled(space, wish, filler)
    assert in_space(space, np.array([point])).all()
    assert space.external(point).items() >= part.items()


def test_a_point_like_another_drops_what_has_lost_its_condition():
    """What is typed replaces; what was only taken over goes where it makes no sense, what is typed never."""
    like = {"optimizer": "momentum", "momentum": 0.9, "warm": True, "epochs": 2.0}
    assert parse_point(SPACE, {"momentum": "0.8"}, like=like) == {**like, "momentum": 0.8}
    assert parse_point(SPACE, {"optimizer": "nesterov"}, like=like) == {
        "optimizer": "nesterov",
        "momentum": 0.9,
    }
    assert parse_point(SPACE, {"optimizer": "sgd"}, like=like) == {"optimizer": "sgd"}
    with pytest.raises(StudyFileError, match=r"^epochs: expected warm = true beside it, found nothing$"):
        parse_point(SPACE, {"optimizer": "nesterov", "epochs": "3"}, like=like)


def test_a_condition_of_nobody_or_twice_is_refused():
    """Only code can ask for these: a study file has no place for them."""
    condition = Condition(name="momentum", on="optimizer", among=("momentum",))
    with pytest.raises(
        StudyFileError, match=r'^momentum: expected a parameter of the space, found "momentum"$'
    ):
        Space((OPTIMIZER,), (condition,))
    with pytest.raises(
        StudyFileError, match=r"^momentum\.when\.optimizer: expected one condition on a choice, f"
    ):
        Space((OPTIMIZER, MOMENTUM), (condition, condition))


def test_all_four_kinds_of_parameters_may_have_conditions(read):
    """A value alone and a list of one are the same; the named choice may stand before or after."""
    lines = (
        'f = { low = 0.1, high = 0.5, when = { o = "b" } }',
        'm = { low = 0.5, high = 0.9, log = "mirrored", when = { o = ["b"] } }',
        'o = { choices = ["a", "b", "c"] }',
        'i = { low = 1, high = 3, when = { o = ["c", "b"], n = 2 } }',
        "n = { choices = [1, 2] }",
        "b = { choices = [true, false], when = { n = 1 } }",
    )
    space = read('[data]\nsource = "digits"\n[space]\n' + "\n".join(lines)).space
    assert [(c.name, str(c)) for c in space.conditions] == [
        ("f", 'o = "b"'),
        ("m", 'o = "b"'),
        ("i", "n = 2"),
        ("i", 'o = "b" or "c"'),
        ("b", "n = 1"),
    ]
