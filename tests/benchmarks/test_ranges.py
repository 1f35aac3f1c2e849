"""The benchmark on declared ranges: a small run, and its three figures by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"


@pytest.mark.long
def test_a_small_run_prints_every_contender_on_every_range(tmp_path):
    """Twelve trials are fewer than the random round of hpsearch, so it has no junk; Optuna has two of TPE."""
    command = [sys.executable, BENCHMARKS / "ranges.py", "--seeds", "1", "--trials", "12", "--processes", "1"]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, cwd=tmp_path)
    rows = json.loads(run.stdout)["rows"]
    assert len({(row["contender"], row["range"]) for row in rows}) == len(rows) == 9
    assert all(0 < row["best_30"] == row["best"] <= 1 for row in rows)
    by = {(row["contender"], row["range"]): row for row in rows}
    assert by["hpsearch", "lies below it"]["junk"] == 0
    assert by["Optuna TPE", "lies below it"]["junk"] == 1
    # Nothing is seen before trial 24, so the first trials are equal whatever a range may open to.
    assert by["hpsearch", "holds the best"]["best"] == by["hpsearch, widen = 0", "holds the best"]["best"]
