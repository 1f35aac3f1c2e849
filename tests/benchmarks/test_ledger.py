"""The ledger's benchmark: its ratios by hand, its filled studies, one small run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import optuna
import pytest

from hpsearch.report import summarize
from hpsearch.store import opened

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from ledger_contenders import Hand, proposals, study_spec  # noqa: E402
from ledger_growth import CURVE, filled  # noqa: E402
from ledger_race import Cell, Race, _summary  # noqa: E402

pytestmark = pytest.mark.long


def test_ratios_are_taken_round_by_round():
    """The median of the ratios, not the ratio of the medians; each to the same number of processes."""
    rates = {("worker", 1): (10, 40, 90), ("worker", 2): (20, 40, 45), ("optuna", 2): (1, 4, 9)}
    races = {
        Cell(contender=name, k=8, processes=n, trials=8): [Race(rate=rate, cpu_ms=rate) for rate in found]
        for (name, n), found in rates.items()
    }
    summary = _summary("sqlite", list(races)[1], races)
    assert summary["trials_per_second"] == {"median": 40, "all": [20, 40, 45]}
    assert summary["ratio_to_optuna"] == 10  # of 20, 10, 5
    assert summary["ratio_to_one_process"] == 1  # of 2, 1, 0.5
    assert summary["cpu_ms_per_trial"] == 40


def test_a_filled_study_is_one_that_the_ledger_goes_on_with(tmp_path):
    """Optuna reads the trials that were written inside the database; the next claim takes the next number."""
    study = filled(f"sqlite:///{tmp_path}/x.db", 30)
    with opened(study.url) as ledger:
        hand = Hand(ledger, study_spec("grown", study.budget))
        claims = hand.claim(proposals(30, 32), 8)
        assert [claim.number for claim in claims] == [30, 31]
        hand.settle(claims)
        summary = summarize(ledger, hand.study)
        assert summary.status.settled == 32
        assert len(ledger.digests(hand.study)) == 32
    trials = optuna.load_study(study_name="grown", storage=study.url).trials
    assert [trial.number for trial in trials] == list(range(32))
    assert all(set(trial.params) == {"lr", "weight_decay", "dropout"} for trial in trials)
    assert all(len(trial.intermediate_values) == len(CURVE) for trial in trials)
    assert max(trial.value for trial in trials) == summary.status.best_value


@pytest.mark.timeout(280)
def test_small_run_measures_every_figure(tmp_path):
    """A run of a few trials on SQLite prints its tables and writes every figure."""
    command = [sys.executable, str(BENCHMARKS / "ledger.py"), "--databases", "sqlite", "--rounds", "1"]
    command += ["--trials", "8", "--optuna-trials", "1", "--sizes", "20", "40", "--processes", "1", "2"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command += ["--json", str(tmp_path / "x.json")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert "trials per second (3 parameters, 5 curve points)" in done.stdout
    document = json.loads((tmp_path / "x.json").read_text())
    names = {(cell["contender"], cell["k"], cell["processes"]) for cell in document["throughput"]}
    assert names == {
        *(("verbs", k, 1) for k in (1, 8)),
        ("optuna-wal", 1, 1),
        *(("optuna", 1, n) for n in (1, 2)),
        *(("worker", 8, n) for n in (1, 2)),
    }
    assert all(cell["trials_per_second"]["median"] > 0 for cell in document["throughput"])
    sizes = document["sizes"]["sqlite"]
    assert [row["trials"] for row in sizes["growth"]] == [20, 40]
    assert all(row["claim_finish_s"] > 0 for row in sizes["growth"])
    assert [set(row["command_s"]) for row in sizes["looks"]] == [{"status", "best", "export"}] * 2
    assert all(peak > 10 for row in sizes["looks"] for peak in row["peak_mib"].values())
