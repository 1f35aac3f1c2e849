"""``hpsearch compare`` on real studies: which differences are computed, how, and why."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from hpsearch import load_study_file
from hpsearch.report.numbers.compare import compare
from hpsearch.report.plain.compare_text import comparison_text
from hpsearch.store import opened
from hpsearch.study_file import read_setting
from hpsearch.worker import search_terms
from tests.cli.program import Program

WINE = """
seed = 1
trials = 8
parallelism = 8
data.source = "wine"
model = { hidden = [8], epochs = 12 }
space.lr = { low = 1e-4, high = 1e-1, log = true }
search.rounds = [8]
confirm = { top = 1, seeds = 3, ensemble = 0 }
"""
VARIANTS = {
    "wine": (),
    "seed": ("seed=2",),
    "slower": ("model.epochs=6",),
}
"""Name of a study -> what is set for it."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory, cache):
    """Return a program in a folder with three finished studies of wine."""
    program = Program(folder=tmp_path_factory.mktemp("compared"), cache=cache)
    program.write("wine.toml", WINE)
    for name, settings in VARIANTS.items():
        words = [word for setting in (f"name={name}", *settings) for word in ("--set", setting)]
        run = program.run("start", "wine.toml", "--workers", 1, "--quiet", *words)
        assert run.code == 0, run.err
    yield program
    program.end()


def differences(program, *names):
    """Return what ``compare --json`` says of the difference of the second of two studies to the first."""
    run = program.run("compare", *names, "--json")
    assert run.code == 0, run.err
    return json.loads(run.out)["differences"][0]


def test_a_study_is_no_other_than_itself(program, finished):
    """All its seeds are common, and each difference is 0."""
    finished.copy_to(program.folder)
    found = differences(program, "small", "small")
    confirmed = found["confirmed"]
    assert (confirmed["method"], confirmed["difference"], confirmed["interval"]) == ("paired", 0, [0, 0])
    assert confirmed["pairs"] >= 2
    assert found["test"]["difference"] == 0
    assert found["test"]["interval"][0] == -found["test"]["interval"][1] < 0


@pytest.mark.long
def test_runs_on_the_same_rows_are_paired_by_their_seeds(compared):
    """The interval is Student's of the differences of the runs with one seed, computed from the ledger."""
    found = differences(compared, "wine", "slower")["confirmed"]
    back = differences(compared, "slower", "wine")["confirmed"]
    assert found["method"] == "paired"
    assert back["interval"] == pytest.approx([-found["interval"][1], -found["interval"][0]])
    values = {}
    with opened(f"sqlite:///{compared.folder / 'hpsearch.db'}") as ledger:
        for name in ("wine", "slower"):
            study = ledger.find_study(name)
            verdict, history = ledger.verdict(study), ledger.history(study).history
            runs = ledger.history(ledger.companion(study)).history
            winner = study.spec.default if verdict.number is None else history.point(verdict.number)
            values[name] = {n: runs.measured[n] for n in range(len(runs)) if runs.point(n) == winner}
            assert np.mean(list(values[name].values())) == pytest.approx(verdict.mean)
    common = values["wine"].keys() & values["slower"].keys()
    pairs = [values["slower"][n] - values["wine"][n] for n in common]
    assert (found["pairs"], found["difference"]) == (len(common), pytest.approx(np.mean(pairs)))
    if np.std(pairs):
        expected = ttest_1samp(pairs, 0).confidence_interval(0.95)
        assert found["interval"] == pytest.approx([expected.low, expected.high])


@pytest.mark.long
def test_another_split_is_compared_by_the_two_intervals(compared):
    """No run of the one is a pair of one of the other; the text says so."""
    found = differences(compared, "wine", "seed")
    assert (found["confirmed"]["method"], found["confirmed"]["pairs"]) == ("combined", 0)
    assert found["confirmed"]["why"].startswith("not paired: the two studies split the rows differently")
    text = compared.run("compare", "wine", "seed").out
    assert re.search(r"^confirmed +[\d.]+ \([\d.]+ to [\d.]+\) +[\d.]+ \(", text, re.MULTILINE)
    assert re.search(r"^  test +[+-][\d.]+ \([+-][\d.]+ to [+-][\d.]+\): ", text, re.MULTILINE)
    assert "seed minus wine (95 % interval)" in text


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("objective.metric=log_loss", "the metrics differ: log loss and accuracy"),
        ('data={source="iris"}', "the data differ: iris and digits"),
        ("attempts=9", "new has no winner yet"),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(program, finished, setting, problem):
    """Another metric, other data, a study without a winner: its values stand there, nothing is subtracted."""
    settings = dict([read_setting("name=new"), read_setting(setting)])
    spec = load_study_file(program.folder / "small.toml", settings=settings)
    with opened(f"sqlite:///{finished.copy_to(program.folder)}") as ledger:
        study = ledger.open_study(search_terms(spec, data_hash="0" * 64))
        small = ledger.find_study("small")
        hashed = (
            {**study.contract, "data_hash": small.contract["data_hash"]}
            if "attempts" in setting
            else study.contract
        )
        found = compare(ledger, [small, replace(study, contract=hashed)])
    (difference,) = found.differences
    assert (difference.confirmed, difference.test, difference.problem) == (None, None, problem)
    assert f"new minus small: no difference is computed, because {problem}" in comparison_text(found)


@pytest.mark.long
def test_three_studies_stand_beside_each_other(compared):
    """Each but the first has a difference to the first."""
    document = json.loads(compared.run("compare", "wine", "seed", "slower", "--json").out)
    assert [one["study"] for one in document["studies"]] == ["wine", "seed", "slower"]
    assert [(one["study"], one["reference"]) for one in document["differences"]] == [
        ("seed", "wine"),
        ("slower", "wine"),
    ]
    assert all(one["trials"] == 8 and one["seconds"] > 0 for one in document["studies"])
