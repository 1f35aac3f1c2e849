"""A study as a dict: what a file with the same tables describes, with the same refusals."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

import hpsearch
from hpsearch.api import check_study
from hpsearch.errors import StudyFileError
from hpsearch.objective import study_of_tables
from hpsearch.study_file import contract_hash, spec_to_dict

STUDIES = sorted((Path(__file__).parents[2] / "studies").glob("*.toml"))
TEXT = """
name = "small"
trials = 12
[data]
source = "digits"
[model]
hidden = [8, 4]
[space]
lr = { low = 1e-4, high = 1e-1, log = true }
optimizer = { choices = ["adam", "sgd"] }
"""
TABLES = tomllib.loads(TEXT)


def refused(tables):
    """Return the error that a dict is refused with."""
    with pytest.raises(StudyFileError, match="expected") as error:
        study_of_tables(tables)
    return error.value


def test_a_dict_is_the_study_of_the_file_with_these_tables(tmp_path):
    """The contract, which the fingerprint and the database go by, is equal; the dict stays as it was."""
    path = tmp_path / "small.toml"
    path.write_text(TEXT)
    given = tomllib.loads(TEXT)
    spec, file = study_of_tables(given), hpsearch.load_study_file(path)
    assert spec_to_dict(spec) == spec_to_dict(file)
    assert contract_hash(spec_to_dict(spec)) == contract_hash(spec_to_dict(file))
    assert given == TABLES
    assert check_study(spec) == spec


def test_python_s_own_types_stand_for_those_of_a_file():
    """A tuple is a list, a path is a text, a list in the space is its choices, ``None`` is left out."""
    given = {
        **TABLES,
        "seed": None,
        "data": {"source": Path("digits")},
        "model": {"hidden": (8, 4)},
        "space": {**TABLES["space"], "optimizer": ["adam", "sgd"]},
    }
    assert spec_to_dict(study_of_tables(given)) == spec_to_dict(study_of_tables(TABLES))


def test_all_faults_of_a_dict_are_named_by_their_key_paths():
    """A line for each, the key before what was expected and found, as for a file."""
    space = {"lr": {"low": 0.1, "high": 0.01}, "dropuot": {"low": 0.0, "high": 0.5}}
    error = refused({**TABLES, "trials": "ten", "model": {"hidden": 64}, "space": space})
    assert [fault.key for fault in error.faults] == [
        "trials",
        "space.lr.low",
        "space.dropuot",
        "model.hidden",
    ]
    assert 'trials: expected a whole number, found "ten"' in str(error)
    assert 'did you mean "dropout"?' in str(error)
    assert "for one hidden layer write [64]" in str(error)


def test_what_a_file_cannot_hold_is_refused_in_a_dict():
    """A key that is no text, half a character, a list of a million: the key path is named."""
    for tables, key in (
        ({**TABLES, "model": {3: 4}}, "model"),
        ({**TABLES, "data": {"source": "\ud800"}}, "data.source"),
        ({**TABLES, "model": {"hidden": [1] * 10_001}}, "model.hidden"),
    ):
        assert str(refused(tables)).startswith(f"<study>: {key}: expected "), key


def test_a_dict_has_no_file_that_could_name_it():
    """Without a name it is refused, and a name that no study may have is refused as well."""
    assert "name" in str(refused({**TABLES, "name": "small.confirm"}))
    nameless = {key: value for key, value in TABLES.items() if key != "name"}
    assert (
        str(refused(nameless)) == '<study>: name: expected a name for the study, such as "digits", found none'
    )


def test_numbers_of_numpy_are_numbers():
    """A budget that was computed is one."""
    space = {"lr": {"low": np.float32(0.5), "high": np.int64(2)}}
    spec = study_of_tables({"name": "a", "trials": np.int64(6), "data": {"source": "wine"}, "space": space})
    assert (spec.trials, type(spec.trials)) == (6, int)
    assert [type(end) for lr in spec.space.parameters for end in (lr.low, lr.high)] == [float, float]


def test_a_tuple_of_two_numbers_is_no_parameter():
    """Other libraries take it for the ends of a range; here a list stands for choices."""
    for ends in ((1e-4, 1e-1), (np.int64(1), np.float32(2))):
        with pytest.raises(StudyFileError, match="for two choices, found the tuple"):
            study_of_tables({"name": "a", "data": {"source": "wine"}, "space": {"lr": ends}})
