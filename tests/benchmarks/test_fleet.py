"""The fleet's benchmark: one small run of every crew, and the page that is made of it."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.timeout(280)
def test_small_fleets_give_every_figure(tmp_path):
    """Two workers of each crew train short trials, and every figure of them is there."""
    command = [sys.executable, str(ROOT / "benchmarks" / "fleet.py"), "--seconds", "0.2", "--window", "3"]
    command += ["--workers", "1", "2", "--tpe-workers", "2", "--optuna-workers", "1"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command += ["--json", str(tmp_path / "x.json")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert "trainings of 0.2 s on average" in done.stdout
    cells = json.loads((tmp_path / "x.json").read_text())["cells"]
    shapes = [(cell["crew"], cell["sampler"], cell["workers"]) for cell in cells]
    assert shapes == [
        ("hpsearch", "random", 1),
        ("hpsearch", "random", 2),
        ("hpsearch", "tpe", 2),
        ("optuna", "random", 1),
    ]
    for cell in cells:
        assert cell["errors"] == {}
        assert 0 < cell["efficiency"] < 1.5
        assert 0 < cell["claim_s"]["p50"] <= cell["trial_in_hand_s"]["p99"] <= cell["trial_in_hand_s"]["max"]
        assert min(cell["transactions_per_trial"], cell["rows_read_per_trial"], cell["connections"]) > 0


@pytest.fixture
def window(monkeypatch):
    """Return the module that says how busy ``parallelism`` keeps a fleet."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("fleet_window")


def test_a_window_as_wide_as_the_study_keeps_everybody_busy(window):
    """Only the last trials leave workers idle; a window of one trial leaves all workers but one."""
    durations = window.DURATIONS["two of three stopped at a third"](np.random.default_rng(1), 4000)
    assert window.busy(8, len(durations), durations) > 0.99
    assert window.busy(8, 1, durations) == pytest.approx(1 / 8)
    assert window.busy(1, 1, durations) == pytest.approx(1)
    assert window.busy(4, 4, np.ones(4000)) == pytest.approx(1)


def test_a_wider_window_is_never_worse(window):
    """Whatever the durations."""
    for draw in window.DURATIONS.values():
        durations = draw(np.random.default_rng(2), 1000)
        shares = [window.busy(8, n, durations) for n in (8, 12, 16, 24, 32, 64)]
        assert shares == sorted(shares)


def test_a_window_by_hand(window):
    """Two workers, two in flight: the third trial waits for the long first one, and the fourth for nobody."""
    assert window.busy(2, 2, np.array([3.0, 1.0, 1.0, 1.0])) == pytest.approx(6 / (2 * 4))
