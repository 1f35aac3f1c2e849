"""The textbook's benchmark and that of proposals: who spends what, who trains how, a small run of each."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import optuna
import pytest

from hpsearch.objective.mlp import MLPEvaluator
from hpsearch.objective.mlp import MLPTask as Training
from hpsearch.study_file import Purpose, child_seed

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from textbook_contenders import i_epoch, losers, n_full, n_kept, n_rung, optuna_search  # noqa: E402
from textbook_study import BUDGETS, EPOCHS, RANGES, Budget  # noqa: E402
from textbook_training import Task, finding  # noqa: E402

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def quiet():
    """Let Optuna keep its log lines to itself."""
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    yield
    optuna.logging.set_verbosity(verbosity)


def small(script, *options):
    """Return what a benchmark prints."""
    path = os.pathsep.join([str(ROOT), str(BENCHMARKS), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, script if script == "-c" else str(BENCHMARKS / script), *options]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def test_i_epoch_spends_what_it_may():
    """At epoch 1 of 50, 100 trials cost 100 + 20 x 49 = 1,080; 101 would keep 21 and cost 1,130."""
    short = BUDGETS["1100"]
    assert (n_full(short), n_rung(short, 1)) == (22, 100)
    for rung in (1, 3, 5, 10):
        n = n_rung(short, rung)
        assert n * rung + n_kept(n) * (EPOCHS - rung) <= 1100
        assert (n + 1) * rung + n_kept(n + 1) * (EPOCHS - rung) > 1100
    assert (n_full(BUDGETS["full"]), n_rung(BUDGETS["full"], 1)) == (100, 100)


def test_losers_are_all_but_the_top_fifth():
    """Of six, two stay; of equals the earlier one."""
    assert losers([0.5, 0.9, 0.1, 0.5, 0.2, 0.3]) == [2, 3, 4, 5]
    assert losers([0.1]) == []


@pytest.fixture(scope="module")
def task():
    """Return one split of the textbook's data, of the development kind."""
    return Task(RANGES["wide"], 0)


def test_trials_train_as_in_hpsearch(task):
    """Only the search differs: settings and number give the curve that hpsearch's own objective gives."""
    trial = task.trial(3, {"lr": 0.05, "weight_decay": 1e-6})
    for _ in task.stacks([trial])[0].epochs(4):
        pass
    seed = child_seed(task.spec.seed, Purpose.TRAIN, 3)
    training = Training(config=trial.config, seed=seed, stops=lambda curve: len(curve) == 4)
    (outcome,) = MLPEvaluator(task.spec, task.data).train([training])
    assert tuple(trial.curve) == outcome.curve


def test_i_epoch_trains_the_best_at_its_rung_to_the_end(task):
    """Of six trials two go on; the named one is among them, and epochs are those of the curves."""
    trials = i_epoch(task, Budget(trials=6, epochs=None), rung=3)
    at_rung = [trial.curve[2] if len(trial.curve) > 2 else 0.0 for trial in trials]
    finished = [trial.number for trial in trials if trial.network is not None]
    stopped = losers(at_rung)
    assert finished == [n for n in range(6) if n not in stopped and len(trials[n].curve) == EPOCHS]
    assert all(len(trials[n].curve) <= 3 for n in stopped)
    found = finding(task, trials)
    assert found["epochs"] == sum(len(trial.curve) for trial in trials) <= 6 * 3 + 2 * 47
    assert found["value"] == max(np.mean(trials[n].curve[-5:]) for n in finished)
    assert 0.1 < found["test_accuracy"] <= 1


def test_optuna_ends_with_its_budget(task):
    """The last trial is cut where the epochs end; a pruner stops others before."""
    pruner = optuna.pruners.SuccessiveHalvingPruner
    trials = optuna_search(task, Budget(trials=100, epochs=130), pruner=pruner)
    assert sum(len(trial.curve) for trial in trials) == 130
    assert any(0 < len(trial.curve) < EPOCHS for trial in trials)


def test_nobody_names_a_trial_that_was_not_trained_to_the_end(task):
    """A search that finished nothing has found nothing."""
    with pytest.raises(ValueError, match="expected a trial of 50 epochs, found none among 1"):
        finding(task, [task.random(0)])


PROGRAM = """
import json
import textbook_contenders as benchmark
from textbook_study import Plan
plan = Plan(trials=4, parallelism=4, search="rounds = [4]\\nrungs = []", confirm="top = 1\\nseeds = 2")
benchmark.PLANS["hpsearch", "full"] = plan
print(json.dumps(benchmark.run("hpsearch", ranges="book", budget="full", seed=0)))
"""


def test_epochs_of_the_program_are_counted_in_its_curves():
    """Four trials of 50 epochs: 200. Four confirming runs, two of them the default's, and two refits: 300."""
    # In a process of its own: the clock waits for whatever children there are, and other tests have some.
    found = json.loads(small("-c", PROGRAM))
    assert (found["trials"], found["epochs"], found["confirm_epochs"]) == (4, 200, 300)
    assert found["test_accuracy"] > 0.05
    assert found["ensemble_test_accuracy"] > 0.05
    assert found["seconds"] > 0


def test_proposals_are_timed_on_both_sides():
    """A run on two small histories has every figure."""
    document = json.loads(small("proposals.py", "--json", "--trials", "60", "--proposals", "3"))
    assert [(row["trials"], row["parallelism"]) for row in document["rows"]] == [(60, 1), (60, 16)]
    for row in document["rows"]:
        assert set(row["ms"]) == {"hpsearch", "optuna-tpe"}
        assert all(ms > 0 for ms in (*row["ms"].values(), *row["first_ms"].values()))
        assert row["optuna_over_hpsearch"] > 0
