import dataclasses
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hpsearch.errors import StudyFileError
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import (
    VERSION,
    Document,
    FleetSpec,
    StopSpec,
    build_study,
    contract_hash,
    diff,
    frozen,
    read_study,
    spec_from_dict,
    spec_to_dict,
    study_text,
)
from tests.study_file import strategies as our
from tests.study_file.texts import SMALLEST

DIGITS = Path(__file__).parents[2] / "studies" / "digits.toml"


@given(our.studies())
def test_a_study_survives_json(spec):
    """A study written to JSON with its keys sorted, as a database may keep it, reads back as it was."""
    text = json.dumps(spec_to_dict(spec), sort_keys=True)
    again = spec_from_dict(json.loads(text))
    assert again == spec
    assert again.space.names == spec.space.names
    assert repr(again.space) == repr(spec.space)  # == takes 1, 1.0 and True as equal
    assert {k: repr(v) for k, v in again.defaults.items()} == {k: repr(v) for k, v in spec.defaults.items()}
    assert {k: repr(v) for k, v in again.model.items()} == {k: repr(v) for k, v in spec.model.items()}


@given(our.studies())
def test_the_first_version_is_not_written(spec):
    """A contract without a version is one of version 1, so that the oldest studies keep their hash."""
    first = spec_to_dict(dataclasses.replace(spec, version=1))
    assert "version" not in first
    assert spec_from_dict(first).version == 1
    assert spec_to_dict(spec)["version"] == VERSION
    assert diff(first, spec_to_dict(spec)) == [f"version: absent -> {VERSION}"]


@pytest.mark.parametrize("version", [0, VERSION + 1, "2", 1.5, True])
def test_a_version_that_is_none_is_refused(version):
    """A contract of a version that this program does not know is no study."""
    contract = spec_to_dict(read_study(DIGITS)) | {"version": version}
    with pytest.raises(StudyFileError, match="version: expected"):
        spec_from_dict(contract)


@given(our.studies(), our.studies())
def test_hashes_are_equal_exactly_when_nothing_differs(one, other):
    """The hash of a contract and the list of differences agree."""
    a, b = spec_to_dict(one), spec_to_dict(other)
    assert diff(a, a) == []
    assert (contract_hash(a) == contract_hash(b)) == (diff(a, b) == [])
    assert len(diff(a, b)) == len(diff(b, a))


@settings(max_examples=40)
@given(our.studies(), st.data())
def test_the_order_of_the_space_is_part_of_the_contract(spec, data):
    """The same parameters in another order are another study, and the difference says so."""
    parameters = tuple(data.draw(st.permutations(spec.space.parameters)))
    shuffled = Space(parameters, spec.space.conditions)
    assume(shuffled.names != spec.space.names)
    old, new = spec_to_dict(spec), spec_to_dict(dataclasses.replace(spec, space=shuffled))
    assert contract_hash(old) != contract_hash(new)
    (line,) = diff(old, new)
    assert line.startswith("space (order): [")


def test_the_order_of_the_model_is_not_part_of_the_contract():
    """Fixed settings have no order."""
    spec = read_study(DIGITS)
    turned = dataclasses.replace(spec, model=dict(reversed(spec.model.items())))
    assert contract_hash(spec_to_dict(spec)) == contract_hash(spec_to_dict(turned))


def test_where_a_file_lies_is_not_part_of_the_contract(tmp_path):
    """A copy of a study file, with other comments, has the same contract."""
    copy = tmp_path / "other.toml"
    copy.write_text("# moved\n\n" + DIGITS.read_text())
    assert contract_hash(spec_to_dict(read_study(copy))) == contract_hash(spec_to_dict(read_study(DIGITS)))


def test_the_hash_of_the_example_does_not_change():
    """A contract's hash is the same on every machine and in every version, or no old study resumes."""
    small = {"name": "ü", "space": [{"name": "lr", "low": 1e-05, "high": 0.1}], "seed": 1}
    assert contract_hash(small) == "52194b53a92c79f0a2bb09c86b383e41ea73520055e33ea77887d1c6f5b91d08"


def test_differences_are_one_line_for_each_leaf():
    """Changed, added and removed leaves are named by their key paths, in the order of the file."""
    spec = read_study(DIGITS)
    momentum = FloatParameter(name="momentum", low=0.5, high=0.99)
    lr, decay, _ = spec.space
    new = dataclasses.replace(
        spec,
        seed=7,
        model={**spec.model, "hidden": (32,), "a.b": 1},
        space=Space((dataclasses.replace(lr, high=0.2), decay, momentum)),
        data=dataclasses.replace(spec.data, train=400),
    )
    assert diff(spec_to_dict(spec), spec_to_dict(new)) == [
        "seed: 42 -> 7",
        "data.train: null -> 400",
        "model.hidden: [64, 64] -> [32]",
        "space.lr.high: 0.1 -> 0.2",
        "space.dropout.log: false -> absent",
        "space.dropout.low: 0.0 -> absent",
        "space.dropout.high: 0.6 -> absent",
        "space.dropout.widen: 0 -> absent",
        'model."a.b": absent -> 1',
        "space.momentum.log: absent -> false",
        "space.momentum.low: absent -> 0.5",
        "space.momentum.high: absent -> 0.99",
        "space.momentum.widen: absent -> 0",
    ]


def test_rules_that_end_a_study_may_change_while_it_runs():
    """They are in the contract, and not in its frozen part."""
    spec = read_study(DIGITS)
    ended = dataclasses.replace(spec, stop=StopSpec(plateau=30))
    old, new = ({"study": spec_to_dict(s)} for s in (spec, ended))
    assert diff(old, new) == ["study.stop.plateau: null -> 30"]
    assert frozen(old) == frozen(new)


def test_who_works_is_no_part_of_a_study():
    """A study with a fleet in its file is the same study, and has the same contract."""
    spec = read_study(DIGITS)
    elsewhere = FleetSpec(engine="dask", address="tcp://a:1", workers=8, artifacts="s3://b")
    moved = dataclasses.replace(spec, fleet=elsewhere)
    assert moved == spec
    assert spec_to_dict(moved) == spec_to_dict(spec)


def test_a_condition_is_part_of_the_contract(read):
    """What differs is named by choice; a space without conditions has the contract that it always had."""
    text = SMALLEST + 'o = { choices = ["a", "b", "c"] }\nm = { low = 0.1, high = 0.9 %s }\n'
    without, one, two = (
        spec_to_dict(read(text % when))
        for when in ("", ', when = { o = "b" }', ', when = { o = ["c", "b"] }')
    )
    assert "when" not in without["space"][2]
    assert diff(without, one) == ['space.m.when.o: absent -> ["b"]']
    assert diff(one, two) == ['space.m.when.o: ["b"] -> ["b", "c"]']
    assert spec_from_dict(one) == read(text % ', when = { o = ["b"] }')


def test_a_difference_of_type_is_a_difference():
    """A whole number, a fraction and a truth value that compare equal in Python are three settings."""
    assert diff({"a": 1}, {"a": 1.0}) == ["a: 1 -> 1.0"]
    assert diff({"a": 1}, {"a": True}) == ["a: 1 -> true"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"space": {"lr": {}}}, "<study>: space: expected a list of parameters by name, found a table there"),
        ({"space": [3]}, "expected a list of parameters by name, found 3 there"),
        ({"space": [{"low": 1}]}, "expected a list of parameters by name, found a table there"),
        ({"space": [{"name": "a", "choices": [1]}] * 2}, "expected a list of parameters by name"),
        (
            {"space": [{"name": "a", "low": 2, "high": 1}]},
            r"<study>: space.a.low: expected a number below high \(1\)",
        ),
        ({"trials": "many"}, 'trials: expected a whole number, found "many"'),
        ({"tirals": 3}, 'tirals: expected a known key, .*; did you mean "trials"'),
    ],
)
def test_data_that_are_not_a_contract_are_refused(change, message):
    """A damaged contract is refused by key path, like a study file."""
    contract = {**spec_to_dict(read_study(DIGITS)), **change}
    with pytest.raises(StudyFileError, match=message):
        spec_from_dict(contract)


def test_a_contract_read_back_may_know_its_file():
    """Relative data paths start at the folder of the file, where that is given."""
    spec = read_study(DIGITS)
    assert spec_from_dict(spec_to_dict(spec), document=Document(path=DIGITS)).base == DIGITS.parent


KEYS = {
    "task": "classification",
    "weights": "w",
    "categorical": ("zip",),
    "ignore": ("id",),
    "keep": ("n",),
    "header": False,
    "dates": "parts",
    "missing": (),
    "decimal": ",",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_later_key_of_the_data_is_in_the_contract_where_it_says_something(read, key):
    """At its default it is left out, so that older studies keep their hash; any other value is kept."""
    spec = read(SMALLEST)
    usual = spec_to_dict(spec)
    assert key not in usual["data"]
    data = dataclasses.replace(spec.data, **{key: KEYS[key]})
    contract = json.loads(json.dumps(spec_to_dict(dataclasses.replace(spec, data=data))))
    assert contract_hash(contract) != contract_hash(usual)
    assert spec_from_dict(contract).data == data


def test_the_model_of_a_search_is_in_the_contract_where_it_is_no_default(read):
    """A study of TPE keeps the contract of earlier versions; one of the Gaussian process says so."""
    usual = spec_to_dict(read(SMALLEST))
    assert "model" not in usual["search"]
    assert spec_to_dict(read(SMALLEST + '\n[search]\nmodel = "tpe"\n')) == usual
    contract = json.loads(json.dumps(spec_to_dict(read(SMALLEST + '\n[search]\nmodel = "gp"\n'))))
    assert contract["search"]["model"] == "gp"
    assert spec_from_dict(contract).search.model == "gp"


@pytest.mark.parametrize(("key", "wrong"), [("task", "x"), ("dates", "x"), ("decimal", ";")])
def test_a_key_of_the_data_has_a_few_values(read, key, wrong):
    """Another is refused with the ones that there are."""
    text = SMALLEST.replace("[data]", f'[data]\n{key} = "{wrong}"')
    with pytest.raises(StudyFileError, match=rf"data\.{key}: expected one of .*, found \"{wrong}\""):
        read(text)


@given(our.studies())
def test_a_study_survives_as_a_study_file(spec):
    """The file that is written from a contract asks for the same study, key by key."""
    study = spec_to_dict(dataclasses.replace(spec, version=VERSION, learned=None))
    values = tomllib.loads(study_text(study, lead="two\nlines"))
    again = spec_to_dict(build_study(values, Document()))
    assert again == study
    assert [entry["name"] for entry in again["space"]] == [entry["name"] for entry in study["space"]]
