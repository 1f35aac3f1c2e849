"""``check``: every setting with its origin, what a trial costs, what looks doubtful."""

import json

import pytest

from hpsearch import load_study_file
from hpsearch.diagnosis.settings import cost, doubts, settings_of
from hpsearch.worker import load_data
from tests.cli.program import ROOT, study_text

LONGER = study_text().replace("rounds = [16, 8]", "rounds = [24, 8]")
"""The study with a first round that is long enough for the second to narrow."""


def said(run):
    """Return key path -> (origin, value) of the lines that a run printed."""
    found = {}
    for line in run.out.splitlines()[:-1]:
        left, _, value = line.partition(" = ")
        origin, _, path = left.rpartition("  ")
        found[path] = (origin.strip(), value)
    return found


def test_every_setting_has_its_origin(program):
    """The line of the file, the option, the variable, or nothing but the default."""
    program.write("small.toml", LONGER + "[stop]\nplateau = 9\n")
    run = program.run(
        "check", "small.toml", "--trials", 50, "--plateau", 20, HPSEARCH_STORAGE="sqlite:///my.db"
    )
    found = said(run)
    assert run.code == 0, run.err
    assert found["study.name"] == ("line 2", "small")
    assert found["study.trials"] == ("--trials", "50")
    assert found["study.stop.plateau"] == ("--plateau", "20")
    assert found["study.attempts"] == ("default", "3")
    assert found["study.space.lr.low"] == ("line 16", "0.0001")
    assert found["study.space.lr.widen"] == ("default", "2")
    assert found["study.model.activation"] == ("default", "relu")
    assert found["rows.train"] == ("data", "300")
    assert found["cost.steps_per_trial"] == ("computed", "20")
    assert found["storage"] == ("HPSEARCH_STORAGE", "sqlite:///my.db")
    document = json.loads(program.run("check", "small.toml", "--trials", 50, "--json").out)
    assert document["origins"]["trials"] == "--trials"
    assert document["origins"]["space.lr.low"] == "line 16"
    assert document["study"]["trials"] == 50
    assert (document["cost"]["seconds_per_trial"], document["warnings"]) == (None, [])


def test_a_storage_that_cannot_be_is_a_doubt(program):
    """The study is right all the same; the password is not shown."""
    run = program.run("check", "small.toml", HPSEARCH_STORAGE="mysql://u:geheim@h/d")
    assert run.code == 0
    assert said(run)["storage"] == ("HPSEARCH_STORAGE", "***")
    assert run.out.endswith("small.toml: all right, with doubts\n")
    assert "expected a database of kind sqlite or postgresql" in run.err
    assert "geheim" not in run.out + run.err


@pytest.fixture
def read(tmp_path, cache, monkeypatch):
    """Return what reads a study file from a text."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))

    def read(text):
        path = tmp_path / "study.toml"
        path.write_text(text)
        return load_study_file(path)

    return read


def test_what_holds_for_every_range_is_the_origin_of_each(read):
    """``search.widen`` in the file is where a log range has its own from; other ranges have none."""
    spec = read(study_text().replace("rungs", "widen = 1\nrungs"))
    origins = {leaf.path: leaf.origin for leaf in settings_of(spec, {})}
    assert origins["search.widen"] == origins["space.lr.widen"] == "line 21"
    assert origins["space.dropout.widen"] == "default"


def test_the_cost_is_that_of_the_declared_default(read):
    """Parameters by hand: 64 x 16 + 16 + 16 x 10 + 10; time is measured where it is asked for."""
    spec = read(study_text(epochs=4))
    data = load_data(spec, spec.base)
    found = cost(spec, data)
    assert (found.parameters, found.steps_per_epoch, found.steps_per_trial) == (1210, 5, 20)
    assert found.seconds_per_trial is None
    assert 0 <= cost(spec, data, timed=True).seconds_per_trial < 60


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("trials = 40", "trials = 36", "trials: the first 32 of 36 are random draws, so TPE, which learns"),
        (
            "trials = 40",
            "trials = 32",
            "trials: all 32 are random draws, so TPE, which learns",
        ),
        ("rungs = [2]", "rungs = [2, 4]", "search.rungs: no trial stops at epoch 4"),
        ("parallelism = 8", "parallelism = 12", "search.rounds: the second round sees 12 results"),
        (
            "train = 300",
            "train = 300\nvalidation = 40",
            "data.validation: with 40 rows an accuracy of 0.9 is",
        ),
        ("hidden = [16]", "hidden = [16]\nbatch_size = 512", "model.batch_size: 512 takes all 300"),
    ],
)
def test_what_is_doubtful_is_told(read, old, new, told):
    """One line for each, and none for a study without doubts."""
    text = LONGER
    assert old in text
    spec = read(text.replace(old, new))
    (line,) = doubts(spec, load_data(spec, spec.base))
    assert line.startswith(told)
    calm = read(text)
    assert doubts(calm, load_data(calm, calm.base)) == []


def test_the_studies_that_come_along_are_told_of_small_tables_alone(cache, monkeypatch):
    """The example files have no doubtful plan."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    for name in ("digits", "optimizers", "csv_example"):
        spec = load_study_file(ROOT / "studies" / f"{name}.toml")
        found = doubts(spec, load_data(spec, spec.base))
        assert [line for line in found if not line.startswith("data.")] == []


@pytest.mark.parametrize("text", ["1_0", "0x10", "nan", "inf", "1e400", "ten", "", "1 0", "true"])
def test_fault_85_a_number_is_typed_in_one_way(program, text):
    """Options and variables refuse what only Python takes for a number, in one line that shows it."""
    for arguments, variables in (
        (("--trials", text), {}),
        (("--hours", text), {}),
        (("--workers", text), {}),
        ((), {"HPSEARCH_WORKERS": text}),
    ):
        if text or arguments:  # an empty variable is one that is not set
            run = program.run("check", "small.toml", *arguments, **variables)
            assert (run.code, run.out) == (2, "")
            assert run.err.startswith("hpsearch check: invalid value for '--")
            assert f"found {text!r}; hpsearch check --help tells more\n" in run.err
            assert run.err.count("\n") == 1


DOUBTS = (
    (
        'hpsearch: small.toml: model.momentum: no trial reads it, because optimizer is "adam"; '
        "momentum, averaged_momentum, nesterov would\n"
    ),
    (
        "hpsearch: small.toml: model.batch_size: with 23 an epoch of 300 rows has a batch of one row, "
        "of which batch normalization learns nothing; with 24 it has none\n"
    ),
)


def test_fault_86_87_check_and_start_say_what_is_doubtful(program):
    """One line each on standard error, before a trial is made."""
    doubtful = 'momentum = 0.5\nnormalization = "batch"\nbatch_size = 23\n[space]'
    program.write("small.toml", study_text().replace("[space]", doubtful))
    check = program.run("check", "small.toml")
    assert check.code == 0, check.err
    start = program.run("start", "small.toml", "--trials", 4, "--workers", 1, "--quiet")
    assert start.code == 0, start.err
    for line in DOUBTS:
        assert line in check.err
        assert start.err.count(line) == 1


def test_lists_are_searched_and_numbers_are_no_layers(program):
    """Choices of lists are printed as they are; a number among them is refused with the list to write."""
    text = study_text().replace("hidden = [16]\n", "").replace("lr =", "hidden = { choices = CHOICES }\nlr =")
    program.write("lists.toml", text.replace("CHOICES", "[[8], []]"))
    run = program.run("check", "lists.toml")
    assert run.code == 0, run.err
    assert said(run)["study.space.hidden.choices"] == ("line 15", "[[8], []]")
    program.write("lists.toml", text.replace("CHOICES", "[8, 16]"))
    run = program.run("check", "lists.toml")
    expected = "expected a list of the units of each layer, found 8; for one hidden layer write [8]"
    assert run.code == 2
    assert run.err == f"hpsearch: lists.toml:15: space.hidden.choices[0]: {expected}\n"


def test_folds_are_printed_with_their_rows(program):
    """The settings, the rows of each lane, the rows that score a trial, and the steps of all lanes."""
    program.write(
        "x.toml",
        '[data]\nsource = "wine"\nfolds = 5\nrepeats = 2\nvalidation = 0.3\n'
        "[space]\nlr = { low = 1e-4, high = 1e-1, log = true }\n",
    )
    run = program.run("check", "x.toml")
    assert run.code == 0, run.err
    assert "line 3    study.data.folds = 5\n" in run.out
    assert "line 4    study.data.repeats = 2\n" in run.out
    assert "rows.train = 113\n" in run.out
    assert "rows.validation = 142\n" in run.out
    document = json.loads(program.run("check", "x.toml", "--json").out)
    cost = document["cost"]
    assert cost["steps_per_trial"] == 10 * 10 * cost["steps_per_epoch"]
    assert "data.validation: no trial reads it, because data.folds is 5; leave it out" in run.err
