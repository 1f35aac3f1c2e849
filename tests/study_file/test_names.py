"""The names that a study may have: one rule, whoever asks for a study."""

import dataclasses
import warnings

import optuna
import pytest

import hpsearch
from hpsearch.api import check_study
from hpsearch.errors import StudyFileError
from hpsearch.objective import study_name
from hpsearch.study_file import confirmation_name, expect_new_name, read_study, spec_from_dict, spec_to_dict

TEXT = '[data]\nsource = "iris"\n[space]\nlr = { low = 1e-4, high = 0.1, log = true }\n'
RESERVED = [
    "x.confirm",
    ".confirm",
    "x.confirm-1",
    "x.confirm-27",
    "x.confirm.confirm",
    "x.confirm-1.confirm",
]
FREE = [
    "x.confirmed",
    "confirm",
    "x.confirm-",
    "x.confirm-a",
    "x.confirm ",
    "x.CONFIRM",
    "x" * 200,
    "試" * 200,
]
LONG = ["x" * 201, "試" * 201, "x" * 512, "x" * 5000]


def from_file(folder, name):
    """Return the study of a file that gives a name."""
    path = folder / "any.toml"
    path.write_text(f'name = "{name}"\n{TEXT}')
    return read_study(path)


@pytest.mark.parametrize("name", RESERVED + LONG)
def test_fault_59_no_door_takes_a_name_that_no_study_may_have(tmp_path, name):
    """A file that gives it, a file that is called so, the Python surface: the words are the very same."""
    words = "does not end in" if name in RESERVED else "a text of 1 to 200 characters"
    with pytest.raises(StudyFileError, match=words) as rule:
        expect_new_name(name)
    with pytest.raises(StudyFileError, match=words) as file:
        from_file(tmp_path, name)
    assert str(file.value) == f"{tmp_path / 'any.toml'}:1: {rule.value}"
    spec = dataclasses.replace(from_file(tmp_path, "x"), name=name)
    for door in (check_study, lambda spec: hpsearch.start(spec, storage=f"sqlite:///{tmp_path}/x.db")):
        with pytest.raises(StudyFileError, match=words) as other:
            door(spec)
        assert str(other.value) == str(rule.value)
    if len(name) < 200:
        path = tmp_path / f"{name}.toml"
        path.write_text(TEXT)
        with pytest.raises(StudyFileError, match=words):
            read_study(path)
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("name", FREE)
def test_what_only_looks_like_a_reserved_name_is_free(tmp_path, name):
    """Case, a blank or another ending is another name; 200 characters are as many as there may be."""
    assert check_study(from_file(tmp_path, name)).name == name
    assert len(confirmation_name(name)) + len("-1000000") <= 512, "it fits into Optuna's column"


@pytest.mark.parametrize("name", RESERVED[:1] + LONG[:3])
def test_a_study_that_has_such_a_name_can_be_read(tmp_path, name):
    """An earlier version let it pass from Python: its contract is a study still."""
    spec = dataclasses.replace(from_file(tmp_path, "x"), name=name)
    assert spec_from_dict(spec_to_dict(spec)).name == name


@pytest.mark.parametrize("name", RESERVED)
def test_fault_59_the_sampler_does_not_work_on_a_confirmation(name):
    """A study of Optuna's with such a name would stand in the way of one of hpsearch's, or be its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study = optuna.create_study(study_name=name, sampler=hpsearch.StagedSampler(seed=1))
    with pytest.raises(ValueError, match=r'name: expected a name that does not end in "\.confirm"'):
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x.confirm.csv", "x"),
        ("x.confirm-1.csv", "x"),
        ("x.confirm.confirm.csv", "x"),
        (".confirm.csv", "study"),
        (f"{'x' * 250}.csv", "x" * 200),
        ("openml:61", "openml-61"),
    ],
)
def test_fault_59_a_drafted_study_has_a_name_that_it_may_have(source, name):
    """Whatever the table is called: the file that ``init`` writes is taken by ``start``."""
    assert study_name(source) == name
    expect_new_name(name)
