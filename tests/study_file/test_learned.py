"""The learned start in a study file and in the contract."""

import dataclasses
import json

import pytest

from hpsearch.errors import StudyFileError
from hpsearch.study_file import LearnedStart, diff, frozen, read_study, spec_from_dict, spec_to_dict
from tests.study_file.texts import SMALLEST

START = '[search]\nstart = "learned"\nportfolio = "own.json"\n'


@pytest.fixture
def spec(tmp_path):
    """Return a study that starts with a portfolio, as its file says."""
    path = tmp_path / "x.toml"
    path.write_text(f"{SMALLEST}{START}")
    return read_study(path)


def given(spec, **settings):
    """Return the study with one setting of a portfolio."""
    return dataclasses.replace(spec, learned=LearnedStart(hash="abc", settings=(settings,)))


def test_a_file_names_the_portfolio_and_the_contract_holds_what_it_gives(spec):
    """The hash and the few settings are in the contract, in the part that never changes."""
    name = spec.space.names[0]
    value = spec.space.external(spec.space.from_unit([0.5] * len(spec.space)))[name]
    one = given(spec, **{name: value})
    contract = json.loads(json.dumps(spec_to_dict(one), sort_keys=True))
    assert contract["search"]["portfolio"] == "own.json"
    assert contract["learned"] == {"hash": "abc", "settings": {"0": {name: value}}}
    assert spec_from_dict(contract) == one
    assert "learned" in frozen({"study": contract})["study"]
    other = dataclasses.replace(one, learned=dataclasses.replace(one.learned, hash="def"))
    assert diff(contract, spec_to_dict(other)) == ['learned.hash: "abc" -> "def"']


def test_a_study_without_a_portfolio_has_the_contract_of_before(spec):
    """Neither key is written where a study has none, so that older studies keep their hash."""
    search = dataclasses.replace(spec.search, start="random", portfolio=None)
    contract = spec_to_dict(dataclasses.replace(spec, search=search))
    assert "learned" not in contract
    assert set(contract["search"]) == {"rounds", "widen", "rungs", "keep", "start"}


@pytest.mark.parametrize("start", ["random", "sobol"])
def test_a_portfolio_without_the_learned_start_is_refused(tmp_path, start):
    """A portfolio that is never looked at is a mistake."""
    path = tmp_path / "x.toml"
    path.write_text(f"{SMALLEST}{START.replace('learned', start)}")
    with pytest.raises(StudyFileError, match=r'search.portfolio: expected none without start = "learned"'):
        read_study(path)


def test_a_contract_with_a_value_outside_the_space_is_refused(spec):
    """What a database holds is checked like what a file says."""
    name = spec.space.names[0]
    with pytest.raises(StudyFileError, match=rf"learned.settings\[0\].{name}: expected"):
        given(spec, **{name: 1e9})
    with pytest.raises(StudyFileError, match=r"learned.settings\[0\].nothing: expected a parameter"):
        given(spec, nothing=1.0)


@pytest.mark.parametrize(
    "note",
    [
        {"hash": 3, "settings": {}},
        {"settings": {}},
        {"hash": "a", "settings": {"1": {}}},
        {"hash": "a", "more": 1},
        3,
    ],
)
def test_a_contract_with_a_broken_start_is_refused(spec, note):
    """A damaged contract is a study that cannot be read, not an error of the program."""
    contract = spec_to_dict(spec) | {"learned": note}
    with pytest.raises(StudyFileError, match="learned"):
        spec_from_dict(contract)
