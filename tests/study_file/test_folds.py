import pytest

from hpsearch.errors import StudyFileError
from hpsearch.study_file import contract_hash, diff, spec_from_dict, spec_to_dict
from tests.study_file.texts import SMALLEST

SOURCE = 'source = "digits"\n'


def test_a_study_without_folds_has_the_contract_that_it_had(read):
    """One fold is none: neither key is in the contract, so older studies keep their hash."""
    plain = spec_to_dict(read(SMALLEST))
    one = spec_to_dict(read(SMALLEST.replace(SOURCE, SOURCE + "folds = 1\nrepeats = 1\n")))
    assert plain["data"].keys().isdisjoint({"folds", "repeats"})
    assert contract_hash(plain) == contract_hash(one)


def test_folds_are_in_the_contract(read):
    """A study with folds is another study, and reads back as it was."""
    plain = spec_to_dict(read(SMALLEST))
    spec = read(SMALLEST.replace(SOURCE, SOURCE + "folds = 5\nrepeats = 2\n"))
    assert diff(plain, spec_to_dict(spec)) == ["data.folds: absent -> 5", "data.repeats: absent -> 2"]
    assert spec_from_dict(spec_to_dict(spec)) == spec


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("folds = 0", r"x\.toml:\d+: data\.folds: expected 1 to 100 folds, found 0"),
        ("folds = 101", r"data\.folds: expected 1 to 100 folds, found 101"),
        ("folds = 2.0", r"data\.folds: expected a whole number"),
        ("folds = true", r"data\.folds: expected a whole number"),
        ("folds = 5\nrepeats = 0", r"data\.repeats: expected at least 1 division into folds, found 0"),
        ("repeats = 2", r"data\.repeats: expected 1 without folds; folds = 5 divides the rows, found 2"),
        ("folds = 1\nrepeats = 2", r"data\.repeats: expected 1 without folds"),
        (
            "folds = 10\nrepeats = 11",
            r"data\.repeats: expected at most 100 trainings a trial, folds times repeats, found 110",
        ),
    ],
)
def test_folds_that_cannot_be_are_refused(read, keys, message):
    """A wrong number of folds is refused in one line, which names file, line and key."""
    with pytest.raises(StudyFileError, match=message):
        read(SMALLEST.replace(SOURCE, SOURCE + keys + "\n"))


def test_folds_need_a_refit(read):
    """What is delivered of a study with folds is trained again on all rows outside the test split."""
    text = SMALLEST.replace(SOURCE, SOURCE + "folds = 5\n") + "[confirm]\nrefit = false\n"
    with pytest.raises(
        StudyFileError, match=r"confirm\.refit: expected true with data\.folds: .*, found false"
    ):
        read(text)
