"""The mirrored log range: 1 - 10^U."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.errors import StudyFileError
from hpsearch.space import MirroredParameter
from hpsearch.study_file import read_study, spec_from_dict, spec_to_dict
from tests.study_file import strategies as our

MOMENTUM = MirroredParameter(name="momentum", low=0.9, high=0.999)


def test_the_middle_of_two_decades_is_between_them():
    """Of 0.9 to 0.999 the coordinate 1/2 is 0.99, and the ends are the ends."""
    assert [MOMENTUM.from_unit(u) for u in (0.0, 0.5, 1.0)] == pytest.approx([0.9, 0.99, 0.999], abs=1e-12)
    assert MOMENTUM.to_unit(np.array([0.9, 0.99, 0.999])) == pytest.approx([0.0, 0.5, 1.0], abs=1e-9)


def test_uniform_coordinates_are_one_minus_ten_to_a_uniform_number():
    """Half of uniform draws lie in each decade of the distance from 1."""
    values = np.array([MOMENTUM.from_unit(u) for u in np.random.default_rng(0).random(4000)])
    assert (values < 0.99).mean() == pytest.approx(0.5, abs=0.04)
    assert np.log10(1 - values).mean() == pytest.approx(-2, abs=0.03)


@given(our.mirrored(), st.floats(0, 1))
def test_coordinates_round_trip_and_stay_inside(parameter, unit):
    """A value lies in the range, and the coordinate of the value at a coordinate is that coordinate."""
    value = parameter.from_unit(unit)
    assert parameter.low <= value <= parameter.high
    assert parameter.to_unit(np.array([value]))[0] == pytest.approx(unit, abs=1e-5)


@given(our.mirrored())
def test_optuna_is_told_the_plain_range(parameter):
    """What Optuna stores is the value itself, in a plain range, so that its dashboard shows the truth."""
    distribution = json.loads(parameter.distribution())
    assert distribution["name"] == "FloatDistribution"
    assert distribution["attributes"] == {
        "step": None,
        "low": parameter.low,
        "high": parameter.high,
        "log": False,
    }
    assert parameter.external(parameter.internal(0.95)) == 0.95


def read(tmp_path, line):
    """Return the study of a file whose space is one line."""
    path = tmp_path / "study.toml"
    path.write_text(f"[data]\nsource = 'digits'\n[space]\n{line}\n", encoding="utf-8")
    return read_study(path)


def test_a_study_file_says_mirrored_and_the_contract_keeps_it(tmp_path):
    """The reader understands the word, and a study comes back from its contract as it went in."""
    spec = read(tmp_path, 'momentum = { low = 0.9, high = 0.999, log = "mirrored" }')
    assert tuple(spec.space) == (MOMENTUM,)
    contract = json.loads(json.dumps(spec_to_dict(spec)))
    assert tuple(spec_from_dict(contract).space) == (MOMENTUM,)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('p = { low = 0.9, high = 1.0, log = "mirrored" }', r"space\.p\.high.*a number below 1"),
        ('p = { low = 0.9, high = 0.8, log = "mirrored" }', r"space\.p\.low.*below high"),
        ('p = { low = 0.9, high = 0.99, log = "mirror" }', r"space\.p\.log.*true or false"),
        ('p = { low = 0.9, high = 0.99, log = "mirrored", widen = 1 }', r"space\.p.*widen"),
    ],
)
def test_what_cannot_be_mirrored_is_refused(tmp_path, line, message):
    """Bounds at 1 or out of order, other words and widening are refused, with the key."""
    with pytest.raises(StudyFileError, match=message):
        read(tmp_path, line)
