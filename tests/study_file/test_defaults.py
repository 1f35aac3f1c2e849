import dataclasses
import json

import pytest

from hpsearch.errors import StudyFileError
from hpsearch.study_file import diff, frozen, read_study, spec_from_dict, spec_to_dict

HEAD = """\
[data]
source = "digits"
[space]
"""

SPACE = """\
lr = { low = 1e-4, high = 0.1, log = true, widen = 1, default = 0.5 }
momentum = { low = 0.5, high = 0.99, log = "mirrored", default = 0.9 }
batch_size = { low = 8, high = 64, default = 32 }
activation = { choices = ["relu", "tanh"], default = "tanh" }
"""


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that reads a study file of some parameters, the first on line 4."""
    monkeypatch.chdir(tmp_path)

    def read(space):
        path = tmp_path / "x.toml"
        path.write_text(HEAD + space)
        return read_study(path.relative_to(tmp_path))

    return read


def test_every_kind_of_parameter_may_have_a_default(read):
    """A widened range reaches to its outer ends, and the space gives the default's internal values."""
    spec = read(SPACE)
    assert spec.defaults == {"lr": 0.5, "momentum": 0.9, "batch_size": 32, "activation": "tanh"}
    assert spec.default == (0.5, 0.9, 32.0, 1.0)


def test_a_parameter_may_have_none(read):
    """Then there is no default configuration yet; nothing is made up here."""
    spec = read(SPACE.replace(", default = 32", ""))
    assert "batch_size" not in spec.defaults
    assert spec.default is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "lr = { low = 1e-4, high = 0.1, log = true, widen = 1, default = 1.5 }",
            r"^x.toml:4: space.lr.default: expected a number from 1e-05 to 1, found 1.5$",
        ),
        (
            'lr = { low = 1e-4, high = 0.1, default = "much" }',
            r'^x.toml:4: space.lr.default: expected a number from 0.0001 to 0.1, found "much"$',
        ),
        (
            "lr = { low = 1e-4, high = 0.1, default = nan }",
            "^x.toml:4: space.lr.default: expected a finite number, found nan$",
        ),
        (
            "lr.low = 1e-4\nlr.high = 0.1\nlr.default = [0.1]",
            r"^x.toml:6: space.lr.default: expected a number from 0.0001 to 0.1, found \[0.1\]$",
        ),
        (
            "batch_size = { low = 8, high = 64, default = 8.5 }",
            r"^x.toml:4: space.batch_size.default: expected a whole number from 8 to 64, found 8.5$",
        ),
        (
            'activation = { choices = ["relu", "tanh"], default = "gelu" }',
            r'^x.toml:4: space.activation.default: expected one of relu, tanh, found "gelu"$',
        ),
        (
            'momentum = { low = 0.5, high = 0.99, log = "mirrored", default = 1.0 }',
            r"^x.toml:4: space.momentum.default: expected a number from 0.5 to 0.99, found 1.0$",
        ),
        (
            "lr = { low = 1e-4, high = 0.1, defualt = 0.01 }",
            r'^x.toml:4: space.lr.defualt: expected a known key, .*; did you mean "default"',
        ),
    ],
)
def test_a_default_that_cannot_be_is_refused(read, line, message):
    """Outside the outer range, of another type, or no choice: file, line, key, expected and found."""
    with pytest.raises(StudyFileError, match=message):
        read(line)


def test_a_default_of_no_parameter_is_refused(read):
    """A record is checked as a file is."""
    with pytest.raises(
        StudyFileError, match=r"space\.lrr\.default: expected a parameter of the space; did you"
    ):
        dataclasses.replace(read(SPACE), defaults={"lrr": 0.1})


def test_defaults_are_in_the_contract(read):
    """They survive JSON, and a change of one is a difference by its key path."""
    spec = read(SPACE)
    note = json.loads(json.dumps(spec_to_dict(spec), sort_keys=True))
    assert spec_from_dict(note) == spec
    other = spec_to_dict(read(SPACE.replace("default = 0.5", "default = 0.25").replace(", default = 32", "")))
    assert diff(note, other) == ["space.lr.default: 0.5 -> 0.25", "space.batch_size.default: 32 -> absent"]


def test_a_default_may_change_while_a_study_runs(read):
    """No trial of the search depends on it: what never changes is without it."""
    one, other = (
        {"study": spec_to_dict(read(text))}
        for text in (SPACE, SPACE.replace("default = 0.5", "default = 0.1"))
    )
    assert frozen(one) == frozen(other)
    wider = {"study": spec_to_dict(read(SPACE.replace("high = 0.1,", "high = 0.2,")))}
    assert frozen(one) != frozen(wider)
