"""The end-to-end benchmark: its sums by hand, its study file, one small run."""

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import hpsearch

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from accuracy import CONTENDERS, TASKS, welch  # noqa: E402
from contenders.hpsearch_start import write_study  # noqa: E402
from end_to_end import round_seeds  # noqa: E402
from machine import machine_facts  # noqa: E402
from measure import ContenderError, Run, _expect_success  # noqa: E402
from summary import mean_interval, summarize  # noqa: E402
from table import render  # noqa: E402

pytestmark = pytest.mark.long


@pytest.fixture
def run():
    """Return a function that makes a measured search of a contender."""

    def make(contender, *, round_=0, seed=1, seconds=1.0, test=0.9):
        return Run(
            contender=contender,
            round=round_,
            seed=seed,
            seconds=seconds,
            cpu_seconds=None,
            trials=100,
            pruned=0,
            epochs=1000,
            confirm_epochs=0,
            value=0.95,
            test_accuracy=test,
            ensemble_test_accuracy=None,
        )

    return make


def test_default_plan_is_that_of_the_study_that_comes_with_hpsearch(tmp_path):
    """The study file of the benchmark says what ``studies/digits.toml`` says."""
    write_study(tmp_path / "x.toml", plan="default", seed=42, trials=100, epochs=10)
    expected = hpsearch.load_study_file(ROOT / "studies" / "digits.toml")
    assert hpsearch.load_study_file(tmp_path / "x.toml") == expected


def test_plain_plan_differs_in_stopping_and_confirmation_alone(tmp_path):
    """The plain plan turns off rungs, finalists and ensemble, and nothing else."""
    write_study(tmp_path / "x.toml", plan="plain", seed=42, trials=100, epochs=10)
    plain = hpsearch.load_study_file(tmp_path / "x.toml")
    default = hpsearch.load_study_file(ROOT / "studies" / "digits.toml")
    assert (plain.search.rungs, plain.confirm.top, plain.confirm.ensemble) == ((), 0, 0)
    assert plain == replace(default, search=replace(default.search, rungs=()), confirm=plain.confirm)


def test_ratios_are_to_the_baseline_of_the_same_round(run):
    """Rounds are matched by their number, whatever order their runs come in."""
    runs = [
        run("optuna-sklearn", round_=0, seconds=10.0),
        run("hpsearch", round_=0, seconds=5.0),
        run("hpsearch", round_=1, seconds=4.0),
        run("optuna-sklearn", round_=1, seconds=40.0),
    ]
    numbers = summarize(runs, {})
    assert numbers["hpsearch"]["ratio_to_baseline"]["all"] == [0.5, 0.1]
    assert numbers["hpsearch"]["seconds"] == {"median": 4.5, "all": [5.0, 4.0]}


def test_repeats_of_a_seed_count_as_one_value(run):
    """An interval is over seeds: two repeats of one split are no two pieces of evidence."""
    runs = [
        run("hpsearch", round_=n, seed=s, test=t) for n, (s, t) in enumerate([(1, 0.8), (1, 0.9), (2, 0.95)])
    ]
    accuracy = summarize(runs, {})["hpsearch"]["test_accuracy"]
    assert accuracy["n"] == 2
    assert accuracy["mean"] == pytest.approx(0.9)


def test_interval_of_three_values_by_hand():
    """For 1, 2, 3: s = 1, t(0.975, 2) = 4.302653, half = 4.302653 / sqrt(3)."""
    interval = mean_interval([1.0, 2.0, 3.0])
    assert interval == {"mean": 2.0, "half_95": pytest.approx(2.484138, abs=1e-6), "n": 3}
    assert mean_interval([1.0])["half_95"] is None
    assert mean_interval([]) is None


def test_further_seeds_have_one_round_each():
    """The first seed is repeated, the others are not."""
    assert round_seeds(7, repeats=3, seeds=3) == [7, 7, 7, 8, 9]


def test_absent_contender_is_null_with_its_reason(run):
    """A contender that could not take part is in the document and the table, with why."""
    contenders = summarize([run("hpsearch")], {"optuna-torch": "the package 'torch' is not installed"})
    assert contenders["optuna-torch"]["seconds"] is None
    document = {
        "machine": machine_facts(),
        "size": {"trials": 100},
        "seeds": [1],
        "baseline": "optuna-sklearn",
        "contenders": contenders,
    }
    assert "Optuna + PyTorch: absent, the package 'torch' is not installed" in render(document)


def test_failed_command_is_named():
    """A contender that fails ends the benchmark with its command and the last it said."""
    done = subprocess.CompletedProcess(["x"], 3, stdout="", stderr="out of luck")
    with pytest.raises(ContenderError, match=r"hpsearch: .* found 3 from: a b\nout of luck"):
        _expect_success("hpsearch", ["a", "b"], done)


def test_processor_time_holds_that_of_orphans():
    """A process whose parent has not waited for it is in the processor time all the same."""
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {spin!r}])"
    # In a process of its own: it waits for whatever children there are, and other tests have some.
    measure = "import sys; from clock import run_timed; print(run_timed(sys.argv[1:]).cpu_seconds)"
    command = [sys.executable, "-c", measure, sys.executable, "-c", leave]
    done = subprocess.run(command, cwd=BENCHMARKS, check=True, capture_output=True, text=True)
    assert done.stdout == "None\n" or float(done.stdout) > 0.3


def test_small_run_measures_both_sides():
    """A search of four trials by hpsearch and by Optuna gives every figure of both."""
    command = [sys.executable, str(BENCHMARKS / "end_to_end.py"), "--json", "--no-warm-up"]
    command += ["--trials", "4", "--epochs", "2", "--repeats", "1", "--seeds", "1"]
    command += ["--contenders", "hpsearch", "hpsearch-plain", "optuna-sklearn"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    contenders = json.loads(done.stdout)["contenders"]
    assert list(contenders) == ["hpsearch", "hpsearch-plain", "optuna-sklearn"]
    assert [c["trials"] for c in contenders.values()] == [4, 4, 4]
    assert contenders["hpsearch-plain"]["epochs"] == contenders["optuna-sklearn"]["epochs"] == 8
    assert contenders["hpsearch"]["confirm_epochs"] > 0
    assert all(0 < c["test_accuracy"]["mean"] <= 1 for c in contenders.values())
    assert contenders["optuna-sklearn"]["ratio_to_baseline"]["all"] == [1.0]
    assert contenders["hpsearch"]["ensemble_test_accuracy"] is not None
    assert all(c["seconds"]["median"] > 0 for c in contenders.values())


def test_interval_of_two_samples_by_hand():
    """For 1, 2, 3 and 1, 3: s^2/n = 1/3 and 1, freedom = (4/3)^2 / (1/18 + 1) = 32/19, t = 5.1758."""
    compared = welch([1.0, 2.0, 3.0], [1.0, 3.0])
    half = compared["interval_95"][1]
    assert compared["difference"] == 0.0
    assert half == pytest.approx(5.1758 * math.sqrt(4 / 3), rel=1e-4)
    assert compared["interval_95"] == [-half, half]
    assert compared["covers_0"]


def test_difference_without_spread_is_its_own_interval():
    """Two samples that never vary differ for certain, or not at all."""
    assert welch([0.5, 0.5], [0.25, 0.25])["interval_95"] == [0.25, 0.25]
    assert not welch([0.5, 0.5], [0.25, 0.25])["covers_0"]
    assert welch([0.5, 0.5], [0.5, 0.5])["covers_0"]


def test_small_accuracy_run_compares_what_is_installed():
    """Two seeds of two epochs give both tasks, every accuracy, and a difference to each other library."""
    command = [sys.executable, str(BENCHMARKS / "accuracy.py"), "--json", "--seeds", "2", "--epochs", "2"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    document = json.loads(done.stdout)
    assert [task["name"] for task in document["tasks"]] == [task.name for task in TASKS]
    for task in document["tasks"]:
        contenders = task["contenders"]
        assert list(contenders) == list(CONTENDERS)
        assert all(0.2 < a <= 1 for a in contenders["hpsearch"]["accuracies"])
        compared = contenders["scikit-learn"]["hpsearch_minus_it"]
        assert compared["interval_95"][0] <= compared["difference"] <= compared["interval_95"][1]
