"""``fingerprint``: what the line is a hash of, and the hashes of what it is not."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from hpsearch import load_study_file
from hpsearch.data import load_dataset
from hpsearch.study_file import Purpose, child_seed
from tests.cli.program import ROOT, Program

STUDY = """
name = "{name}"
seed = {seed}
trials = 8
parallelism = 4

[data]
source = "{name}.csv"
target = "kind"
scaling = "none"

[model]
hidden = [4]
epochs = 2

[space]
lr = {{ low = 1e-4, high = {high}, log = true }}

[confirm]
top = 0
ensemble = 0
"""
ROWS = [(float(n * n), (n % 7) / 4, "ab"[n * n % 5 < 2]) for n in range(60)]
CLAIMS = (
    "README.md",
    "docs/explanation/ideas.md",
    "docs/howto/reproduce.md",
    "docs/reference/commands.md",
    "hpsearch/cli/results/fingerprint.py",
    "hpsearch/search/digest.py",
    "hpsearch/report/page/origin.py",
)
"""The places that say what equal lines mean."""

HASHES = ("fingerprint", "contract_hash", "data_hash")


def table(rows, *, header="x,y,kind"):
    """Return a table as CSV."""
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def made(program, name, text=None, *, seed=3, high=0.1):
    """Run a study of a table to its end; return what ``fingerprint --json`` prints."""
    program.write(f"{name}.csv", text or table(ROWS))
    program.write(f"{name}.toml", STUDY.format(name=name, seed=seed, high=high))
    run = program.run("start", f"{name}.toml", "--workers", 1, "--quiet", "--storage", f"sqlite:///{name}.db")
    assert run.code == 0, run.err
    return hashes(program, name)


def hashes(program, name):
    """Return what ``fingerprint --json`` prints, after a look at what it prints without."""
    storage = ("--study", name, "--storage", f"sqlite:///{name.partition('.')[0]}.db")
    plain = program.run("fingerprint", *storage)
    document = json.loads(program.run("fingerprint", "--json", *storage).out)
    assert (plain.code, plain.out) == (0, f"{document['fingerprint']}\n")
    assert (document["schema_version"], document["study"]) == (1, name)
    return {key: document[key] for key in HASHES}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory, cache):
    """Return the folder of a study, and its hashes."""
    program = Program(folder=tmp_path_factory.mktemp("first"), cache=cache)
    return program.folder, made(program, "first")


@pytest.fixture
def first(program, made_once):
    """Return the hashes of a study; a copy of it lies in the folder of the test."""
    folder, found = made_once
    shutil.copytree(folder, program.folder, dirs_exist_ok=True)
    return found


def same(one, other):
    """Return which of the three hashes are equal."""
    return {key for key in HASHES if one[key] == other[key]}


def test_the_name_is_in_the_contract_alone(program, first):
    """The same file under another name has the same trials."""
    assert same(first, made(program, "other")) == {"fingerprint", "data_hash"}


def test_test_rows_are_in_the_hash_of_the_data(program, first):
    """No trial sees them: the line stays, and the two other hashes do not."""
    spec = _spec(program)
    data = load_dataset(spec.data, seed=child_seed(spec.seed, Purpose.SPLIT), base=program.folder)
    tested = set(np.asarray(data.X_test)[:, 0].tolist())
    assert len(tested) == 12
    rows = [(x, -99.0 if x in tested else y, kind) for x, y, kind in ROWS]
    assert same(first, made(program, "other", table(rows))) == {"fingerprint"}


def test_classes_are_in_the_hash_of_the_data(program, first):
    """Other labels in the same order train the same networks."""
    rows = [(x, y, {"a": "no", "b": "yes"}[kind]) for x, y, kind in ROWS]
    assert same(first, made(program, "other", table(rows))) == {"fingerprint"}


def test_names_of_columns_are_in_none(program, first):
    """They change no trial and no data; the saved model has them."""
    text = table(ROWS, header="length,width,kind")
    assert same(first, made(program, "other", text)) == {"fingerprint", "data_hash"}


@pytest.mark.parametrize("settings", [{"seed": 4}, {"high": 0.2}], ids=["seed", "range"])
@pytest.mark.sampled
def test_what_changes_a_trial_changes_the_line(program, first, settings):
    """Another seed or range tries other parameters."""
    assert "fingerprint" not in same(first, made(program, "other", **settings))


def test_replay_prints_the_same_three(program, first):
    """A replay names what it has computed again."""
    run = program.run("replay", "--json", "--storage", "sqlite:///first.db")
    assert run.code == 0
    document = json.loads(run.out)
    assert {key: document[key] for key in HASHES} == first


def test_the_three_are_those_of_the_report(program, first):
    """The report's provenance shows them, as JSON and as text."""
    storage = ("--storage", "sqlite:///first.db")
    report = json.loads(program.run("report", "--json", *storage).out)
    assert {key: report["provenance"][key] for key in HASHES} == first
    text = program.run("report", "--format", "text", *storage).out
    assert all(digest in text for digest in first.values())


def test_a_confirmation_has_the_data_of_its_search(program, finished):
    """Its own contract names the search's, so it has no hash of data."""
    storage = ("--storage", finished.url)
    run = program.run("fingerprint", "--study", "small.confirm", "--json", *storage)
    found = json.loads(run.out)
    assert found["data_hash"] is None
    assert len(found["contract_hash"]) == len(found["fingerprint"]) == 64


@pytest.mark.parametrize("path", CLAIMS)
def test_the_claim_is_what_is_hashed(path):
    """Equal lines are the same trials with the same results."""
    assert "the same trials with the same results" in _prose(Path(ROOT, path))


def test_nothing_claims_more():
    """No page, docstring or message says that equal lines are one study: a study has a name and test rows."""
    every = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "hpsearch").rglob("*.py")]
    more = re.compile(r"(are|is) the same study[^.]* when|when they are the same study|line for the whole")
    assert len(every) > 300
    assert [str(path) for path in every if more.search(_prose(path))] == []


def _prose(path):
    return " ".join(path.read_text().split())


def _spec(program):
    return load_study_file(program.folder / "first.toml")
