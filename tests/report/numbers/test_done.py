"""What a study did, in words: data, model, epochs, search, confirmation, and what pruned means."""

import dataclasses

import numpy as np
import pytest

from hpsearch.report.numbers.done import done_of
from hpsearch.report.summary import Summary
from hpsearch.search import TrialState, Verdict
from hpsearch.store import Status
from hpsearch.study_file import read_study
from tests.report.reports import a_report

HEAD = 'name = "n"\ntrials = 30\n[data]\nsource = "table.csv"\ntarget = "price"\n'
USUAL = "the best 5 trials and the default configuration race on fresh seeds, 5 runs each on average"
BESIDE = "; svm is judged beside the winner"
SPACE = "[space]\nlr = { low = 1e-3, high = 1e-1, log = true }\n"


@pytest.fixture
def said(tmp_path):
    """Return a function that gives name -> text of what a study file's study did."""

    def said(text, *, best=None, trials=None, budget=30):
        path = tmp_path / "n.toml"
        path.write_text(text)
        spec = dataclasses.replace(read_study(path), trials=budget)
        status = Status(study="n", budget=30, counts={TrialState.COMPLETE: 30})
        summary = Summary(study="n", status=status, best=best, fingerprint="f", measure=spec.metric)
        trials = trials or a_report(state=TrialState.COMPLETE).trials
        found = done_of(spec, summary, trials, data=spec.data.source, evaluates="", confirms=None)
        return {fact.name: fact.text for fact in found}

    return said


def test_a_regression_names_its_target_and_how_its_rows_are_divided(said):
    """Before the verdict the shares are known, after it the numbers."""
    text = f'{HEAD}task = "regression"\nvalidation = 12\ntest = 0.125\n{SPACE}'
    found = said(text)
    assert found["target"] == "price, a number"
    assert found["rows"] == "12 for validation, 12.5 % for the test, the others for training"
    assert "features" not in found
    best = Verdict(
        number=1,
        value=0.5,
        params={},
        mean=0.5,
        rows={"train": 1000, "validation": 12, "test": 20},
        features=1234,
    )
    found = said(text, best=best)
    assert found["rows"] == "1,032: 1,000 for training, 12 for validation, 20 for the test"
    assert found["features"] == "1,234"
    assert found["metric"] == "R2, more is better"


def test_classes_are_counted_and_the_first_of_them_named(said):
    """Ten of many are enough."""
    best = Verdict(number=1, value=0.5, params={}, mean=0.5, classes=tuple(map(str, range(12))))
    assert said(HEAD + SPACE, best=best)["target"] == (
        "price, one of 12 classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ..."
    )


@pytest.mark.parametrize(
    ("more", "epochs", "confirmation"),
    [
        (
            "",
            "10",
            "the best 5 trials and the default configuration race on fresh seeds, 5 runs each on average",
        ),
        (
            '[confirm]\ntop = 1\nseeds = 1\nepochs = 25\nbaseline = "svm"\n',
            "10 in a trial, 25 in a confirming run",
            USUAL.replace("5 trials", "trial").replace("5 runs", "1 run") + BESIDE,
        ),
        (
            "[confirm]\ntop = 0\nepochs = 25\n[model]\nepochs = 7\n",
            "7",
            "none: the best trial as measured is the winner",
        ),
        (
            "epochs = { low = 2, high = 9, default = 5 }\n",
            "searched",
            USUAL,
        ),
    ],
    ids=["usual", "one finalist", "no confirmation", "epochs searched"],
)
def test_epochs_and_confirmation(said, more, epochs, confirmation):
    """A confirming run may be longer than a trial; without finalists there is none."""
    found = said(HEAD + SPACE.replace("log = true", "log = true, default = 1e-2") + more)
    assert (found["epochs"], found["confirmation"]) == (epochs, confirmation)
    assert found["budget"].startswith("30 trials: a round of 13 random trials, then TPE; 5 at a time")


def test_rounds_beyond_the_budget_are_not_named(said):
    """A study with fewer trials than its file has ends in a round."""
    text = HEAD + SPACE + "[search]\nrounds = [16, 12]\n"
    assert said(text)["budget"].startswith("30 trials: rounds of 16 and 12 random trials, then TPE; ")
    assert said(text, budget=20)["budget"].startswith("20 trials: rounds of 16 and 4 random trials; ")
    assert said(text, budget=9)["budget"].startswith("9 trials: a round of 9 random trials; ")


def test_pruned_is_explained_once_with_its_reasons(said):
    """A rung or a divergence; without a pruned trial there is no such line."""
    assert "pruned" not in said(HEAD + SPACE)
    trials = a_report(state=TrialState.PRUNED, n_trials=10).trials
    diverged = np.arange(10) < 4
    trials = dataclasses.replace(
        trials, diverged=diverged, stopped_at=np.where(diverged, 0, trials.stopped_at)
    )
    assert said(HEAD + SPACE, trials=trials)["pruned"] == (
        "trials that ended before their last epoch: 6 at a rung, because others were better there, 4 because "
        "the training diverged"
    )
