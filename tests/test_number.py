"""The grammar of a number that a person types."""

import math

import pytest

from hpsearch.number import expect_number, read_number

NUMBERS = {
    "16": 16,
    "+3": 3,
    "-2": -2,
    "007": 7,
    "1.5": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "1e-3": 0.001,
    "1E+2": 100.0,
    "1e400": math.inf,
    "-inf": -math.inf,
}
NO_NUMBERS = [
    "",
    "1_0",
    "1_0.5",
    "0x10",
    "0b1",
    "1,5",
    "1 0",
    " 1",
    "1\n",
    "1e",
    "e5",
    ".",
    "--1",
    "\u0661\u0660",
    "1\u066b5",
    "\u00b9",
]
NO_NUMBERS += ["True", "1j", "1f", "1" * 5000]


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_a_number_is_read(text, number):
    """Digits with at most one point and one exponent; a whole number stays one."""
    assert read_number(text) == number
    assert type(read_number(text)) is type(number)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_fault_85_what_only_python_takes_for_a_number_is_none(text):
    """Underscores, other bases, other scripts, blanks and commas make no number."""
    assert read_number(text) is None


@pytest.mark.parametrize("text", [*NO_NUMBERS[2:5], "nan", "inf", "1e400", "0", "100", "1.5"])
def test_fault_85_a_number_that_is_not_expected_is_refused(text):
    """The message says what was expected, with the range, and what was found."""
    with pytest.raises(ValueError, match=r"^expected a whole number from 1 to 99, found '"):
        expect_number(text, whole=True, least=1, most=99)
    assert expect_number(" 7 ", whole=True, least=1) == 7
