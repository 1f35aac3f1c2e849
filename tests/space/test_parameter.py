"""The parameter itself: what each kind answers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.errors import StudyFileError
from hpsearch.space import (
    ChoiceParameter,
    FloatParameter,
    IntParameter,
    MirroredParameter,
    choice_text,
    frozen_list,
)
from tests.study_file import strategies as our

units = st.floats(-1, 2)

KINDS = [
    (FloatParameter(name="p", low=0.0, high=0.6), "float", (0.0, 0.6), False, ()),
    (FloatParameter(name="p", low=1e-4, high=0.1, log=True), "float", (1e-4, 0.1), True, ()),
    (FloatParameter(name="p", low=1.0, high=10.0, log=True, widen=2), "float", (0.01, 1000.0), True, ()),
    (IntParameter(name="p", low=4, high=64, log=True), "int", (4, 64), False, ()),
    (MirroredParameter(name="p", low=0.9, high=0.99), "mirrored", (0.9, 0.99), False, ()),
    (ChoiceParameter(name="p", choices=("a", "b", "c")), "choice", (0, 2), False, ("a", "b", "c")),
]


@pytest.mark.parametrize(("parameter", "kind", "ends", "widens", "choices"), KINDS)
def test_a_parameter_answers_for_itself(parameter, kind, ends, widens, choices):
    """Each kind knows its ends, its choices and whether it widens; only a widened one has a margin."""
    assert (parameter.kind, parameter.ends, parameter.choices) == (kind, ends, choices)
    assert parameter.widens is widens
    assert (parameter.decades > 0) is widens
    assert parameter.margin == (2.0 if getattr(parameter, "widen", 0) else 0.0)


@given(our.parameters(), units)
def test_a_value_between_the_ends_is_read(parameter, unit):
    """Every value that a coordinate leads to lies between the ends, and is read back as the same one."""
    internal = parameter.from_unit(unit)
    low, high = parameter.ends
    assert low <= internal <= high
    assert parameter.read(parameter.external(internal)) == internal


@given(our.parameters())
def test_a_value_beyond_the_ends_is_refused(parameter):
    """What is too large, not a number or not a choice is refused with the name of the parameter."""
    for wrong in (2 * abs(parameter.ends[1]) + 1, float("nan"), None, [1]):
        if frozen_list(wrong) not in parameter.choices:
            with pytest.raises(StudyFileError, match=r"expected .*, found"):
                parameter.read(wrong)


@given(our.parameters(), units)
def test_a_typed_number_is_parsed_and_any_other_text_is_left(parameter, unit):
    """Numbers keep their type; a text that is no value comes back as it is, to be refused by its words."""
    value = parameter.external(parameter.from_unit(unit))
    if not isinstance(value, str):
        assert parameter.parse(choice_text(value)) == value
        assert type(parameter.parse(choice_text(value))) is type(value)
    assert parameter.parse("no value at all") == "no value at all"


BATCH = IntParameter(name="batch_size", low=8, high=64)
SIZES = ChoiceParameter(name="batch_size", choices=(8, 16))
RATES = ChoiceParameter(name="lr", choices=(0.001, 1.0))
NAMES = ChoiceParameter(name="activation", choices=("ReLU", "relu"))
FLAGS = ChoiceParameter(name="flag", choices=(False, True))
LAYERS = ChoiceParameter(name="hidden", choices=((64,), (64, 64), ()))
PAIRS = ChoiceParameter(name="schedule_rates", choices=(((0, 0.1), (5, 0.01)), ()))
TYPED = [
    (BATCH, "16", 16),
    (BATCH, "16.0", 16),
    (BATCH, "1.6e1", 16),
    (BATCH, "16.5", None),
    (BATCH, "1_6", None),
    (BATCH, "nan", None),
    (BATCH, "inf", None),
    (BATCH, "true", None),
    (BATCH, "7", None),
    (BATCH, "9" * 300, None),
    (SIZES, "16", 16),
    (SIZES, "1_6", None),
    (SIZES, "16.0", None),
    (SIZES, "9", None),
    (RATES, "1e-3", 0.001),
    (RATES, "1", 1.0),
    (RATES, "nan", None),
    (NAMES, "relu", "relu"),
    (NAMES, "ReLU", "ReLU"),
    (NAMES, "RELU", None),
    (FLAGS, "true", True),
    (FLAGS, "False", False),
    (FLAGS, "1", None),
    (LAYERS, "[64, 64]", (64, 64)),
    (LAYERS, " [64,64]", (64, 64)),
    (LAYERS, "[]", ()),
    (LAYERS, "64", None),
    (LAYERS, "64, 64", None),
    (LAYERS, "[64.0]", None),
    (LAYERS, "[64, 65]", None),
    (LAYERS, "[" * 99_999, None),
    (LAYERS, f"[{'9' * 9999}]", None),
    (PAIRS, "[[0, 0.1], [5, 1e-2]]", ((0, 0.1), (5, 0.01))),
    (PAIRS, "[0, 0.1]", None),
]


@pytest.mark.parametrize(("parameter", "text", "value"), TYPED, ids=lambda item: str(item)[:60])
def test_fault_85_what_is_typed_is_what_is_tried(parameter, text, value):
    """A typed text is one value by one grammar, or refused in one line."""
    found = parameter.parse(text)
    if value is None:
        with pytest.raises(StudyFileError, match=f"^{parameter.name}: expected .*, found"):
            parameter.read(found)
    else:
        assert parameter.external(parameter.read(found)) == value


@pytest.mark.parametrize("value", [np.int64(16), np.float32(16), 16.0, Fraction(16)])
def test_fault_85_a_number_of_any_type_is_read(value):
    """From Python, a whole number is one whatever its type; truth values and texts are none."""
    assert BATCH.read(value) == 16.0
    for wrong in (True, np.bool_(True), "16", 16j):
        with pytest.raises(StudyFileError, match=r"^batch_size: expected a whole number from 8 to 64, found"):
            BATCH.read(wrong)


@pytest.mark.parametrize("value", [[64, 64], (64, 64), "[64, 64]", "[64,64]"])
def test_a_list_is_read_in_any_of_its_forms(value):
    """A list, a tuple of Python and the text that Optuna has are one value; other types are refused."""
    assert LAYERS.read(value) == 1.0
    for wrong in ([64.0, 64], [True], "[64, 64.0]", {64}, 64, "", [[64]]):
        with pytest.raises(StudyFileError, match=r"^hidden: expected one of \[64\], \[64, 64\], \[\], found"):
            LAYERS.read(wrong)
