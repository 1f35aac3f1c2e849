"""The benchmark of phases: a small search, whose phases add up."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from phases import medians, render  # noqa: E402

pytestmark = pytest.mark.long


def test_phases_of_a_small_search():
    """Hpsearch has five phases, Optuna three; none takes longer on the wall than it may on two cores."""
    command = [sys.executable, str(ROOT / "benchmarks" / "phases.py"), "--json", "--repeats", "1"]
    more = ["--trials", "96", "--epochs", "2", "--contenders", "hpsearch", "optuna-sklearn"]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=True)
    document = json.loads(done.stdout)
    found = {name: [one["phase"] for one in phases] for name, phases in document["contenders"].items()}
    assert found == {
        "hpsearch": ["start-up", "search", "confirmation", "judging", "end"],
        "optuna-sklearn": ["start-up", "search", "end"],
    }
    for phase in itertools.chain(*document["contenders"].values()):
        assert phase["seconds"] > 0
        assert 0 <= phase["cpu_seconds"] <= 2 * phase["seconds"] + 1
    search = document["contenders"]["hpsearch"][1]
    assert 0 < search["training"] < 1
    assert search["lanes"] > 1
    assert "hpsearch, default plan" in render(document)


def test_the_median_of_runs_leaves_out_what_was_not_measured():
    """A worker that died may have noted nothing."""
    runs = [[{"phase": "search", "seconds": s, "idle": idle}] for s, idle in ((1, 0.5), (3, None), (2, 0.1))]
    assert medians(runs) == [{"phase": "search", "seconds": 2, "idle": 0.3}]
