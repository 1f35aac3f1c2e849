"""A study keeps the version of the settings' meaning that it was begun with."""

import dataclasses
import json

import pytest
import sqlalchemy as sa

import hpsearch
from hpsearch.store import opened
from hpsearch.study_file import VERSION
from hpsearch.worker import replay

STUDY = """
name = "begun"
seed = 3
trials = 24
parallelism = 4
[data]
source = "wine"
[model]
hidden = [16]
activation = "prelu"
optimizer = "adagrad"
epochs = 8
batch_size = 16
[space]
lr = { low = 1e-2, high = 1e1, log = true }
[search]
rounds = [12, 4]
[confirm]
top = 0
ensemble = 0
"""
FIRST = "bc7f8471b41ed2743936642fd637c227da2906b4aeaf765eae9e265767d155ab"
"""What the program printed for this study when version 1 was the only one."""


@pytest.fixture
def file(tmp_path):
    """Return the study file."""
    path = tmp_path / "begun.toml"
    path.write_text(STUDY)
    return path


def test_a_study_of_version_1_goes_on_as_it_was_begun(file, tmp_path):
    """Begun with 12 trials under version 1, ended with 24 by the same file today: the fingerprint of then."""
    url = f"sqlite:///{tmp_path}/study.db"
    begun = dataclasses.replace(hpsearch.load_study_file(file, trials=12), version=1)
    hpsearch.start(begun, storage=url, workers=1)
    contract = json.loads(_contract(url))["study"]
    assert "version" not in contract
    assert contract["model"]["activation"] == "prelu"
    ended = hpsearch.start(hpsearch.load_study_file(file), storage=url, workers=1)
    assert ended.fingerprint == FIRST
    assert "version" not in json.loads(_contract(url))["study"]
    with opened(url) as ledger:
        found = replay(ledger, ledger.find_study("begun"), train=True)
    assert not found.differences


def test_a_new_study_has_the_meaning_of_today(file, tmp_path):
    """One slope a unit, and trainings that go on while they predict: another study than under version 1."""
    url = f"sqlite:///{tmp_path}/study.db"
    assert hpsearch.start(hpsearch.load_study_file(file), storage=url, workers=1).fingerprint != FIRST
    assert json.loads(_contract(url))["study"]["version"] == VERSION


def _contract(url):
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        text = connection.scalar(sa.text("select contract from hpsearch_studies"))
    engine.dispose()
    return text
