"""The fleet's benchmark: one small run of every crew, and the page that is made of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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
